"""The rules of screening as data: medicines, questions, washouts and the words of a list, read from the library."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from modicum.screening.names import tokens_of
from modicum.screening.record import Severity, Unconfirmed

Form = Literal["", "short", "long", "patch", "depot", "topical"]

_WRITTEN_AS: dict[str, Form] = {
    "names": "",
    "chemical": "",
    "brands": "",
    "brands_short": "short",
    "brands_long": "long",
    "patches": "patch",
    "depots": "depot",
    "topical": "topical",
    "street": "",
}
_MADE_UP = ("chemical", "brands", "brands_short", "brands_long", "patches", "depots", "topical")


@dataclass(frozen=True)
class Rule:
    """What a medicine on the list means for starting.

    Args:
        id: its name.
        severity: stop, ask or note.
        reason: why, in words that patients may read.
        source: of the reason.
        grade: of that source.
        triggered_by: a line that meets it; a test screens it.
        silent_on: a line that does not.
        wait: whether an opioid-free time belongs to it.
        unconfirmed: for prescribers only.
    """

    id: str
    severity: Severity
    reason: str
    source: str
    grade: str
    triggered_by: str
    silent_on: str
    wait: bool = False
    unconfirmed: tuple[Unconfirmed, ...] = ()


@dataclass(frozen=True)
class Written:
    """One way of writing the name of a medicine.

    Args:
        name: as the library writes it.
        form: what that name says of the form: short-acting, long-acting, patch, depot, or topical.
        alone: a street name that is also an ordinary word: it counts only where the line names nothing else.
        brand: a name that somebody made up, or one of chemistry: it may be near to others, and is not found cut short.
    """

    name: str
    form: Form = ""
    alone: bool = False
    brand: bool = False


@dataclass(frozen=True)
class Substance:
    """A medicine that a rule names.

    Args:
        name: what it is called.
        rule: the name of its rule.
        release: how it is cleared; see ``washouts``.
        codes: its ATC codes.
        topical_codes: those of its topical forms.
        written: every way of writing it.
    """

    name: str
    rule: str
    release: str = "unknown"
    codes: tuple[str, ...] = ()
    topical_codes: tuple[str, ...] = ()
    written: tuple[Written, ...] = field(default=(), repr=False)


class Phrases:
    """Phrases that a line may hold, looked for fast.

    Args:
        phrases: as people write them.

    Example:
        >>> Phrases(["eye drops", "cream"]).stand_in(("dexamethasone", "eye", "drops"))
        True
    """

    def __init__(self, phrases: Iterable[str]):
        read = {tokens_of(phrase) for phrase in phrases}
        self._words = frozenset(tokens[0] for tokens in read if len(tokens) == 1)
        self._longer = tuple(tokens for tokens in read if len(tokens) > 1)
        self._first = frozenset(tokens[0] for tokens in self._longer)

    def stand_in(self, tokens: tuple[str, ...]) -> bool:
        """Whether one of them stands in the tokens of a line."""
        if not self._words.isdisjoint(tokens):
            return True
        return not self._first.isdisjoint(tokens) and any(self._at(tokens, phrase) for phrase in self._longer)

    @staticmethod
    def _at(tokens: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
        places = range(len(tokens) - len(phrase) + 1)
        return phrase[0] in tokens and any(tokens[start : start + len(phrase)] == phrase for start in places)


@dataclass(frozen=True)
class Words:
    """The ordinary words of a medication list, as tokens or phrases of tokens."""

    ordinary: frozenset[str]
    vague_pain: tuple[str, ...]
    unnamed_for_pain: tuple[str, ...]
    nothing_taken: frozenset[tuple[str, ...]]
    topical: Phrases
    systemic: Phrases
    denied: frozenset[str]
    opioid_parts: tuple[str, ...]
    opioid_parts_elsewhere: tuple[str, ...]


@cache
def library(name: str) -> dict[str, Any]:
    """One file of the library."""
    text = files("modicum.screening").joinpath("library", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def rules() -> dict[str, Rule]:
    """Every rule about a medicine, by its name."""
    return {row["id"]: _rule(row) for row in library("rules")["rule"]}


def version() -> str:
    """The version of the rules, those about medicines and those about the person."""
    return f"{library('rules')['version']}/{library('history')['version']}"


def said_by(row: dict[str, Any]) -> tuple[Unconfirmed, ...]:
    """What a row of the library shows to prescribers only."""
    return tuple(Unconfirmed(**one) for one in row.get("unconfirmed", ()))


def _rule(row: dict[str, Any]) -> Rule:
    plain = {key: value for key, value in row.items() if key not in ("wait", "unconfirmed")}
    return Rule(**plain, wait="wait" in row, unconfirmed=said_by(row))


@cache
def substances() -> tuple[Substance, ...]:
    """Every medicine that a rule names, with a name for each way of writing it."""
    rows = [row for name in ("opioids", "other_medicines", "immunosuppressants") for row in library(name)["substance"]]
    return tuple(_substance(row) for row in rows)


def _substance(row: dict[str, Any]) -> Substance:
    written = [Written(row["name"])]
    for key, form in _WRITTEN_AS.items():
        written += [Written(name, form, brand=key in _MADE_UP) for name in row.get(key, ())]
    written += [Written(name, alone=True) for name in row.get("street_alone", ())]
    return Substance(
        row["name"],
        row["rule"],
        row.get("release", "unknown"),
        tuple(row.get("atc", ())),
        tuple(row.get("atc_topical", ())),
        tuple(written),
    )


@cache
def words() -> Words:
    """The words of the library."""
    found = library("words")
    lists = [value for value in found.values() if isinstance(value, str)]
    lists += [phrase for key in ("stopped", "began", "in_doubt", "denied") for phrase in found[key]]
    return Words(
        ordinary=frozenset(token for text in lists for token in tokens_of(text)),
        vague_pain=tuple(found["vague_pain"]),
        unnamed_for_pain=tuple(found["unnamed_for_pain"]),
        nothing_taken=frozenset(tokens_of(phrase) for phrase in found["nothing_taken"]),
        topical=Phrases(found["topical"]),
        systemic=Phrases(found["systemic"]),
        denied=frozenset(found["denied"]),
        opioid_parts=tuple(found["opioid_parts"]),
        opioid_parts_elsewhere=tuple(found["opioid_parts_elsewhere"]),
    )
