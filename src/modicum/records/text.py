"""Tables in text: bytes to characters, characters to cells, with the line of every row."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator

from modicum.foundation.errors import DiaryError, Problem
from modicum.records.problems import Code, problem
from modicum.records.table import MAX_ROWS, Table, header_problems

BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
SIGNATURES = {
    b"PK\x03\x04": "It is a workbook or a zip archive",
    b"\x1f\x8b": "It is compressed with gzip",
    b"\xd0\xcf\x11\xe0": "It is an old workbook",
    b"%PDF": "It is a PDF",
    b"\x89PNG": "It is a picture",
}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SEPARATORS = (",", ";", "\t")

Record = tuple[int, list[str] | Problem]


def read_text(content: bytes, source: str) -> Table:
    """The table in the bytes of a CSV file: separated by commas, semicolons or tabs; UTF-8, UTF-16 or Latin-1.

    Raises:
        DiaryError: the bytes are no table in text, have no rows, or have a header that cannot be used.
    """
    text, warnings = _decoded(content, source)
    separator = _separator(text)
    header, records = _header_and_records(text, separator, source)
    columns = [name.strip() for name in header]
    wrong = header_problems(columns, source)
    if any(CONTROL.search(name) for name in columns):
        fix = "Save the diary as CSV in UTF-8 and give that file."
        wrong = [problem(Code.NOT_A_TABLE, source, columns[0], "The first line is not a line of column names", fix)]
    if wrong:
        raise DiaryError(wrong)
    rows, places, broken = _rows(records, columns, separator, source)
    if not rows:
        fix = "Add a line for each entry below the column names."
        raise DiaryError([problem(Code.NO_ROWS, source, "", "There are no rows below the column names", fix)])
    cells = dict(zip(columns, zip(*rows, strict=True), strict=True))
    digest = hashlib.sha256(content).hexdigest()
    return Table(tuple(columns), cells, places, "line", broken, separator != ",", tuple(warnings), source, digest)


def _decoded(content: bytes, source: str) -> tuple[str, list[Problem]]:
    for signature, sentence in SIGNATURES.items():
        if content.startswith(signature):
            fix = "Save the diary as CSV in UTF-8, or as Parquet, and give that file."
            raise DiaryError([problem(Code.NOT_A_TABLE, source, "", sentence, fix)])
    marked = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), None)
    try:
        return content.decode(marked or "utf-8"), []
    except UnicodeDecodeError as error:
        if marked is None:
            message = f"The file is not UTF-8 (byte {error.start + 1}); it was read as Latin-1"
            fix = "Look at names with accents; save the file as UTF-8 where they are wrong."
            return content.decode("latin-1"), [problem(Code.LATIN, source, "", message, fix)]
        message = f"The file says that it is {marked}, and is not (byte {error.start + 1})"
        fix = "Save the diary as CSV in UTF-8 and give that file."
        raise DiaryError([problem(Code.NOT_A_TABLE, source, "", message, fix)]) from error


def _separator(text: str) -> str:
    """The separator that the first line with anything in it uses most, outside quotation marks."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(SEPARATORS, key=bare.count)


def _header_and_records(text: str, separator: str, source: str) -> tuple[list[str], Iterator[Record]]:
    records = _records(text, separator, source)
    for _, cells in records:
        if isinstance(cells, Problem):
            raise DiaryError([cells])
        if any(cell.strip() for cell in cells):
            return cells, records
    fix = "Give a file with a line of column names and a line for each entry."
    raise DiaryError([problem(Code.NO_ROWS, source, "", "The file is empty", fix)])


def _records(text: str, separator: str, source: str) -> Iterator[Record]:
    """Line number and cells of every record; a record that cannot be split is the problem with it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, _split_problem(str(error), line, source)


def _split_problem(error: str, line: int, source: str) -> Problem:
    where = f"{source}, line {line}"
    if "end of data" in error:
        message = "A quotation mark is opened and never closed, so that no row after it can be told from its cell"
        unclosed = problem(Code.QUOTES, where, "", message, 'Close the quotation mark, or write it twice ("").')
        raise DiaryError([unclosed])
    message = f"The line cannot be split into cells ({error})"
    return problem(Code.QUOTES, where, "", message, 'Write a quotation mark inside a quoted cell twice ("").')


def _rows(
    records: Iterator[Record], columns: list[str], separator: str, source: str
) -> tuple[list[list[str]], list[int], dict[int, Problem]]:
    """Rows of stripped cells, their lines, and what is wrong with the rows that could not be split."""
    rows: list[list[str]] = []
    places: list[int] = []
    broken: dict[int, Problem] = {}
    width = len(columns)
    for line, cells in records:
        if width > 1 and isinstance(cells, list) and len(cells) < 2 and not "".join(cells).strip():
            continue
        if len(rows) == MAX_ROWS:
            fix = "Give the diary of one person, at most 2,000,000 rows."
            raise DiaryError([problem(Code.TOO_LARGE, source, "", f"There are more than {MAX_ROWS:,} rows", fix)])
        fault = cells if isinstance(cells, Problem) else _row_problem(cells, columns, line, separator, source)
        if fault is not None:
            broken[len(rows)] = fault
        rows.append([""] * width if isinstance(cells, Problem) or fault else [cell.strip() for cell in cells or [""]])
        places.append(line)
    while width == 1 and rows and rows[-1] == [""] and len(rows) - 1 not in broken:
        del rows[-1], places[-1]
    return rows, places, broken


def _row_problem(cells: list[str], columns: list[str], line: int, separator: str, source: str) -> Problem | None:
    where = f"{source}, line {line}"
    if cells and len(cells) != len(columns):
        message = f"The line has {len(cells)} cells and the header has {len(columns)}"
        fix = "Write as many cells as there are column names; leave a cell empty where nothing is known."
        if len(cells) > len(columns) and separator == ",":
            fix += " Write decimals with a point, not a comma."
        return problem(Code.RAGGED, where, separator.join(cells), message, fix)
    for name, cell in zip(columns, cells, strict=False):
        if CONTROL.search(cell):
            message = "The cell contains a NUL byte or another control character"
            fix = "Delete the character, or export the file again."
            return problem(Code.CONTROL, f"{where}, column {name}", repr(cell), message, fix)
    return None
