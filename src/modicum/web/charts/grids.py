"""Grids: a table of the reports, laid out for a template."""

from collections.abc import Iterator
from dataclasses import dataclass

from modicum.reports.tables import Table
from modicum.reports.wording import unbroken


@dataclass(frozen=True)
class Cell:
    """A cell.

    Args:
        words: in it.
        left: whether they are words, set left; numbers are set right.
        tagged: whether they are shown as a mark.
    """

    words: str
    left: bool
    tagged: bool = False


@dataclass(frozen=True)
class Row:
    """A row: its head, its cells, and whether the verdict names it."""

    head: str
    cells: tuple[Cell, ...]
    best: bool


@dataclass(frozen=True)
class Grid:
    """A table as ``charts/table.html`` shows it.

    Args:
        table: of the reports.
        folded: the words that ask for it where it is shown only then; else "".
        titled: whether its label is shown; it is always told to who cannot see the table.
        language: of its words, where it is not that of the page.
        blinded: whether the row that the verdict names is not tinted: the tint is a colour of the drug.
    """

    table: Table
    folded: str = ""
    titled: bool = True
    language: str = ""
    blinded: bool = False

    @property
    def heads(self) -> list[Cell]:
        """Of the columns."""
        return [Cell(unbroken(words), number in self.table.left) for number, words in enumerate(self.table.head)]

    @property
    def groups(self) -> Iterator[tuple[str, list[Row]]]:
        """Head and rows of each group; one without a head where there are none."""
        begins = sorted({0, *self.table.groups})
        for first, after in zip(begins, [*begins[1:], len(self.table.rows)], strict=True):
            rows = [self._row(number) for number in range(first, after)]
            if rows:
                yield unbroken(self.table.groups.get(first, "")), rows

    def _row(self, number: int) -> Row:
        head, *cells = self.table.rows[number]
        tag, left = self.table.tag, self.table.left
        laid = (Cell(unbroken(words), at in left, bool(tag) and words == tag) for at, words in enumerate(cells, 1))
        return Row(unbroken(head), tuple(laid), not self.blinded and number in self.table.best)
