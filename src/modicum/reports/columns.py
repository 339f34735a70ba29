"""Tables on paper: a width for every column, and a table wider than the sheet parted into several that fit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from modicum.reports.grammar import text_width
from modicum.reports.tables import Table

SHEET, TYPE, GAP = 504.0, 9.0, 12.0  # text width of A4 between its margins, type size and space between columns, pt
PART = "{}, part {}"
FIRST, WIDEST = 96.0, 118.0  # least room for the heads of rows; most for a column of numbers, pt


@dataclass(frozen=True)
class Part:
    """A table that fits a sheet.

    Args:
        table: cells and label.
        widths: of columns: pt for numbers; 0 for a column of words, which share what is left.
        shares: of columns of words in what is left; 0 for numbers.
    """

    table: Table
    widths: tuple[float, ...]
    shares: tuple[float, ...]


def parts(table: Table, called: str = PART) -> tuple[Part, ...]:
    """A table as one or more that fit a sheet; each repeats the heads of its rows.

    Args:
        table: as wide as it is.
        called: how a part of it is called, by its name and its number.
    """
    columns = range(len(table.head))
    widths = [0.0 if k in table.left else _width(table, k) for k in columns]
    words = FIRST * sum(k in table.left for k in columns)
    runs: list[list[int]] = [[]]
    room = SHEET - words
    for k in columns[1:]:
        if runs[-1] and widths[k] > room:
            runs.append([])
            room = SHEET - FIRST
        runs[-1].append(k)
        room -= widths[k]
    return tuple(
        _part(table, [0, *run], widths, called if len(runs) > 1 else "{}", place) for place, run in enumerate(runs)
    )


def _width(table: Table, k: int) -> float:
    """Width of a column of numbers: its widest cell, with the head broken into lines, pt."""
    cells = max((text_width(row[k], TYPE) for row in table.rows), default=0.0)
    head = table.head[k]
    words = max((text_width(word, TYPE) for word in head.split()), default=0.0)
    return min(max(cells, words, text_width(head, TYPE) / 3), WIDEST) + GAP


def _part(table: Table, columns: Sequence[int], widths: Sequence[float], called: str, place: int) -> Part:
    """Some columns of a table as a table."""
    label = called.format(table.label, place + 1)
    left = frozenset(new for new, k in enumerate(columns) if k in table.left)
    cut = replace(
        table,
        label=label,
        head=tuple(table.head[k] for k in columns),
        rows=tuple(tuple(row[k] for k in columns) for row in table.rows),
        left=left,
    )
    shares = tuple(_share(cut, new) if new in left else 0.0 for new in range(len(columns)))
    spare = max(SHEET - sum(shares) - sum(widths[k] for k in columns), 0.0) / len(columns)
    return Part(cut, tuple(widths[k] + spare if widths[k] else 0.0 for k in columns), shares)


def _share(table: Table, k: int) -> float:
    """The share of a column of words: its longest text, within reason, pt."""
    longest = max((text_width(text, TYPE) for text in (table.head[k], *(row[k] for row in table.rows))), default=FIRST)
    return min(max(longest, FIRST), 3 * FIRST)
