"""Tables in frames: pandas, polars and Parquet to cells of text."""

import datetime as dt
import hashlib
import io
import math
from typing import Any

from modicum.foundation.errors import DiaryError
from modicum.records.problems import Code, problem
from modicum.records.table import MAX_ROWS, Table, header_problems


def is_frame(value: object) -> bool:
    """Whether a value comes from a library of frames (told by its class alone, so that none is imported for it)."""
    roots = {kind.__module__.partition(".")[0] for kind in type(value).__mro__}
    return bool(roots & {"pandas", "polars", "pyarrow", "modin", "cudf", "dask", "duckdb", "ibis", "narwhals"})


def read_parquet(content: bytes, source: str) -> Table:
    """The table in the bytes of a Parquet file.

    Raises:
        DiaryError: the bytes are not Parquet, or hold no rows.
    """
    import polars as pl

    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        fix = "Write the Parquet file again, or give the diary as CSV."
        unreadable = problem(Code.NOT_A_TABLE, source, "", f"The Parquet file cannot be read ({error})", fix)
        raise DiaryError([unreadable]) from error
    return read_frame(frame, source, hashlib.sha256(content).hexdigest())


def read_frame(frame: Any, source: str = "frame", sha256: str = "") -> Table:
    """The table in a pandas or polars frame (anything that narwhals takes).

    Raises:
        DiaryError: it is no frame, has no rows, or has column names that cannot be used.
    """
    import narwhals as nw

    try:
        native = nw.from_native(frame)
        eager = native.collect() if isinstance(native, nw.LazyFrame) else native
        names = [str(name).strip() for name in eager.columns]
        columns = [eager.get_column(name).to_list() for name in eager.columns]
    except (TypeError, ValueError, AttributeError, nw.exceptions.NarwhalsError) as error:
        fix = "Give a pandas or polars frame with one named column for each field."
        unreadable = problem(Code.SOURCE, source, type(frame).__name__, f"The frame cannot be read ({error})", fix)
        raise DiaryError([unreadable]) from error
    count = len(columns[0]) if columns else 0
    if wrong := header_problems(names, source):
        raise DiaryError(wrong)
    if count == 0:
        raise DiaryError([problem(Code.NO_ROWS, source, "", "There are no rows", "Give a row for each entry.")])
    if count > MAX_ROWS:
        fix = "Give the diary of one person, at most 2,000,000 rows."
        raise DiaryError([problem(Code.TOO_LARGE, source, "", f"There are more than {MAX_ROWS:,} rows", fix)])
    cells = {name: _cells(values) for name, values in zip(names, columns, strict=True)}
    digest = sha256 or hashlib.sha256(repr(cells).encode("utf-8", "surrogatepass")).hexdigest()
    return Table(tuple(names), cells, range(1, count + 1), "row", {}, True, (), source, digest)


def _cells(values: list[Any]) -> list[str]:
    moments = [value for value in values if isinstance(value, dt.datetime) and value == value]  # noqa: PLR0124  NaT
    dates = bool(moments) and all(value.tzinfo is None and value.time() == dt.time() for value in moments)
    return [_cell(value, dates) for value in values]


def _cell(value: Any, dates: bool) -> str:
    """One value as the text that a CSV file would hold; a column of midnights without zone is a column of dates."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        if value != value:  # noqa: PLR0124  only NaT differs from itself
            return ""
        return value.date().isoformat() if dates else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value).strip()
    return "" if text in {"<NA>", "NaT"} else text
