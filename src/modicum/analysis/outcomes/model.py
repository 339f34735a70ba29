"""The model of one diary on its link scale: what modes and points are found for."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Axis, log_axis, onset_axis
from modicum.analysis.design import Design
from modicum.analysis.outcomes import hermite
from modicum.analysis.outcomes.cut_points import CutPoints
from modicum.analysis.outcomes.families import Binary, Family, NegativeBinomial, Ordinal, Poisson
from modicum.analysis.outcomes.modes import Modes, Search, find_modes
from modicum.analysis.outcomes.psi import LinkAxes, Psi
from modicum.analysis.outcomes.residual import ResidualProcess
from modicum.analysis.question import Question

LEAST_SD = 1e-6  # of a residual that is not there
# Prior sds of the residual's sd that are covered: a chance between two ends never tells an sd of 8 on its logit from
# one of 20, a count may leap by any factor.
_CHANCES_REACH, _COUNTS_REACH = 3.5, 5.0
_NO_RESIDUAL = Axis("point", LEAST_SD, LEAST_SD)


@runtime_checkable
class Sampled(Protocol):
    """What the sampler needs of a model."""

    @property
    def family(self) -> Family:
        """How an answer comes about."""
        ...

    @property
    def axes(self) -> LinkAxes:
        """Windows that cover the prior of psi."""
        ...

    @property
    def coefficients(self) -> int:
        """How many coefficients are sampled."""
        ...

    def modes(self, psi: Psi) -> Modes:
        """The Laplace approximation of coefficients and shapes at every place."""
        ...

    def shape(
        self, psi: Psi, found: Float[np.ndarray, "place found"] | None = None
    ) -> Float[np.ndarray, "place shape"]:
        """Shape parameters at every place."""
        ...

    def log_likelihood(
        self,
        psi: Psi,
        coefficients: Float[np.ndarray, "point coefficient"],
        shape: Float[np.ndarray, "point shape"],
    ) -> Float[np.ndarray, " point"]:
        """Log probability of all answers at every point."""
        ...

    def log_prior(self, coefficients: Float[np.ndarray, "point coefficient"]) -> Float[np.ndarray, " point"]:
        """Log prior density of the coefficients."""
        ...


@runtime_checkable
class Columns(Protocol):
    """What a model needs of a design: answers, and regressors with their priors."""

    @property
    def time_days(self) -> Float[np.ndarray, " entry"]:
        """Times, ascending."""
        ...

    @property
    def score(self) -> Float[np.ndarray, " entry"]:
        """Answers."""
        ...

    @property
    def fixed(self) -> Float[np.ndarray, "entry fixed"]:
        """Regressors that do not depend on tau."""
        ...

    @property
    def mean(self) -> Float[np.ndarray, " coefficient"]:
        """Prior means of the coefficients."""
        ...

    @property
    def covariance(self) -> Float[np.ndarray, "coefficient coefficient"]:
        """Their prior covariance."""
        ...

    def timed(self, tau_days: Float[np.ndarray, " node"]) -> Float[np.ndarray, "node entry timed"]:
        """Regressors that do."""
        ...


@dataclass(frozen=True)
class LinkModel:
    """One diary under one set of assumptions on its link scale.

    Args:
        design: columns and priors of the coefficients, link scale.
        family: how an answer comes about.
        axes: windows that cover the prior of psi.
    """

    design: Columns
    family: Family
    axes: LinkAxes

    @property
    def y(self) -> Float[np.ndarray, " entry"]:
        """The answers."""
        return self.design.score

    @property
    def time_days(self) -> Float[np.ndarray, " entry"]:
        """Their times."""
        return self.design.time_days

    @property
    def coefficients(self) -> int:
        """How many coefficients there are."""
        return len(self.design.mean)

    @property
    def prior(self) -> tuple[Float[np.ndarray, " coefficient"], Float[np.ndarray, "coefficient coefficient"]]:
        """Mean and covariance of the coefficients."""
        return self.design.mean, self.design.covariance

    def columns(self, tau: Float[np.ndarray, " node"]) -> Float[np.ndarray, "node entry coefficient"]:
        """All regressors at each onset time."""
        return columns_of(self.design, tau)

    def predictors(
        self, tau: Float[np.ndarray, " point"], coefficients: Float[np.ndarray, "point coefficient"]
    ) -> Float[np.ndarray, "point entry"]:
        """Linear predictors without the residual."""
        return np.einsum("pti,pi->pt", self.columns(tau), coefficients)

    def modes(self, psi: Psi) -> Modes:
        """The Laplace approximation at every place, its evidence by the filter at the mode.

        The joint Laplace approximation errs by about 0.03 an entry where the residual is large, which adds up: only
        coefficients and shapes are integrated by it here.
        """
        tau, which = np.unique(psi.tau, return_inverse=True)
        gaps = np.diff(self.time_days, prepend=self.time_days[:1])
        process = ResidualProcess(np.maximum(psi.sd, LEAST_SD), psi.ell, gaps)
        begin = self.shape(psi)
        found = find_modes(Search(self.family, self.y, self.columns(tau)[which], *self.prior, process), begin)
        coefficients, shape = (
            found.centre[:, : self.coefficients],
            self.shape(psi, found.centre[:, self.coefficients :]),
        )
        volume = 0.5 * np.linalg.slogdet(2.0 * np.pi * found.covariance)[1]
        prior = self.log_prior(coefficients) + self.family.log_prior(shape)
        return replace(found, log_evidence=self.log_likelihood(psi, coefficients, shape) + prior + volume)

    def log_likelihood(
        self,
        psi: Psi,
        coefficients: Float[np.ndarray, "point coefficient"],
        shape: Float[np.ndarray, "point shape"],
    ) -> Float[np.ndarray, " point"]:
        """Log probability of all answers at every point, the residual integrated."""
        return hermite.log_likelihood(
            self.family,
            self.y,
            self.predictors(psi.tau, coefficients),
            self.family.natural(shape),
            sd=psi.sd,
            ell=psi.ell,
            time_days=self.time_days,
        )

    def log_prior(self, coefficients: Float[np.ndarray, "point coefficient"]) -> Float[np.ndarray, " point"]:
        """Log prior density of the coefficients."""
        root = self._root
        z = np.linalg.solve(root, (coefficients - self.design.mean).T)
        return -0.5 * (z**2).sum(0) - np.log(np.diagonal(root)).sum() - 0.5 * len(root) * np.log(2 * np.pi)

    def shape(
        self, psi: Psi, found: Float[np.ndarray, "place found"] | None = None
    ) -> Float[np.ndarray, "place shape"]:
        """Shape parameters: what was found beside the coefficients (nothing yet: zeros), or the place on the grid."""
        if self.axes.overdispersion.kind != "point":
            return np.log(psi.overdispersion)[:, None]
        return np.zeros((len(psi), self.family.shapes)) if found is None else found

    @cached_property
    def _root(self) -> np.ndarray:
        return np.linalg.cholesky(self.design.covariance)


def columns_of(design: Columns, tau: Float[np.ndarray, " node"]) -> Float[np.ndarray, "node entry coefficient"]:
    """All regressors of a design at each onset time."""
    fixed = np.broadcast_to(design.fixed, (len(tau), *design.fixed.shape))
    return np.concatenate([fixed, design.timed(tau)], axis=2)


def link_model(question: Question, design: Design, assumptions: Assumptions) -> LinkModel:
    """The model of a question whose outcome is not Gaussian.

    Args:
        question: its kind says the family.
        design: columns on the link scale.
        assumptions: which terms are on; without autocorrelation there is no residual process.
    """
    return LinkModel(design, family_of(question, design.score), _axes(question, assumptions))


def family_of(question: Question, score: Float[np.ndarray, " entry"]) -> Family:
    """How an answer to a question comes about."""
    if question.kind == "binary":
        return Binary()
    if question.kind == "poisson":
        return Poisson()
    if question.kind == "negative-binomial":
        return NegativeBinomial()
    return Ordinal(*_categories(question, score))


def _categories(
    question: Question, score: Float[np.ndarray, " entry"]
) -> tuple[Float[np.ndarray, " category"], CutPoints]:
    """The scores that somebody gave, and their cut points.

    A score that nobody gave would, with its equal share of the prior, be given in days without drug that had none of it
    (docs/decisions/0013). Where there are fewer than two, the ends of the scale are categories too.
    """
    scores, counts = np.unique(score, return_counts=True)
    spare = [end for end in (question.low, question.high) if end not in scores][: max(0, 2 - len(scores))]
    order = np.argsort(np.append(scores, spare))
    return np.append(scores, spare)[order], CutPoints(np.append(counts, np.zeros(len(spare), int))[order])


def _axes(question: Question, assumptions: Assumptions) -> LinkAxes:
    tau, priors = onset_axis(question, assumptions), question.priors
    overdispersion = log_axis(1.0, 1.0) if question.kind == "negative-binomial" else Axis("point", 0.0, 0.0)
    if not assumptions.autocorrelation:
        return LinkAxes(tau, Axis("point", 1.0, 1.0), _NO_RESIDUAL, overdispersion)
    ell = log_axis(priors.correlation_median_days, priors.correlation_log_sd)
    sd = log_axis(
        priors.sd_median,
        priors.sd_log_sd,
        _COUNTS_REACH if question.kind in {"poisson", "negative-binomial"} else _CHANCES_REACH,
    )
    return LinkAxes(tau, ell, sd, overdispersion)
