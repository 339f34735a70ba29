"""What the schema refuses, said as findings; and a stand-in protocol on which the other checks can go on."""

import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from modicum.protocol.finding import Finding
from modicum.protocol.item_checks import suggest
from modicum.protocol.positions import Path
from modicum.protocol.schema import SCHEMA, Protocol

MOST_FAULTS = 1000  # a flood is not worth the minutes that its hints would take
_RANGES = ("greater_than", "less_than", "too_short", "too_long", "finite", "pattern", "string_")
_STAND_IN: dict[str, object] = {
    "schema": SCHEMA,
    "drug": {"name": "spare", "ladder_mg": [1.0]},
    "ladder_mg": [1.0],
    "phases": [{"name": "spare", "kind": "run-in", "blinded": False, "announced": 0, "max_days": 1}],
    "outcomes": [
        {"name": "spare", "label": "-", "question": "-", "low": 0, "high": 2, "better": "lower", "mcid": 1}
        | {"mcid_source": "assumption: spare"}
    ],
    "kind": "maintenance",
    "blinded": False,
    "announced": 0.5,
    "max_days": 1,
    "low": 0,
    "high": 2,
    "better": "lower",
    "mcid": 1,
    "mcid_source": "assumption: spare",
    "grade": "recalled",
    "verified": False,
}


def _data_path(location: Sequence[str | int], data: object) -> Path:
    """The location without the tags of alternatives, as a path into the data; a missing last key stays."""
    path: list[str | int] = []
    here = data
    for part in location:
        if isinstance(here, Mapping) and isinstance(part, str):
            path.append(part)
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int):
            path.append(part)
            here = here[part] if part < len(here) else None
    return tuple(path)


def _models(annotation: object) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (tuple, Union, UnionType):
        for part in get_args(annotation):
            yield from _models(part)


@lru_cache(maxsize=256)
def known_fields(tables: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the fields of the table at a path of keys without indices, as they are written in a file."""
    model: type[BaseModel] = Protocol
    for table in tables:
        field = next((f for name, f in model.model_fields.items() if (f.alias or name) == table), None)
        inner = next(iter(_models(field.annotation)), None) if field else None
        if inner is None:
            return ()
        model = inner
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _tables(path: Path) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))


@lru_cache(maxsize=4096)
def _suggest_field(field: str, tables: tuple[str, ...]) -> str:
    return suggest(field, known_fields(tables))


def show_value(value: object) -> str:
    """A value as a problem shows it: TOML-like, at most 60 characters."""
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def _translate(error: ErrorDetails, path: Path) -> Finding:
    kind, context = error["type"], error.get("ctx", {})
    field = str(path[-1]) if path else "the file"
    value = "" if kind == "missing" else show_value(error["input"])
    if kind == "extra_forbidden":
        fix = _suggest_field(field, _tables(path[:-1]))
        return Finding("MOD-PROTO-07", path, value, f"There is no field '{field}' here.", fix)
    if kind == "missing":
        fix = (
            f'Write schema = "{SCHEMA}".'
            if field == "schema"
            else f"Add {field} = ...; docs/protocols.md describes it."
        )
        return Finding("MOD-PROTO-08", path, value, f"The field '{field}' is missing.", fix)
    if kind == "literal_error" and path == ("schema",):
        message = f"This version reads {SCHEMA}."
        return Finding("MOD-PROTO-12", path, value, message, f'Write schema = "{SCHEMA}".')
    if kind == "literal_error":
        allowed = [word.strip("'") for word in str(context.get("expected", "")).replace(" or ", ", ").split(", ")]
        given = error["input"]
        fix = suggest(given, allowed) if isinstance(given, str) else f"Known are: {', '.join(allowed)}."
        return Finding("MOD-PROTO-11", path, value, f"'{field}' takes one of a few words.", fix)
    if any(word in kind for word in _RANGES) and not kind.endswith("_type"):
        message = f"'{field}' is outside its range or too short or long."
        return Finding("MOD-PROTO-10", path, value, message, _say_rule(error))
    return Finding("MOD-PROTO-09", path, value, f"'{field}' has the wrong type.", _say_rule(error))


def _say_rule(error: ErrorDetails) -> str:
    if error["type"] == "string_pattern_mismatch" and "a-z0-9" in str(error.get("ctx", {}).get("pattern")):
        return "Use small letters, digits, dot, hyphen and underscore, starting with a letter or digit."
    if error["type"] == "string_pattern_mismatch":
        return "Remove control characters."
    return error["msg"].replace("Input should", "It should").rstrip(".") + "."


def find_faults(data: dict[str, Any]) -> tuple[Protocol | None, tuple[Finding, ...], tuple[Path, ...]]:
    """Read the data by the schema, and say all that it refuses.

    Args:
        data: as parsed from TOML.

    Returns:
        The protocol, or a stand-in with the invalid fields replaced (None where even that is not possible); the
        faults; and the paths at which the stand-in is not what was written.
    """
    try:
        return _validate(data), (), ()
    except ValidationError as refused:
        if refused.error_count() > MOST_FAULTS:
            return None, (_flood(refused.error_count()),), ()
        errors = refused.errors(include_url=False)
    located = [(error, _data_path(error["loc"], data)) for error in errors]
    paths = {path for _, path in located}
    deeper = {path[:end] for path in paths for end in range(len(path))}
    kept = [(error, path) for error, path in located if not (error["type"] == "too_short" and path in deeper)]
    findings = tuple(dict.fromkeys(_translate(error, path) for error, path in kept))
    return _stand_in(data), findings, tuple(_replaced(kept))


def _flood(count: int) -> Finding:
    message = f"There are {count} faults, too many to look at one by one."
    return Finding("MOD-PROTO-32", (), "", message, "Is this a protocol? Start from modicum protocol new.")


def _validate(data: dict[str, Any]) -> Protocol:
    return Protocol.model_validate_json(json.dumps(data, default=str))


def _replaced(located: list[tuple[ErrorDetails, Path]]) -> Iterable[Path]:
    for error, path in located:
        if error["type"] == "extra_forbidden":
            meant = _suggest_field(str(path[-1]), _tables(path[:-1]))
            if meant.startswith("Did you mean"):
                yield (*path[:-1], meant.split("'")[1])
        else:
            yield path


def _stand_in(data: dict[str, Any]) -> Protocol | None:
    spare = copy.deepcopy(data)
    for _ in range(6):
        try:
            return _validate(spare)
        except ValidationError as refused:
            for error in refused.errors(include_url=False):
                _mend(spare, _data_path(error["loc"], spare), error["type"])
    return None


def _mend(data: dict[str, Any], path: Path, kind: str) -> None:
    while path and not isinstance(path[-1], str):
        path = path[:-1]
    here: Any = data
    for part in path[:-1]:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            return
    if not path or not isinstance(here, dict):
        return
    if kind == "missing":
        here[path[-1]] = copy.deepcopy(_STAND_IN.get(str(path[-1]), "spare"))
    else:
        here.pop(path[-1], None)
