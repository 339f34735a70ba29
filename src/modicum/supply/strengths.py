"""Strengths: the fewest kinds of capsule that make up every dose with the same number of capsules a night."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

MOST_A_NIGHT = 3  # more is a burden to swallow, and multiplies the price
FINEST_STEPS = 400  # of the grid that is searched whole; beyond it only parts and differences of doses are tried


@dataclass(frozen=True)
class Choice:
    """How every dose is made up.

    Args:
        a_night: capsules on every night.
        strengths_ug: contents of the capsules that hold drug, ascending, micrograms.
        made_of: for each dose, the contents of its capsules, largest first; 0 is a capsule of filler.
    """

    a_night: int
    strengths_ug: tuple[int, ...]
    made_of: Mapping[int, tuple[int, ...]]


def choose_strengths(
    doses_ug: Collection[int], most: int, allowed_ug: Collection[int] = (), preferred_ug: Collection[int] = ()
) -> Choice | None:
    """The fewest strengths that make every dose with the same number of capsules, filler making up the number.

    Of several choices: the fewest capsules a night; then the most strengths that are commonly made; then the largest
    smallest strength, since little drug in much powder is hard to mix evenly; then the fewest capsules with drug over
    all doses; then the smaller strengths. So the same doses always give the same choice.

    Args:
        doses_ug: every dose of a night that can be needed, micrograms, >= 0; 0 is placebo.
        most: capsules on one night, from 1.
        allowed_ug: strengths to choose from; empty: any multiple of half the greatest common divisor of the doses.
        preferred_ug: strengths that are commonly made.

    Returns:
        The choice, or None where the doses cannot be made so.

    Example:
        >>> choose_strengths((0, 500, 1500, 3000, 4500), 2).strengths_ug
        (500, 1500, 3000)
        >>> choose_strengths((0, 500, 1500, 3000, 4500), 3).made_of[3000]
        (1500, 1500, 0)
    """
    active = sorted({dose for dose in doses_ug if dose > 0})
    candidates = sorted(set(allowed_ug)) or list_candidates(active)
    best: tuple[int, tuple[int, ...]] | None = None
    for a_night in range(1, most + 1):
        fewest = len(best[1]) - 1 if best else len(candidates) if allowed_ug else len(active)
        found = _fewest(active, a_night, candidates, fewest, preferred_ug)
        best = (a_night, found) if found is not None else best
    if best is None:
        return None
    a_night, strengths = best
    made = {dose: _make(dose, strengths, a_night) or () for dose in sorted({0, *doses_ug})}
    return Choice(a_night, strengths, made)


def list_candidates(active_ug: Sequence[int]) -> list[int]:
    """Strengths worth trying: multiples of half the greatest common divisor, or parts and differences of doses.

    Args:
        active_ug: doses above 0, micrograms, ascending.
    """
    if not active_ug:
        return []
    step = math.gcd(*active_ug)
    step = step // 2 if step % 2 == 0 else step
    if active_ug[-1] // step <= FINEST_STEPS:
        return list(range(step, active_ug[-1] + 1, step))
    parts = {dose // k for dose in active_ug for k in (1, 2, 3) if dose % k == 0}
    return sorted(parts | {high - low for high in active_ug for low in active_ug if high > low})


def _fewest(
    active: Sequence[int], a_night: int, candidates: Sequence[int], most: int, preferred: Collection[int]
) -> tuple[int, ...] | None:
    """The best of the smallest sets of at most ``most`` strengths, or None."""
    for size in range(most + 1):
        found = _Search(active, a_night, candidates, size).find()
        if found:
            return min(found, key=lambda one: _rank(one, active, a_night, preferred))
    return None


def _rank(
    strengths: tuple[int, ...], active: Sequence[int], a_night: int, preferred: Collection[int]
) -> tuple[int, int, int, tuple[int, ...]]:
    with_drug = sum(sum(1 for one in _make(dose, strengths, a_night) or () if one) for dose in active)
    return -len(set(strengths) & set(preferred)), -min(strengths, default=0), with_drug, strengths


@dataclass(frozen=True)
class _Search:
    """All sets of ``size`` strengths that make every dose.

    The smallest dose that cannot be made yet needs a further strength that is no larger than itself; the last strength
    of a set is what that dose lacks.
    """

    active: Sequence[int]
    a_night: int
    candidates: Sequence[int]
    size: int

    def find(self) -> set[tuple[int, ...]]:
        """Those sets, each ascending."""
        return set(self._extend((), set()))

    def _extend(self, chosen: tuple[int, ...], seen: set[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
        if chosen in seen:
            return
        seen.add(chosen)
        reach = _sums(chosen, self.a_night)
        missing = next((dose for dose in self.active if dose not in reach), None)
        if missing is None:
            if len(chosen) == self.size:
                yield chosen
            return
        if len(chosen) == self.size:
            return
        further = [one for one in self.candidates if one <= missing and one not in chosen]
        if len(chosen) == self.size - 1:
            last = _lacking(missing, chosen, self.a_night)
            further = [one for one in further if one in last]
        for one in further:
            yield from self._extend(tuple(sorted((*chosen, one))), seen)


def _sums(strengths: Sequence[int], a_night: int) -> set[int]:
    sums = {0}
    for _ in range(a_night):
        sums |= {total + one for total in sums for one in strengths}
    return sums


def _lacking(dose: int, strengths: Sequence[int], a_night: int) -> set[int]:
    """Strengths of which some capsules, with the others', make the dose."""
    return {
        (dose - rest) // count
        for count in range(1, a_night + 1)
        for rest in _sums(strengths, a_night - count)
        if dose > rest and (dose - rest) % count == 0
    }


def _make(dose: int, strengths: Sequence[int], a_night: int) -> tuple[int, ...] | None:
    """The capsules of a dose: as few with drug as can be, the largest first; None where it cannot be made."""
    for with_drug in range(a_night + 1):
        made = [
            one for one in combinations_with_replacement(sorted(strengths, reverse=True), with_drug) if sum(one) == dose
        ]
        if made:
            return (*max(made), *([0] * (a_night - with_drug)))
    return None
