"""What a protocol would find, computed before anybody swallows anything: for typical people, or for one's own noise.

Before there is a diary it is for typical people, and says so. Once the run-in is written, its evenings tell how much
this person's days differ, and the virtual people are as noisy as she is. Only evenings before the first capsule count:
nothing that is computed here can depend on what a capsule holds.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from modicum.foundation.errors import Problem
from modicum.participants.archetypes import ARCHETYPES
from modicum.protocol import Protocol, read_protocol
from modicum.records import read_diary
from modicum.records.diary import Diary
from modicum.records.problems import Code
from modicum.services.diary import Story
from modicum.services.enrolling.figures import HELPS_FROM, USELESS, USUAL_MCID, Figures, found_figures
from modicum.services.likeness import FEWEST_ENTRIES
from modicum.services.planning import plan
from modicum.services.simulating import simulate

FEWEST_EVENINGS = FEWEST_ENTRIES  # answered, from which the noise of a person is read
SEED = 1
_OPTION = "--"  # of a command; what to do is then said to whoever types one


@dataclass(frozen=True)
class Foreseen:
    """What came of a plan.

    Args:
        document: ``modicum.simulation/1`` for typical people, ``modicum.plan/1`` for one's own noise.
        figures: of it, one set for each judge.
        own: whether it is of this person's own noise.
    """

    document: dict[str, Any]
    figures: tuple[Figures, ...]
    own: bool


def foresee(
    protocol_text: str, evenings: Sequence[Mapping[str, float]], *, people: int, made: dt.date, processes: int | None
) -> Foreseen:
    """Simulate a protocol; minutes of work, so never while somebody waits for a page.

    Args:
        protocol_text: of its file.
        evenings: of the run-in, as :func:`run_in` tells them; where :func:`is_told` says no, it is for typical people.
        people: virtual ones for each kind.
        made: the day.
        processes: how many; None for one a core.

    Raises:
        InputError: with every problem at once.
    """
    protocol = read_protocol(protocol_text.encode())
    kinds, own = kinds_of(protocol), is_told(protocol, evenings)
    asked: dict[str, Any] = {
        "participants": people,
        "archetypes": kinds,
        "effect_mcid": USUAL_MCID,
        "seed": SEED,
        "processes": processes,
    }
    found = plan(protocol, _diary(protocol, evenings), **asked) if own else simulate(protocol, **asked)
    return Foreseen(found.document, found_figures(found.protocols, USUAL_MCID, made.isoformat()), own)


def cautions(warnings: Iterable[Mapping[str, str]]) -> list[Problem]:
    """What a plan says should be known, for whoever reads it on a page: there is neither a file nor a command line.

    Args:
        warnings: of the event of a plan; those of before say what the rows of a run-in leave out on purpose.
    """
    told = (Problem(**one) for one in warnings if one["code"] != Code.ITEM_ABSENT.value)
    return [replace(one, fix="") if _OPTION in one.fix else one for one in told]


def _diary(protocol: Protocol, evenings: Sequence[Mapping[str, float]]) -> Diary:
    """A run-in as a diary. It holds the outcome that decides alone, so what else it could hold is not missed."""
    read = read_diary(pl.DataFrame(evenings), protocol=protocol)
    return replace(read, warnings=tuple(one for one in read.warnings if one.code != Code.ITEM_ABSENT.value))


def is_told(protocol: Protocol, evenings: Sequence[Mapping[str, float]]) -> bool:
    """Whether evenings tell of a person's noise: a week of them, whose scores are not all the same.

    Args:
        protocol: of the trial.
        evenings: of the run-in, as :func:`run_in` tells them.
    """
    scores = {evening[protocol.primary] for evening in evenings}
    return len(evenings) >= FEWEST_EVENINGS and len(scores) > 1


def kinds_of(protocol: Protocol) -> tuple[str, ...]:
    """The kinds of people that a plan is about: the drug does nothing, or helps from one of the doses on.

    Args:
        protocol: as read.

    Example:
        >>> from modicum.protocol import read_protocol
        >>> kinds_of(read_protocol("ab-crossover"))
        ('none', 'threshold-0.5')
    """
    top = protocol.drug.ladder_mg[-1]
    helped = (one for one in ARCHETYPES if one.startswith(HELPS_FROM))
    return (USELESS, *(one for one in helped if float(one.removeprefix(HELPS_FROM)) <= top))


def run_in(story: Story) -> list[dict[str, float]]:
    """The evenings before the first capsule that answer the outcome which decides, as rows of a diary.

    That of the day of the first capsule is one of them: the capsule is taken after it.

    Args:
        story: of a trial.
    """
    if story.begun is None:
        return []
    protocol = story.begun.protocol
    days = sum(phase.max_days for phase in protocol.phases[:1] if phase.kind == "run-in")
    blocks = (one["block"] for one in story.decided if one["block"] is not None)
    first_capsule = min((block["first_day"] for block in blocks if block["capsule"]), default=days)
    rows = list[dict[str, float]]()
    for day, kept in sorted(story.by_day.items()):
        if day <= min(days, first_capsule) and kept.entry is not None and protocol.primary in kept.entry.scores:
            rows.append({"day": day, "dose_mg": 0.0, protocol.primary: kept.entry.scores[protocol.primary]})
    return rows
