"""Simulation-based calibration, coverage, and the calibration of P0 (Talts et al. 2018).

If the engine is right, the posterior distribution function at the truth is uniform over draws from the prior, an
interval covers the truth as often as it says, and of the diaries with P0 about p a share p has no effect.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats
from scipy.special import ndtr

from modicum.analysis.axes import Axis, Counts
from modicum.analysis.integration import Mixture
from modicum.analysis.posterior import Posterior
from verification.agreement import fitted, fitted_given_effect
from verification.finding import Finding
from verification.prior_predictive import Drawn, draw
from verification.variants import VARIANTS, Variant

FALSE_ALARM = 1e-3  # of a whole row: shared among its tests (Bonferroni)
FINE = Counts(sigma=3 * Counts().sigma)  # finer in sigma, to read its distribution function off the nodes
LEVELS = {"50": 0.5, "80": 0.8, "95": 0.95}
Progress = Callable[[int, int], None]


def calibrated(
    variant: Variant, count: int, progress: Progress | None = None, counts: Counts = FINE, **change: object
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Posterior distribution functions at the truth by quantity, and whether intervals covered it by level.

    ``change`` breaks the engine on purpose.
    """
    uniform: dict[str, list[float]] = {}
    covered: dict[str, list[bool]] = {level: [] for level in LEVELS}
    for index in range(count):
        drawn = draw(variant.name, index, variant.question, variant.calendar)
        found = fitted_given_effect(variant.question, drawn.diary, counts, **change)
        for name, value in _distribution_at_truth(found, drawn).items():
            uniform.setdefault(name, []).append(value)
        for level, hits in _covered(found, drawn).items():
            covered[level] += hits
        if progress:
            progress(index + 1, count)
    return {n: np.array(v) for n, v in uniform.items()}, {n: np.array(v) for n, v in covered.items()}


def p_uniform(values: np.ndarray) -> float:
    """The smaller p-value of a chi-square test over equal bins and a Kolmogorov-Smirnov test, doubled."""
    bins = 5 if len(values) < 100 else 10 if len(values) < 1000 else 20
    counts = np.bincount(np.clip((values * bins).astype(int), 0, bins - 1), minlength=bins)
    return float(min(1.0, 2 * min(stats.chisquare(counts).pvalue, stats.kstest(values, "uniform").pvalue)))


def run_calibration(name: str, count: int, progress: Progress | None = None, **change: object) -> Finding:
    """One variant: uniform ranks of every quantity, and the coverage of the intervals of the dose effects."""
    uniform, covered = calibrated(VARIANTS[name], count, progress, **change)
    p_values = {quantity: p_uniform(values) for quantity, values in uniform.items()}
    worst = min(p_values, key=lambda quantity: p_values[quantity])
    adjusted = min(1.0, p_values[worst] * len(p_values))
    shares = {level: float(hits.mean()) for level, hits in covered.items()}
    return Finding(
        passed=adjusted >= FALSE_ALARM,
        bound=f"uniform ranks: adjusted p >= {FALSE_ALARM}",
        summary=f"{count} draws, {len(p_values)} quantities: adjusted p {adjusted:.2f} ({worst}); "
        f"50/80/95 % intervals cover {_percent(shares)}",
        figures={
            "draws": count,
            "p_values": p_values,
            "adjusted_p": adjusted,
            "coverage": shares,
            "histograms": {n: np.histogram(v, 20, (0, 1))[0].tolist() for n, v in uniform.items()},
        },
    )


def run_coverage(count: int, progress: Progress | None = None, **change: object) -> Finding:
    """Coverage of the dose effects over the prior, four doses with hidden placebo blocks."""
    _, covered = calibrated(VARIANTS["titration"], count, progress, Counts(), **change)
    shares = {level: float(hits.mean()) for level, hits in covered.items()}
    # The doses of one diary are not independent, so the count of diaries is what the bound goes by.
    p_values = {
        level: float(stats.binomtest(round(shares[level] * count), count, LEVELS[level]).pvalue) for level in LEVELS
    }
    within = 0.93 <= shares["95"] <= 0.97 if count >= 500 else min(p_values.values()) * len(LEVELS) >= FALSE_ALARM
    return Finding(
        passed=bool(within),
        bound="95 % intervals cover 93-97 %",
        summary=f"{count} diaries of 4 doses: 50/80/95 % intervals cover {_percent(shares)}",
        figures={"diaries": count, "coverage": shares, "p_values": p_values},
    )


def run_p_no_effect(count: int, progress: Progress | None = None, **change: object) -> Finding:
    """P0 against the share of diaries without an effect, in ten bins, at prior odds of one to one."""
    variant = VARIANTS["default"]
    said, none = np.empty(count), np.empty(count, bool)
    for index in range(count):
        drawn = draw("p-no-effect", index, variant.question, variant.calendar, p_effect=0.5)
        said[index] = fitted(variant.question, drawn.diary, **change).p_no_effect()
        none[index] = not drawn.truth.effect
        if progress:
            progress(index + 1, count)
    return judged(said, none)


