"""The likelihood of the dose effects with everything else integrated out: what one diary can give to a pool.

L(theta) = sum_m w_m exp(s_m' theta - theta' I_m theta / 2), with psi, beta, delta and kappa integrated and no prior on
theta to divide out. No diary can be read back from it.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from modicum.analysis.integration import Mixture

MOST_COMPONENTS = 64
_GROUPS_OF_POINTS = 24
_FEWEST_POINTS = 40  # of a group, for its covariance
_SKIRTS = (0.5, 0.25, 0.1, 0.05, 0.02, 0.01, 0.0)  # widths that are tried: shares of the information of all
_MOST_IN_SKIRT = 0.01  # of the posterior mass


@dataclass(frozen=True)
class Components:
    """Terms of L(theta); ``log_weight`` is scaled so that the weights add up to 1 (L(0) = 1)."""

    log_weight: Float[np.ndarray, " component"]
    information: Float[np.ndarray, "component dose dose"]
    shift: Float[np.ndarray, "component dose"]

    def __len__(self) -> int:
        return len(self.log_weight)

    def posterior(
        self, prior_covariance: Float[np.ndarray, "dose dose"]
    ) -> tuple[
        Float[np.ndarray, " component"],
        Float[np.ndarray, "component dose"],
        Float[np.ndarray, "component dose dose"],
        float,
    ]:
        """Weights, means and covariances under theta ~ N(0, C), and log of the integral of L over that prior."""
        factor = np.linalg.cholesky(prior_covariance)
        size = len(prior_covariance)
        precision = np.eye(size) + factor.T @ self.information @ factor
        half = np.linalg.cholesky(precision)
        scaled = np.linalg.solve(half, (self.shift @ factor)[:, :, None])[:, :, 0]
        log_mass = self.log_weight + 0.5 * (scaled**2).sum(1)
        log_mass = log_mass - np.log(np.diagonal(half, axis1=1, axis2=2)).sum(1)
        top = log_mass.max()
        mass = np.exp(log_mass - top)
        root = factor @ np.linalg.inv(half).transpose(0, 2, 1)
        covariance = root @ root.transpose(0, 2, 1)
        mean = np.einsum("cij,cj->ci", root, scaled)
        return mass / mass.sum(), mean, covariance, float(top + np.log(mass.sum()))

    def moments(
        self, prior_covariance: Float[np.ndarray, "dose dose"]
    ) -> tuple[Float[np.ndarray, " dose"], Float[np.ndarray, " dose"]]:
        """Mean and sd of every dose effect under theta ~ N(0, C)."""
        weight, mean, covariance, _ = self.posterior(prior_covariance)
        middle = weight @ mean
        return middle, np.sqrt(weight @ (np.diagonal(covariance, axis1=1, axis2=2) + (mean - middle) ** 2))


@dataclass(frozen=True)
class Collapsed:
    """One Gaussian term in the place of all components, with the largest error it makes in a mean (posterior sds)."""

    information: Float[np.ndarray, "dose dose"]
    shift: Float[np.ndarray, " dose"]
    error_sd: float


def components(
    mixture: Mixture, prior_covariance: Float[np.ndarray, "dose dose"], taken: Bool[np.ndarray, " dose"]
) -> Components:
    """Take the prior of theta out of every node again (a Gaussian divided by a Gaussian, exact).

    Args:
        mixture: posterior over nodes, under ``prior_covariance`` for the dose effects (prior mean 0).
        prior_covariance: of the dose effects.
        taken: which doses were taken; the likelihood says nothing on the others, and their rows are zero.

    Returns:
        One component a node.
    """
    n, size = len(mixture), len(taken)
    information, shift = np.zeros((n, size, size)), np.zeros((n, size))
    block = np.ix_(np.arange(n), taken, taken)
    prior_precision = np.linalg.inv(prior_covariance[np.ix_(taken, taken)])
    mean = mixture.mean[:, mixture.dose_at][:, taken]
    precision = np.linalg.inv(mixture.covariance[:, mixture.dose_at, mixture.dose_at][block])
    inner = precision - prior_precision
    information[block] = 0.5 * (inner + inner.transpose(0, 2, 1))
    shift[:, taken] = np.einsum("cij,cj->ci", precision, mean)
    # log L_m(0) = log m1 less the log of the posterior-to-prior ratio of normalising constants at theta = 0
    quadratic = np.einsum("ci,ci->c", shift[:, taken], mean)
    log_ratio = 0.5 * quadratic - 0.5 * (np.linalg.slogdet(precision)[1] - np.linalg.slogdet(prior_precision)[1])
    log_weight = np.log(mixture.weight) - log_ratio
    return Components(log_weight - np.logaddexp.reduce(log_weight), information, shift)


def merged(
    terms: Components, prior_covariance: Float[np.ndarray, "dose dose"], taken: Bool[np.ndarray, " dose"]
) -> Components:
    """At most 64 components: the posterior mixture is cut into groups of like mean, each replaced by its moments.

    Args:
        terms: the components.
        prior_covariance: the ladder prior, under which groups are matched.
        taken: which doses were taken; the information on others is exactly zero and stays so.
    """
    weight, mean, covariance, _ = terms.posterior(prior_covariance)
    if len(terms) <= MOST_COMPONENTS or not taken.any():
        return terms
    groups = _groups(weight, mean[:, taken], MOST_COMPONENTS)
    return _of_groups(groups, (weight, mean, covariance), prior_covariance, taken)


def from_points(
    weight: Float[np.ndarray, " point"],
    theta: Float[np.ndarray, "point dose"],
    prior_covariance: Float[np.ndarray, "dose dose"],
    taken: Bool[np.ndarray, " dose"],
    log_bayes_factor: float,
) -> Components:
    """The likelihood behind a posterior known as weighted points: groups of like points, each by its moments.

    Points of a clear effect are all far from no effect, and groups of them fall off towards it as Gaussians do, which
    the likelihood does not: a wide last component puts L(0) where the evidence without effect says that it is.

    Args:
        weight: of the points; they add up to 1.
        theta: the dose effects at each point, drawn under ``prior_covariance``.
        prior_covariance: of the dose effects.
        taken: which doses were taken; the likelihood says nothing on the others.
        log_bayes_factor: of effects under the prior against none.
    """
    size = len(prior_covariance)
    if not taken.any():
        return Components(np.zeros(1), np.zeros((1, size, size)), np.zeros((1, size)))
    groups = _groups(weight, theta[:, taken], _GROUPS_OF_POINTS, _FEWEST_POINTS)
    points = (weight, theta, np.zeros((len(theta), size, size)))
    return _skirted(_of_groups(groups, points, prior_covariance, taken), prior_covariance, log_bayes_factor)


def _skirted(terms: Components, prior_covariance: np.ndarray, log_bayes_factor: float) -> Components:
    """With a component more, the narrowest of some wide ones that carries little, so that L(0) fits the evidence.

    Where even the widest would carry more, the effect is weak and the groups reach to 0 themselves.
    """
    weight, mean, covariance, found = terms.posterior(prior_covariance)
    short = found - log_bayes_factor
    if short <= 0:
        return terms
    middle = weight @ mean
    precision = np.linalg.inv(
        np.einsum("c,cij->ij", weight, covariance) + (weight * (mean - middle).T) @ (mean - middle)
    )
    told = _positive(precision - np.linalg.inv(prior_covariance))
    for part in _SKIRTS:
        one = Components(np.zeros(1), part * told[None], (part * told @ middle)[None])
        beside = one.posterior(prior_covariance)[3] - log_bayes_factor
        if beside < np.log(_MOST_IN_SKIRT):
            return _with(terms, one, short + np.log(-np.expm1(-short)) - np.log1p(-np.exp(beside)))
    return terms


def _with(terms: Components, one: Components, log_weight: float) -> Components:
    """Components and one more."""
    joined = np.append(terms.log_weight, log_weight)
    return Components(
        joined - np.logaddexp.reduce(joined),
        np.concatenate([terms.information, one.information]),
        np.concatenate([terms.shift, one.shift]),
    )


def _of_groups(
    groups: list[np.ndarray],
    mixture: tuple[np.ndarray, np.ndarray, np.ndarray],
    prior_covariance: np.ndarray,
    taken: np.ndarray,
) -> Components:
    """One component for each group, from the moments of its mixture (weights, means, covariances) under the prior."""
    weight, mean, covariance = mixture
    log_weight, information, shift = [], [], []
    for group in groups:
        share = weight[group] / weight[group].sum()
        middle = share @ mean[group]
        apart = mean[group] - middle
        spread = np.einsum("c,cij->ij", share, covariance[group]) + np.einsum("c,ci,cj->ij", share, apart, apart)
        info = _information(spread, prior_covariance, taken)
        precision = info + np.linalg.inv(prior_covariance)
        push = precision @ middle
        push[~taken] = 0.0
        log_m1 = (
            0.5 * push @ np.linalg.solve(precision, push) - 0.5 * np.linalg.slogdet(precision @ prior_covariance)[1]
        )
        information.append(info)
        shift.append(push)
        log_weight.append(np.log(weight[group].sum()) - log_m1)
    total = np.logaddexp.reduce(log_weight)
    return Components(np.array(log_weight) - total, np.array(information), np.array(shift))


def collapsed(
    terms: Components,
    mcid: float,
    ladder_covariance: Float[np.ndarray, "dose dose"],
    taken: Bool[np.ndarray, " dose"],
) -> Collapsed:
    """The moment-matched single term, under theta ~ N(0, (10 MCID)^2 I)."""
    size = len(ladder_covariance)
    information, shift = np.zeros((size, size)), np.zeros(size)
    if taken.any():
        wide = (10 * mcid) ** 2 * np.eye(size)
        weight, mean, covariance, _ = terms.posterior(wide)
        middle = weight @ mean
        apart = mean - middle
        spread = np.einsum("c,cij->ij", weight, covariance) + np.einsum("c,ci,cj->ij", weight, apart, apart)
        block = np.ix_(taken, taken)
        information[block] = _positive(np.linalg.inv(spread[block]) - np.eye(int(taken.sum())) / (10 * mcid) ** 2)
        shift[taken] = np.linalg.solve(spread[block], middle[taken])
    return Collapsed(information, shift, _error(terms, information, shift, ladder_covariance, taken))


def _error(
    terms: Components, information: np.ndarray, shift: np.ndarray, prior: np.ndarray, taken: np.ndarray
) -> float:
    (mean, sd), (other, _) = (
        one.moments(prior) for one in (terms, Components(np.zeros(1), information[None], shift[None]))
    )
    return float(np.abs((other - mean) / sd)[taken].max(initial=0.0))


def _information(spread: np.ndarray, prior_covariance: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Information of a likelihood on the taken doses whose posterior under the prior has this covariance."""
    block = np.ix_(taken, taken)
    out = np.zeros_like(spread)
    out[block] = _positive(np.linalg.inv(spread[block]) - np.linalg.inv(prior_covariance[block]))
    return out


