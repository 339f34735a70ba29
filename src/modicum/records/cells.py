"""Cells of text to numbers and flags, or to the fault that says why not."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from modicum.records.problems import Code
from modicum.records.table import is_missing

NUMERAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
COMMA_NUMERAL = re.compile(r"[+-]?\d*,\d+", re.ASCII)
FLAGS = {"true": 1.0, "yes": 1.0, "1": 1.0, "1.0": 1.0, "false": 0.0, "no": 0.0, "0": 0.0, "0.0": 0.0}


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
    """A parser that takes words for yes and no besides numbers."""

    def parse(cell: str) -> "float | Fault":
        word = FLAGS.get(cell.lower())
        return numbers(cell) if word is None else word

    return parse
