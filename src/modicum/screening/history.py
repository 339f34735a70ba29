"""A person's history: the questions that are asked, the answers, and what each means for starting."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from modicum.foundation.errors import OptionsError, Problem
from modicum.screening.record import Finding
from modicum.screening.rulebook import library, said_by
from modicum.screening.washouts import undecided, waited, washout_of

UNANSWERED = ("unknown", "rather-not-say")
OLDEST = 120
_SHOWN = 60  # characters of a value that a problem repeats

Answer = str | float | date


@dataclass(frozen=True)
class Question:
    """One question about the person.

    Args:
        key: its name in a history.
        kind: "choice", "years" or "date".
        text: as it is asked.
        answers: those allowed, of a choice.
        optional: whether it may stay unanswered.
        only_if: "under-18" where it is asked of those alone.
    """

    key: str
    kind: str
    text: str
    answers: tuple[str, ...] = ()
    optional: bool = False
    only_if: str = ""


@dataclass(frozen=True)
class History:
    """The answers that were given.

    Args:
        answers: by the key of their question; "unknown" and "rather-not-say" are left out, and asked again.
    """

    answers: Mapping[str, Answer]

    @property
    def under_18(self) -> bool:
        """Whether the age is known, and below 18."""
        age = self.answers.get("age")
        return isinstance(age, int | float) and age < 18


@cache
def questions() -> dict[str, Question]:
    """Every question, by its key, in the order in which it is asked."""
    rows: list[dict[str, Any]] = library("history")["question"]
    return {row["key"]: _question(row) for row in rows}


def _question(row: dict[str, Any]) -> Question:
    plain = {key: value for key, value in row.items() if key != "answers"}
    return Question(**plain, answers=tuple(row.get("answers", ())))


def read_answers(given: Mapping[str, Any], today: date, where: str = "history") -> History:
    """Check the answers of a history.

    Args:
        given: by the key of their question; true and false stand for "yes" and "no".
        today: no date may lie after it.
        where: named in the problems.

    Raises:
        OptionsError: with every answer that cannot be used.
    """
    known = questions()
    problems = [_not_asked(key, given[key], where) for key in given if key not in known]
    answers: dict[str, Answer] = {}
    for key, question in known.items():
        if key not in given:
            continue
        read = _read(question, given[key], today, where)
        if isinstance(read, Problem):
            problems.append(read)
        elif read not in UNANSWERED:
            answers[key] = read
    if problems:
        raise OptionsError(problems)
    return History(answers)


def findings_of(history: History, today: date) -> list[Finding]:
    """The rules that the answers meet, and the questions that are still open.

    A day of the last opioid beside "no" to opioids is an answer that contradicts itself: it counts as taken.
    """
    if history.answers.get("opioid_use") == "no" and "opioid_last_taken" in history.answers:
        history = History({**history.answers, "opioid_use": "past"})
    met = [_finding(row, history, today) for row in library("history")["rule"] if _meets(row, history)]
    open_ones = [one for one in questions().values() if _is_open(one, history)]
    return [*met, *(_plain(_named("unanswered"), f"{one.key}: not answered", one.text) for one in open_ones)]


def _named(rule: str) -> Mapping[str, Any]:
    """A rule that no single answer meets, by its name."""
    return next(row for row in library("history")["rule"] if row["id"] == rule)


def _is_open(question: Question, history: History) -> bool:
    asked = not question.optional and (question.only_if != "under-18" or history.under_18)
    return asked and question.key not in history.answers


def _meets(row: Mapping[str, Any], history: History) -> bool:
    answer = history.answers.get(row["question"])
    if answer is None:
        return False
    if "below" in row:
        others: Mapping[str, str] = row.get("only", row.get("unless", {}))
        said = all(history.answers.get(key) == value for key, value in others.items())
        return answer < row["below"] and said == ("only" in row or not others)
    return answer in row["answers"]


def _finding(row: Mapping[str, Any], history: History, today: date) -> Finding:
    given = f"{row['question']}: {history.answers[row['question']]}"
    return (
        _opioid(row, given, history, today) if "wait" in row else _plain(row, given, questions()[row["question"]].text)
    )


def _plain(row: Mapping[str, Any], given: str, matched: str) -> Finding:
    return Finding(
        row["id"],
        row["severity"],
        given,
        matched,
        row["reason"],
        row["source"],
        row["grade"],
        unconfirmed=said_by(dict(row)),
    )


def _opioid(row: Mapping[str, Any], given: str, history: History, today: date) -> Finding:
    """An opioid whose form nobody knows: past the longest washout of a trial it is a question, before it a stop."""
    taken = history.answers.get("opioid_last_taken")
    day = taken if isinstance(taken, date) else None
    washout = washout_of("unknown", "", ())
    over = waited(washout, day, today).over and history.answers["opioid_use"] == "past"
    met = _named("opioid-use-washed-out") if over else row
    waits = None if over else undecided(washout, "unknown", "", ())
    return replace(_plain(met, given, questions()["opioid_use"].text), last_taken=day, undecided=waits)


def _read(question: Question, value: object, today: date, where: str) -> Answer | Problem:
    if isinstance(value, str) and value.strip().lower() in UNANSWERED:
        return value.strip().lower()
    if question.kind == "years":
        return _read_years(question, value, where)
    if question.kind == "date":
        return _read_date(question, value, today, where)
    said = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    plain = said.strip().lower() if isinstance(said, str) else said
    if plain in question.answers:
        return str(plain)
    return _refused(question, value, where, f"Answer with one of {', '.join(question.answers)}, or unknown.")


def _read_years(question: Question, value: object, where: str) -> Answer | Problem:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= OLDEST:
        return float(value)
    return _refused(question, value, where, f"Give the age in years, 0 to {OLDEST}, or unknown.")


def _read_date(question: Question, value: object, today: date, where: str) -> Answer | Problem:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        day = None
    if day is not None and day <= today:
        return day
    message = f"{question.key} has to be a date that has been"
    return Problem("MOD-SCREEN-05", f"{where}, {question.key}", str(value)[:_SHOWN], message, "Write it as 2026-11-01.")


def _refused(question: Question, value: object, where: str, fix: str) -> Problem:
    message = f"This is no answer to {question.text!r}"
    return Problem("MOD-SCREEN-04", f"{where}, {question.key}", str(value)[:_SHOWN], message, fix)


def _not_asked(key: str, value: object, where: str) -> Problem:
    fix = f"The questions are {', '.join(questions())}."
    return Problem("MOD-SCREEN-03", f"{where}, {key}", str(value)[:_SHOWN], "No question has this name", fix)
