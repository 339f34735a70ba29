"""From any number of a result to what it is, its rule, the records behind it and the citation."""

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from modicum.foundation.errors import OptionsError, Problem
from modicum.services.documents import document_schema

SCHEMA = "modicum.result/1"


@dataclass(frozen=True)
class Explanation:
    """What stands behind one value of a result document.

    Args:
        pointer: JSON Pointer to the value.
        value: the value itself.
        what: what it is, one sentence.
        part_of: what it is a part of, from the outside in.
        unit: its unit, or "".
        given: on what it is conditioned, or what it is averaged over, or "".
        rule: how it comes about, or "".
        records: the entries and days behind it.
        method: the method by which it is computed, where the citations of the result do not hold it, or "".
        source: the citation among those of the result, or "".
    """

    pointer: str
    value: object
    what: str
    part_of: tuple[str, ...]
    unit: str
    given: str
    rule: str
    records: str
    method: str
    source: str

    def rows(self) -> list[tuple[str, str]]:
        """Name and text of everything that is known, for a table."""
        shown = json.dumps(self.value, ensure_ascii=False)
        named = [
            ("Pointer", self.pointer),
            ("Value", shown if len(shown) <= 200 else f"{shown[:200]} ..."),
            ("What it is", self.what),
            ("Part of", "\n".join(self.part_of)),
            ("Unit", self.unit),
            ("Given", self.given),
            ("Rule", self.rule),
            ("Records", self.records),
            ("Method", self.method),
            ("Source", self.source),
        ]
        return [(name, text) for name, text in named if text]

    def to_document(self) -> dict[str, object]:
        """The ``modicum.explanation/1`` document."""
        return {"schema": "modicum.explanation/1", **vars(self), "part_of": list(self.part_of)}


