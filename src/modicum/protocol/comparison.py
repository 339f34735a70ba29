"""How one protocol differs from another, in sentences."""

import json
from collections.abc import Iterator
from typing import Any

from modicum.protocol.schema import Protocol

_FIELD_WORDS = {
    "ladder_mg": "ladder",
    "doses_mg": "doses",
    "strengths_mg": "capsule strengths",
    "avoid": "fillers to avoid",
    "remarks": "remarks",
    "not_covered": "list of what was not simulated",
    "sum_of": "items of the sum",
    "blinded": "blinding",
    "announced": "announced chance of drug",
    "max_days": "greatest length in days",
    "block_days": "length of a block in days",
    "half_days": "length of a half in days",
    "placebo_blocks": "number of placebo blocks",
    "pairs": "number of pairs",
    "sequences": "number of possible sequences",
    "order": "way of drawing the order",
    "dose_time": "dose time",
    "primary": "primary outcome",
    "mcid": "smallest difference that matters",
    "max_capsules": "greatest number of capsules a night",
    "reentry": "re-entry after placebo",
}
_THING_WORDS = {"phases": "phase", "outcomes": "item", "side_effects": "side effect", "sources": "source"}


def compare(a: Protocol, b: Protocol) -> tuple[str, ...]:
    """How ``b`` differs from ``a``, one sentence for each difference.

    Args:
        a: a protocol.
        b: another one, or another version of it.

    Returns:
        Sentences, in the order of a protocol file; empty where the two say the same.

    Example:
        >>> from modicum.protocol.reading import read_protocol
        >>> compare(read_protocol("ldn-open"), read_protocol("ldn-open-fast"))[0]
        'ldn-open-fast lasts at most 63 days, ldn-open 133.'
    """
    names = _labels(a, b)
    length = []
    if a.planned_days != b.planned_days:
        length = [f"{names[1]} lasts at most {b.planned_days:g} days, {names[0]} {a.planned_days:g}."]
    left, right = (protocol.model_dump(mode="json", by_alias=True) for protocol in (a, b))
    differences = list(_compare_tables(left, right, (), names))
    return (*length, *differences)


def _labels(a: Protocol, b: Protocol) -> tuple[str, str]:
    if a.name != b.name:
        return a.name, b.name
    if a.version != b.version:
        return f"{a.name} {a.version}", f"{b.name} {b.version}"
    return "the first", "the second"


def _of(path: tuple[str, ...]) -> str:
    return f" of {' of '.join(reversed(path))}" if path else ""


def _say(value: Any, field: str = "") -> str:
    if value is None or value in ("", []):
        return "not given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.12g}" + (" mg" if field.endswith("_mg") else "")
    if isinstance(value, list):
        return ", ".join(_say(part, field) for part in value)
    text = value if isinstance(value, str) else json.dumps(value)
    text = " ".join(text.split())
    return f"'{text}'" if " " in text or not text.isprintable() else text


def _is_prose(*values: Any) -> bool:
    return any(isinstance(value, str) and len(value) > 60 for value in values)


def _compare_tables(
    a: dict[str, Any], b: dict[str, Any], path: tuple[str, ...], names: tuple[str, str]
) -> Iterator[str]:
    for field, left in a.items():
        right = b[field]
        if left == right or (not path and field == "name"):
            continue
        if isinstance(left, dict) and isinstance(right, dict):
            yield from _compare_tables(left, right, (*path, field), names)
        elif isinstance(left, dict) or isinstance(right, dict):
            has, lacks = (names[1], names[0]) if left is None else names
            yield f"{has} has [{'.'.join((*path, field))}], which {lacks} has not."
        elif isinstance(left, list) and isinstance(right, list):
            things = any(isinstance(part, dict) for part in (*left, *right))
            comparison = _compare_things if things else _compare_lists
            yield from comparison(left, right, (*path, field), names)
        else:
            yield _compare_values(left, right, (*path, field), names)


def _compare_values(left: Any, right: Any, path: tuple[str, ...], names: tuple[str, str]) -> str:
    field = path[-1]
    what = f"The {_FIELD_WORDS.get(field, field)}{_of(path[:-1])}"
    if _is_prose(left, right):
        return f"{what} is worded differently in {names[1]}."
    return f"{what} is {_say(right, field)} in {names[1]} and {_say(left, field)} in {names[0]}."


def _compare_lists(a: list[Any], b: list[Any], path: tuple[str, ...], names: tuple[str, str]) -> Iterator[str]:
    field = path[-1]
    words = f"The {_FIELD_WORDS.get(field, field)}{_of(path[:-1]) if field != 'ladder_mg' else ''}"
    if _is_prose(*a, *b):
        yield f"{words}: worded differently in {names[1]}."
        return
    verb = "has" if field == "ladder_mg" else "have"
    extra = [part for part in b if part not in a]
    missing = [part for part in a if part not in b]
    if extra:
        yield f"{words} of {names[1]} {verb} {_say(extra, field)}, which {names[0]} has not."
    if missing:
        yield f"{words} of {names[0]} {verb} {_say(missing, field)}, which {names[1]} has not."
    if not extra and not missing:
        yield f"{words} of {names[1]}: {_say(b, field)}, in another order or number than in {names[0]}."


def _key(thing: dict[str, Any]) -> str:
    return str(thing.get("name", thing.get("id")))


def _compare_things(
    a: list[dict[str, Any]], b: list[dict[str, Any]], path: tuple[str, ...], names: tuple[str, str]
) -> Iterator[str]:
    word = _THING_WORDS[path[-1]]
    left, right = {_key(thing): thing for thing in a}, {_key(thing): thing for thing in b}
    for key in (key for key in right if key not in left):
        yield f"{names[1]} has the {word} '{key}', which {names[0]} has not."
    for key in (key for key in left if key not in right):
        yield f"{names[0]} has the {word} '{key}', which {names[1]} has not."
    shared = [key for key in left if key in right]
    for key in shared:
        yield from _compare_tables(left[key], right[key], (f"the {word} '{key}'",), names)
    if shared != [key for key in right if key in left]:
        yield f"The {word}s that both have come in another order in {names[1]}."
