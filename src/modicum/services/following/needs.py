"""Needs: what of a trial asks for a prescriber today, the most urgent first."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from modicum.services.diary.evenings import LATE_UNTIL, evening_of
from modicum.services.following.marks import Marks
from modicum.trial.running import SEVERE

MISSED = 2  # evenings in a row
KIT_DAYS = 4  # before its period begins, a kit that is not there is told
SHOWN = 14  # evenings of the rule

What = Literal[
    "halted",
    "severe",
    "recalled",
    "opened",
    "gone",
    "held",
    "complaint",
    "medicine",
    "wrote",
    "decision",
    "overdue",
    "missed",
    "answer",
    "looked",
    "kit",
    "offered",
]
Evening = Literal["in", "late", "missed", "none"]
_ORDER = (
    "halted", "severe", "recalled", "opened", "gone", "medicine", "complaint", "wrote", "decision", "overdue",
    "missed", "answer", "looked", "kit", "held", "offered",
)  # fmt: skip
OVERDUE_AFTER = dt.timedelta(hours=1)  # reviews are looked for every minute


@dataclass(frozen=True)
class Need:
    """One thing that asks for a prescriber.

    Args:
        what: it is.
        names: of medicines, complaints, reasons, notes, kits; as they were written.
        number: of evenings, of a decision, or of a re-challenge.
        day: of the trial; -1 where it is of none.
        said: of a decision; why a re-challenge is offered; of a kit "ordered" where it was, "replace" where it must
            not be used or has come back, else "again" of one of a re-challenge.
    """

    what: What
    names: tuple[str, ...] = ()
    number: int = 0
    day: int = -1
    said: str = ""

    @property
    def rank(self) -> int:
        """How urgent it is: the smaller the more."""
        return _ORDER.index(self.what)


def needs_of(marks: Marks, now: dt.datetime) -> tuple[Need, ...]:
    """What of a trial asks for a prescriber, the most urgent first.

    Args:
        marks: of the trial.
        now: clock of the clinic, with its zone.
    """
    return tuple(sorted(_needs(marks, now), key=lambda need: need.rank)) if marks.start else ()


def evenings_of(marks: Marks, now: dt.datetime, shown: int = SHOWN) -> tuple[Evening, ...]:
    """The last evenings that are over, in order: in, late, missed, or not asked for.

    Args:
        marks: of a trial that has begun.
        now: clock of the clinic, with its zone.
        shown: how many.
    """
    last, late = last_over(marks, now), dict(marks.evenings)
    missing: Evening = "missed" if marks.stage == "diary" else "none"
    days = range(last - shown + 1, last + 1)
    return tuple("none" if day < 0 else ("late" if late[day] else "in") if day in late else missing for day in days)


def last_over(marks: Marks, now: dt.datetime) -> int:
    """The last day of a trial whose evening can no longer be filled in; below 0 where there is none.

    Args:
        marks: of a trial that has begun.
        now: clock of the clinic, with its zone.
    """
    here = now.astimezone(ZoneInfo(marks.zone))
    today = (here.date() - dt.datetime.fromisoformat(marks.start).date()).days
    return today - 1 if here.time() >= LATE_UNTIL else today - 2


def today_at(marks: Marks, now: dt.datetime) -> int:
    """The day of a trial whose evening it is where the person lives.

    Args:
        marks: of a trial that has begun.
        now: clock of the clinic, with its zone.
    """
    begun = dt.datetime.fromisoformat(marks.start).date()
    return (evening_of(now.astimezone(ZoneInfo(marks.zone))) - begun).days


def _needs(marks: Marks, now: dt.datetime) -> Iterator[Need]:
    if marks.stage not in ("left", "stopped", "result") and marks.halted:
        yield Need("halted", marks.halted)
    yield from _of_complaints("severe", [one for one in marks.complaints if one[1] >= SEVERE])
    yield from _of_complaints("complaint", [one for one in marks.complaints if one[1] < SEVERE])
    if marks.openings:
        yield Need("opened", tuple(reason for _, _, reason in marks.openings))
    if marks.stage not in ("left", "stopped", "result") and marks.held:
        yield Need("held", marks.held)
    yield from _as_written(marks)
    yield from _of_decisions(marks, now)
    missed = _missed(marks, now)
    if missed >= MISSED:
        yield Need("missed", number=missed, day=last_over(marks, now))
    if marks.answered:
        yield Need("answer")
    if marks.looked:
        yield Need("looked", number=marks.looked)
    yield from _of_kits(marks, now)
    if marks.lost or (marks.offered_on and now >= dt.datetime.fromisoformat(marks.offered_on)):
        yield Need("offered", said="effect lost" if marks.lost else "time")


def _of_kits(marks: Marks, now: dt.datetime) -> Iterator[Need]:
    """The first kit that is due within some days; one of a re-challenge as long as that is not over."""
    again = marks.stage == "maintenance" and bool(marks.ends) and now < dt.datetime.fromisoformat(marks.ends[-1])
    today, soon = today_at(marks, now), last_over(marks, now) + 1 + KIT_DAYS
    due = [(first, said) for first, until, said in marks.kits_due if first <= soon and today < until]
    if due and (again or marks.stage == "diary"):
        first, said = due[0]
        yield Need("kit", day=first, said=said if said != "unknown" else "again" if again else "")


def _as_written(marks: Marks) -> Iterator[Need]:
    """What is told by its names alone, or by nothing more."""
    if marks.gone:
        yield Need("gone")
    if marks.recalled:
        yield Need("recalled", marks.recalled)
    if marks.medicines:
        yield Need("medicine", marks.medicines)
    if marks.wrote:
        yield Need("wrote", marks.wrote)


def _of_complaints(what: What, complaints: Sequence[tuple[str, int, int]]) -> Iterator[Need]:
    if complaints:
        names = tuple(label for label, _, _ in complaints)
        yield Need(what, names, number=complaints[0][1], day=max(day for _, _, day in complaints))


def _of_decisions(marks: Marks, now: dt.datetime) -> Iterator[Need]:
    if marks.next_look and now >= dt.datetime.fromisoformat(marks.next_look) + OVERDUE_AFTER:
        yield Need("overdue")
    elif marks.decision is not None:
        number, said, phase, day = marks.decision
        yield Need("decision", (phase,), number=number, day=day, said=said)


def _missed(marks: Marks, now: dt.datetime) -> int:
    """Evenings in a row that were missed up to the last that is over, since somebody last took note."""
    if marks.stage != "diary":
        return 0
    latest = max((day for day, _ in marks.evenings), default=-1)
    return last_over(marks, now) - max(latest, marks.noted_on - 1)
