"""Scenarios: one protocol, one kind of person, one truth; and what became of one virtual trial."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from modicum.analysis.question import Question
from modicum.decision.judging import WORKING
from modicum.participants.population import Population
from modicum.protocol.schema import Protocol

Judge = Literal["modicum", "eye"]


@dataclass(frozen=True)
class Scenario:
    """What is simulated.

    Args:
        protocol: of the trial.
        question: what it asks of every diary.
        population: of the persons.
        archetype: how the drug's effect depends on the dose.
        effect_in_mcid: full benefit, MCIDs of the primary outcome.
        judged_by: whether the last word is the model's or the eye's.
        like: values of parameters that take the place of the population's, person by person, over and over: people who
            are as noisy as one whose diary was read. Empty for the population as it is.
    """

    protocol: Protocol
    question: Question
    population: Population
    archetype: str
    effect_in_mcid: float = 1.5
    judged_by: Judge = "modicum"
    like: tuple[tuple[tuple[str, float], ...], ...] = ()

    def people(self, person: int) -> Population:
        """The population that a person is drawn from."""
        return self.population.but(**dict(self.like[person % len(self.like)])) if self.like else self.population


@dataclass(frozen=True)
class Outcome:
    """What became of one virtual trial.

    Args:
        person: number.
        verdict: code of the last verdict; by eye "works" or "cannot-tell".
        dose_mg: the dose that it names, mg, or None.
        unqualified: whether the belief-adjusted analysis agrees.
        ending: which rule ended the trial.
        days: that it took.
        side_effect_days: days with a complaint.
        p_no_effect: posterior probability that the drug does nothing; None by eye.
        decisions: what was visible: why each block was begun, and how long it was.
        arms: whether each block held drug, which nobody saw.
    """

    person: int
    verdict: str
    dose_mg: float | None
    unqualified: bool
    ending: str
    days: int
    side_effect_days: int
    p_no_effect: float | None
    decisions: tuple[tuple[str, str, int], ...]
    arms: tuple[bool, ...]

    @property
    def declared(self) -> bool:
        """Whether the drug was declared to work."""
        return self.verdict in WORKING


VERDICTS: Mapping[bool, str] = {True: "works", False: "cannot-tell"}
