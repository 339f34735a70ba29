"""Reading a table of clinics (CSV): taken whole or not at all, with every problem told at once."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import urlsplit

from modicum.foundation.errors import OptionsError, Problem, problem
from modicum.services.directory.listing import COLUMNS, Listing

MOST_BYTES, MOST_ROWS = 1_000_000, 2_000
_LONGEST = {
    "name": 120,
    "street": 120,
    "place": 80,
    "postcode": 12,
    "country": 40,
    "telephone": 40,
    "website": 200,
    "languages": 80,
}
_MAY_BE_EMPTY = frozenset({"website"})
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{3,}")
_POSTCODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TABLE = "Save it from the spreadsheet as CSV (UTF-8) with the columns " + ", ".join(COLUMNS) + "."


def read_listings(content: bytes, sites: Collection[str]) -> list[Listing]:
    """The clinics of a table.

    Args:
        content: of the file; cells parted by commas, semicolons or tabs.
        sites: names of those that may be listed.

    Raises:
        OptionsError: with every problem at once.
    """
    header, rows = _table(content)
    problems = _columns(header)
    if problems:
        raise OptionsError(problems)
    found, seen = list[Listing](), dict[str, int]()
    for line, cells in rows:
        if len(cells) != len(header):
            fix = "Put cells that hold a separator between quotation marks."
            message = f"The row has {len(cells)} cells and the header {len(header)}"
            problems.append(problem("MOD-LIST-03", f"line {line}", ",".join(cells), message, fix))
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        problems += [*_cells(row, line), *_site(row["name"], line, sites, seen)]
        found.append(_listing(row))
    if problems:
        raise OptionsError(problems)
    return found


def _listing(row: dict[str, str]) -> Listing:
    return Listing(
        name=row["name"],
        street=row["street"],
        place=row["place"],
        postcode=row["postcode"],
        country=row["country"],
        telephone=row["telephone"],
        website=row["website"],
        languages=tuple(_languages(row["languages"])),
    )


def _table(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header and the rows that hold something, each with its line."""
    if len(content) > MOST_BYTES:
        raise _no_table(f"{len(content)} bytes", f"The file is larger than {MOST_BYTES:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_table(f"byte {error.start}", "The file is not UTF-8") from error
    if "\0" in text:
        raise _no_table("NUL", "The file is not text")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        table = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise _no_table(str(error), "A quotation mark is not closed, or stands inside a cell") from error
    if len(table) < 2:
        raise _no_table("", "There are no rows")
    if len(table) > MOST_ROWS + 1:
        raise _no_table(f"{len(table) - 1} rows", f"There are more than {MOST_ROWS:,} rows")
    return [cell.strip().lower() for cell in table[0][1]], table[1:]


def _no_table(value: str, message: str) -> OptionsError:
    return OptionsError([problem("MOD-LIST-01", "the file", value, message, _TABLE)])


def _columns(header: list[str]) -> list[Problem]:
    missing = [name for name in COLUMNS if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    twice = sorted({name for name in header if name in COLUMNS and header.count(name) > 1})
    told = [("There is no such column", missing), ("This column is not known", unknown), ("It is there twice", twice)]
    fix = f"The columns are {', '.join(COLUMNS)}, each once, in any order."
    return [problem("MOD-LIST-02", "line 1", name, message, fix) for message, names in told for name in names]


def _cells(row: dict[str, str], line: int) -> Iterator[Problem]:
    """What is wrong with the cells of a row, each by itself."""
    for name, longest in _LONGEST.items():
        cell, where = row[name], f"line {line}, {name}"
        if not cell and name not in _MAY_BE_EMPTY:
            yield problem("MOD-LIST-04", where, "", "The cell is empty", "Fill it in; only website may be empty.")
        elif len(cell) > longest or not cell.isprintable():
            fix = f"Write at most {longest} letters on one line."
            yield problem("MOD-LIST-04", where, cell, "The cell is too long, or holds control characters", fix)
    for name, (fits, what, fix) in _FORMS.items():
        if row[name] and not fits(row[name]):
            yield problem("MOD-LIST-05", f"line {line}, {name}", row[name], f"This is not {what}", fix)


def _site(name: str, line: int, sites: Collection[str], seen: dict[str, int]) -> Iterator[Problem]:
    """Whether a clinic may be listed by who asks, and is not listed twice."""
    where = f"line {line}, name"
    if name and name not in sites:
        fix = f"Write the name of the site as it stands under Sites; yours are: {'; '.join(sorted(sites))}."
        yield problem("MOD-LIST-06", where, name, "You run no site of this name", fix)
    if name in seen:
        fix = "Leave one of the two rows."
        yield problem("MOD-LIST-07", where, name, f"The clinic stands in line {seen[name]} too", fix)
    seen.setdefault(name, line)


def _languages(cell: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", cell) if word]


def is_telephone(cell: str) -> bool:
    """Whether something is a telephone number, as one dials it.

    Args:
        cell: as it was typed.

    Example:
        >>> is_telephone("+44 20 7946 0000"), is_telephone("ask at the desk")
        (True, False)
    """
    return bool(_TELEPHONE.fullmatch(cell))


def _is_address(cell: str) -> bool:
    try:
        address = urlsplit(cell)
        plain = address.scheme in ("https", "http") and bool(address.hostname) and "@" not in address.netloc
    except ValueError:
        return False
    return plain and "." in (address.hostname or "") and not re.search(r"[\s\"'<>\\]", cell)


_FORMS: dict[str, tuple[Callable[[str], object], str, str]] = {
    "postcode": (_POSTCODE.fullmatch, "a postcode", "Write letters, digits, blanks and hyphens."),
    "country": (_COUNTRY.fullmatch, "a country", "Write its two letters, for example DE or GB."),
    "telephone": (
        is_telephone,
        "a telephone number",
        "Write it as one dials it, for example +44 20 7946 0000.",
    ),
    "website": (_is_address, "an address of the web", "Write it whole, for example https://clinic.example.org."),
    "languages": (
        lambda cell: all(_LANGUAGE.fullmatch(word) for word in _languages(cell)),
        "a list of languages",
        "Write their codes parted by blanks, for example: en de tr.",
    ),
}
