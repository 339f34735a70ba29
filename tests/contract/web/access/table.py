"""The declared addresses, and those that there are."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLResolver, get_resolver

STAFF = ("prescriber", "pharmacist", "analyst", "operator", "foreign prescriber", "foreign operator")
DECLARED = Path(__file__).with_name("declared.toml")


@dataclass(frozen=True)
class Page:
    """One row of the table."""

    route: str
    kind: str
    sees: frozenset[str]
    whose: str
    method: str
    enrolling: bool


def declared() -> list[Page]:
    """The rows of the table."""
    rows = tomllib.loads(DECLARED.read_text(encoding="utf-8"))["page"]
    return [_page(row) for row in rows]


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address that is answered."""
    for one in (resolver or get_resolver()).url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, here)
        else:
            yield here


def undeclared(found: Iterator[str], rows: list[Page]) -> list[str]:
    """Addresses that nobody has declared."""
    return sorted(set(found) - {row.route for row in rows})


def address(route: str, key: Any) -> str:
    """The address of a route, of the object with a key; of the first of what is numbered."""
    return "/" + re.sub(r"<[^>]*>", str(key), route.replace("<int:number>", "1"))


def _page(row: dict[str, Any]) -> Page:
    sees = frozenset(role for name in row.get("sees", ()) for role in (STAFF if name == "staff" else (name,)))
    return Page(
        route=row["route"],
        kind=row["for"],
        sees=sees,
        whose=row.get("object", ""),
        method=row.get("method", "GET"),
        enrolling=row.get("enrolling", False),
    )
