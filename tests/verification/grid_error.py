"""The error that the grid of a batch leaves: against one of 36 x 30 x 24 x 20 nodes on varied virtual diaries."""

from collections.abc import Callable

import numpy as np

from modicum.analysis.axes import Counts
from modicum.analysis.batch.fits import Fits
from modicum.analysis.batch.fitting import (
    BATCH_COUNTS,
    Wanted,
    cores,
    fit_packed,
    fits_of,
    nothing_kept,
    plan_of,
    room_for,
    run,
    trial_of,
)
from modicum.analysis.batch.packing import Packed, Trial, pack
from modicum.analysis.schedule import schedule_of
from verification.finding import Finding
from verification.prior_predictive import stream
from verification.reference_trials import TRIALS, diary_of, question_of
from verification.stored import diary_from
from virtual_diaries import CROSSOVER, LADDER, TITRATION, Truth, diary, question

FINE = Counts(tau=36, ell=30, omega=24, sigma=20)
FINE_DROP = 16.0  # its windows leave out 1e-8; nothing is pruned
MOST = 0.02  # of a mean in posterior sds, of an sd as a share, of P(no effect)


def varied(index: int) -> Trial:
    """A diary of a reference trial, or of a virtual person with everything drawn that could matter."""
    if index % 3 == 0:
        trial = TRIALS[(index // 3) % len(TRIALS)]
        asked, kept = question_of(trial), diary_from(diary_of(trial, 100 + index))
    else:
        rng = stream("grid-error", index)
        asked = question([(4.5,), LADDER][index % 2], planned_days=168.0 if index % 4 else None)
        size = rng.choice([0.0, -0.5, -1.5, -4.0])
        truth = Truth(
            {mg: size * rng.uniform(0.2, 1.2) for mg in LADDER},
            sd=rng.choice([1.0, 2.0]),
            correlation_days=-1 / np.log(rng.choice([0.01, 0.3, 0.7, 0.9, 0.97])),
            white_share=rng.choice([0.0, 0.3, 0.6, 0.9]),
            onset_days=rng.choice([1.0, 4.0, 12.0]),
            expectation=rng.normal(-0.8, 0.6),
        )
        kept = diary(
            truth,
            [CROSSOVER, TITRATION][index % 2],
            seed=int(rng.integers(10**9)),
            block_days=int(rng.integers(4, 19)),
            missing=rng.choice([0.0, 0.1, 0.4]),
            blinded=bool(rng.random() < 0.85),
            entries_a_day=int(rng.choice([1, 1, 1, 2, 3])),
            rounded=bool(rng.random() < 0.7),
        )
    return trial_of(asked, kept, schedule_of(kept))


def fine(packed: Packed) -> Fits:
    """The posteriors on the fine grid."""
    plan, wanted = plan_of(FINE, Wanted()), Wanted()
    limits = plan.limits.copy()
    limits[2], limits[3] = FINE_DROP, 0.0
    found = room_for(packed, wanted)
    run((packed, plan._replace(limits=limits), found, nothing_kept(len(packed.numbers))), cores())
    return fits_of(packed, found, wanted)


def errors(found: Fits, exact: Fits) -> dict[str, np.ndarray]:
    """By trial: of means in sds, of sds as a share, of the log Bayes factor, of P(no effect)."""
    bayes = [fits.log_evidence_effect - fits.log_evidence_no_effect for fits in (found, exact)]
    kappa = np.abs(found.expectation_mean - exact.expectation_mean) / exact.expectation_sd
    kappa_sd = np.abs(found.expectation_sd / exact.expectation_sd - 1)
    mean = np.abs(found.effect_mean - exact.effect_mean) / exact.effect_sd
    sd = np.abs(found.effect_sd / exact.effect_sd - 1)
    return {
        "mean_in_sd": np.nanmax(np.column_stack([mean, kappa]), axis=1),
        "sd_relative": np.nanmax(np.column_stack([sd, kappa_sd]), axis=1),
        "log_bayes_factor": np.abs(bayes[0] - bayes[1]),
        "p_no_effect": np.abs(found.p_no_effect - exact.p_no_effect),
    }


def run_grid_error(
    count: int, progress: Callable[[int, int], None] | None = None, counts: Counts = BATCH_COUNTS
) -> Finding:
    """The largest and the 95th percentile of every error."""
    packed = pack([varied(index) for index in range(count)])
    apart = errors(fit_packed(packed, counts), fine(packed))
    if progress:
        progress(count, count)
    worst = {name: float(value.max()) for name, value in apart.items()}
    usual = {name: float(np.quantile(value, 0.95)) for name, value in apart.items()}
    said = ", ".join(f"{name.replace('_', ' ')} {worst[name]:.4f} ({usual[name]:.4f})" for name in apart)
    return Finding(
        passed=max(worst["mean_in_sd"], worst["sd_relative"], worst["p_no_effect"]) <= MOST,
        bound="0.02 sd, 2 %, 0.02 in P(no effect)",
        summary=f"largest (95 % of {count} diaries below): {said}",
        figures={"trials": count, "largest": worst, "percentile95": usual},
    )
