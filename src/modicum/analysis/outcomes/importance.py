"""Importance sampling: the posterior of one diary as weighted points, drawn around its modes.

A node of psi is drawn by its Laplace weight, then a place within the node's cell, then coefficients and shapes from a
Student t around the mode. Each point's weight is the exact posterior density over the density it was drawn from, so
that neither the grid nor the Laplace approximation biases the answer; both only make it more or less precise. A pilot
run moves and stretches the t to where the posterior is (Cornuet, Marin, Mira & Robert 2012).
"""

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from jaxtyping import Float
from scipy.special import gammaincinv, gammaln, ndtri
from threadpoolctl import threadpool_limits

from modicum.analysis.axes import Axis
from modicum.analysis.outcomes.lattice import lattice
from modicum.analysis.outcomes.model import LinkAxes, Psi, Sampled
from modicum.analysis.outcomes.points import REPLICATES, Points

_WINDOW_SDS = 4.5
_BLUR = 0.3  # of a node's spacing: what a mass at one node may be spread over
_SEARCHES = 8
_SEARCH_NODES, _NODES = 5, 6
_FINER = 3  # cells on an axis for each node of the grid of modes
_SETTLED = 0.85  # a window that shrinks by less than this factor is kept
_FREEDOM = 8.0  # of the t
_DEFENSIVE = 0.05  # share of the points spread over all nodes alike
_PILOT, _PILOT_REPLICATE = 2048, 1_000_000
_MOST_OF_PILOT = 0.01  # no point of the pilot counts for more
_AT_ONCE = 2048


@dataclass(frozen=True)
class Proposal:
    """What points are drawn from: cells of psi with their chances, and a t around the mode of each.

    Args:
        axes: windows of psi, cut into cells.
        counts: cells on each axis.
        chance: of each cell.
        centre, root: mode, and root of the covariance of coefficients and shapes in each cell.
        shift, stretch: of the standardised t, found by a pilot.
    """

    axes: LinkAxes
    counts: tuple[int, ...]
    chance: Float[np.ndarray, " cell"]
    centre: Float[np.ndarray, "cell parameter"]
    root: Float[np.ndarray, "cell parameter parameter"]
    shift: Float[np.ndarray, " parameter"]
    stretch: Float[np.ndarray, "parameter parameter"]


def sample(model: Sampled, points: int, *, near: LinkAxes | None = None) -> tuple[Points, Proposal]:
    """Draw the posterior of a model.

    Args:
        model: of one diary.
        points: how many, over all replicates.
        near: windows of a like analysis to begin from, else those of the prior.

    Returns:
        The points, and what they were drawn from.
    """
    with threadpool_limits(1, user_api="blas"):
        proposal = _pilot(
            model, _proposal(model, _windows(model, near or model.axes, _SEARCHES if near is None else 1))
        )
        return draw(model, proposal, points), proposal


def draw(model: Sampled, proposal: Proposal, points: int, *, first: int = 0) -> Points:
    """Draw points from a proposal, in equal replicates; ``first`` numbers the replicates."""
    each = points // REPLICATES
    with threadpool_limits(1, user_api="blas"):
        parts = [_drawn(model, proposal, each, first + r) for r in range(REPLICATES)]
        return _weighed(model, proposal, _Drawn.joined(parts))


def _windows(model: Sampled, axes: LinkAxes, searches: int) -> LinkAxes:
    for _ in range(searches):
        counts = axes.counts(_SEARCH_NODES)
        psi, log_prior = axes.cells(counts)
        log_mass = log_prior + model.modes(psi).log_evidence
        mass = np.exp(log_mass - log_mass.max()).reshape(counts)
        sides = [mass.sum(axis=tuple(i for i in range(mass.ndim) if i != k)) for k in range(mass.ndim)]
        closer = LinkAxes(*(_closer(axis, side) for axis, side in zip(axes.all, sides, strict=True)))
        settled = all(_width(new) > _SETTLED * _width(old) for new, old in zip(closer.all, axes.all, strict=True))
        axes = closer
        if settled:
            break
    return axes


