"""Populations: what virtual people are like, as data with sources; what has none is an assumption and says so."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import numpy as np
from pydantic import ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails

from modicum.foundation.errors import OptionsError, Problem
from modicum.protocol.items import Grade
from modicum.protocol.record import Name, Part, Positive, Prose, Words

LIBRARY = files("modicum.participants") / "library"
_ALIKE = {"sd": 0.0, "log_sd": None}
Kind = TypeVar("Kind", bound=Part)


class Parameter(Part):
    """One thing that is true of every person, or spread between persons.

    Args:
        value: mean, or median where ``log_sd`` is given; in ``unit``.
        sd: between persons, 0 where all are alike.
        log_sd: sd of the logarithm between persons, instead of ``sd``.
        low, high: no person lies beyond.
        unit: of the value.
        says: what it means, in words.
        source: where it comes from; "assumption" where nothing was found.
        grade: of the source.
    """

    value: float
    sd: Annotated[float, Field(ge=0)] = 0.0
    log_sd: Positive | None = None
    low: float | None = None
    high: float | None = None
    unit: Words
    says: Words
    source: Words
    grade: Grade

    def of_person(self, rng: np.random.Generator) -> float:
        """The value of one person. One normal deviate is drawn whatever the spread, so that streams stay in step."""
        z = float(rng.standard_normal())
        value = self.value * float(np.exp(self.log_sd * z)) if self.log_sd is not None else self.value + self.sd * z
        low = -np.inf if self.low is None else self.low
        high = np.inf if self.high is None else self.high
        return float(min(max(value, low), high))

    def times(self, factor: float) -> "Parameter":
        """The same with every person's value multiplied; how persons differ is kept.

        Args:
            factor: at least 0.
        """
        ends = {name: None if end is None else factor * end for name, end in (("low", self.low), ("high", self.high))}
        return self.model_copy(update={"value": factor * self.value, "sd": factor * self.sd, **ends})


def _of_nobody(value: float, unit: str, says: str) -> Parameter:
    """What a population that does not speak of it has."""
    return Parameter(value=value, unit=unit, says=says, source="assumption", grade="assumption")


_CHANCES = (
    "white_share", "flare_share", "prone", "dreams_prone", "dreams_else", "other_complaints", "after_step",
    "troublesome", "believes_placebo", "missed_entries", "late_entries", "corrected", "missed_capsules", "cycle_share",
)  # fmt: skip
_BELOW_ONE = ("correlation", "leaves")
_ABOVE_ZERO = ("hope_onset", "onset", "residual_sd", "flare_fades", "cycle_days")
_DIFFERENT = ("level", "drift", "hope", "onset")  # between people


class Parameters(Part):
    """All parameters of a population; ``says`` of each explains it. The last four may be left out."""

    level: Parameter
    drift: Parameter
    hope: Parameter
    hope_onset: Parameter
    onset: Parameter
    residual_sd: Parameter
    correlation: Parameter
    white_share: Parameter
    flare_share: Parameter
    flare: Parameter
    flare_fades: Parameter
    prone: Parameter
    telling: Parameter
    dreams_prone: Parameter
    dreams_else: Parameter
    other_complaints: Parameter
    after_step: Parameter
    troublesome: Parameter
    believes_placebo: Parameter
    missed_entries: Parameter
    missed_on_bad_days: Parameter
    late_entries: Parameter
    corrected: Parameter
    missed_capsules: Parameter
    skips_on_bad_days: Parameter
    leaves: Parameter
    leaves_when_worse: Parameter
    cycle_share: Parameter = _of_nobody(0.0, "of persons", "whose days get better and worse with a monthly cycle")
    cycle: Parameter = _of_nobody(1.0, "points", "how much worse its worst days are, and better its best")
    cycle_days: Parameter = _of_nobody(28.0, "days", "length of a cycle")
    harm: Parameter = _of_nobody(0.0, "points a mg", "worsening that the drug brings, whatever it helps")

    @field_validator("*")
    @classmethod
    def _fits(cls, parameter: Parameter, info: ValidationInfo) -> Parameter:
        """A value that a person can have, and a spread only where people are drawn with one."""
        name = info.field_name or ""
        if name in _CHANCES and not 0 <= parameter.value <= 1:
            raise ValueError(f"It is a share or a chance, from 0 to 1, and not {parameter.value:g}")
        if name in _BELOW_ONE and not 0 <= parameter.value < 1:
            raise ValueError(f"It is at least 0 and below 1, and not {parameter.value:g}")
        if name in _ABOVE_ZERO and not parameter.value > 0:
            raise ValueError(f"It is above 0, and not {parameter.value:g}")
        if name not in _DIFFERENT and (parameter.sd or parameter.log_sd):
            raise ValueError("All people are alike in it: give no sd and no log_sd")
        return parameter


class Population(Part):
    """A virtual population as data.

    Args:
        schema_version: "modicum.population/1"; in the file the field is called ``schema``.
        name: by which it is called.
        title: one line.
        summary: in words, what it leaves out.
        parameters: see there.
    """

    model_config = ConfigDict(validate_by_name=False, validate_by_alias=True)

    schema_version: Annotated[Literal["modicum.population/1"], Field(alias="schema")]
    name: Name
    title: Words
    summary: Prose = ""
    parameters: Parameters

    def but(self, **values: float) -> "Population":
        """The same population with other values of some parameters, in which then all people are alike.

        Example:
            >>> read_population("typical").but(flare_share=0.5).parameters.flare_share.value
            0.5
        """
        changed = {
            name: getattr(self.parameters, name).model_copy(update=_ALIKE | {"value": v}) for name, v in values.items()
        }
        return self._with(changed)

    def times(self, **factors: float) -> "Population":
        """The same population with some parameters of every person multiplied; people stay as different as they are.

        Example:
            >>> hope = read_population("typical").times(hope=2.0).parameters.hope
            >>> hope.value, hope.sd
            (1.6, 1.2)
        """
        return self._with({name: getattr(self.parameters, name).times(factor) for name, factor in factors.items()})

    def _with(self, changed: dict[str, Parameter]) -> "Population":
        return self.model_copy(update={"parameters": self.parameters.model_copy(update=changed)})


@dataclass(frozen=True)
class Shelf:
    """Where data of one kind are shipped, and how what is wrong with them is said.

    Args:
        folder: of the shipped files.
        option: by which the command line asks for them.
        one: word for one of them.
        missing, bad: codes of one that is not there, and of one that cannot be used.
    """

    folder: Traversable
    option: str
    one: str
    missing: str
    bad: str

    @property
    def names(self) -> tuple[str, ...]:
        """Of all that is shipped."""
        return tuple(sorted(p.name.removesuffix(".toml") for p in self.folder.iterdir() if p.name.endswith(".toml")))

    def read(self, source: str, kind: type[Kind]) -> Kind:
        """What is shipped by that name, or a file.

        Args:
            source: a name, or a path.
            kind: of data.

        Raises:
            OptionsError: there is no such thing, or every problem of the file.
        """
        text = self._text(source)
        try:
            return kind.model_validate(tomllib.loads(text), strict=False)
        except tomllib.TOMLDecodeError as error:
            fix = f"Write it as TOML; start from a shipped {self.one}."
            raise OptionsError([Problem(self.bad, source, str(error), "The file is not TOML.", fix)]) from error
        except ValidationError as error:
            raise OptionsError([self._problem(source, one) for one in error.errors()]) from error

    def _text(self, source: str) -> str:
        if source in self.names:
            return (self.folder / f"{source}.toml").read_text(encoding="utf-8")
        try:
            return Path(source).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError, ValueError) as error:
            fix, message = f"Give a file, or one of {', '.join(self.names)}.", f"There is no such {self.one}."
            raise OptionsError([Problem(self.missing, self.option, source, message, fix)]) from error

    def _problem(self, source: str, error: ErrorDetails) -> Problem:
        where = ".".join(str(part) for part in error["loc"])
        value, message = repr(error.get("input", ""))[:80], error["msg"] + "."
        return Problem(self.bad, f"{source}: {where}", value, message, f"Compare with a shipped {self.one}.")


POPULATIONS = Shelf(LIBRARY, "--population", "population", missing="MOD-SIM-01", bad="MOD-SIM-02")


def shipped() -> tuple[str, ...]:
    """Names of the shipped populations."""
    return POPULATIONS.names


def read_population(source: str) -> Population:
    """A shipped population by name, or a file.

    Args:
        source: a name of :func:`shipped`, or a path.

    Raises:
        OptionsError: there is no such population, or every problem of the file.
    """
    return POPULATIONS.read(source, Population)
