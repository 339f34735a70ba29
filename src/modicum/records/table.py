"""A table of text cells, whatever it was read from, that knows the line of every row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from modicum.foundation.errors import DiaryError, Problem
from modicum.records.problems import Code, problem

MAX_ROWS = 2_000_000
MISSING = frozenset({"", "na", "nan", "null"})


@dataclass(frozen=True)
class Table:
    """Cells as stripped text, by column.

    Args:
        header: column names, in order.
        columns: cells by column name, one for each row.
        places: line of the file (CSV) or number of the row from 1 (frame, Parquet), one for each row.
        unit: "line" or "row", the word for ``places``.
        broken: reason by position, for rows that could not be split into cells; their cells are empty.
        decimal_comma: whether "5,5" can only mean 5.5 (the cells are not separated by commas).
        warnings: what a reader should know about the file as a whole.
        source: name for messages.
        sha256: of the bytes read.
    """

    header: tuple[str, ...]
    columns: Mapping[str, Sequence[str]]
    places: Sequence[int]
    unit: str = "line"
    broken: Mapping[int, Problem] = field(default_factory=dict)
    decimal_comma: bool = False
    warnings: tuple[Problem, ...] = ()
    source: str = ""
    sha256: str = ""

    def __len__(self) -> int:
        return len(self.places)

    def where(self, row: int, column: str = "") -> str:
        """The place of a cell in words, for example "diary.csv, line 7, column pain"."""
        named = f"{self.source}, " if self.source else ""
        return f"{named}{self.unit} {self.places[row]}" + (f", column {column}" if column else "")

    def lines(self, rows: Sequence[int]) -> str:
        """Places of several rows in words, the first eight of them."""
        shown = ", ".join(str(self.places[row]) for row in rows[:8])
        more = f" and {len(rows) - 8} more" if len(rows) > 8 else ""
        return f"{self.unit}{'s' if len(rows) > 1 else ''} {shown}{more}"

    def chosen(self, values: Mapping[str, str]) -> "Table":
        """The rows whose cells equal the values given; rows not chosen count as not read.

        Raises:
            DiaryError: no row has these values.
        """
        keep = [
            row
            for row in range(len(self))
            if row in self.broken or all(self.columns[column][row] == value for column, value in values.items())
        ]
        if not any(row not in self.broken for row in keep):
            seen = {column: sorted(set(self.columns[column]))[:10] for column in values}
            listed = "; ".join(f"{column}: {', '.join(found)}" for column, found in seen.items())
            asked = ", ".join(f"{column}={value}" for column, value in values.items())
            fix = f"Use one of the values in the file in full ({listed})."
            raise DiaryError(
                [problem(Code.NONE_CHOSEN, self.source or "--where", asked, "No row has the values asked for", fix)]
            )
        return replace(
            self,
            columns={name: [cells[row] for row in keep] for name, cells in self.columns.items()},
            places=[self.places[row] for row in keep],
            broken={new: self.broken[old] for new, old in enumerate(keep) if old in self.broken},
        )


def is_missing(cell: str) -> bool:
    """Whether a cell holds nothing: empty, ``NA``, ``NaN`` or ``null`` in any case.

    Example:
        >>> [is_missing(cell) for cell in ("", "NA", "nan", "null", "0", "none")]
        [True, True, True, True, False, False]
    """
    return not cell or (len(cell) <= 4 and cell.lower() in MISSING)


def header_problems(names: Sequence[str], source: str) -> list[Problem]:
    """What is wrong with a header: blank names and names used twice."""
    found = []
    for position, name in enumerate(names, start=1):
        where = f"{source}, header, column {position}" if source else f"header, column {position}"
        if not name:
            message, fix = "A column has no name", "Name the column in the first line of the file, or delete it."
            found.append(problem(Code.HEADER, where, "", message, fix))
        elif name in names[: position - 1]:
            message = "Two columns have the same name"
            found.append(problem(Code.HEADER, where, name, message, "Rename one of the columns, or delete it."))
    return found
