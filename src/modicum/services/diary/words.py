"""Words for the participant: English in the code and in protocols, other languages in a file of the same sentences."""

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "de")


def say(text: str, language: str, **values: object) -> str:
    """A sentence in a language; in English where it was never translated.

    Args:
        text: the English sentence, with its places in braces.
        language: one of ``LANGUAGES``.
        values: for the places.

    Example:
        >>> say("none", "de")
        'keine'
        >>> say("{in_all} evenings", "en", in_all=3)
        '3 evenings'
    """
    found = _translated(language).get(text, text)
    return found.format(**values) if values else found


def say_number(text: str, language: str) -> str:
    """Numbers that are written with a point, with the signs of a language.

    Args:
        text: with commas for the thousands.
        language: one of ``LANGUAGES``.

    Example:
        >>> say_number("1,234.5 mg", "de"), say_number("4.5 mg", "en")
        ('1.234,5 mg', '4.5 mg')
    """
    return text.translate(str.maketrans(",.", ".,")) if language == "de" else text


@cache
def _translated(language: str) -> dict[str, str]:
    if language == "en" or language not in LANGUAGES:
        return {}
    text = (files("modicum.services.diary") / "library" / f"words.{language}.toml").read_text(encoding="utf-8")
    return {one["en"]: one[language] for one in tomllib.loads(text)["words"]}
