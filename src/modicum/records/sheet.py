"""A table in work: its cells as typed columns, and everything found wrong with them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from modicum.records.cells import Fault, Numerals, Parser
from modicum.records.diary import Column
from modicum.records.findings import Findings
from modicum.records.options import Options
from modicum.records.problems import Code, problem
from modicum.records.table import Table, is_missing


@dataclass(frozen=True)
class Sheet:
    """A table with the options it is read by and the findings so far.

    Args:
        table: the cells.
        options: what the reader was told.
        findings: what was found wrong; grows while the sheet is read.
    """

    table: Table
    options: Options
    findings: Findings = field(init=False)

    def __post_init__(self) -> None:
        broken = self.table.broken
        findings = Findings(set(broken), rows={row: [why] for row, why in broken.items()})
        findings.warnings.extend(self.table.warnings)
        object.__setattr__(self, "findings", findings)

    @property
    def numerals(self) -> Numerals:
        """Numbers as this file writes them."""
        return Numerals(self.table.decimal_comma)

    def refuse(self, row: int, column: str, fault: Fault) -> None:
        """A row cannot be used because of a cell (or, without a column, as a whole)."""
        value = self.table.columns[column][row] if column else ""
        self.findings.refuse(row, problem(fault.code, self.table.where(row, column), value, fault.message, fault.fix))

    def warn(
        self, code: Code, rows: Sequence[int], message: str, fix: str, *, column: str = "", value: str = ""
    ) -> None:
        """Something is worth knowing about some rows or, without rows, about the file."""
        places = [self.table.source, f"column {column}" if column else "", self.table.lines(rows) if len(rows) else ""]
        where = ", ".join(place for place in places if place)
        self.findings.warnings.append(problem(code, where, value, message, fix))

    def numbers(self, column: str, parse: Parser) -> Column:
        """A column as numbers; NaN where a cell is missing or faulty, and each fault in the findings."""
        cells = self.table.columns[column]
        parsed = {cell: parse(cell) for cell in set(cells)}
        faults = {cell: result for cell, result in parsed.items() if isinstance(result, Fault)}
        if faults:
            for row, cell in enumerate(cells):
                if cell in faults:
                    self.refuse(row, column, faults[cell])
        values = {cell: math.nan if isinstance(result, Fault) else result for cell, result in parsed.items()}
        return np.array([values[cell] for cell in cells], float)

    def is_numeric(self, column: str, parse: Parser) -> bool:
        """Whether a column holds at least one number and nothing but numbers and missing cells."""
        parsed = [parse(cell) for cell in set(self.table.columns[column])]
        numbers = [result for result in parsed if not isinstance(result, Fault)]
        return len(numbers) == len(parsed) and not all(math.isnan(number) for number in numbers)

    def words(self, column: str, allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A column as words, missing ones empty; where words are prescribed, any case, and others are faults."""
        out = []
        for row, cell in enumerate(self.table.columns[column]):
            word = "" if is_missing(cell) else cell
            if allowed and word:
                word = word.lower()
                if word not in allowed:
                    fix = f"Write one of {', '.join(allowed)}, or leave the cell empty."
                    self.refuse(row, column, Fault(Code.WORD, "The column does not know this word", fix))
            out.append(word)
        return tuple(out)
