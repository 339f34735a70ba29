"""A side effect of many people: one dose effect, one step effect, and a usual rate of each person's own.

logit P = a + r_i + b g(d) + c ... + n ..., r_i ~ N(0, s_b^2), s_b half-normal(1). Each person's r_i is integrated by a
Gauss-Hermite rule around where that person's diary and the place of a and s_b put it. Thirty people of three months
take some twenty seconds; how exact the points are, :meth:`Points.standard_errors` says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float
from scipy.special import roots_hermitenorm

from modicum.analysis.axes import Axis
from modicum.analysis.estimate import Summary
from modicum.analysis.outcomes import hermite
from modicum.analysis.outcomes.families import Binary, Family
from modicum.analysis.outcomes.importance import sample
from modicum.analysis.outcomes.model import columns_of
from modicum.analysis.outcomes.modes import Modes
from modicum.analysis.outcomes.points import Points
from modicum.analysis.outcomes.psi import LinkAxes, Psi
from modicum.analysis.outcomes.response import response
from modicum.analysis.outcomes.weighted import summary
from modicum.analysis.people import People
from modicum.analysis.side_effects import DoseRate, StepDesign, dose_scale, side_effect_model

_POINTS = 1024
_RULE = 5  # nodes for each person's own rate
_BETWEEN_SD = 1.0
_BETWEEN_WINDOW = (np.log(0.02), np.log(5.0))  # of s_b: below, nobody differs; above, P(s_b) < 1e-6
_AT_ONCE = 128  # places of psi: each holds all entries of all people
_CENTRE = Psi(*(np.array([value]) for value in (4.0, 4.0, 0.7, 0.7)))


@dataclass(frozen=True)
class SideEffectOfMany:
    """What many people's diaries say together.

    Args:
        people: how many.
        doses: what each dose adds to the chance of an event on a night, for a person drawn from those like them.
        usual: that chance without drug and far from any step.
        fading_days: time constant with which the effect of a step goes.
        between_sd: sd between people of their usual rates, log odds.
    """

    people: int
    doses: tuple[DoseRate, ...]
    usual: Summary
    fading_days: Summary
    between_sd: Summary


def model_side_effect_of_many(
    designs: Sequence[StepDesign], ladder_mg: Float[np.ndarray, " dose"], points: int = _POINTS
) -> tuple[SideEffectOfMany, Points]:
    """Fit one side effect of many people.

    Args:
        designs: of each person (:func:`modicum.analysis.side_effects.step_design`), on one ladder.
        ladder_mg: the doses to report.
        points: how many, a power of two.

    Returns:
        The summary, and the points: coefficients a, b, c, n; psi with s_b in the place of the overdispersion.
    """
    found, _ = sample(_Many(tuple(designs)), points)
    added = added_by_dose(found, dose_scale(ladder_mg, ladder_mg))
    return SideEffectOfMany(
        people=len(designs),
        doses=tuple(DoseRate(float(mg), summary(added[:, k], found.weight)) for k, mg in enumerate(ladder_mg)),
        usual=summary(_chance(found, found.coefficients[:, :1])[:, 0], found.weight),
        fading_days=summary(found.psi.tau, found.weight),
        between_sd=summary(found.psi.overdispersion, found.weight),
    ), found


def added_by_dose(points: Points, level: Float[np.ndarray, " dose"]) -> Float[np.ndarray, "point dose"]:
    """P(event | steady dose) - P(event | no drug) over people, for doses on the scale of g."""
    usual, slope = points.coefficients[:, :1], points.coefficients[:, 1:2]
    return _chance(points, usual + slope * level) - _chance(points, usual)


def _chance(points: Points, at: np.ndarray) -> np.ndarray:
    """Chance of an event with the residual and the difference between people integrated."""
    return response(Binary(), points.shape, np.hypot(points.psi.sd, points.psi.overdispersion), at)


@dataclass(frozen=True)
class _HalfNormalAxes(LinkAxes):
    """Axes whose last one is s_b, evenly spaced in its log, with a half-normal prior."""

    def cells(self, counts: tuple[int, ...]) -> tuple[Psi, Float[np.ndarray, " cell"]]:
        psi, _ = super().cells(counts)
        return psi, self.log_prior(counts, psi)

    def log_prior(self, counts: tuple[int, ...], psi: Psi) -> Float[np.ndarray, " place"]:
        last = self.overdispersion
        flat = LinkAxes(self.tau, self.ell, self.sd, Axis("point", 0.0, 0.0)).log_prior(counts, psi)
        between = psi.overdispersion
        density = 0.5 * np.log(2 / np.pi) - np.log(_BETWEEN_SD) - 0.5 * (between / _BETWEEN_SD) ** 2 + np.log(between)
        return flat + density + np.log((last.high - last.low) / counts[3])


@dataclass(frozen=True)
class _Many:
    """All people as one model for the sampler."""

    designs: tuple[StepDesign, ...]

    @property
    def family(self) -> Family:
        return Binary()

    @property
    def coefficients(self) -> int:
        return 4

    @property
    def axes(self) -> LinkAxes:
        alone = side_effect_model(self.designs[0]).axes
        between = Axis("log", *_BETWEEN_WINDOW)
        return _HalfNormalAxes(alone.tau, alone.ell, alone.sd, between)

    def shape(self, psi: Psi, found: Float[np.ndarray, "place found"] | None = None) -> Float[np.ndarray, "place 0"]:
        return np.zeros((len(psi), 0))

    def log_prior(self, coefficients: Float[np.ndarray, "point coefficient"]) -> Float[np.ndarray, " point"]:
        return side_effect_model(self.designs[0]).log_prior(coefficients)

    def modes(self, psi: Psi) -> Modes:
        """Of a, b, c and n; the people's own rates are found with them and left out."""
        parts = [self._people.modes(psi.at(slice(i, i + _AT_ONCE)))[0] for i in range(0, len(psi), _AT_ONCE)]
        return Modes(
            np.concatenate([part.centre for part in parts]),
            np.concatenate([part.covariance for part in parts]),
            np.concatenate([part.log_evidence for part in parts]),
        )

    @cached_property
    def _people(self) -> People:
        return People.of(self.designs)

    @cached_property
    def _told(self) -> tuple[np.ndarray, np.ndarray]:
        """What each diary alone says of its person's usual rate, as a Gaussian: precision, and precision times mean.

        It is what is left of the Laplace approximation at the middle of the prior of psi without the prior there.
        """
        modes, own, sd = self._people.modes(_CENTRE)
        pull = 1.0 / float(_CENTRE.overdispersion[0]) ** 2
        precision = np.maximum(1.0 / sd**2 - pull, 0.0)
        return precision, own / sd**2 - pull * modes.centre[0, 0]

    def log_likelihood(
        self,
        psi: Psi,
        coefficients: Float[np.ndarray, "point coefficient"],
        shape: Float[np.ndarray, "point shape"],
    ) -> Float[np.ndarray, " point"]:
        """Sum over people of the log of their likelihood, each own rate integrated."""
        at, weight = roots_hermitenorm(_RULE)
        log_weight = np.log(weight / weight.sum())
        total = np.zeros(len(psi))
        usual, pull = coefficients[:, 0], psi.overdispersion**-2.0
        for one, told, aim in zip(self.designs, *self._told, strict=True):
            spread = 1.0 / np.sqrt(told + pull)
            rate = ((aim + pull * usual) * spread**2)[:, None] + spread[:, None] * at
            z = (rate - usual[:, None]) / psi.overdispersion[:, None]
            log_ratio = 0.5 * (at**2 - z**2) + np.log(spread / psi.overdispersion)[:, None]
            total += np.logaddexp.reduce(log_weight + log_ratio + self._at_rates(one, psi, coefficients, rate), axis=1)
        return total

    @staticmethod
    def _at_rates(one: StepDesign, psi: Psi, coefficients: np.ndarray, rate: np.ndarray) -> np.ndarray:
        """One person's log likelihood at every point and own rate."""
        columns = columns_of(one, psi.tau)
        rest = np.einsum("pti,pi->pt", columns[:, :, 1:], coefficients[:, 1:])
        eta = (rest[:, None, :] + rate[:, :, None]).reshape(-1, len(one))
        found = hermite.log_likelihood(
            Binary(),
            one.score,
            eta,
            np.zeros((len(eta), 0)),
            sd=np.repeat(psi.sd, rate.shape[1]),
            ell=np.repeat(psi.ell, rate.shape[1]),
            time_days=one.time_days,
        )
        return found.reshape(rate.shape)
