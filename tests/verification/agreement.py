"""How far the engine's posterior is from another one, in posterior sds of the other."""

from dataclasses import dataclass, replace

import numpy as np

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Counts, prior_axes
from modicum.analysis.design import design
from modicum.analysis.fitting import fit
from modicum.analysis.integration import Mixture, integrate
from modicum.analysis.posterior import Posterior
from modicum.analysis.question import Question
from modicum.analysis.schedule import schedule_of
from modicum.records.diary import Diary

Moments = dict[str, tuple[float, float]]  # mean and sd by name


@dataclass(frozen=True)
class Difference:
    """The largest differences over all quantities, and where they are."""

    mean_in_sd: float
    sd_relative: float
    worst: str


def fitted(question: Question, diary: Diary, counts: Counts | None = None, **change: object) -> Posterior:
    """The engine's posterior of a diary under the question's own assumptions, or with some of them changed."""
    assumptions = Assumptions(expectation=question.expectation).but(**change)
    return fit(question, diary, schedule_of(diary), assumptions, counts)


def fitted_given_effect(question: Question, diary: Diary, counts: Counts | None = None, **change: object) -> Posterior:
    """The same without weighing the hypothesis of no effect (its evidence counts as nothing): half the work."""
    assumptions = Assumptions(expectation=question.expectation).but(**change)
    schedule = schedule_of(diary)
    columns = design(question, diary, schedule, assumptions)
    mixture = integrate(columns, prior_axes(question, assumptions), question.priors, counts or Counts())
    return Posterior(question, assumptions, schedule, columns, mixture, replace(mixture, log_evidence=-np.inf))


def coefficient_moments(mixture: Mixture) -> Moments:
    """Mean and sd of every coefficient, given H1."""
    mean = mixture.weight @ mixture.mean
    within = np.diagonal(mixture.covariance, axis1=1, axis2=2)
    sd = np.sqrt(mixture.weight @ (within + (mixture.mean - mean) ** 2))
    return {name: (float(m), float(s)) for name, m, s in zip(mixture.names, mean, sd, strict=True)}


def noise_moments(mixture: Mixture) -> Moments:
    """Mean and sd of the logs of tau, ell and sigma, and of omega, given H1."""
    logs = {"log onset_days": mixture.tau, "log correlation_days": mixture.ell, "log sd": mixture.sigma}
    values = {name: np.log(np.maximum(at, 1e-300)) for name, at in logs.items()} | {"white_share": mixture.omega}
    out: Moments = {}
    for name, at in values.items():
        mean = float(mixture.weight @ at)
        out[name] = (mean, float(np.sqrt(mixture.weight @ (at - mean) ** 2)))
    return out


def difference(found: Moments, reference: Moments) -> Difference:
    """Compare every quantity of the reference."""
    means = {n: abs(found[n][0] - mean) / sd for n, (mean, sd) in reference.items()}
    sds = {n: abs(found[n][1] / sd - 1.0) for n, (_, sd) in reference.items()}
    worst = max(means, key=lambda n: means[n])
    return Difference(means[worst], max(sds.values()), worst)
