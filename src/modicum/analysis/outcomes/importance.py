"""Importance sampling: the posterior of one diary as weighted points, drawn around its modes.

A node of psi is drawn by its Laplace weight, then a place within the node's cell, then coefficients and shapes from a
Student t around the mode. Each point's weight is the exact posterior density over the density it was drawn from, so
that neither the grid nor the Laplace approximation biases the answer; both only make it more or less precise. Pilot
runs move and stretch the t to where the posterior is (Cornuet, Marin, Mira & Robert 2012): in long diaries of yes or no
the mode is off by more than its sd, and by how much depends on the place of psi.
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
from modicum.analysis.outcomes.points import REPLICATES, Points, joined

_WINDOW_SDS = 4.5
_BLUR = 0.3  # of a node's spacing: what a mass at one node may be spread over
_TAIL = 2e-4  # share of the mass; a window keeps every cell outside which more than this lies
_SEARCH_NODES = 5
_FINER = 3  # cells on an axis for each node of the grid of modes
_SETTLED = 0.85  # a window that shrinks by less than this factor is kept
_FREEDOM = 8.0  # of the t
_DEFENSIVE = 0.05  # share of the points spread over all nodes alike
_PILOT_REPLICATE = 1_000_000
_ENOUGH = 0.3  # effective share of a pilot's points after which no other is run
_LEAST_EFFECTIVE = 0.1  # share; a pilot's weights are flattened until so many of its points count
_FLATTEST = 2.0**-6
_CAUTION = 4  # points for each parameter that "no stretch" counts for
_AT_ONCE = 2048


@dataclass(frozen=True)
class Proposal:
    """What points are drawn from: cells of psi with their chances, and a t around the mode of each.

    Args:
        axes: windows of psi, cut into cells.
        counts: cells on each axis.
        chance: of each cell.
        centre, root: mode, and root of the covariance of coefficients and shapes in each cell.
        shift: of the standardised t, by features of the place on the axes (see ``_features``), found by pilots.
        stretch: of the same.
    """

    axes: LinkAxes
    counts: tuple[int, ...]
    chance: Float[np.ndarray, " cell"]
    centre: Float[np.ndarray, "cell parameter"]
    root: Float[np.ndarray, "cell parameter parameter"]
    shift: Float[np.ndarray, "feature parameter"]
    stretch: Float[np.ndarray, "parameter parameter"]


@dataclass(frozen=True)
class Effort:
    """How much is done to find a good proposal.

    Args:
        searches: times that the windows may close in.
        nodes: of the grid of modes, on each axis.
        pilot: points of each pilot run, a power of two.
        pilots: runs at most.
    """

    searches: int = 8
    nodes: int = 6
    pilot: int = 2048
    pilots: int = 5


THOROUGH = Effort()


def sample(
    model: Sampled, points: int, *, near: LinkAxes | None = None, effort: Effort = THOROUGH
) -> tuple[Points, Proposal]:
    """Draw the posterior of a model.

    Args:
        model: of one diary.
        points: how many, over all replicates.
        near: windows of a like analysis to begin from and to close in from once, else those of the prior.
        effort: see there.

    Returns:
        The points, and what they were drawn from.
    """
    searches = effort.searches if near is None else min(effort.searches, 1)
    with threadpool_limits(1, user_api="blas"):
        proposal = _proposal(model, _windows(model, near or model.axes, searches), effort.nodes)
        for number in range(effort.pilots):
            proposal, effective = _piloted(model, proposal, number, effort)
            if effective >= _ENOUGH:
                break
        return draw(model, proposal, points), proposal


def draw(model: Sampled, proposal: Proposal, points: int, *, first: int = 0) -> Points:
    """Draw points from a proposal, in equal replicates; ``first`` numbers the replicates."""
    each = points // REPLICATES
    with threadpool_limits(1, user_api="blas"):
        parts = [_drawn(model, proposal, each, first + r) for r in range(REPLICATES)]
        return _weighed(model, proposal, _Drawn.joined(parts))


def doubled(model: Sampled, proposal: Proposal, points: Points) -> Points:
    """As many points again, of replicates of their own, beside those that are there."""
    return joined([points, draw(model, proposal, len(points), first=int(points.replicate.max()) + 1)])


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
    """The window of some sds around the mean of the mass and of all cells but a tail, so that a small mode stays in.

    It is no narrower than its nodes can tell.
    """
    if axis.kind == "point":
        return axis
    spacing = (axis.high - axis.low) / len(mass)
    at = axis.low + spacing * (np.arange(len(mass)) + 0.5)
    mass = mass / mass.sum()
    mean = float(mass @ at)
    reach = _WINDOW_SDS * float(np.hypot(np.sqrt(mass @ (at - mean) ** 2), _BLUR * spacing))
    below, above = np.cumsum(mass), np.cumsum(mass[::-1])[::-1]
    first, last = float(at[below > _TAIL][0]) - spacing / 2, float(at[above > _TAIL][-1]) + spacing / 2
    low, high = min(mean - reach, first), max(mean + reach, last)
    return replace(axis, low=max(axis.low - spacing, low), high=min(axis.high + spacing, high))


def _width(axis: Axis) -> float:
    return 1.0 if axis.kind == "point" else axis.high - axis.low


def _proposal(model: Sampled, axes: LinkAxes, nodes: int) -> Proposal:
    """Cells finer than the grid of modes, with evidence and mode interpolated between its nodes."""
    coarse, fine = axes.counts(nodes), axes.counts(nodes * _FINER)
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
        shift=np.zeros((_features(fine, np.zeros(1, int), np.zeros((1, 4))).shape[1], size)),
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


def _piloted(model: Sampled, proposal: Proposal, number: int, effort: Effort) -> tuple[Proposal, float]:
    """A proposal nearer to the posterior, by the weighted points of a pilot run; and the share of them that counted.

    The t is moved by a regression of the standardised points on their place on the axes, and stretched by what that
    leaves; both are drawn to no change as far as few points count. The chances of cells are raked (Deming & Stephan
    1940) towards the mass that the pilot found on each pair of axes.
    """
    drawn = _drawn(model, proposal, effort.pilot, _PILOT_REPLICATE + number)
    weighed = _weighed(model, proposal, drawn)
    weight = _flattened(weighed.log_weight)
    count = 1.0 / float((weight**2).sum())
    features = _features(proposal.counts, drawn.cell, drawn.share)
    weighted = (count * weight)[:, None] * features
    moved = drawn.standard - features @ proposal.shift
    found = np.linalg.solve(weighted.T @ features + np.eye(features.shape[1]), weighted.T @ moved)
    left, none = moved - features @ found, _CAUTION * moved.shape[1]
    spread = ((left * weight[:, None]).T @ left * count + none * np.eye(moved.shape[1])) / (count + none)
    return replace(
        proposal,
        chance=_raked(proposal, drawn.cell, weight, effort.nodes),
        shift=proposal.shift + found,
        stretch=np.linalg.cholesky(spread),
    ), weighed.effective / effort.pilot


def _flattened(log_weight: np.ndarray) -> np.ndarray:
    """Weights to the highest power, 1 or a half of it or a quarter ..., at which enough points count."""
    power = 1.0
    while True:
        weight = np.exp(power * (log_weight - log_weight.max()))
        weight = weight / weight.sum()
        if power <= _FLATTEST or 1.0 / (weight**2).sum() >= _LEAST_EFFECTIVE * len(weight):
            return weight
        power /= 2.0


def _features(counts: tuple[int, ...], cell: np.ndarray, share: np.ndarray) -> np.ndarray:
    """1, and place on the axes that are not known, from -1 to 1, with squares and products."""
    where = np.unravel_index(cell, counts)
    at = [2.0 * (where[k] + share[:, k]) / count - 1.0 for k, count in enumerate(counts) if count > 1]
    products = [at[j] * at[k] for j in range(len(at)) for k in range(j + 1)]
    return np.column_stack([np.ones(len(cell)), *at, *products])


def _raked(proposal: Proposal, cell: np.ndarray, weight: np.ndarray, nodes: int) -> np.ndarray:
    chance = proposal.chance.reshape(proposal.counts)
    where = np.unravel_index(cell, proposal.counts)
    bands = [np.arange(count) * min(count, nodes) // count for count in proposal.counts]
    free = [k for k, count in enumerate(proposal.counts) if count > 1]
    for pair in combinations(free, 2) if len(free) > 1 else [(free[0], free[0])] if free else []:
        flat = np.zeros(proposal.counts, int)
        for k in dict.fromkeys(pair):
            flat = flat * nodes + bands[k].reshape([-1 if i == k else 1 for i in range(flat.ndim)])
        size = nodes ** len(set(pair))
        found = np.bincount(flat[where], weights=weight, minlength=size)
        held = np.bincount(flat.ravel(), weights=chance.ravel(), minlength=size)
        chance = chance * ((found + _DEFENSIVE / size) / (held + _DEFENSIVE / size))[flat]
    return (1.0 - _DEFENSIVE) * chance.ravel() / chance.sum() + _DEFENSIVE / chance.size


@dataclass(frozen=True)
class _Drawn:
    """Points before they are weighed: ``log_density`` is that of drawing them, a cell of psi counting as one.

    ``share`` is the place within the cell; ``standard`` are coefficients and shapes standardised by its mode.
    """

    cell: np.ndarray
    share: np.ndarray
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
            for name in ("cell", "share", "parameters", "standard", "log_density", "replicate")
        }
        return cls(psi=psi, **arrays)


def _drawn(model: Sampled, proposal: Proposal, count: int, replicate: int) -> _Drawn:
    size = len(proposal.stretch)
    uniform = lattice(count, size + 6, replicate)
    cell = np.minimum(np.searchsorted(np.cumsum(proposal.chance), uniform[:, 0]), len(proposal.chance) - 1)
    squared = 2.0 * gammaincinv(_FREEDOM / 2, uniform[:, 5]) / _FREEDOM
    free = ndtri(uniform[:, 6:]) / np.sqrt(squared)[:, None]
    share = uniform[:, 1:5]
    standard = _features(proposal.counts, cell, share) @ proposal.shift + free @ proposal.stretch.T
    log_density = gammaln((_FREEDOM + size) / 2) - gammaln(_FREEDOM / 2) - 0.5 * size * np.log(_FREEDOM * np.pi)
    log_density = log_density - 0.5 * (_FREEDOM + size) * np.log1p((free**2).sum(1) / _FREEDOM)
    log_density -= _log_diagonal(proposal.stretch[None]) + _log_diagonal(proposal.root)[cell]
    return _Drawn(
        cell=cell,
        share=share,
        psi=proposal.axes.within(proposal.counts, cell, share),
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
