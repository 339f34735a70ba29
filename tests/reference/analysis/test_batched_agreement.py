"""The readable form is the oracle of the compiled one, on the same counts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Counts
from modicum.analysis.batch.fits import Fits
from modicum.analysis.batch.fitting import Wanted, fit_many, trial_of
from modicum.analysis.fitting import fit, numerical_error
from modicum.analysis.posterior import Posterior
from modicum.analysis.question import Onset
from modicum.analysis.schedule import schedule_of
from modicum.records.diary import Diary
from virtual_diaries import CROSSOVER, LADDER, TITRATION, Truth, diary, question

COUNTS = Counts(tau=7, ell=8, omega=5, sigma=4)
ALL = Wanted(interval95=True, p_no_better=True, p_smallest=True, numerical_error=True)
SAME = 1e-9  # the promise; what is found is about 1e-13
NINE = tuple(0.5 * k for k in range(1, 10))
ONSETS = (Onset(), Onset("fixed", 3.0), Onset("immediate"), Onset("uncertain", 8.0, 1.2))


def apart(found: np.ndarray, expected: np.ndarray, scale: np.ndarray | float | None = None) -> float:
    """Largest difference, relative to the scale, else to what is expected, where that is not next to nothing."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    by = np.maximum(np.abs(expected), 1e-3) if scale is None else scale
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    return float(np.nanmax(np.abs(found - expected) / by, initial=0.0))


def compare(found: Fits, i: int, posterior: Posterior, counts: Counts) -> dict[str, float]:
    """Every reported number of one trial against the readable form."""
    k = len(posterior.question.ladder_mg)
    effects = posterior.doses
    sd = np.array([dose.effect.sd for dose in effects])
    at, weight = posterior.given_effect.dose_at, posterior.given_effect.weight
    mean = posterior.effect_mean - weight @ posterior.effect_mean
    covariance = np.einsum("n,nij->ij", weight, posterior.effect_covariance + mean[:, :, None] * mean[:, None, :])
    out = {
        "evidence": max(
            abs(found.log_evidence_effect[i] - posterior.given_effect.log_evidence),
            abs(found.log_evidence_no_effect[i] - posterior.log_evidence_no_effect),
        ),
        "p_no_effect": apart(found.p_no_effect[i], posterior.p_no_effect()),
        "mean": apart(found.effect_mean[i, :k], [dose.effect.mean for dose in effects], sd),
        "sd": apart(found.effect_sd[i, :k], sd),
        "covariance": apart(found.effect_covariance[i, :k, :k], covariance, np.outer(sd, sd)),
        "interval": apart(found.interval95[i, :k], [dose.effect.interval95 for dose in effects], sd[:, None]),
        "p_mcid": apart(found.p_mcid[i, :k], [dose.p_mcid for dose in effects]),
    }
    for name in ("p_better", "p_mcid_given_effect", "p_harm", "p_better_with_expectation", "p_mcid_with_expectation"):
        out[name] = apart(getattr(found, name)[i, :k], [getattr(dose, name) for dose in effects])
    if posterior.expectation is not None:
        out["kappa"] = apart(found.expectation_mean[i], posterior.expectation.mean, posterior.expectation.sd)
        out["kappa sd"] = apart(found.expectation_sd[i], posterior.expectation.sd)
    error = numerical_error(posterior, counts)
    out["error"] = apart(found.numerical_error[i], [error.mean_in_sd, error.sd_relative, error.p_no_effect], 1.0)
    half = posterior.question.mcid / 2
    for larger in range(k):
        for smaller in range(larger):
            expected = 1.0 - posterior.p_benefit(half, larger, over=smaller)
            out["contrast"] = max(out.get("contrast", 0.0), apart(found.p_no_better[i, larger, smaller], expected))
    reached, none = posterior.first_to_reach(posterior.taken)
    out["smallest"] = apart(found.p_smallest[i, :k][posterior.taken], reached, 1.0)
    out["none"] = apart(found.p_smallest[i, -1], none)
    assert found.effect_mean.shape[1] == k or np.isnan(found.effect_mean[i, k:]).all()
    assert at.stop - at.start == k
    return out


def disagreements(cases: list[tuple], counts: Counts = COUNTS) -> list[tuple[int, str, float]]:
    """Fit all cases at once and one by one; whatever differs by more than the promise."""
    trials = [trial_of(asked, kept, schedule_of(kept), assumptions) for asked, kept, assumptions in cases]
    found = fit_many(trials, counts, wanted=ALL, threads=2)
    out = []
    for i, (asked, kept, assumptions) in enumerate(cases):
        posterior = fit(asked, kept, schedule_of(kept), assumptions, counts)
        out += [(i, name, value) for name, value in compare(found, i, posterior, counts).items() if not value <= SAME]
    return out


def with_covariates(kept: Diary, seed: int) -> Diary:
    rng = np.random.default_rng(seed)
    stress = np.where(rng.random(len(kept)) < 0.2, np.nan, rng.gamma(3.0, 1.0, len(kept)))
    return replace(kept, covariates={"weekend": (kept.dosing_day % 7 >= 5).astype(float), "stress": stress})


def case(
    seed: int,
    *,
    blocks=TITRATION,
    ladder=LADDER,
    block_days=7,
    missing=0.1,
    entries_a_day=1,
    blinded=True,
    onset=Onset(),  # noqa: B008 - frozen
    change=None,
    covariates=False,
    **truth,
):
    kept = diary(
        Truth({mg: -0.3 * mg for mg in ladder}, **truth),
        blocks,
        seed=seed,
        block_days=block_days,
        missing=missing,
        blinded=blinded,
        entries_a_day=entries_a_day,
    )
    kept = with_covariates(kept, seed) if covariates else kept
    asked = question(ladder, onset=onset, covariates=("weekend", "stress") if covariates else ())
    return asked, kept, Assumptions(**(change or {}))


