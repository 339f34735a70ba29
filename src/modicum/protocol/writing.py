"""A protocol as text again: TOML that :func:`~modicum.protocol.reading.read_protocol` reads as the same protocol."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from modicum.protocol.schema import Protocol

_LONGEST_LIST = 110  # characters on one line; longer ones take a line for each entry


def protocol_toml(protocol: Protocol) -> str:
    """A protocol as TOML: every field that was given, in the order of the schema; comments are not kept.

    Args:
        protocol: from a file, or changed in Python.

    Example:
        >>> from modicum.protocol.reading import read_protocol
        >>> first = read_protocol("ldn-crossover")
        >>> read_protocol(protocol_toml(first).encode()).model_dump() == first.model_dump()
        True
    """
    given = protocol.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    return "\n\n".join("\n".join(table) for table in _tables(given)) + "\n"


def value_toml(value: object) -> str:
    """A value as TOML writes it; its strings and booleans are those of JSON, and whole numbers need no point.

    Args:
        value: a number, a text, true or false, or a list of such.

    Example:
        >>> print(value_toml([0.5, 3.0]), value_toml("pain"))
        [0.5, 3] "pain"
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str) and "\n" in value:
        lines = (json.dumps(line, ensure_ascii=False)[1:-1] for line in value.split("\n"))
        return '"""\n' + "\n".join(lines) + '"""'
    if isinstance(value, list):
        entries = [value_toml(one) for one in cast("list[object]", value)]
        line = f"[{', '.join(entries)}]"
        return line if len(line) <= _LONGEST_LIST else "[\n" + "".join(f"  {one},\n" for one in entries) + "]"
    return json.dumps(value, ensure_ascii=False)


def _tables(given: Mapping[str, Any], head: str = "", path: str = "") -> Iterator[list[str]]:
    """Lines of a table, its plain fields before the tables that it holds."""
    plain = {name: value for name, value in given.items() if not _holds_tables(value)}
    yield [*([head] if head else []), *(f"{name} = {value_toml(value)}" for name, value in plain.items())]
    for name, value in given.items():
        inner = f"{path}{name}"
        if isinstance(value, dict):
            yield from _tables(cast("dict[str, Any]", value), f"[{inner}]", f"{inner}.")
        elif _holds_tables(value):
            for one in value:
                yield from _tables(one, f"[[{inner}]]", f"{inner}.")


def _holds_tables(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))
