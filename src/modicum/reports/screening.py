"""A screening in a notebook: the result, and a table of what was found."""

from collections.abc import Mapping
from typing import Any

from modicum.reports.notebook import piece
from modicum.reports.tables import Table

_TITLES = {"stop": "Stop", "ask": "Ask first", "note": "Worth knowing"}


def notebook(document: Mapping[str, Any]) -> str:
    """A small self-contained piece of HTML.

    Args:
        document: ``modicum.screen/1``.
    """
    unread = [(line, "Not recognised", "Read it by hand; it clears nobody.") for line in document["not_recognised"]]
    found = [
        (one["input"] or "the list is empty", _TITLES[one["severity"]], one["reason"]) for one in document["findings"]
    ]
    first, *rest = document["sentences"]
    head = ("Given", "", "Why")
    table = Table("What was found", head, tuple(unread + found), left=frozenset({0, 1, 2})) if unread or found else None
    return piece(first, " ".join(rest), table, "")