def one_entry() -> tuple:
    asked, kept, assumptions = case(5, blocks=(4.5,), ladder=(4.5,), block_days=1, missing=0.0)
    return asked, kept, assumptions


def two_at_a_moment() -> tuple:
    asked, kept, assumptions = case(6, missing=0.0)
    time = kept.time_days.copy()
    time[1::5] = time[0::5][: len(time[1::5])]
    return asked, replace(kept, time_days=np.sort(time)), assumptions


def never_changing() -> tuple:
    asked, kept, assumptions = case(20)
    return asked, replace(kept, scores={"pain": np.full(len(kept), 5.0)}), assumptions


CASES = {
    "titration": case(1),
    "one dose": case(2, blocks=CROSSOVER, ladder=(4.5,), block_days=14),
    "nine doses": case(3, blocks=(0, *NINE), ladder=NINE, block_days=8),
    "three a day": case(4, entries_a_day=3, block_days=5),
    "one entry": one_entry(),
    "two at a moment": two_at_a_moment(),
    "two at a moment, no white noise": (*two_at_a_moment()[:2], Assumptions(white_noise=False)),
    "immediate": case(7, onset=Onset("immediate")),
    "fixed": case(8, onset=Onset("fixed", 3.0)),
    "shared expectation": case(9, blinded=False, expectation=-1.0),
    "shared expectation, its mean not zero": (
        replace(case(10)[0], priors=replace(case(10)[0].priors, expectation_mean=-0.8)),
        case(10, blinded=False)[1],
        Assumptions(),
    ),
    "no expectation": case(11, change={"expectation": False}),
    "no white noise": case(12, change={"white_noise": False}, white_share=0.0),
    "no autocorrelation": case(13, change={"autocorrelation": False}),
    "no trend, no carry-over": case(14, change={"trend": False, "carry_over": False}),
    "covariates": case(15, covariates=True),
    "prior doubled": case(16, change={"prior_scale": 2.0}),
    "an untaken dose": case(17, blocks=(0, 0.5, 0, 3.0, 0)),
    "half missing": case(18, missing=0.5),
    "hardly any noise": case(19, sd=0.05, block_days=14),
    "never changing": (
        case(20)[0],
        replace(case(20)[1], scores={"pain": np.full(len(case(20)[1]), 5.0)}),
        Assumptions(),
    ),
}


def test_every_number_of_every_kind_of_diary_is_that_of_the_readable_form():
    found = disagreements(list(CASES.values()))
    assert [(list(CASES)[i], name, value) for i, name, value in found] == []


def test_the_default_counts_of_a_batch_are_served_alike():
    assert disagreements([case(30), case(31, blinded=False)], Counts(tau=10, ell=12, omega=8, sigma=4)) == []


@settings(max_examples=15)
@given(
    seed=st.integers(0, 2**32 - 1),
    block_days=st.integers(1, 14),
    missing=st.sampled_from((0.0, 0.2, 0.6)),
    entries_a_day=st.integers(1, 3),
    blinded=st.booleans(),
    onset=st.sampled_from(ONSETS),
    one_dose=st.booleans(),
    covariates=st.booleans(),
    change=st.sampled_from(({}, {"white_noise": False}, {"expectation": False}, {"trend": False}, {"dose": "taken"})),
    sd=st.sampled_from((0.3, 1.5, 4.0)),
    correlation_days=st.sampled_from((0.01, 2.0, 40.0)),
)
def test_any_diary_gets_the_posterior_of_the_readable_form(one_dose, **options):
    course = {"blocks": CROSSOVER, "ladder": (4.5,)} if one_dose else {}
    assert disagreements([case(**course, **options)]) == []


def test_the_answer_does_not_depend_on_the_threads_nor_on_the_company():
    trials = [trial_of(asked, kept, schedule_of(kept), assumptions) for asked, kept, assumptions in CASES.values()]
    together, alone = fit_many(trials * 3, COUNTS, threads=4), fit_many(trials[4:5], COUNTS, threads=1)
    again = fit_many(trials * 3, COUNTS, threads=1)
    for name in ("log_evidence_effect", "effect_mean", "p_mcid_given_effect", "windows"):
        assert getattr(together, name).tobytes() == getattr(again, name).tobytes()
    assert together.effect_mean[4, 0] == alone.effect_mean[0, 0]


def test_a_kernel_that_forgot_the_entries_before_would_be_found():
    asked, kept, assumptions = CASES["titration"]
    shorter = replace(kept, scores={"pain": np.where(np.arange(len(kept)) < 3, np.nan, kept.scores["pain"])})
    trial = trial_of(asked, shorter, schedule_of(shorter), assumptions)
    found = fit_many([trial], COUNTS, wanted=ALL)
    posterior = fit(asked, kept, schedule_of(kept), assumptions, COUNTS)
    assert compare(found, 0, posterior, COUNTS)["mean"] > 100 * SAME


@pytest.mark.parametrize("count", [0, 1])
def test_a_batch_of_none_and_of_one_has_rows_for_them(count):
    trials = [trial_of(asked, kept, schedule_of(kept), a) for asked, kept, a in [CASES["titration"]][:count]]
    assert len(fit_many(trials, COUNTS)) == count
