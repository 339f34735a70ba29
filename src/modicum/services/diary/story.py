"""The story of a trial: what is known of it, told as a fold over its events, in the order in which they were received.

Of every evening one entry counts: the first that came, or the last of its corrections. What comes beside it, comes too
late or cannot be read is kept with a mark, so that nobody's words are lost and no decision that was taken changes.

What staff do reaches the trial by two ways alone: a trial that is stopped ends like one that the person leaves, and
capsules that are held are not taken. What else they do stands beside the story, for those who read it.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from modicum.protocol import Protocol
from modicum.records.events import Entry
from modicum.services.diary import beginning
from modicum.services.diary.beginning import Beginning
from modicum.services.diary.evenings import Placed, evening_of, nominal, place
from modicum.services.diary.form import Submission, read_submission
from modicum.services.diary.port import Store, StoredEvent

ENTRY, CLOCK, SCREENED, RESUMED, DECIDED, ANSWERED = "entry", "clock", "screened", "resumed", "decided", "answered"
RECHALLENGE, STOPPED, HELD, OVERRIDDEN, WANTED = "re-challenge", "stopped", "held", "overridden", "wanted"
LOOKED = "looked-again"
CORRECTED_WITHIN = dt.timedelta(hours=24)  # of its arrival, an entry may be corrected
_MOST_SKEW_SECONDS = 100 * 365 * 86_400  # what is more can be no clock, and would lead out of the calendar
_TOOK = {"yes": True, "no": False, "unsure": None, None: None}


@dataclass(frozen=True)
class Kept:
    """An entry as it was kept.

    Args:
        event: that holds it.
        placed: where it belongs, and what has to be said of it.
        submission: what was handed in, whether or not its answers fit; None where it is not of the form.
        entry: as the trial knows it; None where it does not count.
    """

    event: StoredEvent
    placed: Placed
    submission: Submission | None = None
    entry: Entry | None = None

    @property
    def identity(self) -> str:
        """Its id, as the phone gave it."""
        return self.event.client_id


@dataclass(frozen=True)
class Accepted:
    """A re-challenge that was accepted.

    Args:
        begun: midnight of its first day, with its zone.
        allocation: fingerprint of its sealed allocation.
    """

    begun: dt.datetime
    allocation: str


@dataclass(frozen=True)
class Stopped:
    """A trial that staff stopped, or a dose that they stopped after it.

    Args:
        at: when.
        reason: as it was written.
        actor: who.
        entry: by which the trial knows that it is over.
    """

    at: dt.datetime
    reason: str
    actor: str
    entry: Entry


@dataclass(frozen=True)
class Story:
    """What is known of a trial.

    Args:
        trial: its name in the store.
        begun: what it began with; None before.
        kept: everything that was handed in, in the order in which it was received.
        skews: what the clinic's clock showed more than the phone's, by id of the entry.
        decided: every decision, in order: the events' contents.
        halted: what was said when a new medicine stopped the capsules; empty where they are not stopped.
        held: why staff hold the capsules, in order; empty where they do not.
        stopped: by staff; None where it was not.
        wanted: whether a person who left wants to know what was found all the same.
        answered: the answer, once there is one.
        answered_at: when it was given.
        rechallenges: accepted of the dose that was kept since, in order.
        beside: events that tell nothing of the trial itself, in order.
        sequence: number of the last event that it tells of.
    """

    trial: str
    begun: Beginning | None = None
    kept: tuple[Kept, ...] = ()
    skews: Mapping[str, dt.timedelta] = field(default_factory=dict)
    decided: tuple[dict[str, Any], ...] = ()
    halted: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    stopped: Stopped | None = None
    wanted: bool = False
    answered: dict[str, Any] | None = None
    answered_at: dt.datetime | None = None
    rechallenges: tuple[Accepted, ...] = ()
    beside: tuple[StoredEvent, ...] = ()
    sequence: int = 0

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that count, corrections among them, in the order in which they were received.

        Where staff stopped the trial, the entry by which it knows that is among them.
        """
        written = [one.entry for one in self.kept if one.entry is not None]
        if self.stopped is None:
            return tuple(written)
        at = bisect_right(written, self.stopped.at, key=lambda entry: entry.received_at)
        return (*written[:at], self.stopped.entry, *written[at:])

    @cached_property
    def by_day(self) -> dict[int, Kept]:
        """The entry that counts of every evening."""
        counting = (one for one in self.kept if one.entry is not None)
        return {one.placed.day: one for one in counting if one.placed.day is not None}

    @cached_property
    def left(self) -> bool:
        """Whether the person has left."""
        return any(one.entry.stops for one in self.kept if one.entry is not None)

    @property
    def ended(self) -> bool:
        """Whether the trial has come to its end, and everybody was told so."""
        return bool(self.decided) and self.decided[-1]["block"] is None

    def day_of(self, identity: str | None) -> int | None:
        """The day of an entry that counts, or that did before it was corrected; None where there is no such entry."""
        if identity is None:
            return None
        return next((one.placed.day for one in self.kept if one.entry and one.identity == identity), None)

    def find(self, sequence: int) -> Kept:
        """What was kept under a number of the chain.

        Raises:
            KeyError: nothing was handed in under it.
        """
        found = next((one for one in reversed(self.kept) if one.event.sequence == sequence), None)  # a late one, mostly
        if found is None:
            raise KeyError(sequence)
        return found


