"""Populations: what virtual people are like, as data with sources; what has none is an assumption and says so."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from modicum.foundation.errors import OptionsError, Problem
from modicum.protocol.items import Grade
from modicum.protocol.record import Name, Part, Positive, Prose, Words

LIBRARY = files("modicum.participants") / "library"
_ALIKE = {"sd": 0.0, "log_sd": None}
NO_POPULATION, BAD_POPULATION = "MOD-SIM-01", "MOD-SIM-02"


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


class Parameters(Part):
    """All parameters of a population; ``says`` of each explains it."""

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
        return self.model_copy(update={"parameters": self.parameters.model_copy(update=changed)})


def shipped() -> tuple[str, ...]:
    """Names of the shipped populations."""
    return tuple(sorted(path.name.removesuffix(".toml") for path in LIBRARY.iterdir() if path.name.endswith(".toml")))


def read_population(source: str) -> Population:
    """A shipped population by name, or a file.

    Args:
        source: a name of :func:`shipped`, or a path.

    Raises:
        OptionsError: there is no such population, or every problem of the file.
    """
    text = _text(source)
    try:
        return Population.model_validate(tomllib.loads(text), strict=False)
    except tomllib.TOMLDecodeError as error:
        fix = "Write it as TOML; start from a shipped population."
        raise OptionsError([Problem(BAD_POPULATION, source, str(error), "The file is not TOML.", fix)]) from error
    except ValidationError as error:
        raise OptionsError([_problem(source, one) for one in error.errors()]) from error


def _text(source: str) -> str:
    if source in shipped():
        return (LIBRARY / f"{source}.toml").read_text(encoding="utf-8")
    try:
        return Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fix = f"Give a file, or one of {', '.join(shipped())}."
        message = "There is no such population."
        raise OptionsError([Problem(NO_POPULATION, "--population", source, message, fix)]) from error


def _problem(source: str, error: ErrorDetails) -> Problem:
    where = ".".join(str(part) for part in error["loc"])
    value, message = repr(error.get("input", ""))[:80], error["msg"] + "."
    return Problem(BAD_POPULATION, f"{source}: {where}", value, message, "Compare with a shipped population.")
