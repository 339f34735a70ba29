"""Reviewing a trial of a real store: what is due is looked at, and what follows is told without telling an arm.

One event is written for every block that begins, whatever it holds and whether or not anything was looked at before it:
*continue* says nothing of what was seen. The same trial code runs here as in a simulation.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from modicum.foundation.errors import InputError
from modicum.protocol import Phase, Protocol
from modicum.records.diary import Diary
from modicum.services.asking import ask
from modicum.services.diary.looks import KeptLooks
from modicum.services.diary.port import Store
from modicum.services.diary.story import DECIDED, Story, told
from modicum.services.options import Options
from modicum.supply.periods import takes_capsules
from modicum.trial.block import Block, Look, LookKind, Roles
from modicum.trial.reviewing import reviewer_of
from modicum.trial.running import Reviewer, Trial, is_severe, replay

REVIEW_HOUR = 8
ACTOR = "reviews"
BEGIN, CONTINUE, NEXT, OVER, HARM, LEFT, ENDED = (
    "begin",
    "continue",
    "next kit",
    "over",
    "stop for harm",
    "left",
    "stopped",
)
_SAID = {"harm": HARM, "withdrawn": LEFT}


class _NotYetError(Exception):
    """The next look is not due."""


@dataclass(frozen=True)
class Reviewed:
    """A trial as far as it has come.

    Args:
        trial: at a moment.
        story: that it was told by.
    """

    trial: Trial
    story: Story


def stand_at(
    story: Story, roles: Roles, now: dt.datetime, *, reviewer: Reviewer | None = None, looks: KeptLooks | None = None
) -> Trial:
    """The trial of a story at a moment: every entry that had been received, every look that was due.

    Args:
        story: begun.
        roles: of the opened allocation.
        now: the moment, with its zone.
        reviewer: looks at diaries; None for the model of the analysis.
        looks: that were kept; None to look anew.

    Raises:
        ValueError: the trial has not begun.
    """
    begun = story.begun
    if begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    trial = Trial(begun.protocol, roles, begun.start, virtual=begun.virtual)
    look = reviewer or model_reviewer(begun.protocol)
    if looks is not None:
        look = looks.reviewer(look, lambda: len(trial.state.blocks))

    def review(diary: Diary, kind: LookKind) -> Look:
        if trial.review_at > now:
            raise _NotYetError
        return look(diary, kind)

    try:
        return replay(trial, (entry for entry in story.entries if entry.received_at <= now), review)
    except _NotYetError:
        return trial


def model_reviewer(protocol: Protocol) -> Reviewer:
    """A reviewer by the model, as the protocol asks of its diaries."""

    def review(diary: Diary, kind: LookKind) -> Look:
        question = ask(Options(outcomes=(protocol.primary,)), protocol, diary).questions[0]
        return reviewer_of(protocol, question)(diary, kind)

    return review


def decide(
    store: Store,
    story: Story,
    roles: Roles,
    *,
    now: dt.datetime,
    reviewer: Reviewer | None = None,
    looks: KeptLooks | None = None,
) -> Reviewed:
    """Write down every decision that is due and not yet written.

    Args:
        store: that keeps it.
        story: up to now, begun.
        roles: of the opened allocation.
        now: clock of the clinic, with its zone.
        reviewer: looks at diaries; None for the model of the analysis.
        looks: that were kept; None to look anew.

    Returns:
        The trial, and the story with what was decided.
    """
    trial = stand_at(story, roles, now, reviewer=reviewer, looks=looks)
    if looks is not None:
        look = reviewer or model_reviewer(trial.protocol)
        looks.fill(lambda diary: _look_anyway(look, diary), _ended(trial, now))
    for content in list(decisions(trial, now, by_staff=_by_staff(story)))[len(story.decided) :]:
        client_id = f"decided-{content['number']}"
        store.append(
            trial=story.trial, kind=DECIDED, client_id=client_id, content=content, actor=ACTOR, received_at=now
        )
    return Reviewed(trial, told(store, story.trial, story))


def is_due(story: Story, now: dt.datetime) -> bool:
    """Whether anything may have to be decided, as far as that can be told without opening a seal.

    Args:
        story: up to now.
        now: clock of the clinic, with its zone.
    """
    due = due_at(story)
    return due is not None and now >= due


def due_at(story: Story) -> dt.datetime | None:
    """When something may have to be decided next, likewise: the morning after a block, or after what ends the trial.

    Args:
        story: up to now.

    Returns:
        None where the trial has not begun, or everything was decided.
    """
    if story.begun is None or story.ended:
        return None
    start, block = story.begun.start, story.decided[-1]["block"] if story.decided else None
    next_day = 0 if block is None else block["first_day"] + block["days"]
    first = next((one["block"]["first_day"] for one in story.decided if one["block"] and one["block"]["capsule"]), None)
    halts = [
        (entry.received_at - start).days + 1
        for entry in story.entries
        if entry.stops or (is_severe(entry) and first is not None and (entry.happened_at - start).days > first)
    ]
    return _morning(start, min([next_day, *halts]))


def _ended(trial: Trial, now: dt.datetime) -> Iterator[tuple[int, Diary]]:
    """Number of every block of capsules that is over, and the diary as it was known then."""
    for number, (block, end) in enumerate(zip(trial.state.blocks, trial.state.ends, strict=True), 1):
        at = _morning(trial.start, end)
        if at <= now and takes_capsules(_phase(trial.protocol, block.phase)):
            yield number, trial.known_at(at)


def _look_anyway(look: Reviewer, diary: Diary) -> Look:
    """A look that decides nothing; at a diary with which nothing can be asked, an empty one."""
    try:
        return look(diary, "posterior")
    except InputError:
        return Look()


def _by_staff(story: Story) -> bool:
    """Whether it was staff who ended the trial, before the person could leave."""
    first = next((entry for entry in story.entries if entry.stops), None)
    return story.stopped is not None and first is story.stopped.entry


def decisions(trial: Trial, now: dt.datetime, *, by_staff: bool = False) -> Iterator[dict[str, Any]]:
    """What was decided up to a moment, as anybody may see it: a line for every block that has begun, and the end.

    Args:
        trial: as it stands at that moment.
        now: the moment, with its zone.
        by_staff: whether a trial that was left was ended by staff.
    """
    blocks, begins, before = trial.state.blocks, 0, ""
    for number, (block, end) in enumerate(zip(blocks, trial.state.ends, strict=True), 1):
        if now < _morning(trial.start, begins):
            return
        said = CONTINUE if block.phase == before else NEXT if before else BEGIN
        yield _content(number, _morning(trial.start, begins), said, _visible(trial.protocol, block, begins))
        begins, before = end, block.phase
    ending = trial.state.ending
    if ending is not None and now >= _morning(trial.start, begins):
        said = _SAID.get(ending.code, OVER)
        said = ENDED if said == LEFT and by_staff else said
        yield _content(len(blocks) + 1, _morning(trial.start, begins), said, None)


def _morning(start: dt.datetime, day: int) -> dt.datetime:
    """When a block that begins on a day is told of: in the morning; the first one as soon as the trial begins."""
    return start + dt.timedelta(days=day, hours=REVIEW_HOUR if day else 0)


def _content(number: int, at: dt.datetime, said: str, block: dict[str, Any] | None) -> dict[str, Any]:
    return {"schema": "modicum.decided/1", "number": number, "at": at.isoformat(), "said": said, "block": block}


def _visible(protocol: Protocol, block: Block, first_day: int) -> dict[str, Any]:
    """A block without what its capsules hold."""
    phase = _phase(protocol, block.phase)
    return {
        "phase": block.phase,
        "announced": block.announced,
        "first_day": first_day,
        "days": block.days,
        "capsule": takes_capsules(phase),
        "guess": block.guess,
    }


def _phase(protocol: Protocol, name: str) -> Phase:
    return next(phase for phase in protocol.phases if phase.name == name)