def fold(story: Story, events: Iterable[StoredEvent]) -> Story:
    """A story, told on by the events that follow it."""
    for event in events:
        story = replace(_AFTER.get(event.kind, _beside)(story, event), sequence=event.sequence)
    return story


def told(store: Store, trial: str, before: Story | None = None) -> Story:
    """The story of a trial up to now.

    Args:
        store: that keeps it.
        trial: its name in the store.
        before: the same story as it was told before, to be told on; None to begin.
    """
    story = before or Story(trial)
    return fold(story, store.events_of(trial, story.sequence))


def _begun(story: Story, event: StoredEvent) -> Story:
    return story if story.begun else replace(story, begun=Beginning.of(event.said))


def _clock(story: Story, event: StoredEvent) -> Story:
    said = event.said
    seconds = max(-_MOST_SKEW_SECONDS, min(_MOST_SKEW_SECONDS, said["skew_seconds"]))
    new = {one: dt.timedelta(seconds=seconds) for one in said["entries"]}
    return replace(story, skews={**new, **story.skews})


def _decided(story: Story, event: StoredEvent) -> Story:
    return story if event.conflict else replace(story, decided=(*story.decided, event.said))


def _screened(story: Story, event: StoredEvent) -> Story:
    told_on = _beside(story, event)
    return replace(told_on, halted=(*story.halted, event.said["medicine"])) if event.said["stop"] else told_on


def _resumed(story: Story, event: StoredEvent) -> Story:
    return replace(_beside(story, event), halted=(), held=())


def _held(story: Story, event: StoredEvent) -> Story:
    if event.conflict:
        return story
    return replace(_beside(story, event), held=(*story.held, event.said["reason"]))


def _stopped(story: Story, event: StoredEvent) -> Story:
    """Staff end it: for the trial the same as if the person had left in this very moment."""
    if event.conflict or story.stopped is not None or story.begun is None:
        return story
    ending = _ending(story, story.begun, f"stopped-{event.sequence}", event)
    return replace(
        _beside(story, event), stopped=Stopped(ending.received_at, event.said["reason"], event.actor, ending)
    )


def _ending(story: Story, begun: Beginning, identity: str, event: StoredEvent) -> Entry:
    """The entry by which a trial knows that it is over: of the evening on which it was received, the first at least."""
    at = dt.datetime.fromisoformat(event.received_at)
    day = (evening_of(at.astimezone(ZoneInfo(begun.zone))) - begun.start.date()).days
    written = story.by_day.get(day)
    if written is not None and written.entry is not None:  # what was said of this evening stays
        return replace(written.entry, id=identity, received_at=at, stops=True, corrects=written.entry.id)
    return Entry(id=identity, happened_at=nominal(begun.start, max(day, 0)), received_at=at, stops=True)


def _overridden(story: Story, event: StoredEvent) -> Story:
    """A decision that staff do not follow: the trial is stopped, or its capsules are held."""
    return _stopped(story, event) if event.said["how"] == "stop" else _held(story, event)


def _wanted(story: Story, event: StoredEvent) -> Story:
    return replace(_beside(story, event), wanted=True)


def _beside(story: Story, event: StoredEvent) -> Story:
    return replace(story, beside=(*story.beside, event))


def _answered(story: Story, event: StoredEvent) -> Story:
    if story.answered is not None:
        return story
    return replace(story, answered=event.said, answered_at=dt.datetime.fromisoformat(event.received_at))


