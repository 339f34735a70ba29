"""Doses of a file: text to mg, one value a dosing day, and doses that the ladder does not have."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Int

from modicum.records.cells import Fault
from modicum.records.diary import Column
from modicum.records.problems import Code
from modicum.records.sheet import Sheet
from modicum.records.table import is_missing

SAME_DOSE = 1e-9
"""Doses closer than this (mg) are one dose: what is left of arithmetic in a spreadsheet."""
NOTHING = ("no", "none", "placebo", "control", "usual", "regular", "baseline", "false", "without", "off")
"""Words with which a text for "no drug" often begins; they only order the suggestion in a message."""


def column_of_doses(sheet: Sheet, column: str) -> Column:
    """A column of doses, mg; NaN where missing or faulty, and each fault in the findings."""
    options, numerals = sheet.options, sheet.numerals
    levels = dict(options.levels) | {text.lower(): dose for text, dose in options.levels.items()}
    cells = set(sheet.table.columns[column])
    texts = sorted(
        cell for cell in cells if cell.lower() not in levels and getattr(numerals(cell), "code", None) == Code.NUMBER
    )
    worded = bool(options.levels) or all(isinstance(numerals(cell), Fault) for cell in cells if not is_missing(cell))
    top = max(options.ladder_mg, default=math.inf)

    def parse(cell: str) -> "float | Fault":
        if (level := levels.get(cell, levels.get(cell.lower()))) is not None:
            return level
        value = numerals(cell)
        if isinstance(value, Fault):
            return _text_fault(texts, options.levels) if worded and cell in texts else value
        if value < 0:
            return Fault(Code.NEGATIVE_DOSE, "The dose is negative", "Write the dose in mg, 0 for no drug.")
        if value > top + SAME_DOSE:
            message = f"The dose is above the highest of the protocol, {top:g} mg"
            return Fault(Code.ABOVE_LADDER, message, "Write doses in mg; if these are micrograms, divide them by 1000.")
        return value

    return sheet.numbers(column, parse)


def _text_fault(texts: Sequence[str], levels: Mapping[str, float]) -> Fault:
    ordered = sorted(texts[:8], key=lambda text: not text.lower().startswith(NOTHING))
    first = 0 if 0 not in levels.values() else 1
    given = [f"{text}={dose:g}" for text, dose in levels.items()]
    shown = ",".join(given + [f"{text}={number}" for number, text in enumerate(ordered, start=first)])
    listed = ", ".join(f'"{text}"' for text in texts[:8]) + (" and more" if len(texts) > 8 else "")
    fix = f'Say what each text means in mg: --levels "{shown}" (0 is no drug; set the doses yourself).'
    return Fault(Code.LEVEL, f"The dose is a text without a level; texts in this column: {listed}", fix)


def refuse_disagreement(
    sheet: Sheet, column: str, dose: Column, dosing_day: Int[np.ndarray, " entry"], usable: Bool[np.ndarray, " entry"]
) -> None:
    """Refuse the rows of a dosing day that state different doses."""
    stated = np.flatnonzero(usable & ~np.isnan(dose))
    if not len(stated):
        return
    ordered = stated[np.argsort(dosing_day[stated], kind="stable")]
    starts = np.flatnonzero(np.diff(dosing_day[ordered], prepend=dosing_day[ordered[0]] - 1))
    spread = np.maximum.reduceat(dose[ordered], starts) - np.minimum.reduceat(dose[ordered], starts)
    ends = np.append(starts[1:], len(ordered))
    for day in np.flatnonzero(spread > SAME_DOSE).tolist():
        group = ordered[starts[day] : ends[day]]
        places = sheet.table.lines(group.tolist())
        values = ", ".join(f"{value:g}" for value in sorted(set(dose[group].tolist())))
        for row in group.tolist():
            message = f"Rows of dosing day {dosing_day[row]} state different doses ({places}: {values})"
            fix = (
                "Write the dose in force, one for the whole dosing day, or leave it empty; a row after the hour of "
                "the dose belongs to the next dosing day."
            )
            sheet.refuse(row, column, Fault(Code.DAYS_DISAGREE, message, fix))


def one_a_day(dose: Column, dosing_day: Int[np.ndarray, " entry"]) -> Column:
    """The dose of each entry, empty ones filled with the dose that another entry of the dosing day states.

    Example:
        >>> one_a_day(np.array([np.nan, 1.5, np.nan]), np.array([0, 0, 1])).tolist()
        [1.5, 1.5, nan]
    """
    out = dose.copy()
    stated = ~np.isnan(dose)
    by_day = dict(zip(dosing_day[stated].tolist(), dose[stated].tolist(), strict=True))
    for row in np.flatnonzero(~stated).tolist():
        out[row] = by_day.get(int(dosing_day[row]), math.nan)
    return out


def warn_off_ladder(sheet: Sheet, column: str, dose: Column) -> None:
    """Warn of doses that are neither 0 nor on the ladder of the protocol."""
    rungs = sheet.options.ladder_mg
    if not rungs:
        return
    ladder = np.array([0.0, *rungs])
    nearest = np.abs(dose[:, None] - ladder).min(axis=1)
    off = np.flatnonzero((nearest > SAME_DOSE) & (dose <= ladder.max() + SAME_DOSE))
    if len(off):
        values = ", ".join(f"{value:g}" for value in sorted(set(dose[off].tolist())))
        listed = ", ".join(f"{rung:g}" for rung in rungs)
        message = f"Doses are not on the ladder of the protocol ({listed} mg); the rows are kept"
        fix = "Correct the dose if it is a slip; else nothing is to be done."
        sheet.warn(Code.OFF_LADDER, off.tolist(), message, fix, column=column, value=values)
