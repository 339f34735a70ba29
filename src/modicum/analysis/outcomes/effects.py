"""Effects on the outcome's own scale: what each dose changes, averaged over the days that were observed."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from modicum.analysis.design import Design
from modicum.analysis.outcomes.model import LinkModel
from modicum.analysis.outcomes.points import Points
from modicum.analysis.outcomes.response import response
from modicum.analysis.outcomes.weighted import quantiles

_AT_ONCE = 512
_LARGEST_SD = 0.99  # quantile


@dataclass(frozen=True)
class Effects:
    """Steady effects at every point, outcome units, each a mean over the scored entries.

    Args:
        alone: E[y | dose, steady] - E[y | no drug], all else as it was.
        together: the same with the whole of expectation, against none; equal to ``alone`` where that term is off.
        without: E[y | neither drug nor expectation].
    """

    alone: Float[np.ndarray, "point dose"]
    together: Float[np.ndarray, "point dose"]
    without: Float[np.ndarray, " point"]


def effects_of(model: LinkModel, design: Design, points: Points) -> Effects:
    """The effects at every point of a posterior (docs/model.md, Answers that are not scores).

    The mean count exp(eta + sd^2/2) has no posterior mean under a log-normal prior of sd. For counts the residual is
    therefore integrated with an sd no larger than its posterior 99th percentile (docs/decisions/0009).
    """
    sd = points.psi.sd
    if model.family.grows_without_end:
        sd = np.minimum(sd, quantiles((_LARGEST_SD,), sd, points.weight)[0])
    pieces = (slice(i, i + _AT_ONCE) for i in range(0, len(points), _AT_ONCE))
    parts = [_part(model, design, points.at(piece), sd[piece]) for piece in pieces]
    return Effects(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _part(
    model: LinkModel, design: Design, points: Points, sd: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    coefficients = points.coefficients
    columns = model.columns(points.psi.tau)
    if not len(model.y):
        columns = _usual_day(design, len(points))
    theta = coefficients[:, design.dose_at]
    drug = np.einsum("ptk,pk->pt", columns[:, :, design.dose_at], theta)
    as_it_was = np.einsum("pti,pi->pt", columns, coefficients) - drug
    natural = model.family.natural(points.shape)

    def mean(at: np.ndarray) -> np.ndarray:
        return response(model.family, natural, sd, at).mean(1)

    base = mean(as_it_was)
    alone = np.stack([mean(as_it_was + one[:, None]) - base for one in theta.T], axis=1)
    at = design.expectation_at
    if at is None:
        return alone, alone, base
    kappa = coefficients[:, at]
    hopeless = as_it_was - columns[:, :, at] * kappa[:, None]
    without = mean(hopeless)
    together = np.stack([mean(hopeless + (one + kappa)[:, None]) - without for one in theta.T], axis=1)
    return alone, together, without


def _usual_day(design: Design, points: int) -> Float[np.ndarray, "point one coefficient"]:
    """The columns of a day in the middle of the trial, without drug and hope: where nothing was observed."""
    usual = np.array([name == "intercept" for name in design.names], float)
    return np.broadcast_to(usual, (points, 1, len(usual)))
