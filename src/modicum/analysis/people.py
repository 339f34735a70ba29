"""People side by side: the joint mode of what they share and of each one's own usual rate, at many places of psi."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from modicum.analysis.outcomes.families import Binary
from modicum.analysis.outcomes.model import columns_of
from modicum.analysis.outcomes.modes import Modes
from modicum.analysis.outcomes.psi import Psi
from modicum.analysis.outcomes.residual import ResidualProcess
from modicum.analysis.side_effects import StepDesign

_STEPS = 15
_SETTLED = 1e-4
_LONGEST = 4.0
_LEAST_INFORMATION = 1e-8  # also of the entries that fill up a shorter diary
_NONE = np.zeros((1, 0))


@dataclass(frozen=True)
class People:
    """Diaries of many people, filled up to one length with entries that say nothing.

    Args:
        designs: of each person; they share the priors.
        score: answers, 0 where filled up.
        said: 1 where there is an entry.
        gaps: days since the entry before.
    """

    designs: tuple[StepDesign, ...]
    score: Float[np.ndarray, "person entry"]
    said: Float[np.ndarray, "person entry"]
    gaps: Float[np.ndarray, "person entry"]

    @classmethod
    def of(cls, designs: Sequence[StepDesign]) -> "People":
        """Fill up the diaries."""
        longest = max(len(one) for one in designs)

        def filled(rows: list[np.ndarray]) -> np.ndarray:
            return np.stack([np.pad(row, (0, longest - len(row))) for row in rows])

        return cls(
            tuple(designs),
            filled([one.score for one in designs]),
            filled([np.ones(len(one)) for one in designs]),
            filled([np.diff(one.time_days, prepend=one.time_days[:1]) for one in designs]),
        )

    def modes(self, psi: Psi) -> tuple[Modes, Float[np.ndarray, " person"], Float[np.ndarray, " person"]]:
        """The Laplace approximation of a, b, c and n at every place, everything else integrated.

        Args:
            psi: places; the overdispersion is the sd between people.

        Returns:
            The modes; then, at the first place, each person's own usual rate and its sd.
        """
        search = _Search.of(self, psi)
        eta = np.tile(self.score - 0.5, (len(psi), 1, 1))
        step = search.newton(eta)
        for _ in range(_STEPS):
            change = np.abs(step.eta - eta).max((1, 2))
            eta = eta + np.minimum(1.0, _LONGEST / np.maximum(change, 1e-300))[:, None, None] * (step.eta - eta)
            if np.all(change < _SETTLED):
                break
            step = search.newton(eta)
        covariance = np.linalg.inv(step.shared)
        loads = np.eye(4)[0] - step.cross[0] / step.own[0][:, None]
        own_variance = 1.0 / step.own[0] + np.einsum("pi,ij,pj->p", loads, covariance[0], loads)
        modes = Modes(step.coefficients, covariance, search.log_evidence(step, eta))
        return modes, step.coefficients[0, 0] + step.offsets[0], np.sqrt(own_variance)


@dataclass(frozen=True)
class _Step:
    """Where one Newton step leads: shared coefficients, own offsets, residuals; curvatures and their determinants."""

    coefficients: np.ndarray
    offsets: np.ndarray
    residual: np.ndarray
    eta: np.ndarray
    shared: np.ndarray
    cross: np.ndarray
    own: np.ndarray
    log_det: np.ndarray


@dataclass(frozen=True)
class _Search:
    people: People
    columns: np.ndarray
    process: ResidualProcess
    between: np.ndarray
    prior: tuple[np.ndarray, np.ndarray]

    @classmethod
    def of(cls, people: People, psi: Psi) -> "_Search":
        count, longest = people.score.shape
        tau, which = np.unique(psi.tau, return_inverse=True)
        columns = np.zeros((len(tau), count, longest, 4))
        for i, one in enumerate(people.designs):
            columns[:, i, : len(one)] = columns_of(one, tau)
        process = ResidualProcess(
            np.repeat(psi.sd, count), np.repeat(psi.ell, count), np.tile(people.gaps, (len(psi), 1))
        )
        first = people.designs[0]
        return cls(people, columns[which], process, psi.overdispersion, (first.mean, np.linalg.inv(first.covariance)))

    def newton(self, eta: Float[np.ndarray, "node person entry"]) -> _Step:
        """One step; a person's own offset loads like the intercept, and is eliminated person by person."""
        nodes, count, longest, size = self.columns.shape
        slope, information = Binary().slope(self.people.score, eta, _NONE)
        information = np.maximum(information * self.people.said, _LEAST_INFORMATION)
        response = eta + slope * self.people.said / information
        table = np.concatenate([self.columns, response[..., None]], axis=3).reshape(nodes * count, longest, size + 1)
        flat = information.reshape(nodes * count, longest)
        process = self.process.given(flat)
        gram, filtered = process.whiten(table)
        gram = gram.reshape(nodes, count, size + 1, size + 1)
        own = gram[:, :, 0, 0] + (1.0 / self.between**2)[:, None]
        cross = gram[:, :, 0, :size]
        reduced = gram - gram[:, :, :, :1] * gram[:, :, :1, :] / own[:, :, None, None]
        mean, precision = self.prior
        shared = reduced[:, :, :size, :size].sum(1) + precision
        aim = reduced[:, :, :size, size].sum(1) + precision @ mean
        coefficients = np.linalg.solve(shared, aim[:, :, None])[:, :, 0]
        offsets = (gram[:, :, 0, size] - np.einsum("npi,ni->np", cross, coefficients)) / own
        loads = np.zeros((nodes, count, size + 1))
        loads[:, :, :size], loads[:, :, size] = -coefficients[:, None, :], 1.0
        loads[:, :, 0] -= offsets
        mixed = np.einsum("ktc,kc->kt", filtered, loads.reshape(nodes * count, size + 1))
        residual = process.smooth(mixed).reshape(nodes, count, longest)
        new_eta = np.einsum("npti,ni->npt", self.columns, coefficients) + offsets[:, :, None] + residual
        new_eta = np.where(self.people.said > 0, new_eta, eta)
        return _Step(
            coefficients, offsets, residual, new_eta, shared, cross, own, process.log_det.reshape(nodes, count)
        )

    def log_evidence(self, step: _Step, eta: Float[np.ndarray, "node person entry"]) -> Float[np.ndarray, " node"]:
        """Log of prior times likelihood at the mode, with the curvature of everything that is integrated."""
        nodes, count, longest = eta.shape
        mean, precision = self.prior
        apart = step.coefficients - mean
        value = (Binary().log_likelihood(self.people.score, eta, _NONE) * self.people.said).sum((1, 2))
        value -= 0.5 * self.process.penalty(step.residual.reshape(nodes * count, longest)).reshape(nodes, count).sum(1)
        value -= 0.5 * (step.offsets**2).sum(1) / self.between**2 + count * np.log(self.between)
        value += 0.5 * np.linalg.slogdet(precision)[1] - 0.5 * np.einsum("ni,ij,nj->n", apart, precision, apart)
        value -= 0.5 * (step.log_det.sum(1) + np.log(step.own).sum(1) + np.linalg.slogdet(step.shared)[1])
        return value
