"""The journal of a trial: every entry as it was sent, corrections and late ones among them, one JSON object a line."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from modicum.foundation.errors import DiaryError, Problem
from modicum.records.events import Entry
from modicum.records.problems import Code, problem

_PLAIN = ("id", "corrects", "withdrawn", "guess", "guess_reason", "took", "stops")


def write_journal(entries: Iterable[Entry]) -> str:
    """The journal as text, one line an entry, in the order given."""
    return "".join(json.dumps(_document(entry), ensure_ascii=False, sort_keys=True) + "\n" for entry in entries)


def read_journal(text: str) -> tuple[Entry, ...]:
    """The entries of a journal, in its order.

    Raises:
        DiaryError: every line that is not an entry.
    """
    entries, wrong = list[Entry](), list[Problem]()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entries.append(_entry(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            fix = "Write one JSON object a line, as the export of a trial does."
            wrong.append(problem(Code.RECORD, f"line {number}", line[:80], f"This is not an entry ({error})", fix))
    if wrong:
        raise DiaryError(wrong)
    return tuple(entries)


def _document(entry: Entry) -> dict[str, Any]:
    plain = {name: getattr(entry, name) for name in _PLAIN}
    times = {name: getattr(entry, name).isoformat() for name in ("happened_at", "received_at")}
    return plain | times | {"scores": dict(entry.scores), "side_effects": dict(entry.side_effects)}


def _entry(document: dict[str, Any]) -> Entry:
    return Entry(
        id=document["id"],
        happened_at=dt.datetime.fromisoformat(document["happened_at"]),
        received_at=dt.datetime.fromisoformat(document["received_at"]),
        corrects=document["corrects"],
        withdrawn=document["withdrawn"],
        scores=document["scores"],
        guess=document["guess"],
        guess_reason=document["guess_reason"],
        took=document["took"],
        side_effects=document["side_effects"],
        stops=document["stops"],
    )
