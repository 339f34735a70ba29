"""The patient's own scale, drawn with German words."""

from typing import Any

from modicum.analysis.question import Question
from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.charts import own_scale
from modicum.reports.german import wording as german


def spec(answer: Answer, width: float) -> dict[str, Any]:
    """The chart for a frame so many pixels wide.

    Args:
        answer: with its words in German.
        width: px.
    """
    return own_scale.spec(answer, width, WORDS)


def alternative(answer: Answer) -> str:
    """The finding and its numbers in words.

    Args:
        answer: with its words in German.
    """
    shown, question = own_scale.levels(answer), answer.question
    if shown is None:
        return "Es wurde keine Dosis genommen, also gibt es nichts zu vergleichen."
    low, high = (german.written(wording.written(wording.per(question) * end)) for end in (question.low, question.high))
    without = f"ohne {german.drug(question)} bei etwa {german.level(question, shown.without)}"
    named = f"mit {german.with_dose(question, shown.dose_mg)}"
    named += f", {_either(question)} zusammen," if wording.hoped(answer) else ""
    base = f"Auf Ihrer Skala von {low} bis {high} lag {german.outcome(question)} {without}"
    if shown.certain:
        return f"{base}, {named} bei etwa {german.level(question, shown.with_drug)}."
    return f"{base}, {named} irgendwo zwischen {_between(question, shown.low, shown.high, ' und ')}."


def _with_words(answer: Answer, shown: own_scale.Levels) -> str:
    question = answer.question
    words = f"mit {german.with_dose(question, shown.dose_mg)}"
    return f"{words}, {_either(question)}" if wording.hoped(answer) else words


def _either(question: Question) -> str:
    return f"{german.drug(question).partition(' ')[2]} oder Hoffnung"


def _between(question: Question, low: float, high: float, joined: str = " bis ") -> str:
    return f"{german.plain(question, low)}{joined}{german.level(question, high)}"


def _without(question: Question) -> str:
    return f"ohne {german.drug(question)}"


WORDS = own_scale.Words("besser", "schlechter", german.written, german.level, _between, _without, _with_words)
