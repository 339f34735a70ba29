"""The orders that a phase's randomisation can draw, where the ladder alone fixes them."""

from itertools import combinations, pairwise, permutations, product

from modicum.protocol.schema import Phase

Sequence = tuple[float, ...]
LONGEST_LIST = 10_000


def phase_doses(phase: Phase, ladder_mg: tuple[float, ...]) -> tuple[float, ...] | None:
    """Doses of a phase in mg, ascending as listed; None where only the data will tell ("candidate").

    Args:
        phase: of a protocol.
        ladder_mg: the protocol's ladder, mg.
    """
    if phase.doses_mg == "ladder":
        return ladder_mg
    return None if isinstance(phase.doses_mg, str) else phase.doses_mg


def placebo_gaps(phase: Phase, ladder_mg: tuple[float, ...]) -> int | None:
    """Number of gaps in which a placebo block can hide: before the first dose, between doses, after the last."""
    doses = phase_doses(phase, ladder_mg)
    return None if doses is None else len(doses) + 1


def list_sequences(phase: Phase, ladder_mg: tuple[float, ...]) -> tuple[Sequence, ...] | None:
    """Every admissible sequence of doses of a phase, 0 for placebo, all of them equally likely.

    Args:
        phase: of a protocol.
        ladder_mg: the protocol's ladder, mg.

    Returns:
        One tuple of doses in mg per sequence: blocks, or halves of pairs (1.0 stands for the candidate where only the
        data will tell which it is). None where the data decide how many blocks there are, or where there are more than
        10,000 sequences.

    Example:
        >>> from modicum.protocol.reading import read_protocol
        >>> protocol = read_protocol("ldn-smallest-dose")
        >>> len(list_sequences(protocol.phase("titration"), protocol.drug.ladder_mg))
        10
    """
    doses = phase_doses(phase, ladder_mg)
    if phase.order == "fair coin per pair":
        return _coins(phase, doses)
    if doses is None:
        return None
    if phase.order == "ascending with hidden placebo":
        return _hidden(phase, doses)
    if phase.order == "any order":
        blocks = (*doses, *([0.0] * phase.placebo_blocks))
        return tuple(sorted(set(permutations(blocks)))) if len(blocks) <= 7 else None
    return (doses,)


def _coins(phase: Phase, doses: tuple[float, ...] | None) -> tuple[Sequence, ...] | None:
    if (doses is not None and len(doses) != 1) or 2**phase.pairs > LONGEST_LIST:
        return None
    dose = doses[0] if doses else 1.0
    halves = ((dose, 0.0), (0.0, dose))
    return tuple(sum(pairs, ()) for pairs in product(halves, repeat=phase.pairs))


def _hidden(phase: Phase, doses: tuple[float, ...]) -> tuple[Sequence, ...] | None:
    length = len(doses) + phase.placebo_blocks
    if length > 16:
        return None
    found = []
    for places in combinations(range(length), phase.placebo_blocks):
        if phase.placebo_in_different_gaps and any(b - a == 1 for a, b in pairwise(places)):
            continue
        rest = iter(doses)
        found.append(tuple(0.0 if place in places else next(rest) for place in range(length)))
    return tuple(found) if len(found) <= LONGEST_LIST else None
