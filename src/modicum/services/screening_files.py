"""The files of a screening: a medication list as text, a history as TOML or JSON."""

import json
import os
import tomllib
from pathlib import Path
from typing import Any

from modicum.foundation.errors import OptionsError, Problem

LARGEST_BYTES = 1_000_000


def read_list(path: Path) -> str:
    """A medication list, one medicine a line.

    Raises:
        OptionsError: the file cannot be read, or is no text.
    """
    return _text(path, "--medications")


def read_history(path: Path) -> dict[str, Any]:
    """The answers of a history, by the key of their question.

    Raises:
        OptionsError: the file cannot be read, or is neither TOML nor JSON.
    """
    text = _text(path, "--history")
    try:
        read = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unreadable(path, f"{error}"[:200]) from error
    if not isinstance(read, dict):
        raise _unreadable(path, "it is no table of answers")
    return read


def _text(path: Path, option: str) -> str:
    try:
        with path.open("rb") as file:
            read = file.read(LARGEST_BYTES + 1)
        if len(read) > LARGEST_BYTES:
            raise _no_file(option, path, "it is larger than a megabyte")
        return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_file(option, path, "it is not UTF-8 text") from error
    except (OSError, ValueError) as error:
        raise _no_file(option, path, getattr(error, "strerror", None) or str(error)) from error


def _no_file(option: str, path: Path, why: str) -> OptionsError:
    fix = "Give a text file with one medicine a line, or a history as TOML or JSON."
    return OptionsError([Problem("MOD-SCREEN-01", option, str(path), f"The file cannot be read: {why}", fix)])


def _unreadable(path: Path, why: str) -> OptionsError:
    fix = 'Write answers such as pregnancy = "no", one a line; modicum screen --questions lists them.'
    return OptionsError([Problem("MOD-SCREEN-02", "--history", str(path), f"The history cannot be read: {why}", fix)])


def list_or_file(given: str) -> str | Path:
    """What ``--medications`` was given: the path of a file that is there, or the list itself.

    Example:
        >>> list_or_file("codeine, ibuprofen")
        'codeine, ibuprofen'
    """
    try:
        there = bool(given.strip()) and os.path.exists(given)
    except ValueError:
        there = False
    return Path(given) if there else given
