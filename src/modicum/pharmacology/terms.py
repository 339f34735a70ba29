"""Terms: a course in time as a sum of exponentials, and what becomes of it behind one more first-order step."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

APART = 1e-6  # relative; two rates closer than this are moved apart, which changes no course by more


@dataclass(frozen=True)
class Terms:
    """The sum over terms of ``weight * exp(-rate * t)`` for t >= 0, for every person.

    Args:
        weight: in whatever the course is measured in, for 1 mg.
        rate: 1/h, > 0.
    """

    weight: Float[np.ndarray, "person term"]
    rate: Float[np.ndarray, "person term"]

    def through(self, rate_per_h: Float[np.ndarray, " person"]) -> "Terms":
        """The course behind a first-order step of unit gain: the solution of dy/dt = rate (x - y), y(0) = 0."""
        rate = _apart(rate_per_h, self.rate)
        passed = self.weight * (rate[:, None] / (rate[:, None] - self.rate))
        return Terms(
            np.concatenate([passed, -passed.sum(1, keepdims=True)], 1),
            np.concatenate([self.rate, rate[:, None]], 1),
        )

    def times(self, factor: Float[np.ndarray, " person"]) -> "Terms":
        """The course times a number for each person."""
        return Terms(self.weight * factor[:, None], self.rate)

    def plus(self, other: "Terms") -> "Terms":
        """The sum of two courses."""
        return Terms(np.concatenate([self.weight, other.weight], 1), np.concatenate([self.rate, other.rate], 1))

    def at(self, time_h: Float[np.ndarray, " time"]) -> Float[np.ndarray, "person time"]:
        """The course after one dose at time 0; nothing before."""
        after = np.maximum(time_h, 0.0)
        value = np.einsum("pk,pkt->pt", self.weight, np.exp(-self.rate[:, :, None] * after))
        return np.where(time_h >= 0, value, 0.0)

    def nightly(self, time_h: Float[np.ndarray, " time"], nights: int) -> Float[np.ndarray, "person time"]:
        """The course while one dose is taken at 0, 24, 48 ... h: doses superpose, a geometric series in each term."""
        taken = np.clip(np.floor(time_h / 24 + 1e-12) + 1, 0, nights)
        since = np.maximum(time_h - 24 * (taken - 1), 0.0)
        rate = self.rate[:, :, None]
        series = np.expm1(-24 * rate * taken) / np.expm1(-24 * rate)
        value = np.einsum("pk,pkt->pt", self.weight, series * np.exp(-rate * since))
        return np.where(time_h >= 0, value, 0.0)

    def area(self) -> Float[np.ndarray, " person"]:
        """The area under the course, from the dose to infinity."""
        return (self.weight / self.rate).sum(1)

    def slope(self) -> "Terms":
        """The rate of change of the course."""
        return Terms(-self.weight * self.rate, self.rate)


def _apart(
    rate: Float[np.ndarray, " person"], others: Float[np.ndarray, "person term"]
) -> Float[np.ndarray, " person"]:
    """The rates, moved where they are all but equal to one of the others."""
    for other in others.T:
        rate = np.where(np.abs(rate - other) < APART * other, other * (1 + APART), rate)
    return rate
