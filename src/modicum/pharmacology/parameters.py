"""Parameters: every number of the model on one line of ``parameters.toml``, with its source or marked as assumed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from jaxtyping import Float

Values = Mapping[str, Float[np.ndarray, " person"]]


@dataclass(frozen=True)
class Parameter:
    """One number of the model.

    Args:
        name: by which it is set; ends in its unit where it has one.
        value: of a typical person, in ``unit``.
        unit: "1" where it has none.
        low, high: what it may be set to, in ``unit``.
        cv: coefficient of variation between people, 0 where none is assumed. From four people (Verebey 1976), so an
            order of magnitude; that of absorption and volumes is assumed to be like theirs.
        sentence: what it is, what other figures there are and why this one was taken.
        source: where it is from; empty where there is none.
        grade: how good that is, in the words of a protocol's sources.
        verified: whether the figure was read at the source or in a copy of it.
    """

    name: str
    value: float
    unit: str
    low: float
    high: float
    cv: float
    sentence: str
    source: str
    grade: str
    verified: bool

    @property
    def label(self) -> str:
        """How sure the figure is, in a word for tables: its grade, and "not verified" where it was not read."""
        return self.grade if self.verified or self.grade == "assumption" else f"{self.grade}, not verified"


@dataclass(frozen=True)
class Scenario:
    """A story of how long a dose blocks.

    Args:
        name: "days" or "hours".
        half_time_h: hours from a dose until the occupancy has fallen to half of its peak.
        dose_mg: the dose that this was said of, mg of the hydrochloride.
        sentence, source, grade, verified: as for a parameter.
    """

    name: str
    half_time_h: float
    dose_mg: float
    sentence: str
    source: str
    grade: str
    verified: bool

    @property
    def measured(self) -> bool:
        """Whether somebody measured it in people."""
        return self.grade == "trial"

    @property
    def label(self) -> str:
        """The grade for tables, and that nobody measured it where nobody did."""
        return self.grade if self.measured else f"{self.grade}, never measured"


def _read() -> dict[str, Any]:
    return tomllib.loads(files("modicum.pharmacology").joinpath("parameters.toml").read_text(encoding="utf-8"))


_TABLES = _read()
PARAMETERS = {row["name"]: Parameter(**row) for row in _TABLES["parameter"]}
SCENARIOS = {row["name"]: Scenario(**row) for row in _TABLES["scenario"]}


def typical(changed: Mapping[str, float] | None = None) -> Values:
    """The parameters of one typical person.

    Args:
        changed: other values by name, within the range of each; whoever takes them from people checks them.

    Returns:
        By name an array of one person.

    Example:
        >>> typical()["half_life_h"], typical({"half_life_h": 9.7})["half_life_h"]
        (array([4.]), array([9.7]))
    """
    values = {name: parameter.value for name, parameter in PARAMETERS.items()} | dict(changed or {})
    return {name: np.array([float(value)]) for name, value in values.items()}
