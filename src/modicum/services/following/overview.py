"""The overview of a trial: what was written, taken and told on every evening, counted, and never by what it held."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from modicum.protocol import Outcome, Protocol
from modicum.services.diary.beginning import Beginning
from modicum.services.diary.evenings import LATE_UNTIL
from modicum.services.diary.schedule import today_of
from modicum.services.diary.story import SCREENED, Kept, Story

State = Literal["in", "late", "missed", "open"]
Took = Literal["yes", "no", "unsure", ""]
_TOOK: dict[bool | None, Took] = {True: "yes", False: "no", None: "unsure"}


@dataclass(frozen=True)
class Day:
    """One evening.

    Args:
        day: of the trial.
        state: whether it is in.
        score: of the primary item; None where there is none.
        took: the capsule of the night before; "" where that was not said or not asked.
        complaints: label and severity of what was troublesome at all.
    """

    day: int
    state: State
    score: float | None = None
    took: Took = ""
    complaints: tuple[tuple[str, int], ...] = ()

    @property
    def severity(self) -> int:
        """The worst that was told."""
        return max((severity for _, severity in self.complaints), default=0)


@dataclass(frozen=True)
class Period:
    """One block, by its place and never by what it holds.

    Args:
        number: of the decision that began it, which is its place among all blocks.
        place: among the periods with capsules, from 1; 0 where none are taken.
        phase: name of its phase.
        title: of the phase.
        first_day: of the trial.
        days: how many; where the trial ended within it, fewer were lived.
        capsule: whether capsules are taken in it.
    """

    number: int
    place: int
    phase: str
    title: str
    first_day: int
    days: int
    capsule: bool

    @property
    def last_day(self) -> int:
        """Its last day."""
        return self.first_day + self.days - 1


@dataclass(frozen=True)
class Share:
    """So many of so many.

    Args:
        part: of the whole.
        whole: of which.
    """

    part: int
    whole: int


@dataclass(frozen=True)
class Medicine:
    """A medicine that was written down in the diary.

    Args:
        name: as it was written.
        at: when it arrived.
        stop: whether it stopped the capsules.
        recognised: whether its name is known.
    """

    name: str
    at: dt.datetime
    stop: bool
    recognised: bool


@dataclass(frozen=True)
class Note:
    """Something that was written for the clinic.

    Args:
        text: as it was written.
        at: when it arrived.
    """

    text: str
    at: dt.datetime


@dataclass(frozen=True)
class Overview:
    """What a trial shows to who knows no arm.

    Args:
        protocol: of the trial.
        start: midnight of day 0.
        today: day of the trial; below 0 before the first.
        periods: that have begun, in order.
        days: of those periods, up to today.
        medicines: that came since, in order.
        notes: that were written for the clinic, the newest first.
    """

    protocol: Protocol
    start: dt.datetime
    today: int
    periods: tuple[Period, ...]
    days: tuple[Day, ...]
    medicines: tuple[Medicine, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The primary item."""
        return self.protocol.primary_outcome

    @property
    def period(self) -> Period | None:
        """The period of today, None before and after."""
        return next((one for one in self.periods if one.first_day <= self.today <= one.last_day), None)

    def answered(self, first: int = 0, last: int | None = None) -> Share:
        """Evenings that are in, of those that are over or in already.

        Args:
            first: day.
            last: day; None for today.
        """
        days = [one for one in self._among(first, last) if one.state != "open"]
        return Share(sum(one.state in ("in", "late") for one in days), len(days))

    def taken(self, first: int = 0, last: int | None = None) -> Share:
        """Capsules taken, of the answers that say so or say otherwise.

        Args:
            first: day.
            last: day; None for today.
        """
        days = [one for one in self._among(first, last) if one.took]
        return Share(sum(one.took == "yes" for one in days), len(days))

    def complaints(self, first: int = 0, last: int | None = None) -> tuple[tuple[str, int, int], ...]:
        """Every complaint: label, days on which it was told, and the worst of them; the worst first.

        Args:
            first: day.
            last: day; None for today.
        """
        found = dict[str, tuple[int, int]]()
        for one in self._among(first, last):
            for label, severity in one.complaints:
                days, worst = found.get(label, (0, 0))
                found[label] = (days + 1, max(worst, severity))
        told = ((label, days, worst) for label, (days, worst) in found.items())
        return tuple(sorted(told, key=lambda one: (-one[2], -one[1], one[0])))

    def _among(self, first: int, last: int | None) -> Iterator[Day]:
        return (one for one in self.days if one.day >= first and (last is None or one.day <= last))


