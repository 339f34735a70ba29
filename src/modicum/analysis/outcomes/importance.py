"""Importance sampling: the posterior of one diary as weighted points, drawn around its modes.

A node of psi is drawn by its Laplace weight, then a place within the node's cell, then coefficients and shapes from a
Student t around the mode. Each point's weight is the exact posterior density over the density it was drawn from, so
that neither the grid nor the Laplace approximation biases the answer; both only make it more or less precise. A pilot
run moves and stretches the t to where the posterior is (Cornuet, Marin, Mira & Robert 2012).
"""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
from jaxtyping import Float, Int
from scipy.special import gammaincinv, gammaln, ndtri
from threadpoolctl import threadpool_limits

from modicum.analysis.axes import Axis
from modicum.analysis.outcomes import hermite
from modicum.analysis.outcomes.lattice import lattice
from modicum.analysis.outcomes.model import LinkAxes, LinkModel, Psi
from modicum.analysis.outcomes.modes import Modes, Search, find_modes
from modicum.analysis.outcomes.residual import ResidualProcess

_WINDOW_SDS = 4.5
_BLUR = 0.3  # of a node's spacing: what a mass at one node may be spread over
_SEARCHES = 8
_SEARCH_NODES, _NODES = 5, 6
_FINER = 3  # cells on an axis for each node of the grid of modes
_SETTLED = 0.85  # a window that shrinks by less than this factor is kept
_LEAST_SD = 1e-6
_FREEDOM = 8.0  # of the t
_DEFENSIVE = 0.05  # share of the points spread over all nodes alike
_PILOT, _PILOT_REPLICATE = 2048, 1_000_000
_MOST_OF_PILOT = 0.01  # no point of the pilot counts for more
_AT_ONCE = 2048
REPLICATES = 8