def read_result(path: str | Path) -> dict[str, Any]:
    """Read a result document; ``-`` stands for standard input.

    Raises:
        OptionsError: when there is no such file, or it holds something else.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else Path(path).read_text(encoding="utf-8")
        document = json.loads(text, parse_constant=_finite, parse_float=_finite)
    except OSError as error:
        raise OptionsError([_unreadable(path, f"The file cannot be read: {error.strerror or error}")]) from error
    except (ValueError, RecursionError) as error:
        raise OptionsError([_unreadable(path, "This is not a JSON document, or holds NaN or Infinity")]) from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise OptionsError([_unreadable(path, f"This is not a document of the form {SCHEMA}")])
    return document


def _finite(text: str) -> float:
    """A number that JSON has.

    Raises:
        ValueError: for NaN, Infinity, and numbers too large to be told from it.
    """
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def explain(document: Mapping[str, Any], pointer: str) -> Explanation:
    """Explain one value of a result document.

    Args:
        document: as :attr:`Result.document` gives it, or as read by :func:`read_result`.
        pointer: JSON Pointer (RFC 6901) into it, for example ``/doses/2/p_mcid``.

    Raises:
        OptionsError: when the pointer leads to nothing.
    """
    value: Any = document
    schema, trail = document_schema("result"), list[_Place]()
    for step in _steps(pointer):
        value = _descend(value, step, pointer)
        facts = dict[str, str]()
        schema = _resolve(_below(schema, step, value), facts)
        trail.append(_Place(value, facts))
    last = trail[-1].facts if trail else {"description": "The whole document of one analysis."}
    outcome = _nearest(trail, "outcome") or document.get("outcome", "the outcome")
    return Explanation(
        pointer=pointer,
        value=value,
        what=last.get("description", ""),
        part_of=tuple(
            dict.fromkeys(words for place in trail[:-1] if (words := place.words()) != last.get("description"))
        ),
        unit=_inherited(trail, "x-unit").replace("outcome", _measure(document, pointer, outcome)),
        given=last.get("x-given", ""),
        rule=last.get("x-rule", ""),
        records=_records(document, trail),
        method=_inherited(trail, "x-method"),
        source=_inherited(trail, "x-source"),
    )


@dataclass(frozen=True)
class _Place:
    """One step of the way to a value: the value there, and what the schema says of it."""

    value: Any
    facts: dict[str, str]

    def words(self) -> str:
        """What is said of it, and which of its kind it is."""
        said = self.facts.get("description", "")
        known = self.value if isinstance(self.value, Mapping) else {}
        if "change" in known:
            return f"One row of it: {known['change']}."
        return f"One row of it: dose {known['dose_mg']:g}." if "days" in known and "dose_mg" in known else said


def _nearest(trail: list[_Place], key: str) -> Any:
    """The innermost value of this name on the way."""
    return next((p.value[key] for p in reversed(trail) if isinstance(p.value, Mapping) and key in p.value), None)


def _inherited(trail: list[_Place], fact: str) -> str:
    """What is said of a value itself, else of the nearest thing it is a part of."""
    return next((place.facts[fact] for place in reversed(trail) if fact in place.facts), "")


def _measure(document: Mapping[str, Any], pointer: str, outcome: str) -> str:
    """What the outcome is measured in: its units, a chance, or the scale of the link where noise is or what is shared.

    Another outcome than the deciding one is in its own units: the document does not say its kind.
    """
    kind = document.get("kind", "gaussian")
    if kind == "gaussian" or outcome != document.get("outcome"):
        return f"units of {outcome}"
    if pointer.startswith(("/noise/", "/likelihood/")):
        return f"log {'rate' if kind == 'count' else 'odds'} of {outcome}"
    return f"chance of {outcome}, 0 to 1" if kind == "binary" else f"units of {outcome}"


def _steps(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise OptionsError([_nowhere(pointer, "A pointer starts with a slash", "Write for example /doses/0/mean.")])
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _descend(value: Any, step: str, pointer: str) -> Any:
    if isinstance(value, Mapping):
        if step in value:
            return value[step]
        near = get_close_matches(step, value, n=1)
        there = f"Did you mean {near[0]}?" if near else f"Here there are: {', '.join(value)}."
        raise OptionsError([_nowhere(pointer, f"There is no {step} here", there)])
    if isinstance(value, list):
        if step.isdecimal() and int(step) < len(value):
            return value[int(step)]
        there = f"Write a number from 0 to {len(value) - 1}." if value else "The list is empty."
        raise OptionsError([_nowhere(pointer, f"There is no item {step} in this list", there)])
    raise OptionsError([_nowhere(pointer, f"There is nothing below this value, and so no {step}", "Shorten it.")])


def _resolve(schema: Mapping[str, Any], facts: dict[str, str]) -> Mapping[str, Any]:
    """Follow references and alternatives to the part that has structure; gather what is said on the way, first wins."""
    for key in ("description", "x-unit", "x-given", "x-rule", "x-method", "x-source"):
        if key in schema:
            facts.setdefault(key, schema[key])
    if "$ref" in schema:
        return _resolve(document_schema("result")["$defs"][schema["$ref"].rsplit("/", 1)[1]], facts)
    for alternative in schema.get("anyOf", ()):
        if alternative.get("type") != "null":
            return _resolve(alternative, facts)
    return schema


def _below(schema: Mapping[str, Any], step: str, value: object) -> Mapping[str, Any]:
    if "properties" in schema:
        return schema["properties"].get(step, {"description": f"Not described: {step}."})
    if "items" in schema:
        inherited = {key: schema[key] for key in ("description", "x-unit", "x-given", "x-rule") if key in schema}
        return {**inherited, **schema["items"]}
    known = schema.get("additionalProperties")
    return known if isinstance(known, Mapping) else {"description": f"Not described: {step} ({value!r})."}


def _records(document: Mapping[str, Any], trail: list[_Place]) -> str:
    """Entries, days and file behind a value; for a dose also the days on it."""
    entries, asked = _nearest(trail, "n_observed"), _nearest(trail, "asked")
    outcome = _nearest(trail, "outcome") or document.get("outcome", "the outcome")
    of_what = f"entries of {outcome}"
    if asked is not None:
        entries, of_what = asked, f"entries that asked about {_nearest(trail, 'name')}"
    counted = document.get("n_observed", 0) if entries is None else entries
    parts = [f"{counted} {of_what} over {document.get('n_days', 0)} dosing days"]
    days, dose = _nearest(trail, "days"), _nearest(trail, "dose_mg")
    if days is not None and dose is not None:
        taken = f"in force on {days} of them" if _nearest(trail, "taken") else "not taken"
        parts.append(f"dose {dose:g} {taken}")
    digest = str(document.get("input_sha256") or "")
    if digest:
        parts.append(f"diary with SHA-256 {digest[:12]}")
    return "; ".join(parts) + "."


def _unreadable(path: str | Path, message: str) -> Problem:
    return Problem("MOD-OPT-12", "RESULT", str(path), message, "Give a file made with modicum analyse --json.")


def _nowhere(pointer: str, message: str, fix: str) -> Problem:
    return Problem("MOD-OPT-13", "POINTER", pointer, message, fix)