def overview_of(story: Story, now: dt.datetime) -> Overview:
    """The overview of a trial.

    Args:
        story: up to now, begun.
        now: clock of the clinic, with its zone.

    Raises:
        ValueError: the trial has not begun.
    """
    begun = story.begun
    if begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    protocol, today, closed = begun.protocol, today_of(begun, now), last_closed(begun, now)
    blocks = [(one["number"], one["block"]) for one in story.decided if one["block"] is not None]
    periods = tuple(_periods(protocol, blocks))
    planned = periods[-1].last_day if periods else -1
    ended = _ended_on(story, planned) if story.ended or story.stopped or story.left else planned
    days = tuple(day_of(story, day, closed) for day in range(min(today, ended) + 1))
    notes = tuple(reversed([*_notes(story)]))
    return Overview(protocol, begun.start, today, periods, days, tuple(_medicines(story)), notes)


def _ended_on(story: Story, planned: int) -> int:
    """The last day of a trial that ended: that of the entry which ended it, at most the planned one."""
    ending = next((entry for entry in story.entries if entry.stops), None)
    if ending is None or story.begun is None:
        return planned
    return min((ending.received_at - story.begun.start).days, planned)


def _periods(protocol: Protocol, blocks: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[Period]:
    titles, place = {phase.name: phase.title for phase in protocol.phases}, 0
    for number, block in blocks:
        place += block["capsule"]
        phase, capsule = block["phase"], block["capsule"]
        own = place if capsule else 0
        yield Period(number, own, phase, titles[phase], block["first_day"], block["days"], capsule)


def last_closed(begun: Beginning, now: dt.datetime) -> int:
    """The last day of a trial whose evening can no longer be filled in; below 0 where there is none.

    Args:
        begun: what the trial began with.
        now: clock of the clinic, with its zone.
    """
    here = now.astimezone(ZoneInfo(begun.zone))
    today = (here.date() - begun.start.date()).days
    return today - 1 if here.time() >= LATE_UNTIL else today - 2


def day_of(story: Story, day: int, closed: int) -> Day:
    """One evening of a trial, or of the dose that was kept after it.

    Args:
        story: up to now, begun.
        day: of the trial.
        closed: the last day whose evening can no longer be filled in.

    Raises:
        ValueError: the trial has not begun.
    """
    if story.begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    protocol, kept = story.begun.protocol, story.by_day.get(day)
    if kept is None or kept.entry is None:
        return Day(day, "missed" if day <= closed else "open")
    labels = {one.name: one.label for one in protocol.side_effects}
    told = (
        (labels[name], severity) for name, severity in kept.entry.side_effects.items() if severity and name in labels
    )
    score = kept.entry.scores.get(protocol.primary_outcome.name)
    return Day(day, "late" if "late" in kept.placed.marks else "in", score, _took(kept), tuple(told))


def _took(kept: Kept) -> Took:
    """What was said of the capsule; the same None stands for unsure and for not asked, so that the form is asked."""
    if kept.submission is None or kept.submission.took is None or kept.entry is None:
        return ""
    return _TOOK[kept.entry.took]


def _medicines(story: Story) -> Iterator[Medicine]:
    for event in story.beside:
        if event.kind == SCREENED:
            said, at = event.said, dt.datetime.fromisoformat(event.received_at)
            yield Medicine(said["medicine"], at, said["stop"], not said["not_recognised"])


def _notes(story: Story) -> Iterator[Note]:
    """Every note, also of an entry that counts for no evening."""
    for one in story.kept:
        if one.submission is not None and one.submission.note.strip():
            yield Note(one.submission.note.strip(), dt.datetime.fromisoformat(one.event.received_at))