def judged(said: np.ndarray, none: np.ndarray) -> Finding:
    """P0 of many diaries against which of them had no effect."""
    count, table = len(said), reliability(said, none)
    usable = [row for row in table if row["expected_sd"] > 0 and row["count"] >= 10]
    statistic = sum(((row["none"] - row["expected"]) / row["expected_sd"]) ** 2 for row in usable)
    p_value = float(stats.chi2.sf(statistic, max(len(usable), 1)))
    return Finding(
        passed=p_value >= FALSE_ALARM,
        bound=f"P0 as often right as it says: p >= {FALSE_ALARM}",
        summary=f"{count} diaries: p {p_value:.2f}; "
        + ", ".join(f"{row['said']:.2f}→{row['none'] / row['count']:.2f}" for row in table if row["count"]),
        figures={"diaries": count, "p_value": p_value, "bins": table},
    )


def reliability(said: np.ndarray, none: np.ndarray) -> list[dict[str, float]]:
    """Ten bins of P0: diaries, mean of P0, expected and observed number without an effect."""
    bin_of = np.clip((said * 10).astype(int), 0, 9)
    out: list[dict[str, float]] = []
    for b in range(10):
        p = said[bin_of == b]
        out.append(
            {
                "count": len(p),
                "said": float(p.mean()) if len(p) else 0.0,
                "expected": float(p.sum()),
                "expected_sd": float(np.sqrt((p * (1 - p)).sum())),
                "none": int(none[bin_of == b].sum()),
            }
        )
    return out


def _distribution_at_truth(found: Posterior, drawn: Drawn) -> dict[str, float]:
    mixture, truth = found.given_effect, drawn.truth
    out: dict[str, float] = {}
    loadings: dict[str, Any] = {n: np.eye(len(mixture.names))[i] for i, n in enumerate(mixture.names)}
    asked = [n for n in mixture.names if n.startswith("dose:") or n == "expectation"]
    if "expectation" in mixture.names:
        top = mixture.names[mixture.dose_at.stop - 1]
        loadings["top dose with expectation"] = loadings[top] + loadings["expectation"]
        asked.append("top dose with expectation")
    values = np.array([truth.coefficients[n] for n in mixture.names])
    for name in asked:
        mean, sd = found.combination(loadings[name])
        out[name] = float(ndtr((values @ loadings[name] - mean) / sd) @ mixture.weight)
    return out | _noise_at_truth(mixture, drawn)


def _noise_at_truth(mixture: Mixture, drawn: Drawn) -> dict[str, float]:
    """Distribution functions of tau, ell, omega and sigma at the truth, each node's weight spread over its cell."""
    noise, axes = drawn.truth.noise, mixture.axes
    out = {"sd": _scale_at_truth(mixture, noise["sd"])}
    of = {
        "onset_days": (axes.tau, FINE.tau, mixture.tau),
        "correlation_days": (axes.ell, FINE.ell, mixture.ell),
        "white_share": (axes.omega, FINE.omega, mixture.omega),
    }
    for name, (axis, count, value) in of.items():
        if axis.kind != "point":
            nodes, _ = axis.nodes(count)
            at = np.argmin(np.abs(value[:, None] - nodes), axis=1)
            mass = np.bincount(at, weights=mixture.weight, minlength=count)
            truth = np.log(noise[name]) if axis.kind == "log" else np.sqrt(noise[name])
            out[name] = float(np.interp(truth, _edges(axis, count), np.r_[0.0, np.cumsum(mass)]))
    return out


def _edges(axis: Axis, count: int) -> np.ndarray:
    """Ends of the cells that the nodes stand for, in the axis's own coordinate."""
    if axis.kind == "log":
        return np.linspace(axis.low, axis.high, count + 1)
    widths = np.polynomial.legendre.leggauss(count)[1] / 2
    return axis.low + (axis.high - axis.low) * np.r_[0.0, np.cumsum(widths)]


def _scale_at_truth(mixture: Mixture, truth: float) -> float:
    """The same for sigma, whose nodes are evenly spaced in log sigma within each cell of the other three."""
    at = np.log(mixture.sigma)
    same = np.all([np.diff(v) == 0 for v in (mixture.tau, mixture.ell, mixture.omega)], axis=0)
    step = np.where(same, np.diff(at), np.nan)
    width = np.fmin(np.r_[step, np.nan], np.r_[np.nan, step])
    width = np.where(np.isfinite(width), width, np.nanmedian(width))
    return float(np.clip((np.log(truth) - at) / width + 0.5, 0.0, 1.0) @ mixture.weight)


def _covered(found: Posterior, drawn: Drawn) -> dict[str, list[bool]]:
    out: dict[str, list[bool]] = {level: [] for level in LEVELS}
    for dose in found.doses:
        value = drawn.truth.coefficients[f"dose:{dose.dose_mg!r}"]
        effect = dose.effect
        for level, interval in (("50", effect.interval50), ("80", effect.interval80), ("95", effect.interval95)):
            assert interval is not None
            out[level].append(interval[0] <= value <= interval[1])
    return out


def _percent(shares: dict[str, float]) -> str:
    return " / ".join(f"{100 * share:.1f}" for share in shares.values()) + " %"