@dataclass(frozen=True)
class Points:
    """Weighted points of the posterior; all arrays have one entry a point.

    Args:
        psi: time, noise and overdispersion.
        coefficients: in the order of the design.
        shape: of the family.
        log_weight: log of posterior density over drawing density; their mean is the evidence.
        replicate: which of the independent lattices a point is from.
    """

    psi: Psi
    coefficients: Float[np.ndarray, "point coefficient"]
    shape: Float[np.ndarray, "point shape"]
    log_weight: Float[np.ndarray, " point"]
    replicate: Int[np.ndarray, " point"]

    def __len__(self) -> int:
        return len(self.log_weight)

    def at(self, which: slice | np.ndarray) -> "Points":
        """Some of the points."""
        return Points(
            self.psi.at(which),
            self.coefficients[which],
            self.shape[which],
            self.log_weight[which],
            self.replicate[which],
        )

    @cached_property
    def weight(self) -> Float[np.ndarray, " point"]:
        """Weights that add up to 1."""
        weight = np.exp(self.log_weight - self.log_weight.max())
        return weight / weight.sum()

    @property
    def log_evidence(self) -> float:
        """Log marginal likelihood, all constants included."""
        return log_mean(self.log_weight)

    @property
    def effective(self) -> float:
        """Effective number of points (Kong 1992)."""
        return float(1.0 / (self.weight**2).sum())

    def moments(
        self, values: Float[np.ndarray, "point value"], replicate: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Mean and sd of quantities known at the points, of all of them or of one replicate (modulo their number)."""
        keep = slice(None) if replicate is None else self.replicate % REPLICATES == replicate
        weight = self.weight[keep] / self.weight[keep].sum()
        mean = weight @ values[keep]
        return mean, np.sqrt(np.maximum(weight @ (values[keep] - mean) ** 2, 1e-300))

    def standard_errors(self, values: Float[np.ndarray, "point value"]) -> tuple[float, float]:
        """Over the replicates: the largest standard error of a mean, in posterior sds, and of an sd, as a share."""
        means, sds = zip(*(self.moments(values, r) for r in range(REPLICATES)), strict=True)
        whole = self.moments(values)[1]
        return float(error_of_mean(means / whole).max()), float(error_of_mean(sds / whole).max())

    def log_evidence_error(self) -> float:
        """Standard error of the log evidence over the replicates."""
        each = [log_mean(self.log_weight[self.replicate % REPLICATES == r]) for r in range(REPLICATES)]
        return float(error_of_mean(np.array(each)))


def error_of_mean(each: Float[np.ndarray, "replicate *any"]) -> Float[np.ndarray, "*any"]:
    """Standard error of the mean over replicates."""
    return np.std(each, axis=0, ddof=1) / np.sqrt(len(each))


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


def sample(model: LinkModel, points: int, *, near: LinkAxes | None = None) -> tuple[Points, Proposal]:
    """Draw the posterior of a model.

    Args:
        model: of one diary.
        points: how many, over all replicates.
        near: windows of a like analysis to begin from, else those of the prior.

    Returns:
        The points, and what they were drawn from.
    """
    with threadpool_limits(1, user_api="blas"):
        proposal = _pilot(model, _proposal(model, _windows(model, near or model.axes, _SEARCHES if near is None else 1)))
        return draw(model, proposal, points), proposal


def draw(model: LinkModel, proposal: Proposal, points: int, *, first: int = 0) -> Points:
    """Draw points from a proposal, in equal replicates; ``first`` numbers the replicates."""
    each = points // REPLICATES
    with threadpool_limits(1, user_api="blas"):
        parts = [_drawn(model, proposal, each, first + r) for r in range(REPLICATES)]
        return _weighed(model, proposal, _Drawn.joined(parts))


def log_mean(log_value: np.ndarray) -> float:
    """Log of the mean of exponentials."""
    top = float(log_value.max())
    return top + float(np.log(np.mean(np.exp(log_value - top))))


def _windows(model: LinkModel, axes: LinkAxes, searches: int) -> LinkAxes:
    for _ in range(searches):
        counts = axes.counts(_SEARCH_NODES)
        log_mass = axes.cells(counts)[1] + _evidence(model, axes, counts)[0]
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


def _evidence(model: LinkModel, axes: LinkAxes, counts: tuple[int, ...]) -> tuple[np.ndarray, Modes]:
    """Laplace evidence and modes in the middle of each cell."""
    psi, _ = axes.cells(counts)
    tau, which = np.unique(psi.tau, return_inverse=True)
    gaps = np.diff(model.time_days, prepend=model.time_days[:1])
    process = ResidualProcess(np.maximum(psi.sd, _LEAST_SD), psi.ell, gaps)
    found = find_modes(
        Search(model.family, model.y, model.columns(tau)[which], *model.prior, process), model.shape(psi)
    )
    return found.log_evidence, found


def _proposal(model: LinkModel, axes: LinkAxes) -> Proposal:
    """Cells finer than the grid of modes, with evidence and mode interpolated between its nodes."""
    coarse, fine = axes.counts(_NODES), axes.counts(_NODES * _FINER)
    evidence, modes = _evidence(model, axes, coarse)
    across = [_interpolation(n, m) for n, m in zip(coarse, fine, strict=True)]
    table = np.column_stack([evidence, modes.centre]).reshape(*coarse, -1)
    table = np.einsum("ai,bj,ck,dl,ijklp->abcdp", *across, table, optimize=True).reshape(-1, table.shape[-1])
    log_mass = axes.cells(fine)[1] + table[:, 0]
    mass = np.exp(log_mass - log_mass.max())
    nearest = np.arange(len(evidence)).reshape(coarse)[
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


def _pilot(model: LinkModel, proposal: Proposal) -> Proposal:
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


def _drawn(model: LinkModel, proposal: Proposal, count: int, replicate: int) -> _Drawn:
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


def _weighed(model: LinkModel, proposal: Proposal, drawn: _Drawn) -> Points:
    psi, coefficients = drawn.psi, drawn.parameters[:, : model.coefficients]
    shape = model.shape(psi, drawn.parameters[:, model.coefficients :])
    log_target = np.concatenate(
        [
            _log_likelihood(model, psi.at(part), coefficients[part], shape[part])
            for part in (slice(begin, begin + _AT_ONCE) for begin in range(0, len(psi), _AT_ONCE))
        ]
    )
    log_target += model.log_prior(coefficients) + model.family.log_prior(shape)
    log_target += proposal.axes.log_prior(proposal.counts, psi)
    return Points(psi, coefficients, shape, log_target - drawn.log_density, drawn.replicate)


def _log_likelihood(model: LinkModel, psi: Psi, coefficients: np.ndarray, shape: np.ndarray) -> np.ndarray:
    return hermite.log_likelihood(
        model.family,
        model.y,
        model.predictors(psi.tau, coefficients),
        model.family.natural(shape),
        sd=psi.sd,
        ell=psi.ell,
        time_days=model.time_days,
    )


def _log_diagonal(roots: np.ndarray) -> np.ndarray:
    return np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(1)


def joined(parts: list[Points]) -> Points:
    """Points of several draws from one proposal."""
    psi = Psi(*(np.concatenate(values) for values in zip(*(part.psi.all for part in parts), strict=True)))
    rest = ("coefficients", "shape", "log_weight", "replicate")
    return Points(psi, *(np.concatenate([getattr(part, name) for part in parts]) for name in rest))
