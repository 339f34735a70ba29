"""Columns: what of a diary leaves. What is not on the list does not, whatever a later version keeps.

Days are counted from the first one of the trial. Of a trial that is not revealed no dose, phase or announcement leaves.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from modicum.protocol import Protocol
from modicum.records.events import current
from modicum.records.options import SIDE_EFFECT
from modicum.services.diary import Story

ALWAYS = ("day", "guess", "guess_reason", "virtual")
REVEALED_ONLY = ("dose_mg", "planned_mg", "announced", "blinded", "phase", "stopped")


def listed(protocol: Protocol, *, revealed: bool) -> list[str]:
    """The columns that may leave, in their order.

    Args:
        protocol: that names the items and the side effects.
        revealed: whether the arms of the trial were.
    """
    items = [item.name for item in protocol.outcomes]
    effects = [f"{SIDE_EFFECT}{item.name}" for item in protocol.side_effects]
    doses = REVEALED_ONLY if revealed else ()
    return ["day", *doses, *items, *effects, *(name for name in ALWAYS if name != "day")]


def blinded_csv(story: Story) -> str:
    """The diary of a trial that is not revealed, as a diary file without doses.

    Args:
        story: begun.

    Raises:
        ValueError: the trial has not begun.
    """
    if story.begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    protocol, start = story.begun.protocol, story.begun.start
    asked = {item.name for item in protocol.side_effects}
    rows = [
        {
            "day": (entry.happened_at - start).days,
            **{name: _number(score) for name, score in entry.scores.items()},
            **{f"{SIDE_EFFECT}{name}": severity for name, severity in entry.side_effects.items() if name in asked},
            "guess": entry.guess,
            "guess_reason": entry.guess_reason,
            "virtual": "true" if story.begun.virtual else None,
        }
        for entry in current(story.entries)
    ]
    return _written(listed(protocol, revealed=False), rows)


def revealed_csv(diary: str, protocol: Protocol) -> str:
    """The diary of a trial that was revealed, cut down to what may leave.

    Args:
        diary: as it was answered, doses among it.
        protocol: of the trial.
    """
    rows = list(csv.DictReader(io.StringIO(diary)))
    return _written(listed(protocol, revealed=True), rows)


def _written(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A table of the columns that are listed and hold something."""
    given = list(rows)
    kept = [name for name in columns if name == "day" or any(row.get(name) not in (None, "") for row in given)]
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(kept)
    table.writerows([row.get(name) for name in kept] for row in given)
    return out.getvalue()


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")
