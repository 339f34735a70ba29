"""Two factors at once: a drug and something else drawn by chance beside it, with their interaction and its power.

The model is that of one drug (docs/model.md) with three dose-like columns in place of one: the drug, the factor,
and both together. Only a factor drawn by chance, period by period, can be read so; nothing here can know that it was.
"""

from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from jaxtyping import Bool, Float

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Counts, prior_axes
from modicum.analysis.design import Design, design
from modicum.analysis.estimate import Summary
from modicum.analysis.integration import Mixture, integrate, integrate_within
from modicum.analysis.mixtures import below, summary
from modicum.analysis.question import Question
from modicum.analysis.schedule import schedule_of
from modicum.analysis.whitening import gram
from modicum.decision.announcements import announcements
from modicum.protocol.schema import Protocol
from modicum.records.diary import Diary

P_TOLD = 0.975  # as P(benefit > 0) of the dual criterion; either way, since neither direction was hoped for
_Z_TOLD = NormalDist().inv_cdf(P_TOLD)
_COARSE = 0.75  # the second grid, as in the primary analysis
# What each effect is made of: drug, factor, both together.
LOADINGS: dict[str, tuple[float, float, float]] = {
    "drug without factor": (1.0, 0.0, 0.0),
    "drug with factor": (1.0, 0.0, 1.0),
    "drug": (1.0, 0.0, 0.5),
    "factor without drug": (0.0, 1.0, 0.0),
    "factor with drug": (0.0, 1.0, 1.0),
    "interaction": (0.0, 0.0, 1.0),
}


@dataclass(frozen=True)
class FactorEffect:
    """One of the effects of a 2 x 2.

    Args:
        of: which, a key of :data:`LOADINGS`.
        effect: posterior, outcome units.
        p_better: P(benefit > 0).
        p_mcid: P(benefit >= MCID).
    """

    of: str
    effect: Summary
    p_better: float
    p_mcid: float


@dataclass(frozen=True)
class Power:
    """Chances that a difference of some size would have been told, or would be.

    Args:
        difference: its size, outcome units, > 0.
        interaction: chance where the drug does so much more, or less, with the factor than without it.
        drug: the same for the effect of the drug itself, in the mean over both, to compare with.
    """

    difference: float
    interaction: float
    drug: float


@dataclass(frozen=True)
class Factorial:
    """What a diary says about a drug and a factor drawn by chance beside it.

    Args:
        question: outcome, scale and priors; its ladder is the one dose.
        factor: name of the column.
        days: scored days without drug and factor, with the drug, with the factor, with both.
        effects: by what they are of.
        power: for the smallest difference that matters, and twice as much.
        error: largest difference of a mean between two grids, posterior sds.
    """

    question: Question
    factor: str
    days: tuple[int, int, int, int]
    effects: tuple[FactorEffect, ...]
    power: tuple[Power, ...]
    error: float

    @property
    def interaction(self) -> FactorEffect:
        """How much more the drug does with the factor than without it."""
        return next(one for one in self.effects if one.of == "interaction")

    @property
    def told(self) -> bool:
        """Whether the direction of the interaction is known."""
        return max(self.interaction.p_better, 1 - self.interaction.p_better) >= P_TOLD


def factorial(question: Question, diary: Diary, factor: str, protocol: Protocol | None = None) -> Factorial:
    """Analyse a 2 x 2: one dose or none, with a factor or without.

    Args:
        question: about a Gaussian outcome and one dose; the factor is not among its covariates.
        diary: with a column of 0 and 1 by the name of the factor.
        factor: that name.
        protocol: for what each phase announces.

    Returns:
        Effects, interaction and its power. Assumes that factor and interaction come on and go as fast as the drug, and
        have its prior: N(0, (2 MCID)^2) each, independent.
    """
    columns = crossed(question, diary, factor, protocol)
    axes, priors = prior_axes(question, Assumptions()), question.priors
    found = integrate(columns, axes, priors, Counts())
    coarse = integrate_within(columns, found.axes, priors, Counts().scaled(_COARSE))
    effects = tuple(_effect(name, loadings, found, question) for name, loadings in LOADINGS.items())
    return Factorial(
        question=question,
        factor=factor,
        days=cells(columns),
        effects=effects,
        power=powers(question, columns, found.weight, found.covariance),
        error=max(_apart(loadings, found, coarse) for loadings in LOADINGS.values()),
    )


def planned(
    question: Question,
    diary: Diary,
    factor: str,
    *,
    onset_days: float,
    correlation_days: float,
    white_share: float,
    sd: float,
) -> tuple[tuple[int, int, int, int], tuple[Power, ...]]:
    """The power of a 2 x 2 before it is lived.

    Args:
        question: as for :func:`factorial`.
        diary: the days as planned; its scores are not looked at.
        factor: name of its column.
        onset_days: time constant of the effects, days.
        correlation_days: of the residual.
        white_share: share of the residual's variance that does not carry over.
        sd: of the residual, outcome units.

    Returns:
        Days without drug and factor, with the drug, with the factor, with both; and the power.
    """
    columns = crossed(question, diary, factor, None)
    regressors = np.concatenate([columns.fixed, columns.timed(np.array([onset_days]))[0]], axis=1)
    products, _ = gram(regressors, columns.time_days, np.array([correlation_days]), np.array([white_share]))
    covariance = np.linalg.inv(np.linalg.inv(columns.covariance) + products / sd**2)
    return cells(columns), powers(question, columns, np.ones(1), covariance)


