"""The patient's words: protocol and formulation in the language of what she reads, and what nobody translated."""

from collections.abc import Callable
from functools import partial

from modicum.foundation.errors import Problem, problem
from modicum.supply.handout import Handout

ENGLISH = "en"


def words_in(language: str) -> Callable[[str], str]:
    """Words of a protocol or a formulation to a language, or to themselves where nobody translated them.

    Args:
        language: one that the patient can have.

    Example:
        >>> words_in("de")("Open titration"), words_in("de")("Pills of mine"), words_in("en")("Open titration")
        ('Offene Titration', 'Pills of mine', 'Open titration')
    """
    if language == ENGLISH:
        return str
    from modicum.services.diary.words import say  # the diary is slow to load, and English does not need it

    return partial(say, language=language)


def check_language(language: str) -> list[Problem]:
    """What is wrong with a language as it was typed.

    Args:
        language: of what the patient reads.

    Example:
        >>> check_language("fi")[0].fix
        'Write en or de.'
    """
    if language == ENGLISH:
        return []
    from modicum.services.diary.words import LANGUAGES

    if language in LANGUAGES:
        return []
    fix = f"Write {' or '.join(LANGUAGES)}."
    return [problem("MOD-OPT-01", "--language", language, "This is not one of the choices", fix)]


def untranslated(handout: Handout, language: str) -> tuple[str, ...]:
    """Words that the patient reads as they are written, since nobody translated them.

    Args:
        handout: in English.
        language: of what the patient reads.
    """
    if language == ENGLISH:
        return ()
    say = words_in(language)
    read = [handout.drug, *(one.phase.title or one.phase.name for one in handout.phases)]
    read += [handout.words_of(one) for one in handout.warnings]
    return tuple(text for text in dict.fromkeys(read) if say(text) == text)


def find_untranslated(handout: Handout, language: str) -> list[Problem]:
    """A warning of words that nobody translated, if there are any.

    Args:
        handout: in English.
        language: of what the patient reads.
    """
    left = untranslated(handout, language)
    if not left:
        return []
    message = "These words have no translation, and stand on labels and card as they are written"
    fix = "Write them in the patient's language, in the protocol or in a formulation of your own."
    return [problem("MOD-SUPPLY-46", "--language", "; ".join(left), message, fix)]
