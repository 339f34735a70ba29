"""Conditions: the shipped catalogue read from its files, and a condition found by name, title or code."""

import tomllib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from modicum.foundation.errors import Problem, ProtocolError
from modicum.protocol.instruments import Catalogue, Condition, DietItem, Instrument
from modicum.protocol.item_checks import suggest
from modicum.protocol.items import Citation, Outcome

_POINTS = {"kind": "gaussian", "low": 0.0, "high": 10.0, "unit": "points"}


def languages() -> tuple[str, ...]:
    """Languages that our own items have words in.

    Example:
        >>> languages()
        ('en',)
    """
    names = [file.name.split(".") for file in _folder().iterdir()]
    return tuple(sorted(parts[1] for parts in names if parts[0] == "words"))


@cache
def read_catalogue(language: str = "en") -> Catalogue:
    """The shipped catalogue of conditions, instruments and our own items.

    Args:
        language: of the words of our own items, one of :func:`languages`.

    Raises:
        ProtocolError: there are no words in that language.

    Example:
        >>> read_catalogue().items["pain"].mcid
        1.0
    """
    if language not in languages():
        message = "Our own items have no words in this language"
        fix = suggest(language, languages())
        raise ProtocolError([Problem("MOD-PROTO-34", "language", language[:40], message, fix)])
    words = _read(f"words.{language}.toml")
    items, written = _read("items.toml"), _read("instruments.toml")
    usual = items["mcid"]["gaussian"]
    return Catalogue(
        language=language,
        items={name: _item(name, row, words[name], usual) for name, row in items["items"].items()},
        diet={name: DietItem(name=name, **_numbers(row), **words[name]) for name, row in items["diet"].items()},
        conditions={
            key: Condition.model_validate(row, strict=False)
            for key, row in _read("conditions.toml").items()
            if key != "schema"
        },
        instruments=tuple(Instrument.model_validate(row, strict=False) for row in written["instruments"]),
        sources=tuple(Citation.model_validate(row) for row in written["sources"]),
    )


def find_condition(wanted: str) -> str:
    """The key of a condition, from its key, its title or one of its codes, in any case.

    Args:
        wanted: for example "lupus", "Long COVID" or "M79.7".

    Raises:
        ProtocolError: there is no such condition, or several have that code.

    Example:
        >>> find_condition("M79.7")
        'fibromyalgia'
    """
    catalogue, asked = read_catalogue(), wanted.strip().lower()
    by_name = {key for key, row in catalogue.conditions.items() if asked in (key, row.title.lower())}
    by_code = {
        key
        for key, row in catalogue.conditions.items()
        if asked in {code.lower() for code in (*row.icd10, *row.icd10_cm)}
    }
    found = sorted(by_name or by_code)
    if len(found) == 1:
        return found[0]
    known = tuple(catalogue.conditions)
    message = "Several conditions have this code" if found else "There is no such condition in the catalogue"
    there_are = f"There are: {', '.join(known)}."
    fix = f"Name one of them: {', '.join(found)}." if found else suggest(asked, known, there_are)
    raise ProtocolError([Problem("MOD-PROTO-33", "condition", wanted[:60], message, fix)])


def _folder() -> Traversable:
    return resources.files("modicum.protocol") / "catalogue"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_folder() / name).read_text(encoding="utf-8"))


def _numbers(row: dict[str, Any]) -> dict[str, Any]:
    return {key: float(value) if key in ("low", "high", "mcid") else value for key, value in row.items()}


def _item(name: str, row: dict[str, Any], words: dict[str, str], usual: dict[str, Any]) -> Outcome:
    """One of our own items as a protocol has it; what it leaves out is the usual."""
    said = _numbers(row)
    matters = {
        "mcid": said.pop("mcid", usual["value"]),
        "mcid_source": said.pop("source", usual["source"]),
        "mcid_grade": said.pop("grade", usual["grade"]),
    }
    return Outcome.model_validate({"name": name, **_POINTS, **said, **words, **matters})
