"""Where a diary comes from: a path, bytes, an open file or a frame."""

import os
from pathlib import Path
from typing import Any

from modicum.foundation.errors import DiaryError, Problem
from modicum.records.frame import is_frame, read_frame, read_parquet
from modicum.records.problems import Code, problem
from modicum.records.table import Table
from modicum.records.text import read_text

MAX_BYTES = 500_000_000
PARQUET = b"PAR1"


def read_table(source: Any) -> Table:
    """The table behind a path, bytes, an open file (text or bytes) or a pandas or polars frame.

    A string is always a path; text itself is given as ``io.StringIO(text)``. What a file is, its content says:
    Parquet begins with ``PAR1``, everything else is read as CSV.

    Raises:
        DiaryError: it cannot be opened, is too large, or is not a table.
    """
    if isinstance(source, str | os.PathLike):
        name, content = _file(source)
    elif isinstance(source, bytes | bytearray | memoryview):
        name, content = "bytes", bytes(source)
    elif is_frame(source):
        return read_frame(source)
    elif hasattr(source, "read"):
        name, content = _open_file(source)
    else:
        fix = "Give a path, bytes, an open file, or a pandas or polars frame."
        kind = type(source).__name__
        raise DiaryError([problem(Code.SOURCE, "source", kind, "A diary cannot be read from this type of value", fix)])
    if len(content) > MAX_BYTES:
        raise DiaryError([_too_large(name, len(content))])
    if content.startswith(PARQUET):
        return read_parquet(content, name)
    if name.lower().endswith((".parquet", ".pq")):
        fix = "Write the Parquet file again, or give the diary as CSV."
        raise DiaryError([problem(Code.NOT_A_TABLE, name, "", "The name says Parquet and the content is not", fix)])
    return read_text(content, name)


def _file(source: "str | os.PathLike[str]") -> tuple[str, bytes]:
    shown = ascii(os.fspath(source))[1:-1]
    try:
        path = Path(source)
        if path.is_dir():
            raise DiaryError([_not_opened(shown, "It is a folder, not a file")])
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DiaryError([_too_large(path.name, size)])
        return path.name, path.read_bytes()
    except FileNotFoundError as error:
        raise DiaryError([_not_opened(shown, "There is no such file")]) from error
    except (OSError, ValueError, TypeError) as error:
        raise DiaryError([_not_opened(shown, f"The file cannot be opened ({error})")]) from error


def _open_file(source: Any) -> tuple[str, bytes]:
    name = getattr(source, "name", "")
    shown = Path(name).name if isinstance(name, str) and name else "open file"
    try:
        content = source.read()
        content = content.encode("utf-8") if isinstance(content, str) else content
    except (OSError, ValueError, TypeError) as error:
        raise DiaryError([_not_opened(shown, f"The open file cannot be read ({error})")]) from error
    if not isinstance(content, bytes):
        raise DiaryError([_not_opened(shown, "The open file gives neither text nor bytes")])
    return shown, content


def _not_opened(shown: str, message: str) -> Problem:
    fix = "Check the path; a string is always taken for one."
    return problem(Code.NO_FILE, shown[:200], "", message, fix)


def _too_large(name: str, size: int) -> Problem:
    message = f"The file has {size / 1e6:,.0f} MB, more than {MAX_BYTES / 1e6:,.0f} MB"
    return problem(Code.TOO_LARGE, name, "", message, "Give the diary of one person.")
