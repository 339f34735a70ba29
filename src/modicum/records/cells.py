"""Cells of text to numbers and flags, or to the fault that says why not."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from modicum.records.problems import Code
from modicum.records.table import is_missing

NUMERAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
COMMA_NUMERAL = re.compile(r"[+-]?\d*,\d+", re.ASCII)
WORDS = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}
FLAGS = WORDS | {"1": 1.0, "1.0": 1.0, "0": 0.0, "0.0": 0.0}


class Fault(NamedTuple):
    """Why a cell cannot be used: code, message, and what to do."""

    code: Code
    message: str
    fix: str


Parser = Callable[[str], "float | Fault"]


@dataclass(frozen=True)
class Numerals:
    """Numbers as the file writes them.

    Args:
        decimal_comma: whether "5,5" can only mean 5.5.

    Example:
        >>> Numerals()("2.5"), Numerals(decimal_comma=True)("2,5"), Numerals()("inf").code.name
        (2.5, 2.5, 'NUMBER')
    """

    decimal_comma: bool = False

    def __call__(self, cell: str) -> "float | Fault":
        """The number in a cell: NaN where the cell is missing."""
        if is_missing(cell):
            return math.nan
        if COMMA_NUMERAL.fullmatch(cell):
            if not self.decimal_comma:
                fix = f"Write {cell.replace(',', '.')} with a point, or separate the columns with semicolons."
                return Fault(Code.DECIMAL_COMMA, "The number has a decimal comma, and so has the separator", fix)
            cell = cell.replace(",", ".")
        if not NUMERAL.fullmatch(cell):
            return Fault(Code.NUMBER, "This is not a finite number", "Write a number, or leave the cell empty.")
        value = float(cell)
        if math.isinf(value):
            return Fault(Code.NUMBER, "This is not a finite number", "Write a number, or leave the cell empty.")
        return value


@dataclass(frozen=True)
class Within:
    """Numbers within ``low`` and ``high`` (either may be None: open), whole ones only where asked."""

    numerals: Numerals
    low: float | None
    high: float | None
    whole: bool = False

    def __call__(self, cell: str) -> "float | Fault":
        """The number in a cell, or why it cannot be one."""
        value = self.numerals(cell)
        if isinstance(value, Fault) or math.isnan(value):
            return value
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            fix = "Correct the number or leave the cell empty; if the range is wrong, correct the range."
            return Fault(Code.RANGE, f"The number is outside {self._range()}", fix)
        if self.whole and value != int(value):
            fix = "Write a whole number, or leave the cell empty."
            return Fault(Code.RANGE, f"The number is not a whole number {self._range()}", fix)
        return value

    def _range(self) -> str:
        low = "" if self.low is None else f"{self.low:g}"
        high = "" if self.high is None else f"{self.high:g}"
        return f"{low} to {high}" if low and high else f"{low} and above" if low else f"{high} and below"


def flag(cell: str) -> "float | Fault":
    """Yes or no as 1 or 0: true, false, yes, no, 1, 0 in any case; NaN where the cell is missing."""
    if is_missing(cell):
        return math.nan
    value = FLAGS.get(cell.lower())
    if value is None:
        return Fault(Code.FLAG, "This is neither yes nor no", "Write true, false, yes, no, 1 or 0, or leave it empty.")
    return value


def flag_or(numbers: Parser) -> Parser:
    """A parser that takes words for yes and no as 1 and 0, besides numbers."""

    def parse(cell: str) -> "float | Fault":
        word = FLAGS.get(cell.lower())
        return numbers(cell if word is None else f"{word:g}")

    return parse


def answers(cells: Iterable[str], within: Within, *, binary: bool) -> Parser:
    """The parser of a column of answers: numbers; yes and no in words where all answers are, or where it is ``binary``.

    Example:
        >>> parse = answers(["Yes", "no", ""], Within(Numerals(), None, None), binary=False)
        >>> parse("Yes"), parse("no")
        (1.0, 0.0)
    """
    known = {cell.lower() for cell in cells if not is_missing(cell)}
    parse = flag_or(within) if binary or known <= WORDS.keys() else within
    scored = any(not isinstance(within.numerals(cell), Fault) for cell in known - FLAGS.keys())

    def hinting(cell: str) -> "float | Fault":
        value = parse(cell)
        if isinstance(value, Fault) and value.code == Code.NUMBER:
            return value._replace(fix=_advice(cell, value.fix, scored=scored))
        return value

    return hinting


def _advice(cell: str, usual: str, *, scored: bool) -> str:
    """What to do about an answer that is no number; ``scored``: whether others are numbers besides 0 and 1."""
    if cell.endswith("%") and NUMERAL.fullmatch(cell[:-1].strip()):
        number = float(cell[:-1])
        return f"Write {number:g} without the sign, or {number / 100:g} where the scale ends at 1."
    return usual if scored else "Write a number; for yes and no write 1 and 0; or leave the cell empty."
