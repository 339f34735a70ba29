"""Simulation-based calibration of outcomes that are not Gaussian, and of side effects (Talts et al. 2018)."""

from typing import Any

import numpy as np
from scipy import stats

from verification.calibration import FALSE_ALARM, LEVELS, Progress, judged, p_uniform
from verification.finding import Finding
from verification.outcome_prior import OUTCOME_VARIANTS, OutcomeVariant, draw_outcome
from verification.outcome_quantities import Weighted, p_no_effect, weighted

POINTS = 2048  # a rank is then known to about 0.02
_REPORTED = ("effect:", "attributable:")


def calibrated(
    variant: OutcomeVariant, count: int, progress: Progress | None = None, **change: Any
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Posterior distribution functions at the truth by quantity, and which reported effects an interval covered.

    Coverage has one row a diary and one column a dose, by level. ``change`` breaks the engine on purpose.
    """
    places: dict[str, list[float]] = {}
    covered: dict[str, list[list[bool]]] = {level: [] for level in LEVELS}
    for index in range(count):
        drawn = draw_outcome(variant, index)
        found = weighted(variant.question, drawn.diary, POINTS, **change)
        for name, truth in drawn.truth.items():
            if name in found.values:
                places.setdefault(name, []).append(found.place(name, truth))
        for level in LEVELS:
            reported = [name for name in drawn.truth if name.startswith(_REPORTED)]
            covered[level].append([_covers(found, name, level, drawn.truth[name]) for name in reported])
        if progress:
            progress(index + 1, count)
    return {n: np.array(v) for n, v in places.items()}, {n: np.array(v) for n, v in covered.items()}


def run_outcome_calibration(name: str, count: int, progress: Progress | None = None, **change: Any) -> Finding:
    """One variant: uniform ranks of every quantity, and the coverage of the intervals of the reported effects."""
    places, covered = calibrated(OUTCOME_VARIANTS[name], count, progress, **change)
    p_values = {quantity: p_uniform(values) for quantity, values in places.items()}
    worst = min(p_values, key=lambda quantity: p_values[quantity])
    adjusted = min(1.0, p_values[worst] * len(p_values))
    shares = {level: float(hits.mean()) for level, hits in covered.items()}
    # The doses of one diary are not independent, so the count of diaries is what this goes by.
    coverage = {
        level: float(stats.binomtest(round(shares[level] * count), count, LEVELS[level]).pvalue) for level in LEVELS
    }
    covers = min(coverage.values()) * len(coverage)
    shown = " / ".join(f"{100 * share:.1f}" for share in shares.values())
    return Finding(
        passed=min(adjusted, covers) >= FALSE_ALARM / 2,
        bound=f"uniform ranks, and 50/80/95 % intervals: adjusted p >= {FALSE_ALARM / 2}",
        summary=f"{count} draws, {len(p_values)} quantities: adjusted p {adjusted:.2f} ({worst}); "
        f"50/80/95 % intervals cover {shown} %",
        figures={
            "draws": count,
            "p_values": p_values,
            "adjusted_p": adjusted,
            "coverage": shares,
            "coverage_p_values": coverage,
            "histograms": {n: np.histogram(v, 20, (0, 1))[0].tolist() for n, v in places.items()},
        },
    )


def run_outcome_p_no_effect(name: str, count: int, progress: Progress | None = None, **change: Any) -> Finding:
    """P0 against the share of diaries without an effect, every second of which has none."""
    variant = OUTCOME_VARIANTS[name]
    said, none = np.empty(count), np.arange(count) % 2 == 0
    for index in range(count):
        drawn = draw_outcome(variant, index, effect=not none[index])
        said[index] = p_no_effect(variant.question, drawn.diary, POINTS, **change)
        if progress:
            progress(index + 1, count)
    return judged(said, none)


def _covers(found: Weighted, name: str, level: str, truth: float) -> bool:
    interval = getattr(found.summary(name), f"interval{level}")
    return bool(interval[0] <= truth <= interval[1])
