"""Virtual clinicians, each with some virtual patients: of how many each would report that the drug helped.

A drug that helps a share of people is the same drug, in the same people, as one that helps more of them: whoever
responds where a third do responds where two thirds do. Each person is therefore sent through a protocol at most twice,
once without a response and once with it, and every share is put together from the two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from modicum.foundation.streams import stream
from modicum.participants.clinicians import Clinician, Habits
from modicum.participants.population import Population
from modicum.simulation.people import simulate_people
from modicum.simulation.scenario import Outcome, Scenario
from modicum.simulation.sweep import Chunk, Counting

NOBODY, A_THIRD, TWO_THIRDS = TRUE_SHARES = (Fraction(0), Fraction(1, 3), Fraction(2, 3))
_NOT_HELPED = "none"


@dataclass(frozen=True, kw_only=True)
class Practice(Scenario):
    """A scenario whose people are the patients of clinicians, so many consecutive ones of each.

    Args:
        habits: how the clinicians differ.
        patients: of each.
        seed: of the whole run, by which the clinicians are drawn.
    """

    habits: Habits
    patients: int
    seed: int

    def people(self, person: int) -> Population:
        """The population that a person is drawn from: that of this person's clinician."""
        clinician = Clinician.draw(self.seed, person // self.patients, self.habits)
        return clinician.patients(super().people(person))


@dataclass(frozen=True)
class Said:
    """Of whom it was said that the drug works.

    Args:
        declared: numbers of these people.
        unqualified: of those of them for whom the belief-adjusted analysis agrees; by eye there is none.
    """

    declared: frozenset[int] = frozenset()
    unqualified: frozenset[int] = frozenset()

    def __add__(self, other: "Said") -> "Said":
        """The same of the people of both."""
        return Said(self.declared | other.declared, self.unqualified | other.unqualified)

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> "Said":
        """The same of these trials."""
        declared = [outcome for outcome in outcomes if outcome.declared]
        every = frozenset(outcome.person for outcome in declared)
        return cls(every, frozenset(outcome.person for outcome in declared if outcome.unqualified))

    @classmethod
    def read(cls, document: dict[str, Any]) -> "Said":
        """One that was written by :meth:`write`."""
        return cls(*(frozenset(int(person) for person in document[name]) for name in ("declared", "unqualified")))

    def write(self) -> dict[str, Any]:
        """It as a JSON document."""
        return {"declared": sorted(self.declared), "unqualified": sorted(self.unqualified)}


def responds(seed: int, person: int) -> float:
    """The share of people who respond, above which this person is one of them.

    Args:
        seed: of the whole run.
        person: number; the same person responds under every protocol.

    Returns:
        0 to 1: who responds where a third do responds where two thirds do.
    """
    return float(stream(seed, "responds", person).random())


def run_patients(scenario: Scenario, seed: int, chunk: Chunk, threads: int | None = 1) -> Said:
    """What was said of the people of one chunk; where the drug helps, of those whom it ever helps."""
    people = range(chunk.first, chunk.first + chunk.count)
    if scenario.archetype != _NOT_HELPED:
        return Said.of(simulate_people(scenario, seed, _helped(seed, people), threads=threads))
    return Said.of(simulate_people(scenario, seed, people, threads=threads))


COUNTING = Counting(run_patients, Said)


def _helped(seed: int, people: Iterable[int]) -> list[int]:
    return [person for person in people if responds(seed, person) < max(TRUE_SHARES)]


@dataclass(frozen=True)
class Reports:
    """Of how many of their patients clinicians report that the drug helped, where it helps no share of people or some.

    Args:
        patients: of each clinician.
        helped: how many of these the drug truly helps.
        declared: of how many it is said.
        unqualified: of how many it is said, and the belief-adjusted analysis agrees.
    """

    patients: int
    helped: Int[np.ndarray, " clinician"]
    declared: Int[np.ndarray, " clinician"]
    unqualified: Int[np.ndarray, " clinician"]


def reports(
    unhelped: Said, helped: Said, drawn: Float[np.ndarray, "clinician patient"], true_share: Fraction
) -> Reports:
    """What clinicians report.

    Args:
        unhelped: of whom it was said that the drug works, where it helps nobody.
        helped: the same where it helps.
        drawn: of each person, :func:`responds`.
        true_share: of people whom the drug helps, at most the largest of TRUE_SHARES.
    """
    respond = drawn < float(true_share)

    def count(without: frozenset[int], with_drug: frozenset[int]) -> Int[np.ndarray, " clinician"]:
        said = np.where(respond, _among(with_drug, drawn.shape), _among(without, drawn.shape))
        return said.sum(1)

    return Reports(
        drawn.shape[1],
        respond.sum(1),
        count(unhelped.declared, helped.declared),
        count(unhelped.unqualified, helped.unqualified),
    )


def _among(numbers: frozenset[int], shape: tuple[int, ...]) -> Bool[np.ndarray, "clinician patient"]:
    flat = np.zeros(shape[0] * shape[1], bool)
    flat[sorted(numbers)] = True
    return flat.reshape(shape)


def drawn_responses(seed: int, clinicians: int, patients: int) -> Float[np.ndarray, "clinician patient"]:
    """Of each patient of each clinician, :func:`responds`."""
    every = [responds(seed, person) for person in range(clinicians * patients)]
    return np.array(every, float).reshape(clinicians, patients)
