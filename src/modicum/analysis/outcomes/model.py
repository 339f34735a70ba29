"""The model of one diary on its link scale: what modes and points are found for."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Axis, log_axis
from modicum.analysis.design import Design
from modicum.analysis.outcomes.cut_points import CutPoints
from modicum.analysis.outcomes.families import Binary, Family, NegativeBinomial, Ordinal, Poisson
from modicum.analysis.question import Question

_NO_RESIDUAL = Axis("point", 1e-6, 1e-6)


@dataclass(frozen=True)
class LinkAxes:
    """Windows of tau, of ell, of the sd of the residual on the link scale, and of the overdispersion 1/phi."""

    tau: Axis
    ell: Axis
    sd: Axis
    overdispersion: Axis

    @property
    def all(self) -> tuple[Axis, ...]:
        """The axes in order."""
        return self.tau, self.ell, self.sd, self.overdispersion

    def near(self, other: "LinkAxes") -> "LinkAxes":
        """The windows of a like analysis, a little wider, wherever they are on the same kind of axis as these."""
        pairs = zip(self.all, other.all, strict=True)
        return LinkAxes(*(theirs.widened() if own.kind == theirs.kind != "point" else own for own, theirs in pairs))

    def counts(self, nodes: int) -> tuple[int, ...]:
        """Nodes on each axis: one where a value is known."""
        return tuple(1 if axis.kind == "point" else nodes for axis in self.all)

    def cells(self, counts: tuple[int, ...]) -> tuple["Psi", Float[np.ndarray, " cell"]]:
        """Places in the middle of each cell, and the log of the cell's prior mass."""
        nodes = [axis.nodes(n) for axis, n in zip(self.all, counts, strict=True)]
        grid = np.meshgrid(*(values for values, _ in nodes), indexing="ij")
        prior = np.meshgrid(*(mass for _, mass in nodes), indexing="ij")
        return Psi(*(values.ravel() for values in grid)), np.sum(prior, axis=0).ravel()

    def within(
        self, counts: tuple[int, ...], cell: Int[np.ndarray, " point"], share: Float[np.ndarray, "point axis"]
    ) -> "Psi":
        """Places within a cell, given as shares of its sides."""
        where = np.unravel_index(cell, counts)
        return Psi(
            *(
                np.full(len(cell), axis.low)
                if axis.kind == "point"
                else np.exp(axis.low + (axis.high - axis.low) * (where[k] + share[:, k]) / counts[k])
                for k, axis in enumerate(self.all)
            )
        )

    def log_prior(self, counts: tuple[int, ...], psi: "Psi") -> Float[np.ndarray, " point"]:
        """Log of prior density times the volume of a cell."""
        total = np.zeros(len(psi.tau))
        for axis, count, value in zip(self.all, counts, psi.all, strict=True):
            if axis.kind != "point":
                z = (np.log(value) - np.log(axis.first)) / axis.second
                total += (
                    -0.5 * z * z - np.log(axis.second * np.sqrt(2 * np.pi)) + np.log((axis.high - axis.low) / count)
                )
        return total


@dataclass(frozen=True)
class Psi:
    """Places on the axes: tau and ell in days, sd on the link scale, overdispersion 1/phi; one entry a place."""

    tau: Float[np.ndarray, " place"]
    ell: Float[np.ndarray, " place"]
    sd: Float[np.ndarray, " place"]
    overdispersion: Float[np.ndarray, " place"]

    @property
    def all(self) -> tuple[Float[np.ndarray, " place"], ...]:
        """The places on each axis, in the order of the axes."""
        return self.tau, self.ell, self.sd, self.overdispersion

    def __len__(self) -> int:
        return len(self.tau)

    def at(self, which: slice | np.ndarray) -> "Psi":
        """Some of the places."""
        return Psi(*(values[which] for values in self.all))


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
    categories = round(question.high - question.low) + 1
    counts = np.bincount(np.rint(score - question.low).astype(int), minlength=categories)
    return Ordinal(question.low, CutPoints(counts))


def _axes(question: Question, assumptions: Assumptions) -> LinkAxes:
    onset, priors = question.onset, question.priors
    if onset.kind == "immediate" or not assumptions.carry_over:
        tau = Axis("point", 0.0, 0.0)
    elif onset.kind == "fixed":
        tau = Axis("point", onset.median_days, onset.median_days)
    else:
        tau = log_axis(onset.median_days, onset.log_sd)
    overdispersion = log_axis(1.0, 1.0) if question.kind == "negative-binomial" else Axis("point", 0.0, 0.0)
    if not assumptions.autocorrelation:
        return LinkAxes(tau, Axis("point", 1.0, 1.0), _NO_RESIDUAL, overdispersion)
    ell = log_axis(priors.correlation_median_days, priors.correlation_log_sd)
    return LinkAxes(tau, ell, log_axis(priors.sd_median, priors.sd_log_sd), overdispersion)
