"""Maintenance: the dose that was found is kept, openly, with an entry now and then; and looked at again, blinded.

What works today may never have worked, or not for ever. A re-challenge, the dose and placebo for two weeks each in
an order that nobody knows, is offered after some months, and when the benefit seems to fade. It is never imposed.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from modicum.protocol.schema import Maintenance, Outcome, Protocol
from modicum.records.events import Entry, as_known_at
from modicum.trial.block import Block, until

MAINTENANCE, RECHALLENGE = "maintenance", "re-challenge"
SEVERE = 3  # severity from which the dose is stopped at once
_MISSING = 1  # entries of a window that may be missing
_DUE_HOUR = 20

Stage = Literal["kept", "offered", "re-challenge", "stopped"]
Reason = Literal["", "time", "effect lost"]


@dataclass(frozen=True)
class Found:
    """What a trial ended with.

    Args:
        dose_mg: that works.
        level: mean score without drug, in the outcome's units.
        benefit: of the dose, in the outcome's units, above 0.
        since: midnight of the first day of maintenance, with its zone.
    """

    dose_mg: float
    level: float
    benefit: float
    since: dt.datetime


@dataclass(frozen=True)
class Rechallenge:
    """A re-challenge that was accepted.

    Args:
        begun: midnight of its first day.
        drug_first: whether the dose comes before placebo, as drawn and sealed beforehand.
    """

    begun: dt.datetime
    drug_first: bool


@dataclass(frozen=True)
class Standing:
    """Where maintenance stands.

    Args:
        stage: the dose is kept; a re-challenge is offered; one is under way; or the dose was stopped.
        reason: why a re-challenge is offered, "" where none is.
        mean: score of the last window, None where it is not over or holds too few entries.
        next_entry: when the diary is asked for next, None once the dose was stopped.
    """

    stage: Stage
    reason: Reason = ""
    mean: float | None = None
    next_entry: dt.datetime | None = None


def standing(
    found: Found, protocol: Protocol, entries: Iterable[Entry], rechallenges: Sequence[Rechallenge], now: dt.datetime
) -> Standing:
    """Where maintenance stands at a moment, by what had been received.

    Args:
        found: at the end of the trial.
        protocol: of the trial.
        entries: of the participant, corrections among them; those before maintenance are passed over.
        rechallenges: accepted so far, in order.
        now: the moment.

    Raises:
        ValueError: the protocol has no maintenance.
    """
    plan, outcome = _plan(protocol), protocol.primary_outcome
    known = [entry for entry in as_known_at(entries, now) if entry.happened_at >= found.since]
    if any(entry.stops or _severe(entry) for entry in known):
        return Standing("stopped")
    length = dt.timedelta(days=2 * plan.half_days)
    last = rechallenges[-1].begun if rechallenges else None
    if last is not None and now < last + length:
        return Standing("re-challenge", next_entry=_next(now, last, 1.0))
    since = found.since if last is None else last + length
    in_force = since if last is None else since + dt.timedelta(days=1)  # on the day before, its last capsule is
    mean = _mean(known, plan, outcome, in_force, now)
    asked = _next(now, since, plan.entry_days)
    if mean is not None and _lost(found, plan, outcome, mean):
        return Standing("offered", "effect lost", mean, asked)
    if now >= since + dt.timedelta(days=plan.rechallenge_after_days):
        return Standing("offered", "time", mean, asked)
    return Standing("kept", "", mean, asked)


def course(
    found: Found, protocol: Protocol, rechallenges: Sequence[Rechallenge], now: dt.datetime
) -> tuple[Block, ...]:
    """The days of maintenance up to a moment as blocks, to follow those of the trial in one diary.

    Args:
        found: at the end of the trial.
        protocol: of the trial.
        rechallenges: accepted so far, in order.
        now: the moment; a block under way ends there.
    """
    half, blocks, at = int(_plan(protocol).half_days), list[Block](), 0
    today = (now - found.since).days
    for one in rechallenges:
        begun = (one.begun - found.since).days
        doses = (found.dose_mg, 0.0) if one.drug_first else (0.0, found.dose_mg)
        blocks.append(_kept(found, begun - at))
        blocks += [Block(RECHALLENGE, 0.5, dose, half, guess=True, why=RECHALLENGE) for dose in doses]
        at = begun + 2 * half
    blocks.append(_kept(found, today - at))
    return until(blocks, today)


def _plan(protocol: Protocol) -> Maintenance:
    if protocol.maintenance is None:
        raise ValueError(f"{protocol.name} has no maintenance.")
    return protocol.maintenance


def _kept(found: Found, days: int) -> Block:
    return Block(MAINTENANCE, 1.0, found.dose_mg, days, why=MAINTENANCE)


def _severe(entry: Entry) -> bool:
    return any(severity >= SEVERE for severity in entry.side_effects.values())


def _next(now: dt.datetime, since: dt.datetime, every_days: float) -> dt.datetime:
    """The next evening on which an entry is due."""
    first, step = since + dt.timedelta(hours=_DUE_HOUR), dt.timedelta(days=every_days)
    return first if now < first else first + ((now - first) // step + 1) * step


def _mean(
    entries: Iterable[Entry], plan: Maintenance, outcome: Outcome, since: dt.datetime, now: dt.datetime
) -> float | None:
    """Mean score of the last window, once it lies within the time on the open dose and has entries enough."""
    begin = now - dt.timedelta(days=plan.window_days)
    if begin < since:
        return None
    scores = [e.scores[outcome.name] for e in entries if outcome.name in e.scores and begin <= e.happened_at <= now]
    needed = max(int(plan.window_days // plan.entry_days) - _MISSING, 1)
    return sum(scores) / len(scores) if len(scores) >= needed else None


def _lost(found: Found, plan: Maintenance, outcome: Outcome, mean: float) -> bool:
    """Whether the benefit that the mean shows is no more than what may be left of it."""
    left = found.level - mean if outcome.better == "lower" else mean - found.level
    return left <= (1.0 - plan.lost_share) * found.benefit
