"""The document of a simulation: protocols side by side, every share with its Monte Carlo standard error."""

import math
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from modicum.participants.archetypes import right_dose
from modicum.simulation.scenario import Scenario
from modicum.simulation.tally import RUNGS_MG, Tally, share, weeks


def protocol_rows(scenarios: Iterable[Scenario], tallies: Iterable[Tally]) -> list[dict[str, Any]]:
    """One part a protocol and judge, in the order of the scenarios.

    Args:
        scenarios: as simulated, those of one protocol and judge side by side.
        tallies: one each.
    """
    pairs = zip(scenarios, tallies, strict=True)
    rows = list[dict[str, Any]]()
    for (name, judged_by), group in groupby(pairs, key=lambda pair: (pair[0].protocol.name, pair[0].judged_by)):
        every = list(group)
        rows.append(
            {
                "name": name,
                "judged_by": judged_by,
                "protocol_sha256": every[0][0].protocol.sha256,
                "archetypes": [_archetype(scenario, tally) for scenario, tally in every],
            }
        )
    return rows


def _archetype(scenario: Scenario, tally: Tally) -> dict[str, Any]:
    right, n = right_dose(scenario.archetype, RUNGS_MG, scenario.effect_in_mcid), tally.trials
    return {
        "archetype": scenario.archetype,
        "participants": n,
        "true_smallest_dose_mg": right,
        "declared": share(tally.declared, n),
        "declared_unqualified": share(tally.unqualified, n),
        "right_dose": None if right is None else share(tally.within_a_rung, n),
        "right_dose_exact": None if right is None else share(tally.exact, n),
        "ended_rightly": share(tally.ended_rightly, n),
        "weeks": weeks(tally.days),
        "verdicts": dict(sorted(tally.verdicts.items())),
        "endings": dict(sorted(tally.endings.items())),
        "side_effect_days": _mean(*tally.side_effect_days, n),
    }


def _mean(total: float, squares: float, n: int) -> dict[str, float]:
    mean = total / n
    return {"mean": mean, "mcse": math.sqrt(max(squares / n - mean * mean, 0.0) / n)}
