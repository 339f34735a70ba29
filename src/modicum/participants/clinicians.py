"""Clinicians: in which habits virtual clinicians differ, as data; what has no source is an assumption and says so."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from modicum.foundation.streams import stream
from modicum.participants.population import LIBRARY, Parameter, Population, Shelf
from modicum.protocol.record import Name, Part, Prose, Words

HABITS = Shelf(LIBRARY / "clinicians", "--habits", "set of habits", missing="MOD-SIM-03", bad="MOD-SIM-04")


class HabitParameters(Part):
    """The two habits; ``says`` of each explains it."""

    flare_share: Parameter
    encouragement: Parameter


class Habits(Part):
    """How clinicians differ, as data.

    Args:
        schema_version: "modicum.habits/1"; in the file the field is called ``schema``.
        name: by which it is called.
        title: one line.
        summary: in words, what it leaves out.
        parameters: see there.
    """

    model_config = ConfigDict(validate_by_name=False, validate_by_alias=True)

    schema_version: Annotated[Literal["modicum.habits/1"], Field(alias="schema")]
    name: Name
    title: Words
    summary: Prose = ""
    parameters: HabitParameters


@dataclass(frozen=True)
class Clinician:
    """One virtual clinician.

    Args:
        flare_share: of the patients who start in a flare, 0 to 1.
        encouragement: by which each patient's hope is multiplied, at least 0.
    """

    flare_share: float
    encouragement: float

    @classmethod
    def draw(cls, seed: int, number: int, habits: Habits) -> "Clinician":
        """One clinician; who it is does not depend on how many there are, nor on the patients.

        Args:
            seed: of the whole run.
            number: of the clinician.
            habits: how clinicians differ.
        """
        rng, parameters = stream(seed, "clinician", number), habits.parameters
        share, times = parameters.flare_share.of_person(rng), parameters.encouragement.of_person(rng)
        return cls(min(max(share, 0.0), 1.0), max(times, 0.0))

    def patients(self, population: Population) -> Population:
        """The population that this clinician's patients are drawn from.

        Args:
            population: of people who have no clinician yet.
        """
        return population.but(flare_share=self.flare_share).times(hope=self.encouragement)


def read_habits(source: str) -> Habits:
    """Shipped habits by name, or a file.

    Args:
        source: a name of ``HABITS.names``, or a path.

    Raises:
        OptionsError: there are no such habits, or every problem of the file.
    """
    return HABITS.read(source, Habits)
