"""The linear part of the model: columns, and the priors of their coefficients."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.covariates import covariate_columns
from modicum.analysis.exposure import exposure
from modicum.analysis.question import Question
from modicum.analysis.schedule import Schedule
from modicum.records.diary import Diary

EBB_DAYS = 14.0  # docs/model.md, One score: the ebb after enrolment in a flare decays with this time constant
EXPECTATION_ONSET_DAYS = 9.4  # Byon et al. (2010), J Clin Pharmacol: placebo onset rate 0.106 a day


@dataclass(frozen=True)
class Design:
    """Columns of one diary under one set of assumptions; coefficients are ordered fixed, doses, then the timed rest.

    Args:
        time_days: times of the observed scores, ascending.
        score: observed scores, outcome units.
        fixed: columns that do not depend on tau.
        day_index: position of each score's dosing day in the schedule.
        doses: 0/1 columns of the ladder by dosing day.
        told: announced probability by dosing day where expectation shares the onset of the drug, else None.
        starts_days: clock time at which each dosing day starts.
        mean: prior means of the coefficients.
        covariance: prior covariance of the coefficients.
        names: one for each coefficient; ``dose:<mg>`` and ``expectation`` among them.
        ladder_mg: doses of the dose columns.
    """

    time_days: Float[np.ndarray, " entry"]
    score: Float[np.ndarray, " entry"]
    fixed: Float[np.ndarray, "entry fixed"]
    day_index: Int[np.ndarray, " entry"]
    doses: Float[np.ndarray, "day dose"]
    told: Float[np.ndarray, " day"] | None
    starts_days: Float[np.ndarray, " day"]
    mean: Float[np.ndarray, " coefficient"]
    covariance: Float[np.ndarray, "coefficient coefficient"]
    names: tuple[str, ...]
    ladder_mg: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.score)

    @property
    def dose_at(self) -> slice:
        """Where the dose effects stand among the coefficients."""
        first = self.fixed.shape[1]
        return slice(first, first + len(self.ladder_mg))

    @property
    def expectation_at(self) -> int | None:
        """Where kappa stands, or None where the term is off."""
        return self.names.index("expectation") if "expectation" in self.names else None

    def timed(self, tau_days: Float[np.ndarray, " node"]) -> Float[np.ndarray, "node entry timed"]:
        """The columns that depend on tau: exposure to every dose, then expectation where it shares the onset."""
        drive = self.doses if self.told is None else np.column_stack([self.doses, self.told])
        return exposure(drive, self.starts_days, self.time_days, self.day_index, tau_days)

    def without_doses(self) -> "Design":
        """The design under H0: the same without the dose columns."""
        keep = np.r_[: self.dose_at.start, self.dose_at.stop : len(self.names)]
        return replace(
            self,
            doses=self.doses[:, :0],
            ladder_mg=(),
            mean=self.mean[keep],
            covariance=self.covariance[np.ix_(keep, keep)],
            names=tuple(self.names[i] for i in keep),
        )


def ladder_covariance(
    ladder_mg: Float[np.ndarray, " dose"], top_dose_sd: float, top_mg: float
) -> Float[np.ndarray, "dose dose"]:
    """Prior covariance of the effects over the ladder: Brownian in g(d) = log(1 + d/d_half), zero at no drug.

    K_jk = min(g_j, g_k)/g(top), d_half = sqrt(d_min top); neighbours inform each other, an inverted U stays possible.

    Example:
        >>> ladder_covariance(np.array([1.0]), 2.0, 1.0)
        array([[4.]])
    """
    half = np.sqrt(ladder_mg.min() * top_mg)
    g = np.log1p(ladder_mg / half)
    return top_dose_sd**2 * np.minimum.outer(g, g) / np.log1p(top_mg / half)


def design(question: Question, diary: Diary, schedule: Schedule, assumptions: Assumptions) -> Design:
    """Build the columns and priors of docs/model.md for the observed scores.

    Args:
        question: outcome, ladder and priors.
        diary: the entries; missing scores and censored entries are left out.
        schedule: the dose course of the same diary.
        assumptions: which terms are on.

    Returns:
        The design; where there is no white noise, scores of one and the same moment are averaged.
    """
    used = observed(question, diary)
    covariates = covariate_columns(question.covariates, diary, used)
    score = diary.scores[question.outcome][used]
    time, day = diary.time_days[used], schedule.index(diary.dosing_day[used])
    found = _build(question, diary, schedule, assumptions, points=(time, day, score), covariates=covariates)
    return found if assumptions.white_noise or not assumptions.autocorrelation else _one_a_moment(found)


def design_at(
    question: Question,
    diary: Diary,
    schedule: Schedule,
    assumptions: Assumptions,
    *,
    time_days: Float[np.ndarray, " day"],
    day_index: Int[np.ndarray, " day"],
) -> Design:
    """The same columns at other times, covariates at their mean; its scores are NaN."""
    used = observed(question, diary)
    covariates = [
        (name, np.full(len(time_days), column.mean() if len(column) else 0.0))
        for name, column in covariate_columns(question.covariates, diary, used)
    ]
    points = (time_days, day_index, np.full(len(time_days), np.nan))
    return _build(question, diary, schedule, assumptions, points=points, covariates=covariates)


def _build(
    question: Question,
    diary: Diary,
    schedule: Schedule,
    assumptions: Assumptions,
    *,
    points: tuple[np.ndarray, np.ndarray, np.ndarray],
    covariates: list[tuple[str, np.ndarray]],
) -> Design:
    time, day, score = points
    dose, told = schedule.dose(assumptions), schedule.told(assumptions)
    priors, ladder = question.priors, question.ladder
    seen = diary.dosing_day[observed(question, diary)]
    shared = assumptions.expectation and not schedule.moves_apart(seen, assumptions)
    terms: list[tuple[str, np.ndarray, float, float]] = [("ebb", _ebb(question, diary, time), 0.0, priors.ebb_sd)]
    if question.kind != "ordinal":  # cut points say where the middle is
        terms.insert(0, ("intercept", np.ones(len(time)), priors.intercept_mean, priors.intercept_sd))
    if assumptions.trend:
        terms.append(("trend", _trend(question, diary, time), 0.0, priors.trend_sd))
    terms += [(name, column, 0.0, priors.covariate_sd) for name, column in covariates]
    kappa = ("expectation", priors.expectation_mean, priors.expectation_sd)
    if assumptions.expectation and not shared:
        onset = np.array([EXPECTATION_ONSET_DAYS])
        terms.append((kappa[0], exposure(told[:, None], schedule.starts_days, time, day, onset)[0, :, 0], *kappa[1:]))
    doses = [(f"dose:{mg!r}", 0.0, 0.0) for mg in question.ladder_mg]
    coefficients = [*((t[0], t[2], t[3]) for t in terms), *doses, *([kappa] if shared else [])]
    covariance = np.diag([sd**2 for _, _, sd in coefficients])
    at = slice(len(terms), len(terms) + len(ladder))
    covariance[at, at] = ladder_covariance(ladder, priors.top_dose_sd * assumptions.prior_scale, ladder.max())
    return Design(
        time_days=time,
        score=score,
        fixed=np.column_stack([t[1] for t in terms]),
        day_index=day,
        doses=question.rungs(dose).astype(float),
        told=told if shared else None,
        starts_days=schedule.starts_days,
        mean=np.array([mean for _, mean, _ in coefficients]),
        covariance=covariance,
        names=tuple(name for name, _, _ in coefficients),
        ladder_mg=question.ladder_mg,
    )


def _one_a_moment(found: Design) -> Design:
    """Average rows of equal time: without white noise two different scores at one moment would be impossible."""
    _, first, group = np.unique(found.time_days, return_index=True, return_inverse=True)
    if len(first) == len(found):
        return found
    share = 1.0 / np.bincount(group)
    fixed = np.zeros((len(first), found.fixed.shape[1]))
    np.add.at(fixed, group, found.fixed)
    return replace(
        found,
        time_days=found.time_days[first],
        score=np.bincount(group, weights=found.score) * share,
        fixed=fixed * share[:, None],
        day_index=found.day_index[first],
    )


def observed(question: Question, diary: Diary) -> np.ndarray:
    """Which entries hold a score of the outcome and are not censored."""
    return np.isfinite(diary.scores[question.outcome]) & ~diary.censored


def _ebb(question: Question, diary: Diary, time: np.ndarray) -> np.ndarray:
    """exp(-t/14) from day 0: the protocol's, else the calendar day of the first entry."""
    day_0 = 0.0 if question.planned_days is not None else float(np.floor(diary.time_days[0]))
    return np.exp(-np.maximum(time - day_0, -EBB_DAYS) / EBB_DAYS)


def _trend(question: Question, diary: Diary, time: np.ndarray) -> np.ndarray:
    """(t - t_0)/L - 1/2 with t_0 the first entry and L the planned length, else the span (one day at least)."""
    origin = float(diary.time_days[0])
    length = question.planned_days or max(float(diary.time_days[-1]) - origin, 1.0)
    return (time - origin) / length - 0.5