def _closer(axis: Axis, mass: np.ndarray) -> Axis:
    """The window of some sds around the mean of the mass, no narrower than its nodes can tell."""
    if axis.kind == "point":
        return axis
    spacing = (axis.high - axis.low) / len(mass)
    at = axis.low + spacing * (np.arange(len(mass)) + 0.5)
    mass = mass / mass.sum()
    mean = float(mass @ at)
    reach = _WINDOW_SDS * float(np.hypot(np.sqrt(mass @ (at - mean) ** 2), _BLUR * spacing))
    return replace(axis, low=max(axis.low - spacing, mean - reach), high=min(axis.high + spacing, mean + reach))


def _width(axis: Axis) -> float:
    return 1.0 if axis.kind == "point" else axis.high - axis.low


def _proposal(model: Sampled, axes: LinkAxes) -> Proposal:
    """Cells finer than the grid of modes, with evidence and mode interpolated between its nodes."""
    coarse, fine = axes.counts(_NODES), axes.counts(_NODES * _FINER)
    modes = model.modes(axes.cells(coarse)[0])
    across = [_interpolation(n, m) for n, m in zip(coarse, fine, strict=True)]
    table = np.column_stack([modes.log_evidence, modes.centre]).reshape(*coarse, -1)
    table = np.einsum("ai,bj,ck,dl,ijklp->abcdp", *across, table, optimize=True).reshape(-1, table.shape[-1])
    log_mass = axes.cells(fine)[1] + table[:, 0]
    mass = np.exp(log_mass - log_mass.max())
    nearest = np.arange(len(modes.log_evidence)).reshape(coarse)[
        np.ix_(*(np.arange(m) * n // m for n, m in zip(coarse, fine, strict=True)))
    ]
    size = modes.centre.shape[1]
    return Proposal(
        axes=axes,
        counts=fine,
        chance=(1.0 - _DEFENSIVE) * mass / mass.sum() + _DEFENSIVE / len(mass),
        centre=table[:, 1:],
        root=np.linalg.cholesky(modes.covariance)[nearest.ravel()],
        shift=np.zeros(size),
        stretch=np.eye(size),
    )


def _interpolation(coarse: int, fine: int) -> np.ndarray:
    """Interpolation from the middles of coarse cells to those of fine ones, by parabolas through the nearest three."""
    if coarse == 1:
        return np.ones((fine, 1))
    at = (np.arange(fine) + 0.5) * coarse / fine - 0.5
    first = np.clip(np.rint(at).astype(int) - 1, 0, coarse - 3)
    x, row = at - first - 1.0, np.arange(fine)
    out = np.zeros((fine, coarse))
    out[row, first], out[row, first + 1], out[row, first + 2] = 0.5 * x * (x - 1.0), 1.0 - x * x, 0.5 * x * (x + 1.0)
    return out


def _pilot(model: Sampled, proposal: Proposal) -> Proposal:
    """Bring the proposal nearer to the posterior by the weighted points of a pilot run.

    The t is moved and stretched by their moments, in each mode's own standardised coordinates; the chances of cells are
    raked (Deming & Stephan 1940) towards the mass that the pilot found on each pair of axes.
    """
    drawn = _drawn(model, proposal, _PILOT, _PILOT_REPLICATE)
    weight = np.minimum(_weighed(model, proposal, drawn).weight, _MOST_OF_PILOT)
    weight = weight / weight.sum()
    middle = weight @ drawn.standard
    apart = drawn.standard - middle
    spread = (apart * weight[:, None]).T @ apart
    return replace(
        proposal,
        chance=_raked(proposal, drawn.cell, weight),
        shift=middle,
        stretch=np.linalg.cholesky(spread + 1e-6 * np.eye(len(middle))),
    )


def _raked(proposal: Proposal, cell: np.ndarray, weight: np.ndarray) -> np.ndarray:
    chance = proposal.chance.reshape(proposal.counts)
    where = np.unravel_index(cell, proposal.counts)
    bands = [np.arange(count) * min(count, _NODES) // count for count in proposal.counts]
    free = [k for k, count in enumerate(proposal.counts) if count > 1]
    for pair in combinations(free, 2) if len(free) > 1 else [(free[0], free[0])] if free else []:
        flat = np.zeros(proposal.counts, int)
        for k in dict.fromkeys(pair):
            flat = flat * _NODES + bands[k].reshape([-1 if i == k else 1 for i in range(flat.ndim)])
        size = _NODES ** len(set(pair))
        found = np.bincount(flat[where], weights=weight, minlength=size)
        held = np.bincount(flat.ravel(), weights=chance.ravel(), minlength=size)
        chance = chance * ((found + _DEFENSIVE / size) / (held + _DEFENSIVE / size))[flat]
    return (1.0 - _DEFENSIVE) * chance.ravel() / chance.sum() + _DEFENSIVE / chance.size


@dataclass(frozen=True)
class _Drawn:
    """Points before they are weighed: ``log_density`` is that of drawing them, a cell of psi counting as one.

    ``standard`` are coefficients and shapes standardised by the mode of their cell.
    """

    cell: np.ndarray
    psi: Psi
    parameters: np.ndarray
    standard: np.ndarray
    log_density: np.ndarray
    replicate: np.ndarray

    @classmethod
    def joined(cls, parts: list["_Drawn"]) -> "_Drawn":
        """Several draws as one."""
        psi = Psi(*(np.concatenate(values) for values in zip(*(part.psi.all for part in parts), strict=True)))
        arrays = {
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("cell", "parameters", "standard", "log_density", "replicate")
        }
        return cls(psi=psi, **arrays)


def _drawn(model: Sampled, proposal: Proposal, count: int, replicate: int) -> _Drawn:
    size = len(proposal.shift)
    uniform = lattice(count, size + 6, replicate)
    cell = np.minimum(np.searchsorted(np.cumsum(proposal.chance), uniform[:, 0]), len(proposal.chance) - 1)
    squared = 2.0 * gammaincinv(_FREEDOM / 2, uniform[:, 5]) / _FREEDOM
    free = ndtri(uniform[:, 6:]) / np.sqrt(squared)[:, None]
    standard = proposal.shift + free @ proposal.stretch.T
    log_density = gammaln((_FREEDOM + size) / 2) - gammaln(_FREEDOM / 2) - 0.5 * size * np.log(_FREEDOM * np.pi)
    log_density = log_density - 0.5 * (_FREEDOM + size) * np.log1p((free**2).sum(1) / _FREEDOM)
    log_density -= _log_diagonal(proposal.stretch[None]) + _log_diagonal(proposal.root)[cell]
    return _Drawn(
        cell=cell,
        psi=proposal.axes.within(proposal.counts, cell, uniform[:, 1:5]),
        parameters=proposal.centre[cell] + np.einsum("pij,pj->pi", proposal.root[cell], standard),
        standard=standard,
        log_density=log_density + np.log(proposal.chance)[cell],
        replicate=np.full(count, replicate),
    )


def _weighed(model: Sampled, proposal: Proposal, drawn: _Drawn) -> Points:
    psi, coefficients = drawn.psi, drawn.parameters[:, : model.coefficients]
    shape = model.shape(psi, drawn.parameters[:, model.coefficients :])
    log_target = np.concatenate(
        [
            model.log_likelihood(psi.at(part), coefficients[part], shape[part])
            for part in (slice(begin, begin + _AT_ONCE) for begin in range(0, len(psi), _AT_ONCE))
        ]
    )
    log_target += model.log_prior(coefficients) + model.family.log_prior(shape)
    log_target += proposal.axes.log_prior(proposal.counts, psi)
    return Points(psi, coefficients, shape, log_target - drawn.log_density, drawn.replicate)


def _log_diagonal(roots: np.ndarray) -> np.ndarray:
    return np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(1)
