"""A person's own data: everything that she handed in, as it was kept, for herself."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from modicum.services.diary.story import Kept, Story

_FIXED = ("day", "about", "happened_at", "zone", "received_at", "receipt", "counts", "marks", "took")
_LAST = ("guess", "guess_reason", "medications", "note", "leaves")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def own_document(story: Story) -> dict[str, Any]:
    """Everything, as JSON values: each entry as it was handed in, with its receipt.

    Args:
        story: of her trial.
    """
    return {
        "schema": "modicum.own-data/1",
        "trial": story.trial,
        "virtual": bool(story.begun and story.begun.virtual),
        "entries": [
            {
                "handed_in": one.event.said,
                "received_at": one.event.received_at,
                "receipt": one.event.sequence,
                "day": one.placed.day,
                "marks": list(one.placed.marks),
                "counts": one.entry is not None,
            }
            for one in story.kept
        ],
    }


def own_csv(story: Story) -> str:
    """The same as a table, one line an entry that could be read; no cell is taken for a formula.

    Args:
        story: of her trial.
    """
    readable = [one for one in story.kept if one.submission is not None]
    items = sorted({name for one in readable if one.submission for name in one.submission.answers})
    effects = sorted({name for one in readable if one.submission for name in one.submission.side_effects})
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([*_FIXED, *items, *(f"side_effect:{name}" for name in effects), *_LAST])
    table.writerows([_inert(cell) for cell in _cells(one, items, effects)] for one in readable)
    return out.getvalue()


def _cells(one: Kept, items: list[str], effects: list[str]) -> Iterator[Any]:
    said = one.event.said
    plain = {**said, "day": one.placed.day, "received_at": one.event.received_at, "receipt": one.event.sequence}
    plain |= {"counts": "yes" if one.entry is not None else "no", "marks": " ".join(one.placed.marks)}
    yield from (plain.get(name) for name in _FIXED)
    yield from (said["answers"].get(name) for name in items)
    yield from (said["side_effects"].get(name) for name in effects)
    plain["medications"] = "; ".join(said.get("medications", ()))
    yield from (plain.get(name) for name in _LAST)


def _inert(cell: Any) -> Any:
    """A cell that no spreadsheet computes."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
