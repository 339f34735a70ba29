"""Integration over psi = (tau, ell, omega, sigma): a deterministic grid, and exact Gaussian algebra at every node.

Given psi the model is linear and Gaussian, so that the coefficients integrate out exactly (Lindley & Smith 1972). What
is left is a mixture of Gaussians, one for each node, from which everything that is reported comes directly.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int
from threadpoolctl import threadpool_limits

from modicum.analysis.axes import Axes, Axis, Counts
from modicum.analysis.design import Design
from modicum.analysis.question import Priors
from modicum.analysis.scale import ScaleFit, log_evidence, scale_nodes
from modicum.analysis.whitening import gram

DROP = 7.4  # windows reach to where the log posterior of an axis has fallen by this much: 3.8 sds of a normal one
ZOOMS = 8
SEARCH = 0.5  # windows are sought on a grid with this share of the nodes
SETTLED = 0.7  # a window that shrinks by less than this factor is kept
EDGE = 2e-3  # share of the mass at an end node from which a borrowed window counts as cutting off
PRUNE = 0.01  # nodes lighter than this share of the mean node are dropped


@dataclass(frozen=True)
class Mixture:
    """The posterior of the coefficients as Gaussians over the nodes of psi.

    Args:
        tau, ell, omega, sigma: the nodes (days, days, share, outcome units).
        weight: posterior weight of each node; they add up to 1.
        mean: posterior mean of the coefficients at each node.
        covariance: posterior covariance at each node.
        log_evidence: log marginal likelihood, all constants included.
        names: of the coefficients.
        dose_at: where the dose effects stand.
        axes: the windows that were used.
    """

    tau: Float[np.ndarray, " node"]
    ell: Float[np.ndarray, " node"]
    omega: Float[np.ndarray, " node"]
    sigma: Float[np.ndarray, " node"]
    weight: Float[np.ndarray, " node"]
    mean: Float[np.ndarray, "node coefficient"]
    covariance: Float[np.ndarray, "node coefficient coefficient"]
    log_evidence: float
    names: tuple[str, ...]
    dose_at: slice
    axes: Axes

    def __len__(self) -> int:
        return len(self.weight)

    def heaviest(self, mass: float) -> "Mixture":
        """The fewest nodes that hold this share of the weight, with the weights scaled to add up to 1."""
        return self.at(heaviest(self.weight, mass))

    def at(self, keep: Int[np.ndarray, " kept"]) -> "Mixture":
        """The nodes of these positions, with the weights scaled to add up to 1."""
        weight = self.weight[keep]
        return replace(
            self,
            tau=self.tau[keep],
            ell=self.ell[keep],
            omega=self.omega[keep],
            sigma=self.sigma[keep],
            weight=weight / weight.sum(),
            mean=self.mean[keep],
            covariance=self.covariance[keep],
        )


def heaviest(weight: Float[np.ndarray, " node"], mass: float) -> Int[np.ndarray, " kept"]:
    """Positions of the fewest nodes that hold this share of the weight, in their order."""
    order = np.argsort(-weight, kind="stable")
    return np.sort(order[: int(np.searchsorted(np.cumsum(weight[order]), mass)) + 1])


@dataclass(frozen=True)
class _Cells:
    """Everything at the (tau, ell, omega) cells: node values, log prior weight, and the fit that sigma needs."""

    tau: np.ndarray
    ell: np.ndarray
    omega: np.ndarray
    log_prior: np.ndarray
    fit: ScaleFit


def integrate(design: Design, axes: Axes, priors: Priors, counts: Counts) -> Mixture:
    """Integrate over psi with windows that close in on the posterior.

    Args:
        design: columns, scores and coefficient priors.
        axes: windows to start from, normally the whole prior.
        priors: for sigma.
        counts: nodes on each axis.

    Returns:
        The mixture; its axes are the windows arrived at.
    """
    search = counts.scaled(SEARCH)
    with threadpool_limits(1, user_api="blas"):  # small matrices; and the answer may not depend on the thread count
        for _ in range(ZOOMS):
            narrowed = _narrow(_cells(design, axes, search), axes, priors, search)
            settled = all(_share(new, old) > SETTLED for new, old in zip(_three(narrowed), _three(axes), strict=True))
            axes = narrowed
            if settled:
                break
    return integrate_within(design, axes, priors, counts)


def integrate_within(design: Design, axes: Axes, priors: Priors, counts: Counts) -> Mixture:
    """Integrate over given windows, without closing in: for the second grid, and for a changed prior."""
    with threadpool_limits(1, user_api="blas"):
        return _mixture(design, _cells(design, axes, counts), axes, priors, counts)


def integrate_near(design: Design, near: Axes, priors: Priors, counts: Counts) -> Mixture | None:
    """Integrate over windows found for a like analysis, or None where they would cut this posterior off."""
    with threadpool_limits(1, user_api="blas"):
        cells = _cells(design, near, counts)
        masses = _axis_masses(cells, near, priors, counts)
        if any(axis.cuts_off(mass, EDGE) for axis, mass in zip(_three(near), masses, strict=True)):
            return None
        return _mixture(design, cells, near, priors, counts)


def _share(new: Axis, old: Axis) -> float:
    return 1.0 if old.kind == "point" else (new.high - new.low) / (old.high - old.low)


def _cells(design: Design, axes: Axes, counts: Counts) -> _Cells:
    tau, tau_prior = axes.tau.nodes(counts.tau)
    ell, ell_prior = axes.ell.nodes(counts.ell)
    omega, omega_prior = axes.omega.nodes(counts.omega)
    noise_ell, noise_omega = np.repeat(ell, len(omega)), np.tile(omega, len(ell))
    noise_prior = (ell_prior[:, None] + omega_prior).ravel()
    timed = design.timed(tau)
    residual = design.score - design.fixed @ design.mean[: design.fixed.shape[1]]
    width = timed.shape[2]
    columns = np.column_stack([residual, design.fixed, timed.transpose(1, 0, 2).reshape(len(design), len(tau) * width)])
    products, log_det = gram(columns, design.time_days, noise_ell, noise_omega)
    first = 1 + design.fixed.shape[1]
    at = np.array([[*range(1, first), *range(first + j * width, first + (j + 1) * width)] for j in range(len(tau))])
    precision = products[:, at[:, :, None], at[:, None, :]].transpose(1, 0, 2, 3)
    shift = products[:, at, 0].transpose(1, 0, 2)
    mean = design.mean.copy()
    mean[: design.fixed.shape[1]] = 0.0  # the residual has the fixed columns' prior means taken out already
    moved = precision @ mean
    quadratic = products[:, 0, 0] - 2 * shift @ mean + moved @ mean
    shift = shift - moved
    cells, size = len(tau) * len(noise_ell), len(design.mean)
    fit = ScaleFit.of(
        precision=precision.reshape(cells, size, size),
        shift=shift.reshape(cells, size),
        quadratic=quadratic.ravel(),
        log_det=np.tile(log_det, len(tau)),
        n=len(design),
        prior_covariance=design.covariance,
    )
    return _Cells(
        tau=np.repeat(tau, len(noise_ell)),
        ell=np.tile(noise_ell, len(tau)),
        omega=np.tile(noise_omega, len(tau)),
        log_prior=(tau_prior[:, None] + noise_prior).ravel(),
        fit=fit,
    )


def _axis_masses(cells: _Cells, axes: Axes, priors: Priors, counts: Counts) -> list[np.ndarray]:
    """Posterior mass at the nodes of tau, of ell and of omega."""
    sigma, log_prior = scale_nodes(cells.fit, priors, counts.sigma)
    log_mass = cells.log_prior[:, None] + log_prior + log_evidence(cells.fit, sigma)
    mass = np.exp(log_mass - log_mass.max()).sum(1)
    mass = mass.reshape(tuple(len(axis.nodes(n)[0]) for axis, n in _counted(axes, counts)))
    return [mass.sum(axis=tuple(i for i in range(3) if i != k)) for k in range(3)]


def _narrow(cells: _Cells, axes: Axes, priors: Priors, counts: Counts) -> Axes:
    masses = _axis_masses(cells, axes, priors, counts)
    counted = zip(_counted(axes, counts), masses, strict=True)
    return Axes(*(axis.narrowed(n, mass, DROP) for (axis, n), mass in counted))


def _three(axes: Axes) -> tuple[Axis, Axis, Axis]:
    return axes.tau, axes.ell, axes.omega


def _counted(axes: Axes, counts: Counts) -> list[tuple[Axis, int]]:
    return [(axes.tau, counts.tau), (axes.ell, counts.ell), (axes.omega, counts.omega)]


def _mixture(design: Design, cells: _Cells, axes: Axes, priors: Priors, counts: Counts) -> Mixture:
    sigma, log_prior = scale_nodes(cells.fit, priors, counts.sigma)
    log_mass = cells.log_prior[:, None] + log_prior + log_evidence(cells.fit, sigma)
    top = float(log_mass.max())
    mass = np.exp(log_mass - top)
    cell, step = np.nonzero(mass > PRUNE * mass.mean())
    mean, covariance = cells.fit.posterior(cell, sigma[cell, step])
    weight = mass[cell, step]
    return Mixture(
        tau=cells.tau[cell],
        ell=cells.ell[cell],
        omega=cells.omega[cell],
        sigma=sigma[cell, step],
        weight=weight / weight.sum(),
        mean=design.mean + mean,
        covariance=covariance,
        log_evidence=top + float(np.log(mass.sum())),
        names=design.names,
        dose_at=design.dose_at,
        axes=axes,
    )