def _positive(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(0.5 * (matrix + matrix.T))
    return (vectors * np.maximum(values, 0.0)) @ vectors.T


def _groups(weight: np.ndarray, mean: np.ndarray, count: int, fewest: int = 1) -> list[np.ndarray]:
    """Split the heaviest, widest group at its weighted median along its widest direction until there are ``count``.

    No group has fewer members than ``fewest``, unless all have.
    """
    groups = [np.arange(len(weight))]
    while len(groups) < count:
        spread = [_spread(weight[g], mean[g]) for g in groups]
        widest = int(np.argmax([value for value, _ in spread]))
        group, direction = groups[widest], spread[widest][1]
        if len(group) < 2 * fewest or spread[widest][0] <= 0:
            break
        order = group[np.argsort(mean[group] @ direction, kind="stable")]
        total = np.cumsum(weight[order])
        cut = min(max(fewest, int(np.searchsorted(total, total[-1] / 2)) + 1), len(order) - fewest)
        groups[widest] = order[:cut]
        groups.append(order[cut:])
    return groups


def _spread(weight: np.ndarray, mean: np.ndarray) -> tuple[float, np.ndarray]:
    """Weighted sum of squares along the widest direction, and that direction."""
    middle = weight @ mean / weight.sum()
    apart = (mean - middle) * np.sqrt(weight)[:, None]
    values, vectors = np.linalg.eigh(apart.T @ apart)
    return float(values[-1]), vectors[:, -1]
