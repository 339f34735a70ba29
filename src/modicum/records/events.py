"""What happened, one frozen record each: doses, entries, side effects and reviews, never edited, only corrected.

Every record has two times: when it happened and when it was received. A correction is a new record that points at the
old one, so what was known at any moment can be told again.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from modicum.foundation.errors import DiaryError, Problem
from modicum.records.problems import Code, problem


@dataclass(frozen=True, kw_only=True)
class Record:
    """What every record has.

    Args:
        id: of this record, unique among the records of a person.
        happened_at: when it happened, with its zone.
        received_at: when it was received, with its zone.
        corrects: id of the record that this one replaces, or None.
        withdrawn: whether the record says that what it corrects never happened.

    Raises:
        DiaryError: a time has no zone, or the record corrects itself.
    """

    id: str
    happened_at: dt.datetime
    received_at: dt.datetime
    corrects: str | None = None
    withdrawn: bool = False

    def __post_init__(self) -> None:
        wrong = []
        for name in ("happened_at", "received_at"):
            moment = getattr(self, name)
            if moment.utcoffset() is None:
                fix = "Give the time with its zone, for example with tzinfo=datetime.UTC."
                wrong.append(_problem(self.id, f"{name} has no zone", moment.isoformat(), fix))
        if self.corrects == self.id:
            wrong.append(_problem(self.id, "The record corrects itself", self.id, "Give the correction its own id."))
        if wrong:
            raise DiaryError(wrong)


@dataclass(frozen=True, kw_only=True)
class Dose(Record):
    """A dose taken, or known not to have been taken.

    Args:
        dose_mg: what was taken, mg; None where it is not known.
        planned_mg: what the schedule said, mg, or None.
    """

    dose_mg: float | None
    planned_mg: float | None = None


@dataclass(frozen=True, kw_only=True)
class Entry(Record):
    """One entry in the diary.

    Args:
        scores: answer by item, the instrument's units; an item that was not answered is not in it.
        guess: the person's own probability of active drug, 0-1, or None.
        guess_reason: "benefit", "side-effect", "none" or "".
        took: whether the capsule of the night before was taken, or None where that was not said.
        side_effects: severity 0 (none) to 3 (severe) by name; one that was not asked is not in it.
        stops: whether the person leaves the trial with this entry.
    """

    scores: Mapping[str, float] = field(default_factory=dict)
    guess: float | None = None
    guess_reason: str = ""
    took: bool | None = None
    side_effects: Mapping[str, int] = field(default_factory=dict)
    stops: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "scores", MappingProxyType(dict(self.scores)))
        object.__setattr__(self, "side_effects", MappingProxyType(dict(self.side_effects)))


@dataclass(frozen=True, kw_only=True)
class SideEffect(Record):
    """A side effect.

    Args:
        name: of the side effect.
        severity: 0 (none) to 3 (severe).
        red_flag: whether it is one of those that must be looked at at once.
    """

    name: str
    severity: int
    red_flag: bool = False


@dataclass(frozen=True, kw_only=True)
class Review(Record):
    """A review: what was decided.

    Args:
        decision: in the words of the protocol's rules.
        dose_mg: dose from then on, mg, or None where the trial ends.
    """

    decision: str
    dose_mg: float | None = None


AnyRecord = TypeVar("AnyRecord", bound=Record)


def as_known_at(records: Iterable[AnyRecord], moment: dt.datetime) -> tuple[AnyRecord, ...]:
    """The records in force by what had been received at a moment (with its zone), as :func:`current` folds them.

    Example:
        >>> at = lambda hour: dt.datetime(2026, 3, 1, hour, tzinfo=dt.UTC)
        >>> first = Dose(id="a", happened_at=at(8), received_at=at(8), dose_mg=1.5)
        >>> later = Dose(id="b", happened_at=at(8), received_at=at(12), dose_mg=3.0, corrects="a")
        >>> [[dose.dose_mg for dose in as_known_at([first, later], at(hour))] for hour in (7, 9, 13)]
        [[], [1.5], [3.0]]
    """
    return current(record for record in records if record.received_at <= moment)


def current(records: Iterable[AnyRecord]) -> tuple[AnyRecord, ...]:
    """The records in force, by the time they happened: each corrected one replaced, each withdrawn one left out.

    Of two corrections of one record the one received last counts; received together, the later in the sequence.

    Raises:
        DiaryError: two records share an id, corrections run in a circle, or a record corrects one of another kind.
    """
    given = tuple(records)
    by_id = {record.id: record for record in given}
    _check(given, by_id)
    corrected = {record.corrects for record in given if record.corrects is not None}
    leaves: dict[str, AnyRecord] = {}
    for record in given:
        if record.id in corrected:
            continue
        root = record.id if record.corrects is None else _root(record, by_id)
        if root not in leaves or record.received_at >= leaves[root].received_at:
            leaves[root] = record
    kept = [record for record in leaves.values() if not record.withdrawn]
    return tuple(sorted(kept, key=lambda record: record.happened_at))


def _check(records: tuple[AnyRecord, ...], by_id: Mapping[str, AnyRecord]) -> None:
    wrong = []
    seen: set[str] = set()
    for record in records:
        if record.id in seen:
            wrong.append(_problem(record.id, "Two records share an id", record.id, "Give every record its own id."))
        seen.add(record.id)
        old = by_id.get(record.corrects or "")
        if old is not None and type(old) is not type(record):
            message = f"A {type(record).__name__} corrects a {type(old).__name__}"
            wrong.append(_problem(record.id, message, record.corrects or "", "Correct a record by one of its kind."))
        if record.corrects is None:
            continue
        if _root(record, by_id) == record.id and record.corrects in by_id:
            fix = "Let each correction point at an earlier record."
            wrong.append(_problem(record.id, "Corrections run in a circle", record.corrects, fix))
    if wrong:
        raise DiaryError(wrong)


def _root(record: Record, by_id: Mapping[str, Record]) -> str:
    """Id of what a chain of corrections began with; the record's own id where the chain is a circle."""
    passed = {record.id}
    step: Record | None = record
    while step is not None and step.corrects is not None:
        if step.corrects in passed:
            return record.id
        passed.add(step.corrects)
        if step.corrects not in by_id:
            return step.corrects
        step = by_id[step.corrects]
    return step.id if step is not None else record.id


def _problem(identity: str, message: str, value: str, fix: str) -> Problem:
    return problem(Code.RECORD, f"record {identity}", value, message, fix)
