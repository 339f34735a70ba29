"""What more data would tell: the closed-form preposterior of further blinded pairs of a dose against placebo.

At every node of psi the model is linear and Gaussian, so that the posterior variance after planned entries is known
before they are made, and the posterior mean to come is Gaussian around today's (Raiffa & Schlaifer 1961, section 5.4).
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int
from scipy.special import ndtr, ndtri

from modicum.analysis.design import Design, design_at
from modicum.analysis.inference import Inference
from modicum.analysis.integration import Mixture
from modicum.analysis.posterior import Posterior
from modicum.analysis.schedule import Schedule
from modicum.analysis.whitening import gram
from modicum.records.diary import Diary

_NODES = 40
_SURE = 0.9  # "nothing that matters" is foreseen where P(benefit < MCID) would reach this


@dataclass(frozen=True)
class Outlook:
    """What further pairs would tell, averaged over H0 and H1.

    Args:
        dose_mg: the dose that would be compared with placebo.
        pairs: pairs of one half on the dose and one on placebo.
        half_days: days a half.
        p_works: chance that the dual criterion would then be met.
        p_nothing: chance that a benefit of the MCID would then be unlikely (fewer than 10 in 100).
    """

    dose_mg: float
    pairs: int
    half_days: int
    p_works: float
    p_nothing: float

    @property
    def p_tells(self) -> float:
        """Chance of an answer either way."""
        return self.p_works + self.p_nothing


def outlook(
    posterior: Posterior, diary: Diary, dose: int, *, pairs: int, half_days: int, p_better: float, p_mcid: float
) -> Outlook:
    """Foresee the answer after blinded pairs that follow the diary at once, answered every evening.

    Args:
        posterior: of the diary so far.
        diary: the diary.
        dose: position on the ladder of the dose to compare.
        pairs: pairs of a half on the dose and a half on placebo.
        half_days: days a half.
        p_better: the threshold of the dual criterion on P(benefit > 0).
        p_mcid: the threshold on P(benefit >= MCID).

    Returns:
        The outlook. The residual's correlation with the last entries of the diary is left out (it is conservative).
    """
    mixture = _representatives(posterior.given_effect)
    planned = planned_design(posterior, diary, dose, pairs, half_days)
    now, later = _variances(mixture, planned, dose)
    benefit = posterior.question.sign * mixture.mean[:, mixture.dose_at.start + dose]
    chances = foresee(
        posterior, mixture.weight, benefit=benefit, now=now, later=later, p_better=p_better, p_mcid=p_mcid
    )
    return Outlook(posterior.question.ladder_mg[dose], pairs, half_days, *chances)


def foresee(
    posterior: Inference,
    weight: Float[np.ndarray, " node"],
    *,
    benefit: Float[np.ndarray, " node"],
    now: Float[np.ndarray, " node"],
    later: Float[np.ndarray, " node"],
    p_better: float,
    p_mcid: float,
) -> tuple[float, float]:
    """Chances that the dual criterion will be met, and that a benefit of the MCID will be unlikely.

    Args:
        posterior: says the MCID and the weight of H0.
        weight: of the nodes.
        benefit: its mean at each node now.
        now: its variance at each node now.
        later: its variance after the entries to come.
        p_better: threshold of the dual criterion on P(benefit > 0).
        p_mcid: its threshold on P(benefit >= MCID).
    """
    mcid = posterior.question.mcid
    gained = np.maximum(now - later, 0.0)
    works_at = np.maximum(ndtri(p_better) * np.sqrt(later), mcid + ndtri(p_mcid) * np.sqrt(later))
    nothing_at = mcid + ndtri(1 - _SURE) * np.sqrt(later)
    given_effect = _tails(benefit, np.sqrt(gained), works_at, nothing_at, weight)
    # under H0 the data to come centre on no effect: the mean to come is m later/now, its variance later - later^2/now
    without = _tails(
        benefit * later / now, np.sqrt(np.maximum(later - later**2 / now, 0.0)), works_at, nothing_at, weight
    )
    p_none = posterior.p_no_effect()
    p_works, p_nothing = ((1 - p_none) * a + p_none * b for a, b in zip(given_effect, without, strict=True))
    return float(p_works), float(p_nothing)


def _tails(
    mean: np.ndarray, sd: np.ndarray, upper: np.ndarray, lower: np.ndarray, weight: np.ndarray
) -> tuple[float, float]:
    safe = np.maximum(sd, 1e-12)
    return float(weight @ ndtr((mean - upper) / safe)), float(weight @ ndtr((lower - mean) / safe))


def _representatives(mixture: Mixture) -> Mixture:
    """Nodes at evenly spaced quantiles of the weight, in the order of tau and sigma."""
    order = np.lexsort((mixture.sigma, mixture.omega, mixture.ell, mixture.tau))
    total = np.cumsum(mixture.weight[order])
    picked = order[np.searchsorted(total, (np.arange(_NODES) + 0.5) / _NODES * total[-1])]
    return replace(mixture.at(picked), weight=np.full(_NODES, 1.0 / _NODES))


def _variances(
    mixture: Mixture, planned: Design, dose: int
) -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, " node"]]:
    """Variance of the dose's effect at each node, now and after the pairs."""
    at = mixture.dose_at.start + dose
    later = np.zeros(len(mixture))
    for tau in np.unique(mixture.tau):
        same = np.flatnonzero(mixture.tau == tau)
        columns = np.concatenate([planned.fixed, planned.timed(np.array([tau]))[0]], axis=1)
        products, _ = gram(columns, planned.time_days, mixture.ell[same], mixture.omega[same])
        added = products / mixture.sigma[same, None, None] ** 2
        precision = np.linalg.inv(mixture.covariance[same]) + added
        later[same] = np.linalg.inv(precision)[:, at, at]
    return mixture.covariance[:, at, at], later


def planned_design(posterior: Inference, diary: Diary, dose: int, pairs: int, half_days: int) -> Design:
    """Columns of the entries to come: pairs in the order dose-placebo, placebo-dose, and so on."""
    halves = [(0, 1) if pair % 2 else (1, 0) for pair in range(pairs)]
    on = np.repeat(np.array(halves, float).ravel(), half_days)
    level = posterior.question.ladder_mg[dose]
    schedule = _extended(posterior.schedule, on * level)
    begin = len(posterior.schedule)
    day_index: Int[np.ndarray, " day"] = np.arange(begin, begin + len(on))
    time = schedule.evenings(day_index)
    return design_at(posterior.question, diary, schedule, posterior.assumptions, time_days=time, day_index=day_index)


def _extended(schedule: Schedule, dose_mg: np.ndarray) -> Schedule:
    blind = np.full(len(dose_mg), 0.5)
    return replace(
        schedule,
        assigned_mg=np.r_[schedule.assigned_mg, dose_mg],
        taken_mg=np.r_[schedule.taken_mg, dose_mg],
        announced=np.r_[schedule.announced, blind],
        belief=np.r_[schedule.belief, blind],
        phase=(*schedule.phase, *[""] * len(dose_mg)),
        unknown=np.r_[schedule.unknown, np.zeros(len(dose_mg), bool)],
        assumed_none=np.r_[schedule.assumed_none, np.zeros(len(dose_mg), bool)],
        plan_carried=np.r_[schedule.plan_carried, np.zeros(len(dose_mg), bool)],
    )
