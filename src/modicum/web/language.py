"""The language of whoever reads: words of protocols, numbers, and what is there in English alone."""

from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.translation import get_language

from modicum.foundation.errors import Problem
from modicum.services.diary.words import LANGUAGES, say

ENGLISH = "en"


def language() -> str:
    """The language of this page, one of ``LANGUAGES``."""
    found = (get_language() or ENGLISH).partition("-")[0]
    return found if found in LANGUAGES else ENGLISH


def said(text: str) -> str:
    """Words of a protocol; in English where they were never translated."""
    return say(text, language())


def marked(text: str) -> str:
    """The same for a page, which says so where they are in another language than the page."""
    found = said(text)
    return found if found != text else in_english(text)


def in_english(text: str) -> str:
    """Words that are there in English alone, for a page that may be in another language."""
    return text if language() == ENGLISH or not text else format_html('<span lang="en">{}</span>', text)


def refusal(problem: Problem) -> str:
    """What is wrong with something that was typed, what to do, and its code."""
    return in_english(f"{problem.message.rstrip('.')}. {problem.fix} [{problem.code}]")


def inside(text: str) -> str:
    """A heading inside a sentence: small letters in English; German keeps its capitals."""
    return text.lower() if language() == ENGLISH else text


def decimal(text: str) -> str:
    """Numbers that are written with a point, with the sign of the language; a list of them is then parted otherwise.

    Example:
        >>> from django.utils.translation import override
        >>> with override("de"):
        ...     decimal("1.5, 3, 4.5 mg")
        '1,5; 3; 4,5 mg'
    """
    sign = str(get_format("DECIMAL_SEPARATOR"))
    return text if sign == "." else text.replace(", ", "; ").translate({ord("."): ",", ord(","): "."})
