"""Tallies: virtual trials counted as they end, so that memory does not grow with their number."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from modicum.participants.archetypes import right_dose, rungs_of, stretch_of
from modicum.participants.virtual import POINTS
from modicum.simulation.scenario import Outcome, Scenario


@dataclass(frozen=True)
class Tally:
    """Counts over virtual trials; two tallies add up to that of all their trials.

    Args:
        trials: how many.
        declared: declared to work.
        unqualified: of these, with the belief-adjusted analysis agreeing.
        within_a_rung, exact: declared at the right dose, give or take one rung; and at the right dose.
        ended_rightly: the right rung give or take one where some dose works, not declared where none does.
        days: how many trials took so many days.
        verdicts, endings: by code.
        side_effect_days: sum, and sum of squares, of days with a complaint.
    """

    trials: int = 0
    declared: int = 0
    unqualified: int = 0
    within_a_rung: int = 0
    exact: int = 0
    ended_rightly: int = 0
    days: Counter[int] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    side_effect_days: tuple[float, float] = (0.0, 0.0)

    def __add__(self, other: "Tally") -> "Tally":
        """The tally of the trials of both."""
        (a, aa), (b, bb) = self.side_effect_days, other.side_effect_days
        return Tally(
            **{name: getattr(self, name) + getattr(other, name) for name in _COUNTS},
            days=self.days + other.days,
            verdicts=self.verdicts + other.verdicts,
            endings=self.endings + other.endings,
            side_effect_days=(a + b, aa + bb),
        )

    @classmethod
    def of(cls, scenario: Scenario, outcomes: Iterable[Outcome]) -> "Tally":
        """The tally of these trials of one scenario."""
        every = list(outcomes)
        right, rungs = true_dose(scenario), rungs_of(scenario.protocol)
        apart = [_rungs_apart(outcome, right, rungs) for outcome in every]
        near = [steps is not None and steps <= 1 for steps in apart]
        return cls(
            trials=len(every),
            declared=sum(outcome.declared for outcome in every),
            unqualified=sum(outcome.declared and outcome.unqualified for outcome in every),
            within_a_rung=sum(near),
            exact=sum(steps == 0 for steps in apart),
            ended_rightly=sum(near) if right is not None else sum(not outcome.declared for outcome in every),
            days=Counter(outcome.days for outcome in every),
            verdicts=Counter(outcome.verdict for outcome in every),
            endings=Counter(outcome.ending for outcome in every),
            side_effect_days=(
                float(sum(outcome.side_effect_days for outcome in every)),
                float(sum(outcome.side_effect_days**2 for outcome in every)),
            ),
        )

    @classmethod
    def read(cls, document: dict[str, Any]) -> "Tally":
        """A tally that was written by :meth:`write`."""
        return cls(
            **{name: int(document[name]) for name in _COUNTS},
            days=Counter({int(days): count for days, count in document["days"].items()}),
            verdicts=Counter(document["verdicts"]),
            endings=Counter(document["endings"]),
            side_effect_days=(document["side_effect_days"][0], document["side_effect_days"][1]),
        )

    def write(self) -> dict[str, Any]:
        """The tally as a JSON document."""
        counts = {name: getattr(self, name) for name in _COUNTS}
        sums = {"side_effect_days": list(self.side_effect_days)}
        return counts | {"days": self.days, "verdicts": self.verdicts, "endings": self.endings} | sums


_COUNTS = ("trials", "declared", "unqualified", "within_a_rung", "exact", "ended_rightly")


def true_dose(scenario: Scenario) -> float | None:
    """The smallest dose that truly helps by the MCID, in the unit of the protocol; None where none does."""
    outcome = scenario.protocol.primary_outcome
    points = outcome.mcid * POINTS / (outcome.high - outcome.low)
    return right_dose(
        scenario.archetype,
        rungs_of(scenario.protocol),
        scenario.effect_in_mcid,
        stretch=stretch_of(scenario.protocol),
        harm_in_mcid=scenario.population.parameters.harm.value / points,
    )


def _rungs_apart(outcome: Outcome, right_mg: float | None, rungs_mg: Sequence[float]) -> int | None:
    """Rungs between the dose declared, on the nearest rung, and the right one; None where either is missing.

    Of two rungs equally far, as 0.5 and 1.5 mg are from 1 mg, it is the one that is nearer in proportion.
    """
    if right_mg is None or outcome.dose_mg is None or not outcome.declared:
        return None
    dose = outcome.dose_mg
    rung = min(rungs_mg, key=lambda rung: (abs(rung - dose), abs(math.log(rung / dose))))
    return abs(rungs_mg.index(rung) - rungs_mg.index(right_mg))


def share(count: int, trials: int) -> dict[str, float | None]:
    """A share with its Monte Carlo standard error; of no trials, neither.

    Example:
        >>> share(5, 100)["p"], round(share(5, 100)["mcse"], 4)
        (0.05, 0.0218)
    """
    if trials == 0:
        return {"p": None, "mcse": None}
    p = count / trials
    return {"p": p, "mcse": math.sqrt(p * (1.0 - p) / trials)}


def weeks(days: Counter[int]) -> dict[str, float | None]:
    """Mean, median and standard error of the mean of the length, weeks."""
    trials = sum(days.values())
    if trials == 0:
        return {"mean": None, "median": None, "mcse": None}
    mean = sum(d * n for d, n in days.items()) / trials
    spread = sum(n * (d - mean) ** 2 for d, n in days.items()) / max(trials - 1, 1)
    return {"mean": mean / 7, "median": _median(days, trials) / 7, "mcse": math.sqrt(spread / trials) / 7}


def _median(days: Counter[int], trials: int) -> float:
    passed, ordered = 0, sorted(days)
    low = high = None
    for one in ordered:
        passed += days[one]
        low = one if low is None and 2 * passed >= trials else low
        high = one if high is None and 2 * passed > trials else high
    return (float(low or 0) + float(high if high is not None else low or 0)) / 2