def _rechallenged(story: Story, event: StoredEvent) -> Story:
    if event.conflict:
        return story
    accepted = Accepted(dt.datetime.fromisoformat(event.said["begun"]), event.said["allocation"])
    return replace(story, rechallenges=(*story.rechallenges, accepted))


def _entry(story: Story, event: StoredEvent) -> Story:
    return replace(story, kept=(*story.kept, _keep(story, event)))


_AFTER = {
    beginning.KIND: _begun,
    CLOCK: _clock,
    DECIDED: _decided,
    SCREENED: _screened,
    RESUMED: _resumed,
    ANSWERED: _answered,
    RECHALLENGE: _rechallenged,
    STOPPED: _stopped,
    HELD: _held,
    OVERRIDDEN: _overridden,
    WANTED: _wanted,
    ENTRY: _entry,
}


def _keep(story: Story, event: StoredEvent) -> Kept:
    """An entry beside those that came before it. That a person leaves counts, whatever else becomes of the entry."""
    submission = read_submission(event.said)
    kept = _weigh(story, event, submission)
    if kept.entry is not None or story.begun is None or submission is None or not submission.leaves:
        return kept
    return replace(kept, entry=_ending(story, story.begun, f"left-{event.sequence}", event))


def _weigh(story: Story, event: StoredEvent, submission: Submission | None) -> Kept:
    """Whether an entry counts, and for which evening."""
    if submission is None or story.begun is None or not fits(submission, story.begun.protocol):
        return Kept(event, Placed(None, ("unread",)), submission)
    placed = _place(story, story.begun, submission, event)
    if event.conflict or placed.day is None or not submission.says_something:
        return Kept(event, placed, submission)
    earlier = story.by_day.get(placed.day)
    record = _record(submission, event, nominal(story.begun.start, placed.day), story.begun.protocol)
    if earlier is None or earlier.entry is None:
        return Kept(event, placed, submission, record)
    if story.day_of(submission.corrects) is not None:
        return Kept(event, placed, submission, replace(record, corrects=earlier.entry.id))
    if submission.leaves:  # what was said of this evening stays, and that the person leaves is never lost
        leaving = replace(earlier.entry, id=record.id, received_at=record.received_at, stops=True)
        return Kept(event, placed, submission, replace(leaving, corrects=earlier.entry.id))
    return Kept(event, Placed(placed.day, (*placed.marks, "second")), submission)


def _place(story: Story, begun: Beginning, submission: Submission, event: StoredEvent) -> Placed:
    """Where it belongs: a correction to the evening that it corrects, for a day; anything else by its own time."""
    skew, received = story.skews.get(submission.id, dt.timedelta(0)), dt.datetime.fromisoformat(event.received_at)
    corrected = story.day_of(submission.corrects)
    if corrected is None:
        placed = place(submission.happened_at, submission.about, skew, begun.start.date(), received)
        if submission.answers_something:
            return placed
        return replace(placed, marks=tuple(mark for mark in placed.marks if mark != "early"))
    first = next(one.event.received_at for one in story.kept if one.entry and one.placed.day == corrected)
    in_time = submission.happened_at + skew <= dt.datetime.fromisoformat(first) + CORRECTED_WITHIN
    return Placed(corrected) if in_time else Placed(None, ("outside",))


def fits(submission: Submission, protocol: Protocol) -> bool:
    """Whether an entry answers what a protocol asks, on its scales."""
    scales = {item.name: item for item in protocol.outcomes}
    asked = {item.name for item in protocol.side_effects}
    return set(submission.side_effects) <= asked and all(
        name in scales and (score is None or scales[name].low <= score <= scales[name].high)
        for name, score in submission.answers.items()
    )


def _record(submission: Submission, event: StoredEvent, evening: dt.datetime, protocol: Protocol) -> Entry:
    """An entry as the trial knows it: of its evening, and received when it was."""
    scores = {name: score for name, score in submission.answers.items() if score is not None}
    summed = [item for item in protocol.outcomes if item.sum_of and set(item.sum_of) <= scores.keys()]
    return Entry(
        id=submission.id,
        happened_at=evening,
        received_at=dt.datetime.fromisoformat(event.received_at),
        scores={**scores, **{item.name: sum(scores[part] for part in item.sum_of) for item in summed}},
        guess=submission.guess,
        guess_reason=submission.guess_reason,
        took=_TOOK[submission.took],
        side_effects=submission.side_effects,
        stops=submission.leaves,
    )
