"""The document of a simulation: protocols side by side, every share with its Monte Carlo standard error."""

import math
from collections.abc import Collection, Iterable
from itertools import groupby
from typing import Any

from modicum.participants.population import Population
from modicum.simulation.scenario import Scenario
from modicum.simulation.tally import Tally, share, true_dose, weeks

_NORMAL_95 = 1.959964  # the normal deviate with 2.5 % above it


def protocol_rows(scenarios: Iterable[Scenario], tallies: Iterable[Tally]) -> list[dict[str, Any]]:
    """One part a protocol and judge, in the order of the scenarios.

    Args:
        scenarios: as simulated, those of one protocol and judge side by side.
        tallies: one each.
    """
    pairs = zip(scenarios, tallies, strict=True)
    rows = list[dict[str, Any]]()
    for (_, judged_by), group in groupby(pairs, key=lambda pair: (id(pair[0].protocol), pair[0].judged_by)):
        every = list(group)
        protocol = every[0][0].protocol
        rows.append(
            {
                "name": protocol.name,
                "title": protocol.title,
                "protocol_version": protocol.version,
                "judged_by": judged_by,
                "blinded": any(phase.blinded for phase in protocol.phases),
                "planned_days": protocol.planned_days,
                "protocol_sha256": protocol.sha256,
                "archetypes": [_archetype(scenario, tally) for scenario, tally in every],
            }
        )
    return rows


def people_part(population: Population, without: Collection[str] = ()) -> dict[str, Any]:
    """What the virtual people are like: every parameter with its value, unit, meaning, source and grade.

    Args:
        population: of the people.
        without: names of parameters that came from elsewhere.
    """
    return {
        "name": population.name,
        "title": population.title,
        "summary": " ".join(population.summary.split()),
        "parameters": [
            {"name": name, **parameter.model_dump()} for name, parameter in population.parameters if name not in without
        ],
    }


def _archetype(scenario: Scenario, tally: Tally) -> dict[str, Any]:
    right, n = true_dose(scenario), tally.trials
    return {
        "archetype": scenario.archetype,
        "participants": n,
        "true_smallest_dose_mg": right,
        "declared": _share(tally.declared, n),
        "declared_unqualified": _share(tally.unqualified, n),
        "right_dose": None if right is None else _share(tally.within_a_rung, n),
        "right_dose_exact": None if right is None else _share(tally.exact, n),
        "ended_rightly": _share(tally.ended_rightly, n),
        "weeks": _weeks(tally),
        "verdicts": dict(sorted(tally.verdicts.items())),
        "endings": dict(sorted(tally.endings.items())),
        "side_effect_days": _mean(*tally.side_effect_days, n),
    }


def _share(count: int, n: int) -> dict[str, Any]:
    return share(count, n) | {"interval95": list(interval95(count, n))}


def interval95(count: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share that was counted; unlike the standard error it is never of no width.

    Args:
        count: how many of n.
        n: above 0.

    Source:
        Wilson 1927, J Am Stat Assoc 22:209, the score interval.

    Example:
        >>> [round(end, 3) for end in interval95(0, 20)]
        [0.0, 0.161]
    """
    p, z2 = count / n, _NORMAL_95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _NORMAL_95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return (0.0 if count == 0 else middle - half), (1.0 if count == n else middle + half)


def _weeks(tally: Tally) -> dict[str, Any]:
    """Lengths, with the interval of their mean; one trial says nothing of how they vary."""
    found = weeks(tally.days)
    mean, mcse = found["mean"], found["mcse"]
    if mean is None or mcse is None or tally.trials == 1:
        return {**found, "interval95": None}
    return {**found, "interval95": [mean - _NORMAL_95 * mcse, mean + _NORMAL_95 * mcse]}


def _mean(total: float, squares: float, n: int) -> dict[str, float]:
    mean = total / n
    return {"mean": mean, "mcse": math.sqrt(max(squares / n - mean * mean, 0.0) / n)}
