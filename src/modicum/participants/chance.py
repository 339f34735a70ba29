"""Chance: what luck brings one virtual person on every day, drawn beforehand so that no decision changes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from modicum.foundation.streams import stream
from modicum.participants.population import Parameters

_LATEST_DAYS = 3
_NEVER = 1e-9


class Luck(NamedTuple):
    """The luck of one day; see :class:`Chance`."""

    residual: float
    entry: float
    capsule: float
    leaving: float
    correction: float
    delay_days: int
    complaint: list[float]
    severity: list[float]


@dataclass(frozen=True)
class Chance:
    """Luck of every day of the longest trial there could be.

    Args:
        residual: what nothing explains, points.
        entry, capsule, leaving, correction, complaint, severity: uniform deviates; the last two one a complaint.
        delay_days: how late an entry arrives.
    """

    residual: Float[np.ndarray, " day"]
    entry: Float[np.ndarray, " day"]
    capsule: Float[np.ndarray, " day"]
    leaving: Float[np.ndarray, " day"]
    correction: Float[np.ndarray, " day"]
    delay_days: Int[np.ndarray, " day"]
    complaint: Float[np.ndarray, "day complaint"]
    severity: Float[np.ndarray, "day complaint"]

    def by_day(self) -> list[Luck]:
        """The luck of every day, as plain numbers."""
        return list(starmap(Luck, zip(*(getattr(self, name).tolist() for name in Luck._fields), strict=True)))

    @classmethod
    def draw(cls, seed: int, person: int, parameters: Parameters, days: int, complaints: Sequence[str]) -> "Chance":
        """The luck of one person.

        Args:
            seed: of the whole run.
            person: number of the person; the same person meets the same luck under every protocol.
            parameters: of the population.
            days: how many are drawn. A longer draw begins with the shorter one.
            complaints: names of the side effects that are asked about; each has luck of its own, whatever the others.
        """

        def uniform(name: str, *shape: int) -> np.ndarray:
            return stream(seed, "chance", name, person).random((days, *shape))

        def of_each(name: str) -> np.ndarray:
            drawn = [stream(seed, "chance", name, person, complaint).random(days) for complaint in complaints]
            return np.array(drawn).reshape(len(complaints), days).T

        late = uniform("late", 2)
        delay = np.where(late[:, 0] < parameters.late_entries.value, 1 + (late[:, 1] * _LATEST_DAYS).astype(int), 0)
        return cls(
            residual=residual(stream(seed, "chance", "residual", person), days, parameters),
            entry=uniform("entry"),
            capsule=uniform("capsule"),
            leaving=uniform("leaving"),
            correction=uniform("correction"),
            delay_days=delay,
            complaint=of_each("complaint"),
            severity=of_each("severity"),
        )


def residual(rng: np.random.Generator, days: int, parameters: Parameters) -> Float[np.ndarray, " day"]:
    """An Ornstein-Uhlenbeck process at one entry a day, and white noise, with the total sd of the population.

    Source: Uhlenbeck & Ornstein (1930), in its exact discretisation.
    """
    from scipy.signal import lfilter

    z = rng.standard_normal((days, 2))
    r, white = parameters.correlation.value, parameters.white_share.value
    kicks = z[:, 0] * np.sqrt(1.0 - r * r)
    kicks[0] = z[0, 0]
    slow = lfilter([1.0], [1.0, -r], kicks) if r > _NEVER else z[:, 0]
    return parameters.residual_sd.value * (np.sqrt(1.0 - white) * slow + np.sqrt(white) * z[:, 1])
