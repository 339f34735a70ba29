"""What a reader is told about a file: items, names of columns, levels, the dose ladder, the hour of the dose."""

import datetime as dt
import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from modicum.foundation.errors import OptionsError, Problem
from modicum.records.problems import Code, problem

if TYPE_CHECKING:
    from modicum.protocol import Protocol

FIELDS = (
    "day",
    "time",
    "dose_mg",
    "planned_mg",
    "received_at",
    "blinded",
    "announced",
    "guess",
    "guess_reason",
    "phase",
    "rescue",
    "opioid",
    "stopped",
    "red_flag",
    "virtual",
)
SIDE_EFFECT = "side_effect:"
FROM_DATES = frozenset({"weekend", "cycle"})
"""Covariates that the analysis makes, from dates and from a column cycle_day; a file need not have them."""
DOSE_HOUR = 22.0


@dataclass(frozen=True)
class Item:
    """An outcome to read: its range (None: open), the parts of a declared sum, and whether it must be there."""

    name: str
    low: float | None = None
    high: float | None = None
    sum_of: tuple[str, ...] = ()
    binary: bool = False
    required: bool = False


@dataclass(frozen=True)
class Options:
    """How to read a file. Without ``items`` every numeric column that is no other field is an outcome.

    ``side_effects`` are those that the protocol asks about.
    """

    items: tuple[Item, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)
    day_from_row: bool = False
    covariates: tuple[str, ...] = ()
    protocol_covariates: tuple[str, ...] = ()
    side_effects: tuple[str, ...] = ()
    skip_bad_rows: bool = False
    dose_hour: float = DOSE_HOUR
    ladder_mg: tuple[float, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    start: dt.date | None = None


def reading_options(
    protocol: "Protocol | None",
    *,
    outcomes: Sequence[str],
    mapping: Mapping[str, str] | None,
    levels: Mapping[str, float] | None,
    ranges: Mapping[str, tuple[float | None, float | None]] | None,
    dose_hour: float | None,
    covariates: Sequence[str],
    where: Mapping[str, str] | None,
    **plain: Any,
) -> Options:
    """The options of a reading, each checked.

    Raises:
        OptionsError: what cannot be used, all of it.
    """
    wrong: list[Problem] = []
    covariates = (covariates,) if isinstance(covariates, str) else tuple(covariates)
    items = _items(protocol, (outcomes,) if isinstance(outcomes, str) else tuple(outcomes), ranges or {}, wrong)
    planned = tuple(str(getattr(named, "name", named)) for named in getattr(protocol, "covariates", None) or ())
    hour = _dose_hour(protocol, dose_hour, wrong)
    known = [*FIELDS, *(item.name for item in items), *covariates, *planned]
    _check_mapping(mapping or {}, known, wrong)
    numbers = _levels(levels or {}, wrong)
    if wrong:
        raise OptionsError(wrong)
    drug = getattr(protocol, "drug", None)
    return Options(
        items=items,
        mapping={str(key).strip(): str(value).strip() for key, value in (mapping or {}).items()},
        levels=numbers,
        covariates=covariates,
        protocol_covariates=planned,
        side_effects=tuple(str(asked.name) for asked in getattr(protocol, "side_effects", None) or ()),
        dose_hour=hour,
        ladder_mg=tuple(float(dose) for dose in getattr(drug, "ladder_mg", None) or ()),
        where={str(column).strip(): str(value).strip() for column, value in (where or {}).items()},
        **plain,
    )


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A sentence with the nearest of some names and all of them."""
    names = [str(other) for other in names]
    lowered = {other.lower(): other for other in names}
    close = difflib.get_close_matches(name.lower(), lowered, n=1)
    nearest = f'Did you mean "{lowered[close[0]]}"? ' if close else ""
    return f"{nearest}The columns are: {', '.join(names[:40])}{', ...' if len(names) > 40 else ''}."


def _items(
    protocol: "Protocol | None", outcomes: Sequence[str], ranges: Mapping[str, Any], wrong: list[Problem]
) -> tuple[Item, ...]:
    items: dict[str, Item] = {}
    primary = getattr(protocol, "primary", None)
    for declared in getattr(protocol, "outcomes", None) or ():
        parts = tuple(getattr(declared, "sum_of", None) or ())
        kind = getattr(declared, "kind", None)
        low, high = getattr(declared, "low", None), getattr(declared, "high", None)
        asked = declared.name in outcomes or (not outcomes and declared.name == primary)
        items[declared.name] = Item(declared.name, low, high, parts, kind == "binary", asked)
        for part in parts:
            items.setdefault(part, Item(part))
    for name in outcomes:
        items.setdefault(name, Item(name, required=True))
    for name, span in ranges.items():
        try:
            low, high = (None if end is None else float(end) for end in span)
        except (TypeError, ValueError):
            low, high = math.inf, -math.inf
        if low is not None and high is not None and not low <= high:
            fix = "Give the lower end first, for example --range 0 10."
            wrong.append(problem(Code.OPTION, f"range of {name}", span, "The range is not from low to high", fix))
        old = items.get(name, Item(name))
        items[name] = Item(name, low, high, old.sum_of, old.binary, True)
    return tuple(items.values())


def _dose_hour(protocol: "Protocol | None", dose_hour: float | None, wrong: list[Problem]) -> float:
    said: Any = dose_hour
    if said is None:
        said = getattr(getattr(protocol, "drug", None), "dose_time", None)
    if said is None:
        return DOSE_HOUR
    if isinstance(said, dt.time):
        return said.hour + said.minute / 60
    try:
        hours, _, minutes = str(said).partition(":")
        value = float(hours) + (float(minutes) / 60 if minutes else 0.0)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 24:
        fix = "Give an hour from 0 to 24, for example 22."
        wrong.append(problem(Code.OPTION, "dose hour", said, "The hour of the dose cannot be read", fix))
    return value


def _check_mapping(mapping: Mapping[str, str], known: Sequence[str], wrong: list[Problem]) -> None:
    for name in mapping:
        if str(name).strip() not in known and not str(name).strip().startswith(SIDE_EFFECT):
            fix = did_you_mean(str(name), known).replace("The columns are", "The fields are")
            wrong.append(problem(Code.OPTION, "--map", f"{name}={mapping[name]}", "There is no such field", fix))


def _levels(levels: Mapping[str, float], wrong: list[Problem]) -> dict[str, float]:
    out: dict[str, float] = {}
    for text, dose in levels.items():
        try:
            out[str(text).strip()] = float(dose)
        except (TypeError, ValueError):
            out[str(text).strip()] = math.nan
        if not 0 <= out[str(text).strip()] < math.inf:
            fix = 'Give each text a dose of at least 0, for example --levels "Herbal tea=1,No tea=0".'
            wrong.append(problem(Code.OPTION, "--levels", f"{text}={dose}", "The dose of this level is no dose", fix))
    return out
