"""Options that are pairs: ``field=column``, ``text=dose``, ``column=value``."""

import math
from collections.abc import Iterable

from modicum.foundation.errors import Problem


def read_pairs(given: Iterable[str], option: str, *, commas: bool, problems: list[Problem]) -> dict[str, str]:
    """Read ``left=right`` pairs; a pair without both sides, or a left side given twice, is added to the problems.

    Args:
        given: each use of the option.
        option: its name, for messages.
        commas: whether one use may hold several pairs separated by commas.
        problems: the list to add to.
    """
    pairs: dict[str, str] = {}
    parts = [part for text in given for part in (text.split(",") if commas else [text])]
    for part in parts:
        left, equals, right = (piece.strip() for piece in part.partition("="))
        if not (left and equals and right):
            problems.append(_problem(option, part, "This is not a pair", "Join both sides by an equals sign."))
        elif left in pairs:
            problems.append(_problem(option, part, f"{left} is given twice", "Give each left side once."))
        else:
            pairs[left] = right
    return pairs


def read_levels(given: Iterable[str], problems: list[Problem]) -> dict[str, float]:
    """Read ``TEXT=DOSE`` pairs; a dose that is not a finite number of zero or more is added to the problems."""
    levels: dict[str, float] = {}
    for text, dose in read_pairs(given, "--levels", commas=True, problems=problems).items():
        try:
            levels[text] = float(dose)
        except ValueError:
            levels[text] = math.nan
        if not (math.isfinite(levels[text]) and levels[text] >= 0):
            problems.append(
                _problem("--levels", f"{text}={dose}", "The dose is not a number of zero or more", "Write 0 for none.")
            )
    return levels


def read_names(given: Iterable[str]) -> tuple[str, ...]:
    """Read names separated by commas, each once, in their order."""
    return tuple(dict.fromkeys(name.strip() for text in given for name in text.split(",") if name.strip()))


def _problem(option: str, value: str, message: str, fix: str) -> Problem:
    return Problem("MOD-OPT-01", option, value, message, fix)
