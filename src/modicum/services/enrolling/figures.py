"""What a protocol is known to find, by simulation: the figures that were stored, or those of a plan; never others.

A stored figure belongs to the protocol as it is shipped, byte for byte in name and version. A protocol that was adapted
has none until it is simulated itself.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any, Self

from modicum.protocol import Protocol, library, read_protocol

USELESS, HELPS_FROM = "none", "threshold-"
USUAL_MCID = 1.5


@dataclass(frozen=True)
class Line:
    """What came of virtual people who are alike in what the drug does.

    Args:
        archetype: how the effect depends on the dose.
        effect_mcid: the full benefit, in smallest differences that matter.
        participants: how many were simulated.
        declared: share in whom the drug was said to work, qualified or not.
        unqualified: the same without qualification.
        right_dose: share in whom the smallest dose that works was named, give or take one rung of 0.5, 1.5, 3 and
            4.5 mg; None where there is none.
        right_dose_exact: share in whom it was that very rung.
        weeks: median length of the trial.
    """

    archetype: str
    effect_mcid: float
    participants: int
    declared: float
    unqualified: float
    right_dose: float | None
    right_dose_exact: float | None
    weeks: float


@dataclass(frozen=True)
class Figures:
    """What a protocol found in virtual people, under one judge.

    Args:
        judged_by: "modicum", or "eye" for usual practice as it judges itself.
        lines: one for each kind of people.
        made: the day of the simulation, ISO 8601.
    """

    judged_by: str
    lines: tuple[Line, ...]
    made: str

    @property
    def useless(self) -> Line | None:
        """People whom the drug does nothing for."""
        return next((line for line in self.lines if line.archetype == USELESS), None)

    @property
    def helped(self) -> tuple[Line, ...]:
        """People whom the drug helps from one of the doses on, with the usual size of effect."""
        found = (line for line in self.lines if line.archetype.startswith(HELPS_FROM))
        return tuple(line for line in found if line.effect_mcid == USUAL_MCID)

    @property
    def fewest(self) -> int:
        """The smallest number of people behind a line."""
        return min((line.participants for line in self.lines), default=0)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """As an event or a file said it."""
        return cls(said["judged_by"], tuple(Line(**line) for line in said["lines"]), said["made"])

    def to_content(self) -> dict[str, Any]:
        """As an event says it."""
        return {**asdict(self), "lines": [asdict(line) for line in self.lines]}


def shipped_figures(protocol: Protocol) -> tuple[Figures, ...]:
    """The stored figures of a protocol, one set for each judge; none where it is not one that ships, as it ships.

    Args:
        protocol: as read.

    Example:
        >>> shipped_figures(read_protocol("ab-crossover"))
        ()
    """
    name = protocol.name
    if name not in library() or _shipped(name) != protocol.model_dump():
        return ()
    rows = [row for row in _stored() if (row["protocol"], row["version"]) == (name, protocol.version)]
    judges = sorted({row["judged_by"] for row in rows})
    return tuple(_of_judge(judge, [row for row in rows if row["judged_by"] == judge]) for judge in judges)


def found_figures(parts: Iterable[Mapping[str, Any]], effect_mcid: float, made: str) -> tuple[Figures, ...]:
    """The figures of a simulation or a plan.

    Args:
        parts: of its document, one for each judge.
        effect_mcid: that was simulated.
        made: the day, ISO 8601.
    """
    return tuple(
        Figures(part["judged_by"], tuple(_line(row, effect_mcid) for row in part["archetypes"]), made) for part in parts
    )


def _line(row: Mapping[str, Any], effect_mcid: float) -> Line:
    return Line(
        archetype=row["archetype"],
        effect_mcid=effect_mcid,
        participants=row["participants"],
        declared=row["declared"]["p"],
        unqualified=row["declared_unqualified"]["p"],
        right_dose=_share(row["right_dose"]),
        right_dose_exact=_share(row["right_dose_exact"]),
        weeks=row["weeks"]["median"],
    )


def _share(found: Mapping[str, Any] | None) -> float | None:
    return None if found is None else found["p"]


def line_content(row: Mapping[str, Any], effect_mcid: float) -> dict[str, Any]:
    """One line of a simulation as the stored figures keep it.

    Args:
        row: of a ``modicum.simulation/1`` document.
        effect_mcid: that was simulated.
    """
    return asdict(_line(row, effect_mcid))


def _of_judge(judge: str, rows: Sequence[Mapping[str, Any]]) -> Figures:
    lines = tuple(Line(**row["line"]) for row in rows)
    return Figures(judge, lines, min(row["made"] for row in rows))


@cache
def _shipped(name: str) -> dict[str, Any]:
    return read_protocol(name).model_dump()


@cache
def _stored() -> tuple[dict[str, Any], ...]:
    file = resources.files("modicum.services.enrolling") / "library" / "figures.json"
    return tuple(json.loads(file.read_text(encoding="utf-8"))["lines"])
