"""Leaks: how well the arm of each period could be guessed from the decisions that everybody sees.

People see when a phase begins and ends and how many blocks it had, never what a review saw. The best guess from that is
learnt on one half of the people and tried on the other, so that it is not flattered by its own luck.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from modicum.protocol.schema import Protocol
from modicum.simulation.scenario import Outcome

Seen = tuple[str, int, int, str]  # phase, place within it, blocks in it, what followed it
_Blocks = list[tuple[Seen, bool]]


def balanced_accuracy(protocol: Protocol, outcomes: Sequence[Outcome]) -> float | None:
    """Balanced accuracy of the best guess of each blinded period's arm from the visible decisions.

    Args:
        protocol: whose blinded phases with placebo are looked at.
        outcomes: of virtual trials; people of even number teach, the others try.

    Returns:
        0.5 where nothing leaks, 1 where everything does; None where one half has not seen both arms.
    """
    blinded = {phase.name for phase in protocol.phases if phase.blinded and phase.has_placebo}
    halves: tuple[_Blocks, _Blocks] = ([], [])
    for outcome in outcomes:
        halves[outcome.person % 2].extend(_periods(outcome, blinded))
    taught, tried = halves
    if any(len({active for _, active in half}) < 2 for half in halves):
        return None
    usual = sum(active for _, active in taught) / len(taught)
    drug = Counter(seen for seen, active in taught if active)
    every = Counter(seen for seen, _ in taught)
    guesses = {seen: drug[seen] / count > usual for seen, count in every.items()}
    right = [(active, guesses.get(seen, False) == active) for seen, active in tried]
    return (_share(hit for active, hit in right if active) + _share(hit for active, hit in right if not active)) / 2


def _share(hits: Iterable[bool]) -> float:
    every = list(hits)
    return sum(every) / len(every)


def _periods(outcome: Outcome, blinded: set[str]) -> _Blocks:
    """Every blinded period with what can be seen of it, and its arm."""
    periods = zip(outcome.decisions, outcome.arms, strict=True)
    phases = [(name, list(group)) for name, group in groupby(periods, key=lambda period: period[0][0])]
    found = _Blocks()
    for place, (name, blocks) in enumerate(phases):
        if name in blinded:
            follows = phases[place + 1][0] if place + 1 < len(phases) else outcome.ending
            found += [((name, at, len(blocks), follows), active) for at, (_, active) in enumerate(blocks)]
    return found
