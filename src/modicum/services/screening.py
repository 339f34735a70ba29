"""May this person start: the verb behind ``modicum screen`` and :func:`modicum.screen`."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from modicum.foundation.errors import OptionsError, Problem
from modicum.foundation.version import version
from modicum.screening import Finding, History, Screening, Undecided, clear, questions, read_answers, rulebook
from modicum.services.screening_files import list_or_file, read_history, read_list

READERS = ("prescriber", "patient")
LONGEST_LIST = 100_000  # characters; ten times the longest list anybody wrote
_PATIENT_DECIDES = "Do not stop or change a medicine on your own: your prescriber decides."
_SENTENCES = {
    "stop": "Not to be started as things are.",
    "ask": "Questions have to be answered before a start.",
    "may-start": "Nothing here stands against a start; the prescriber decides.",
}
_NO_HISTORY = (
    "Only the medication list was screened: nothing is known of liver, pregnancy, surgery and the rest of the history."
)


def screen(
    medications: str | Path | Iterable[str],
    *,
    history: Mapping[str, Any] | str | Path | None = None,
    on: dt.date | None = None,
    reader: str = "prescriber",
) -> "Screened":
    """Say whether a person may start, by medication list and history.

    It supports a prescriber's decision and takes none. A name that is not recognised is never clearance.

    Args:
        medications: free text or ATC codes, split at newline, semicolon and comma; a path, read as text; or the lines.
        history: answers by the key of their question (``modicum screen --questions`` lists them), or the path of a TOML
            or JSON file with them.
        on: the day of screening; today where it is not given.
        reader: "prescriber", or "patient" who sees no figure of a low grade.

    Raises:
        OptionsError: with everything that is wrong with what was given.

    Example:
        >>> screen("Tylenol #3 prn, sertraline 50").result
        'stop'
        >>> screen(["naproxen 500", "Zzyzxol"]).screening.not_recognised
        ('Zzyzxol',)
    """
    today = on or dt.datetime.now().astimezone().date()
    problems = [] if reader in READERS else [_no_reader(reader)]
    text = _collect(problems, lambda: _text(medications), "")
    answers = _collect(problems, lambda: _answers(history, today), None)
    if problems:
        raise OptionsError(problems)
    return Screened(clear(text, today, answers), today, reader)


def carry_out(medications: str | None, history: Path | None, day: str | None, reader: str) -> "Screened":
    """The same of what a person has typed.

    Raises:
        OptionsError: with everything that is wrong with it.
    """
    problems: list[Problem] = []
    if medications is None:
        problems.append(_no_list())
    on = _collect(problems, lambda: _day(day), None)
    found = _collect(
        problems, lambda: screen(list_or_file(medications or ""), history=history, on=on, reader=reader), None
    )
    if problems or found is None:
        raise OptionsError(problems)
    return found


def asked_questions() -> list[dict[str, Any]]:
    """What a history is asked, in order."""
    return [{**asdict(one), "answers": list(one.answers)} for one in questions().values()]


@dataclass(frozen=True, repr=False)
class Screened:
    """Whether a person may start, and every rule that was met.

    Args:
        screening: what the rules say.
        on: the day of screening.
        reader: for whom it is shown.
    """

    screening: Screening
    on: dt.date
    reader: str

    @property
    def result(self) -> str:
        """One of stop, ask and may-start."""
        return self.screening.result

    @property
    def sentences(self) -> tuple[str, ...]:
        """The result in words."""
        half = () if self.screening.history_given else (_NO_HISTORY,)
        care = (_PATIENT_DECIDES,) if self.reader == "patient" and self.screening.findings else ()
        return (_SENTENCES[self.result], *half, *care)

    @property
    def document(self) -> dict[str, Any]:
        """The ``modicum.screen/1`` document."""
        return {
            "schema": "modicum.screen/1",
            "result": self.result,
            "sentences": list(self.sentences),
            "not_recognised": list(self.screening.not_recognised),
            "findings": [_shown(finding, self.reader) for finding in self.screening.findings],
            "history_given": self.screening.history_given,
            "on": self.on.isoformat(),
            "reader": self.reader,
            "rules_version": rulebook.version(),
            "version": version(),
        }

    def to_json(self, *, indent: int | None = 2) -> str:
        """The document as JSON text."""
        return json.dumps(self.document, indent=indent, ensure_ascii=False, allow_nan=False)

    def _repr_html_(self) -> str:
        from modicum.reports.screening import notebook

        return notebook(self.document)

    def __repr__(self) -> str:
        many = len(self.screening.findings)
        return f"<Screened: {self.result}, {many} finding{'' if many == 1 else 's'}>"


def _shown(finding: Finding, reader: str) -> dict[str, Any]:
    """A finding as the reader may see it: a patient sees no figure of a low grade."""
    whole = reader == "prescriber"
    figure = whole or finding.wait_confirmed
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "input": finding.given,
        "matched": finding.matched,
        "reason": finding.reason,
        "source": finding.source,
        "grade": finding.grade,
        "wait_days": finding.wait_days if figure else None,
        "washout_days": finding.washout_days if figure else None,
        "wait_source": finding.wait_source if figure else "",
        "last_taken": finding.last_taken.isoformat() if finding.last_taken else None,
        "unconfirmed": [asdict(one) for one in finding.unconfirmed] if whole else [],
        "undecided": _undecided(finding.undecided) if whole else None,
    }


def _undecided(found: Undecided | None) -> dict[str, Any] | None:
    return None if found is None else {**asdict(found), "by_form": [asdict(one) for one in found.by_form]}


def _text(medications: str | Path | Iterable[str]) -> str:
    if isinstance(medications, Path):
        text = read_list(medications)
    else:
        text = medications if isinstance(medications, str) else "\n".join(medications)
    if len(text) > LONGEST_LIST:
        size = f"{len(text):,} characters"
        message, fix = "The list is too long to be one person's", "Give one person's medicines, one a line."
        raise OptionsError([Problem("MOD-SCREEN-06", "--medications", size, message, fix)])
    return text


def _answers(history: Mapping[str, Any] | str | Path | None, today: dt.date) -> History | None:
    if history is None:
        return None
    if isinstance(history, Mapping):
        return read_answers(history, today)
    return read_answers(read_history(Path(history)), today, str(history))


def _collect(problems: list[Problem], read: Any, otherwise: Any) -> Any:
    try:
        return read()
    except OptionsError as error:
        problems.extend(error.problems)
        return otherwise


def _day(text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError as error:
        message, fix = "The day of screening is no date", "Write it as 2026-11-23."
        raise OptionsError([Problem("MOD-SCREEN-05", "--on", text or "", message, fix)]) from error


def _no_list() -> Problem:
    message = "No medication list was given, and nothing is screened without one"
    fix = 'Give --medications TEXT or FILE; "none" says that nothing is taken.'
    return Problem("MOD-SCREEN-08", "--medications", "", message, fix)


def _no_reader(reader: str) -> Problem:
    return Problem("MOD-SCREEN-07", "--reader", reader, "There is no such reader", "Use prescriber or patient.")