def crossed(question: Question, diary: Diary, factor: str, protocol: Protocol | None) -> Design:
    """The columns of the model with drug, factor and both together in the place of the doses."""
    told, by_phase = announcements(diary, protocol)
    schedule = schedule_of(told, by_phase)
    base = design(question, told, schedule, Assumptions())
    drug = base.doses[:, 0] > 0
    with_factor = factor_by_day(diary, factor, schedule.first_day, len(schedule))
    at, three = base.dose_at, np.eye(3) * question.priors.top_dose_sd**2
    size = len(base.mean) - 1
    others = np.r_[: at.start, at.start + 3 : size + 3]
    covariance = np.zeros((size + 3, size + 3))
    covariance[np.ix_(others, others)] = np.delete(np.delete(base.covariance, at.start, 0), at.start, 1)
    covariance[at.start : at.start + 3, at.start : at.start + 3] = three
    return replace(
        base,
        doses=np.column_stack([drug, with_factor, drug & with_factor]).astype(float),
        mean=np.insert(np.delete(base.mean, at.start), at.start, np.zeros(3)),
        covariance=covariance,
        names=(*base.names[: at.start], "drug", "factor", "both", *base.names[at.stop :]),
        ladder_mg=question.ladder_mg * 3,
    )


def factor_by_day(diary: Diary, factor: str, first_day: int, days: int) -> Bool[np.ndarray, " day"]:
    """Whether the factor is in force on each dosing day; a day that does not say takes the day before."""
    stated = np.full(days, np.nan)
    column = diary.covariates[factor]
    known = np.isfinite(column)
    stated[diary.dosing_day[known] - first_day] = column[known]
    last = np.maximum.accumulate(np.where(np.isfinite(stated), np.arange(days), -1))
    return np.where(last >= 0, stated[np.maximum(last, 0)], 0.0) > 0


def cells(columns: Design) -> tuple[int, int, int, int]:
    """Scored days without drug and factor, with the drug alone, with the factor alone, with both."""
    drug, factor, both = columns.doses[np.unique(columns.day_index)].T > 0
    return int((~drug & ~factor).sum()), int((drug & ~both).sum()), int((factor & ~both).sum()), int(both.sum())


def powers(
    question: Question,
    columns: Design,
    weight: Float[np.ndarray, " node"],
    covariance: Float[np.ndarray, "node coefficient coefficient"],
) -> tuple[Power, ...]:
    """Power for a difference of one MCID and of two, in the mean over the nodes."""

    def told(name: str, size: float) -> float:
        loadings = _loadings(columns.dose_at.start, len(columns.mean), LOADINGS[name])
        after = np.einsum("i,nij,j->n", loadings, covariance, loadings)
        return p_told(size, float(loadings @ columns.covariance @ loadings), after, weight)

    sizes = (question.mcid, 2 * question.mcid)
    return tuple(Power(size, told("interaction", size), told("drug", size)) for size in sizes)


def p_told(size: float, before: float, after: Float[np.ndarray, " node"], weight: Float[np.ndarray, " node"]) -> float:
    """Chance that P(effect > 0) reaches 0.975 where the effect has this size, in the mean over the nodes.

    With a prior N(0, b) and a posterior variance v the posterior mean m of an effect of size x is distributed as
    N(x (1 - v/b), v (1 - v/b)), and the direction is told where m > z sqrt(v).

    Args:
        size: of the effect, outcome units, > 0.
        before: its prior variance.
        after: its posterior variance at each node.
        weight: of the nodes.

    Source: the joint normal law of effect and posterior mean; as the assurance of O'Hagan, Stevens & Campbell (2005).

    Example:
        >>> round(p_told(1.0, 1e9, np.array([0.25]), np.ones(1)), 3)
        0.516
    """
    kept = np.maximum(1.0 - after / before, 0.0)
    spread = np.sqrt(np.maximum(after * kept, 1e-300))
    return float(1 - below(0.0, weight, size * kept - _Z_TOLD * np.sqrt(after), spread)[0])


def _loadings(start: int, size: int, three: tuple[float, float, float]) -> Float[np.ndarray, " coefficient"]:
    out = np.zeros(size)
    out[start : start + 3] = three
    return out


def _moments(
    three: tuple[float, float, float], mixture: Mixture
) -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, " node"]]:
    loadings = _loadings(mixture.dose_at.start, mixture.mean.shape[1], three)
    variance = np.einsum("i,nij,j->n", loadings, mixture.covariance, loadings)
    return mixture.mean @ loadings, np.sqrt(np.maximum(variance, 0.0))


def _effect(name: str, three: tuple[float, float, float], mixture: Mixture, question: Question) -> FactorEffect:
    mean, sd = _moments(three, mixture)
    worse = below(np.array([0.0, question.mcid]), mixture.weight, question.sign * mean, sd)
    return FactorEffect(name, summary(mixture.weight, mean, sd), *(float(p) for p in np.clip(1 - worse, 0.0, 1.0)))


def _apart(three: tuple[float, float, float], fine: Mixture, coarse: Mixture) -> float:
    (mean, sd), (other, _) = _moments(three, fine), _moments(three, coarse)
    middle = float(fine.weight @ mean)
    spread = float(np.sqrt(fine.weight @ (sd**2 + (mean - middle) ** 2)))
    return abs(float(coarse.weight @ other) - middle) / spread
