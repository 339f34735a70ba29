"""Side effects of many people drawn from the prior, and how often the intervals of what a dose adds cover the truth.

The truth is drawn, and brought to chances, by the second writing of the density, with a usual rate of each person's
own: a + r_i, r_i ~ N(0, s_b^2), s_b half-normal(1). What a dose adds is over people: u and r together are
N(0, s^2 + s_b^2).
"""

from typing import Any

import numpy as np
from scipy import stats

from modicum.analysis.schedule import schedule_of
from modicum.analysis.side_effects import StepDesign, dose_scale, step_design
from modicum.analysis.side_effects_of_many import added_by_dose, model_side_effect_of_many
from verification import independent_outcomes as density
from verification.calibration import FALSE_ALARM, LEVELS, Progress, p_uniform
from verification.counts import COUNTS, OF_THIRTY
from verification.finding import Finding
from verification.outcome_prior import OUTCOME_VARIANTS
from verification.outcome_quantities import Weighted, diary_of
from verification.prior_predictive import stream

PEOPLE, FEW = 30, 5
_VARIANT = OUTCOME_VARIANTS["side-effect"]
_LADDER = np.array(_VARIANT.question["ladder_mg"], float)


def draw_people(index: int, people: int) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """The truth of every quantity, and the stored diary of each person."""
    rng = stream("outcome-people", index)
    shape, between = rng.standard_normal(7), abs(rng.standard_normal())
    diaries: list[dict[str, Any]] = []
    for _ in range(people):
        entries = _VARIANT.calendar(rng)
        m = density.model_of(entries, _VARIANT.question)
        at = density.natural(m, shape)
        own = between * rng.standard_normal()
        root = np.asarray(density.residual_root(m.moments, at["ell"]))
        u = float(at["s"]) * (root @ rng.standard_normal(len(m.moments)))[m.at]
        eta = np.asarray(m.design(at["tau"]) @ at["coefficients"]) + own + u
        event = iter((rng.random(len(eta)) < 1.0 / (1.0 + np.exp(-eta))).astype(float).tolist())
        entries["score"] = [None if s is None else next(event) for s in entries["score"]]
        diaries.append(entries)
    a, b, c, n = (float(value) for value in at["coefficients"])
    spread, none = np.hypot(float(at["s"]), between), np.zeros(0)
    usual = float(density.mean_outcome(m, np.array(a), spread, none))
    truth = {"a": a, "b": b, "c": c, "n": n, "log between": float(np.log(between))}
    for mg, g in m.rungs.items():
        truth[f"attributable:{mg!r}"] = float(density.mean_outcome(m, np.array(a + b * g), spread, none)) - usual
    return truth, diaries


def fitted_people(diaries: list[dict[str, Any]], points: int = 1024) -> Weighted:
    """The engine's posterior of all of them."""
    _, found = model_side_effect_of_many([_design(one) for one in diaries], _LADDER, points)
    values = {name: found.coefficients[:, i] for i, name in enumerate("abcn")}
    added = added_by_dose(found, dose_scale(_LADDER, _LADDER))
    values |= {f"attributable:{mg!r}": added[:, k] for k, mg in enumerate(_LADDER.tolist())}
    return Weighted(found, values | {"log between": np.log(found.psi.overdispersion)})


def run_people(count: int, progress: Progress | None = None) -> Finding:
    """Groups of people: uniform ranks of every quantity, and the coverage of the intervals of what a dose adds.

    In full each group is of thirty; at a small count, of five.
    """
    people = PEOPLE if count >= COUNTS[OF_THIRTY][1] else FEW
    places: dict[str, list[float]] = {}
    covered: dict[str, list[bool]] = {level: [] for level in LEVELS}
    for index in range(count):
        truth, diaries = draw_people(index, people)
        found = fitted_people(diaries)
        for name, value in truth.items():
            places.setdefault(name, []).append(found.place(name, value))
        for name in (name for name in truth if name.startswith("attributable:")):
            summary = found.summary(name)
            for level in LEVELS:
                low, high = getattr(summary, f"interval{level}")
                covered[level].append(bool(low <= truth[name] <= high))
        if progress:
            progress(index + 1, count)
    p_values = {name: p_uniform(np.array(values)) for name, values in places.items()}
    adjusted = min(1.0, min(p_values.values()) * len(p_values))
    shares = {level: float(np.mean(hits)) for level, hits in covered.items()}
    covers = [stats.binomtest(round(shares[level] * count), count, LEVELS[level]).pvalue for level in LEVELS]
    shown = " / ".join(f"{100 * share:.1f}" for share in shares.values())
    return Finding(
        passed=min(adjusted, min(covers) * len(covers)) >= FALSE_ALARM / 2,
        bound=f"uniform ranks, and 50/80/95 % intervals: adjusted p >= {FALSE_ALARM / 2}",
        summary=f"{count} groups of {people}: adjusted p {adjusted:.2f}; 50/80/95 % intervals cover {shown} %",
        figures={"groups": count, "people": people, "p_values": p_values, "coverage": shares, "places": places},
    )


def _design(document: dict[str, Any]) -> StepDesign:
    diary = diary_of(document)
    asked = np.isfinite(diary.scores["score"])
    event = diary.scores["score"][asked]
    return step_design(_LADDER, schedule_of(diary), diary.time_days[asked], diary.dosing_day[asked], event)
