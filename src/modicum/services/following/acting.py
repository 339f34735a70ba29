"""What staff do in a trial: each is an event that is on the disk before it takes effect.

Who answers a decision twice is told that it was answered. A hold and its end are known by the number of the last event
that whoever did it had seen, so that a form that is sent twice does it once.
"""

import datetime as dt
from typing import Any, Literal

from modicum.services.diary.port import Store
from modicum.services.diary.story import HELD, OVERRIDDEN, RESUMED, STOPPED, Story, told
from modicum.services.following.known import ACCEPTED, NOTED, known_of

LONGEST_REASON = 400


def accept(store: Store, story: Story, number: int, *, now: dt.datetime, actor: str) -> Story:
    """Accept a decision.

    Args:
        store: that keeps it.
        story: up to now.
        number: of the decision.
        now: clock of the clinic, with its zone.
        actor: who accepts it.

    Returns:
        The story with it. Where somebody else was first, her answer counts.

    Raises:
        ValueError: there is no such decision, or it was answered otherwise.
    """
    known = known_of(story).responses.get(number)
    if known is not None and known.how == "accepted":
        return story
    _check_open(story, number)
    content = {"schema": "modicum.accepted/1", "number": number}
    return _keep(store, story, ACCEPTED, _answer_to(number), content, now=now, actor=actor)


def override(
    store: Store,
    story: Story,
    number: int,
    how: Literal["hold", "stop"],
    reason: str,
    *,
    now: dt.datetime,
    actor: str,
) -> Story:
    """Do not follow a decision: hold the capsules, or stop the trial.

    Args:
        store: that keeps it.
        story: up to now.
        number: of the decision.
        how: it is not followed.
        reason: in words; it stands beside the answer of the trial.
        now: clock of the clinic, with its zone.
        actor: who decides it.

    Returns:
        The story with it. Where somebody else was first, her answer counts.

    Raises:
        ValueError: there is no such decision, it was answered, the trial is over, or no reason is given.
    """
    _check_open(story, number)
    _check_running(story)
    content = {"schema": "modicum.overridden/1", "number": number, "how": how, "reason": _checked(reason)}
    return _keep(store, story, OVERRIDDEN, _answer_to(number), content, now=now, actor=actor)


def end_trial(store: Store, story: Story, reason: str, *, now: dt.datetime, actor: str) -> Story:
    """Stop a trial, or the dose that was kept after it. Stopped again, it is the same.

    Args:
        store: that keeps it.
        story: up to now.
        reason: in words.
        now: clock of the clinic, with its zone.
        actor: who stops it.

    Raises:
        ValueError: it has not begun, the person has left, or no reason is given.
    """
    if story.stopped is not None:
        return story
    if story.begun is None or story.left:
        raise ValueError(f"{story.trial} does not run.")
    content = {"schema": "modicum.stopped/1", "reason": _checked(reason)}
    return _keep(store, story, STOPPED, STOPPED, content, now=now, actor=actor)


def hold(store: Store, story: Story, reason: str, *, now: dt.datetime, actor: str) -> Story:
    """Have the phone ask for no capsule until the hold is ended. Blocks and questions go on by the calendar.

    Args:
        store: that keeps it.
        story: up to now.
        reason: in words.
        now: clock of the clinic, with its zone.
        actor: who holds them.

    Raises:
        ValueError: the trial does not run, or no reason is given.
    """
    _check_running(story)
    content = {"schema": "modicum.held/1", "reason": _checked(reason)}
    return _keep(store, story, HELD, f"{HELD}-{story.sequence}", content, now=now, actor=actor)


def resume(store: Store, story: Story, reason: str, *, now: dt.datetime, actor: str) -> Story:
    """End a hold, whether a new medicine or staff began it. Where nothing is held, nothing is done.

    Args:
        store: that keeps it.
        story: up to now.
        reason: in words: why capsules may be taken.
        now: clock of the clinic, with its zone.
        actor: who ends it.

    Raises:
        ValueError: no reason is given.
    """
    if not story.halted and not story.held:
        return story
    content = {"schema": "modicum.resumed/1", "reason": _checked(reason)}
    return _keep(store, story, RESUMED, f"{RESUMED}-{story.sequence}", content, now=now, actor=actor)


def note(store: Store, story: Story, sequence: int, *, now: dt.datetime, actor: str) -> Story:
    """Take note of all that was told up to an event: it needs nobody any more.

    Args:
        store: that keeps it.
        story: up to now.
        sequence: number of the last event that was shown.
        now: clock of the clinic, with its zone.
        actor: who takes note.
    """
    seen = min(max(sequence, 0), story.sequence)
    if seen <= known_of(story).noted:
        return story
    content = {"schema": "modicum.noted/1", "sequence": seen}
    return _keep(store, story, NOTED, f"{NOTED}-{seen}", content, now=now, actor=actor)


def _answer_to(number: int) -> str:
    """One name for every answer to a decision, so that the store tells the first from the rest."""
    return f"answer-{number}"


def _keep(
    store: Store, story: Story, kind: str, client_id: str, content: dict[str, Any], *, now: dt.datetime, actor: str
) -> Story:
    store.append(trial=story.trial, kind=kind, client_id=client_id, content=content, actor=actor, received_at=now)
    return told(store, story.trial, story)


def _check_open(story: Story, number: int) -> None:
    if not 1 <= number <= len(story.decided):
        raise ValueError(f"{story.trial} has no decision {number}.")
    if number in known_of(story).responses:
        raise ValueError(f"Decision {number} of {story.trial} was answered.")


def _check_running(story: Story) -> None:
    if story.begun is None or story.left or story.stopped is not None:
        raise ValueError(f"{story.trial} does not run.")


def _checked(reason: str) -> str:
    text = reason.strip()
    if not 0 < len(text) <= LONGEST_REASON:
        raise ValueError(f"A reason has 1 to {LONGEST_REASON} characters.")
    return text
