"""Sides: a protocol under one judge, which is one line of every chart and table of virtual people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Row = Mapping[str, Any]
Rows = Sequence[Row]

SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right", "triangle-left")
ARCHETYPE_WORDS = {
    "none": "Does nothing",
    "threshold-0.5": "Works from 0.5 mg",
    "threshold-1.5": "Works from 1.5 mg",
    "threshold-3": "Works from 3 mg",
    "threshold-4.5": "Works from 4.5 mg",
    "emax": "Levels off",
    "inverted-u-1.5": "Best at 1.5 mg",
    "inverted-u-3": "Best at 3 mg",
}
ENDING_WORDS = {
    "finished": "ran its length",
    "works": "stopped early, as it works",
    "not-confirmed": "not confirmed",
    "futile": "futile",
    "stopped-all": "no dose was promising",
    "harm": "stopped for harm",
    "withdrawn": "left",
    "responded": "better, by eye",
    "no-response": "not better at the top, by eye",
}


@dataclass(frozen=True)
class Side:
    """One protocol under one judge.

    Args:
        name: of the protocol, beside the others.
        judge: " by eye" or " by the model", where that has to be said.
        row: its part of the document.
        kind: "eye" where usual practice judges itself; by the model "blinded" or "open".
        shape: of its mark, that of the protocol.
    """

    name: str
    judge: str
    row: Row
    kind: Literal["eye", "blinded", "open"]
    shape: str

    @property
    def label(self) -> str:
        """By which it is called."""
        return f"{self.name}{self.judge}"

    def label_within(self, most: int) -> str:
        """The same in so many characters: the middle of a longer name is left out, and the judge kept."""
        over = len(self.label) - most
        if over <= 0:
            return self.label
        kept = max(len(self.name) - over - 1, 2)
        return f"{self.name[: kept - kept // 2]}\N{HORIZONTAL ELLIPSIS}{self.name[-(kept // 2) :]}{self.judge}"

    @property
    def archetypes(self) -> Mapping[str, Row]:
        """What was found, by archetype."""
        return {one["archetype"]: one for one in self.row["archetypes"]}

    @property
    def ink(self) -> str:
        """Token of its marks."""
        return "ink-2" if self.kind == "eye" else "act"

    @property
    def fill(self) -> str:
        """Token of the inside of its marks: hollow where everybody knew what was taken."""
        return "act" if self.kind == "blinded" else "ground"


def sides(rows: Rows) -> tuple[Side, ...]:
    """The sides of a document, in its order, each with a label of its own."""
    keys = list(dict.fromkeys(map(_key, rows)))
    names = _names(keys)
    judges = Counter(map(_key, rows))
    found = list[Side]()
    for row in rows:
        key, eye = _key(row), row["judged_by"] == "eye"
        judged = f" by {'eye' if eye else 'the model'}" if eye or judges[key] > 1 else ""
        kind = "eye" if eye else "blinded" if row["blinded"] else "open"
        found.append(Side(names[key], judged, row, kind, SHAPES[keys.index(key) % len(SHAPES)]))
    return tuple(found)


def archetype_words(name: str) -> str:
    """How the effect depends on the dose, in words; the name itself where it has none yet."""
    return ARCHETYPE_WORDS.get(name, name)


def archetypes(rows: Rows) -> tuple[str, ...]:
    """Every archetype, in the order of the document."""
    return tuple(dict.fromkeys(one["archetype"] for row in rows for one in row["archetypes"]))


def _key(row: Row) -> tuple[str, str, str]:
    """What tells protocols apart."""
    return row["name"], row["protocol_version"], row["protocol_sha256"]


def _names(keys: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], str]:
    """A name for each protocol: its own, with its version where two share it, counted where that too is shared."""
    by_name, by_version = Counter(name for name, _, _ in keys), Counter((name, version) for name, version, _ in keys)
    seen: Counter[tuple[str, str]] = Counter()
    out: dict[tuple[str, str, str], str] = {}
    for name, version, sha in keys:
        seen[name, version] += 1
        versioned = f"{name} {version}" if by_name[name] > 1 else name
        counted = by_version[name, version] > 1
        out[name, version, sha] = f"{versioned} ({seen[name, version]})" if counted else versioned
    return out
