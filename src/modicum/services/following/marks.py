"""Marks: the few facts of a trial that say whether it needs somebody, small enough to be kept beside the events.

They are made from the story alone and hold no time of asking, so that they stay true until another event comes, can be
thrown away and made again, and a list of hundreds of people is read without telling a story.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self
from zoneinfo import ZoneInfo

from modicum.services.diary.beginning import Beginning
from modicum.services.diary.evenings import evening_of
from modicum.services.diary.keeping import ends_of, first_days, half_days, is_kept, last_day
from modicum.services.diary.kept_dose import found_of, standing_of
from modicum.services.diary.reviewing import BEGIN
from modicum.services.diary.schedule import stage_of
from modicum.services.diary.story import LOOKED, SCREENED, Kept, Story
from modicum.services.dispensing.nights import evenings_of, nights_before
from modicum.services.dispensing.supplies import Supplied, Supplies, fold
from modicum.services.following.known import Known, known_of
from modicum.trial.running import SEVERE

FORM = "modicum.marks/4"
GONE_THROUGH = ("signed", "revealed")  # after either, somebody has gone through the answer
SHOWN_DAYS = 21  # as many as a list can ever show: the last fourteen, and a week of late entries


@dataclass(frozen=True)
class Marks:
    """The facts of one trial.

    Args:
        trial: its name in the store.
        sequence: number of the last event that they tell of.
        stage: as the phone is told; "" before the trial begins.
        start: midnight of day 0, ISO 8601 with its offset; "" before.
        zone: where the person lives; "" before.
        evenings: the last ones that are in, each a day and whether it came late.
        halted: medicines that stopped the capsules.
        held: why staff hold the capsules.
        complaints: new or severe ones that nobody has taken note of: label, severity, day.
        medicines: new ones that stopped nothing, and that nobody has taken note of.
        wrote: notes for the clinic that nobody has taken note of.
        decision: number, what was said, phase and first day of the last decision, where nobody has answered it.
        next_look: ISO 8601 of the morning after the last block; "" where none is to come.
        openings: in emergencies that nobody has taken note of: who, when, why.
        gone: whether the person has left, and nobody has taken note of it.
        noted_on: day of the trial on which somebody last took note; -1 where nobody did.
        answered: whether the answer is there and has not been gone through.
        offered_on: date from which a re-challenge is offered for the time that has passed; "" where none is.
        lost: whether one is offered because the effect was lost.
        recalled: codes of kits that she has and must not take from.
        kits_due: of this and the next period, those that she does not have or must not take from: day of the trial
            on whose evening the first capsule is, day from which it is needed no more, and "unknown" where the
            pharmacy does not know of it, "replace" where it had one that is not to be used, else "ordered".
        kits_until: kits that no other one replaces: code, and day from which nothing is taken from it any more, as
            far as that is known.
        ends: midnight after the last day of every re-challenge, ISO 8601.
        looked: number of the last re-challenge that was answered, where nobody has taken note of it; 0 elsewhere.
    """

    trial: str
    sequence: int
    stage: str = ""
    start: str = ""
    zone: str = ""
    evenings: tuple[tuple[int, bool], ...] = ()
    halted: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    complaints: tuple[tuple[str, int, int], ...] = ()
    medicines: tuple[str, ...] = ()
    wrote: tuple[str, ...] = ()
    decision: tuple[int, str, str, int] | None = None
    next_look: str = ""
    openings: tuple[tuple[str, str, str], ...] = ()
    gone: bool = False
    noted_on: int = -1
    answered: bool = False
    offered_on: str = ""
    lost: bool = False
    recalled: tuple[str, ...] = ()
    kits_due: tuple[tuple[int, int, str], ...] = ()
    kits_until: tuple[tuple[str, int], ...] = ()
    ends: tuple[str, ...] = ()
    looked: int = 0

    def to_content(self) -> dict[str, Any]:
        """As JSON values."""
        return {"schema": FORM, **asdict(self)}

    @classmethod
    def of(cls, content: dict[str, Any]) -> Self | None:
        """As they were kept; None where another version kept them, and they have to be made again."""
        known = {one.name for one in fields(cls)}
        if content.get("schema") != FORM or set(content) - {"schema"} != known:
            return None
        return cls(**{name: _frozen(value) for name, value in content.items() if name != "schema"})


def marks_of(story: Story) -> Marks:
    """The marks of a trial.

    Args:
        story: up to now.
    """
    begun = story.begun
    if begun is None:
        return Marks(story.trial, story.sequence)
    known = known_of(story)
    noted_on = -1 if known.noted_at is None else (known.noted_at - begun.start).days
    offered_on, lost = _offered(story)
    supplies = fold(Supplies(), story.beside)
    kits = [kit for kit in supplies.kits.values() if not kit.replaced_by]
    return Marks(
        trial=story.trial,
        sequence=story.sequence,
        stage=stage_of(story),
        start=begun.start.isoformat(),
        zone=begun.zone,
        evenings=tuple((day, "late" in one.placed.marks) for day, one in sorted(story.by_day.items())[-SHOWN_DAYS:]),
        halted=story.halted,
        held=story.held,
        complaints=tuple(_complaints(story, known)),
        medicines=tuple(_medicines(story, known)),
        wrote=tuple(_wrote(story, known)),
        decision=_decision(story, known),
        next_look=_next_look(story),
        openings=tuple((o.who, o.at.isoformat(), o.reason) for o in known.openings if o.sequence > known.noted),
        gone=_gone(story, known),
        noted_on=noted_on,
        answered=story.answered is not None and not any(event.kind in GONE_THROUGH for event in story.beside),
        offered_on=offered_on,
        lost=lost,
        recalled=tuple(kit.code for kit in supplies.recalled),
        kits_due=tuple(sorted(_kits_due(story, kits))),
        kits_until=tuple(_kits_until(story, kits)),
        ends=tuple(one.isoformat() for one in ends_of(story)),
        looked=_looked(story, known),
    )


def _kits_due(story: Story, kits: Sequence[Supplied]) -> Iterator[tuple[int, int, str]]:
    """Kits of this and the next period that the patient does not have, or must not take from.

    It is told as far as kits of this trial are known at all. Kits are known by phase and period, which is all that is
    asked here: whatever they hold, they are due alike.
    """
    block = story.decided[-1]["block"] if story.decided else None
    if not kits:
        return
    if block is None:
        yield from _kits_again(story, kits)
        return
    blocks = [one["block"] for one in story.decided if one["block"] is not None]
    place, begins = sum(one["phase"] == block["phase"] for one in blocks), block["first_day"]
    for period, first_day in ((place, begins), (place + 1, begins + block["days"])):
        own = [one for one in kits if (one.course, one.phase, one.period) == (0, block["phase"], period)]
        if not own and block["capsule"] and period == place:
            yield first_day, first_day + block["days"], "unknown"
        yield from _not_there(own, first_day)


def _kits_again(story: Story, kits: Sequence[Supplied]) -> Iterator[tuple[int, int, str]]:
    """The same of the last re-challenge that was accepted, also before it was ordered: its days are known."""
    course, firsts, days = len(story.rechallenges), first_days(story)[-1:], half_days(story)
    for half, first_day in ((half, first + (half - 1) * days) for first in firsts for half in (1, 2)):
        own = [one for one in kits if (one.course, one.period) == (course, half)]
        if not own:
            yield first_day, first_day + days, "unknown"
        yield from _not_there(own, first_day)


def _not_there(kits: Sequence[Supplied], first_day: int) -> Iterator[tuple[int, int, str]]:
    """Of kits of a period that begins on a day, those that are not with the patient for use."""
    for kit in (kit for kit in kits if not kit.there):
        first = first_day + sum(one.nights for one in kits if one.part < kit.part)
        spent = kit.recalled or kit.returned_at is not None
        yield first, first + kit.nights, "replace" if spent else "ordered"


def _kits_until(story: Story, kits: Sequence[Supplied]) -> Iterator[tuple[str, int]]:
    """Of each kit until when it is taken from, as far as decisions say so."""
    for kit in kits:
        until = evenings_of(story, kit, nights_before(kit, kits)).until
        if until is not None:
            yield kit.code, until


def _looked(story: Story, known: Known) -> int:
    new = (event for event in story.beside if event.kind == LOOKED and event.sequence > known.noted)
    return max((event.said["number"] for event in new), default=0)


def _complaints(story: Story, known: Known) -> Iterator[tuple[str, int, int]]:
    """Every complaint that is new or severe and was not noted: the worst first, then the latest."""
    begun = story.begun
    if begun is None:
        return
    labels = {one.name: one.label for one in begun.protocol.side_effects}
    found, before = dict[str, tuple[str, int, int]](), set[str]()
    for one in story.kept:
        for name, severity in _said(one):
            new = name not in before or severity >= SEVERE
            if severity and new and one.event.sequence > known.noted:
                worst = max(severity, found.get(name, ("", 0, 0))[1])
                found[name] = (labels.get(name, name), worst, _day_of(one, begun))
            before |= {name} if severity else set()
    yield from sorted(found.values(), key=lambda told: (-told[1], -told[2], told[0]))


def _said(one: Kept) -> Iterator[tuple[str, int]]:
    """What was said of side effects, also in an entry that counts for no evening: somebody has to hear of it."""
    if one.entry is not None:
        yield from one.entry.side_effects.items()
    elif one.submission is not None:
        yield from one.submission.side_effects.items()


def _day_of(one: Kept, begun: Beginning) -> int:
    """The day that an entry is about, or, where it is about none, the one on which it came."""
    if one.placed.day is not None:
        return one.placed.day
    came = dt.datetime.fromisoformat(one.event.received_at).astimezone(ZoneInfo(begun.zone))
    return max((evening_of(came) - begun.start.date()).days, 0)


def _medicines(story: Story, known: Known) -> Iterator[str]:
    for event in story.beside:
        if event.kind == SCREENED and event.sequence > known.noted and not event.said["stop"]:
            yield event.said["medicine"]


def _gone(story: Story, known: Known) -> bool:
    leaving = (one.event.sequence for one in story.kept if one.submission is not None and one.submission.leaves)
    return story.left and max(leaving, default=0) > known.noted


def _wrote(story: Story, known: Known) -> Iterator[str]:
    for one in story.kept:
        if one.submission is not None and one.submission.note.strip() and one.event.sequence > known.noted:
            yield one.submission.note.strip()


def _decision(story: Story, known: Known) -> tuple[int, str, str, int] | None:
    """The last decision, unless it was answered, or is the beginning, or the person has left by herself."""
    last = story.decided[-1] if story.decided else None
    if last is None or last["number"] in known.responses or last["said"] == BEGIN or story.left:
        return None
    if story.stopped is not None or story.answered is not None:
        return None
    block = last["block"]
    phase, first_day = (block["phase"], block["first_day"]) if block else ("", -1)
    return last["number"], last["said"], phase, first_day


def _next_look(story: Story) -> str:
    block = story.decided[-1]["block"] if story.decided else None
    if block is None or story.begun is None or story.left or story.stopped is not None:
        return ""
    return (story.begun.start + dt.timedelta(days=block["first_day"] + block["days"], hours=8)).isoformat()


def _offered(story: Story) -> tuple[str, bool]:
    """From when a re-challenge is offered for its time, and whether one is offered because the effect was lost."""
    begun = story.begun
    if begun is None or not is_kept(story) or story.left or last_day(story) is not None:
        return "", False
    plan = begun.protocol.maintenance
    try:
        found = found_of(story)
    except ValueError:
        return "", False
    if plan is None:
        return "", False
    ends = [one.begun + dt.timedelta(days=2 * plan.half_days) for one in story.rechallenges]
    on = max([found.since, *ends]) + dt.timedelta(days=plan.rechallenge_after_days)
    heard = max((entry.received_at for entry in story.entries), default=found.since)
    lost = heard >= found.since and standing_of(story, heard).reason == "effect lost"
    return on.isoformat(), lost


def _frozen(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return tuple([tuple(one) if isinstance(one, list) else one for one in value])  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
