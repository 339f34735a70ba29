"""Words for numbers in German: a dose, a difference, a chance and a count, as the patient's page says them.

The outcome stands in quotation marks behind a word of known gender, since that of its own is not known.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from modicum.analysis.question import Question
from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.wording import NBSP

MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
NOBODY = "weniger als 1 von 100 Menschen"
EVERYBODY = "mehr als 99 von 100 Menschen"
ADAPTED = ", adapted to one person"  # behind the title of a protocol
_UNITS = {"points": "Punkte", "events": "Ereignisse"}
_ONE = {"Punkte": "Punkt", "Ereignisse": "Ereignis"}
_SIGNS = str.maketrans(",.", ".,")


def translated(answer: Answer, say: Callable[[str], str]) -> Answer:
    """The answer with the words of its protocol in German; nothing else is changed.

    Args:
        answer: as it was found.
        say: words of a protocol to German, or to themselves where nobody translated them.
    """
    asked = answer.question
    question = replace(
        asked,
        label=say(asked.label),
        unit=_UNITS.get(asked.unit, asked.unit),
        low_label=say(asked.low_label),
        high_label=say(asked.high_label),
    )
    title, adapted, _ = answer.title.partition(ADAPTED)
    title = f"{say(title)}, an einen Menschen angepasst" if adapted else say(title)
    effects = tuple(replace(one, label=say(one.label or one.name)) for one in answer.side_effects)
    others = tuple(
        replace(one, label=say(one.label or one.outcome), unit=_UNITS.get(one.unit, one.unit))
        for one in answer.secondary
    )
    blocks = tuple(replace(one, phase=say(one.phase.replace("_", " "))) for one in answer.blocks)
    changed = {"question": question, "side_effects": effects, "secondary": others, "blocks": blocks}
    return replace(answer, title=title, **changed)


def written(text: str) -> str:
    """A number with the signs that German has: a comma for the point, a point for the thousands.

    Example:
        >>> written("1,234.5")
        '1.234,5'
    """
    return text.translate(_SIGNS)


def noun(question: Question) -> str:
    """The outcome as it is quoted: "Schmerz" for "Schmerz, letzte 24 Stunden"."""
    return re.split(r"[,(:]", question.label or question.outcome)[0].strip() or question.outcome


def outcome(question: Question) -> str:
    """What changes, as the subject of a sentence."""
    return f"die Chance auf „{noun(question)}“" if question.kind == "binary" else f"der Wert für „{noun(question)}“"


def outcome_object(question: Question) -> str:
    """The same as an object."""
    return outcome(question).replace("der Wert", "den Wert", 1)


def improves(question: Question) -> str:
    """What help does to the outcome."""
    if question.kind != "binary":
        return "verbessert"
    return "senkt" if question.better == "lower" else "erhöht"


def worsens(question: Question) -> str:
    """What harm does to the outcome."""
    if question.kind != "binary":
        return "verschlechtert"
    return "erhöht" if question.better == "lower" else "senkt"


def drug(question: Question) -> str:
    """What is taken, with its article; as a subject or an object."""
    return "das Mittel" if question.dose_unit else "die Behandlung"


def dose(question: Question, amount: float) -> str:
    """A dose in words, as a subject or an object."""
    if question.dose_unit:
        return f"{written(f'{amount:g}')}{NBSP}{question.dose_unit}"
    return "die Behandlung" if wording.single(question) else f"Stufe{NBSP}{written(f'{amount:g}')}"


def with_dose(question: Question, amount: float) -> str:
    """A dose behind "mit"."""
    return dose(question, amount).replace("die Behandlung", "der Behandlung", 1)


def unit(question: Question, amount: str) -> str:
    """A number, written already, with its unit, in the singular for 1."""
    if question.kind == "binary":
        return f"{amount}{NBSP}von{NBSP}100"
    word = _ONE.get(question.unit, question.unit) if amount == "1" else question.unit
    return f"{amount}{NBSP}{word}" if word else amount


def mcid(question: Question) -> str:
    """The smallest difference that matters, with its unit."""
    return unit(question, written(wording.written(wording.per(question) * question.mcid)))


def plain(question: Question, value: float) -> str:
    """A value in the outcome's units, a chance of 100."""
    return written(wording.plain(question, value))


def level(question: Question, value: float) -> str:
    """A level, which beside a scale needs no unit; a chance is said of 100."""
    amount = plain(question, value)
    return unit(question, amount) if question.kind == "binary" else amount


def size(question: Question, effect: float) -> str:
    """A difference in words: "1,8 Punkte niedriger", or "nicht anders"."""
    amount = wording.plain(question, abs(effect))
    if not amount.strip("0."):
        return "nicht anders"
    return f"{unit(question, written(amount))} {'höher' if effect > 0 else 'niedriger'}"


def about(change: str) -> str:
    """A difference as one that is known roughly; that there is none stays as it is."""
    return change if change == "nicht anders" else f"etwa {change}"


def listed(words: Iterable[str]) -> str:
    """Words joined as in a sentence: "a, b und c"."""
    items = list(words)
    return " und ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def counted(count: int, word: str, many: str) -> str:
    """A count with its noun."""
    return f"{written(f'{count:,}')} {word if count == 1 else many}"


def people(p: float) -> str:
    """A probability as people."""
    if p < 0.01:
        return NOBODY
    return EVERYBODY if p > 0.99 else f"{wording.in_100(p)} von 100 Menschen"


def others(p: float) -> str:
    """The rest of 100 people, behind "bei"."""
    left = 100 - wording.in_100(p)
    if p < 0.01 or p > 0.99:
        return "den anderen"
    return "dem einen anderen" if left == 1 else f"den anderen {left}"


def unit_said(word: str) -> str:
    """A unit by itself, as it is written behind a number in English."""
    one = {english.removesuffix("s"): _ONE[many] for english, many in _UNITS.items()}
    return {**one, **_UNITS}.get(word, word)
