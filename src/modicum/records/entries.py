"""What the entries of a table say: doses, scores, covariates, side effects, and what was told, guessed and marked."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Int

from modicum.records.cells import COMMA_NUMERAL, Fault, Numerals, Parser, Within, answers, flag, flag_or
from modicum.records.diary import Column
from modicum.records.doses import column_of_doses, one_a_day, refuse_disagreement, warn_off_ladder
from modicum.records.layout import Layout, absent_fields
from modicum.records.problems import Code
from modicum.records.sheet import Sheet
from modicum.records.timeline import Timeline, received_days

FLAGS = ("blinded", "opioid", "stopped", "red_flag", "virtual")
SHARES = ("announced", "guess")
REASONS = ("benefit", "side-effect", "none")
SEVEREST = 3
"""Side effects are graded 0 (none) to 3 (severe): the diary contract."""
SUM_TOLERANCE = 1e-6


@dataclass
class Entries:
    """Columns of a table by field of the diary, one value for each row of the table."""

    received_days: Column
    doses: dict[str, Column] = field(default_factory=dict)
    scores: dict[str, Column] = field(default_factory=dict)
    covariates: dict[str, Column] = field(default_factory=dict)
    side_effects: dict[str, Column] = field(default_factory=dict)
    numbers: dict[str, Column] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def kept(self, keep: Int[np.ndarray, " kept"], dosing_day: Int[np.ndarray, " entry"]) -> dict[str, Any]:
        """The fields of the diary, for the rows kept; doses are one a dosing day."""
        days = dosing_day[keep]
        marks = {name: column[keep] for name, column in self.numbers.items()}
        virtual = marks.pop("virtual", None)
        doses = {name: one_a_day(column[keep], days) for name, column in self.doses.items()}
        return {
            "received_days": self.received_days[keep],
            "dose_mg": doses.get("dose_mg", np.full(len(keep), np.nan)),
            "planned_mg": doses.get("planned_mg"),
            "scores": {name: column[keep] for name, column in self.scores.items()},
            "covariates": {name: column[keep] for name, column in self.covariates.items()},
            "side_effects": {name: column[keep] for name, column in self.side_effects.items()},
            "virtual": virtual is not None and bool(np.any(virtual > 0)),
            **marks,
            **{name: tuple(words[row] for row in keep.tolist()) for name, words in self.words.items()},
        }


def read_entries(sheet: Sheet, layout: Layout, line: Timeline) -> Entries:
    """Every column of a sheet that the diary has a place for; cells that cannot be used go to the findings."""
    fields, numerals = layout.fields, sheet.numerals
    received = fields.get("received_at")
    entries = Entries(received_days(sheet, received, line) if received else line.time_days)
    _read_doses(sheet, layout, line, entries)
    for name, (column, item) in layout.items.items():
        within = Within(numerals, item.low, item.high)
        entries.scores[name] = sheet.numbers(column, answers(sheet.table.columns[column], within, binary=item.binary))
    _add_sums(sheet, layout, entries)
    for name, column in layout.covariates.items():
        entries.covariates[name] = sheet.numbers(column, flag_or(numerals))
    rest = entries.covariates if sheet.options.items else entries.scores
    for column in layout.others:
        rest.setdefault(column, sheet.numbers(column, flag_or(numerals)))
    severity = Within(numerals, 0, SEVEREST, whole=True)
    for name, column in layout.side_effects.items():
        entries.side_effects[name] = sheet.numbers(column, severity)
    for name, parse in _parsers(numerals).items():
        if name in fields:
            entries.numbers[name] = sheet.numbers(fields[name], parse)
    if "phase" in fields:
        entries.words["phase"] = sheet.words(fields["phase"])
    if "guess_reason" in fields:
        entries.words["guess_reason"] = sheet.words(fields["guess_reason"], REASONS)
    _warn_of_commas(sheet, layout)
    return entries


def _parsers(numerals: Numerals) -> dict[str, Parser]:
    out: dict[str, Parser] = {"rescue": flag_or(numerals)}
    for name in FLAGS:
        out[name] = flag
    for name in SHARES:
        out[name] = Within(numerals, 0, 1)
    return out


def _read_doses(sheet: Sheet, layout: Layout, line: Timeline, entries: Entries) -> None:
    for name in ("dose_mg", "planned_mg"):
        if column := layout.fields.get(name):
            dose = column_of_doses(sheet, column)
            refuse_disagreement(sheet, column, dose, line.dosing_day, line.placed)
            warn_off_ladder(sheet, column, dose)
            entries.doses[name] = dose
    if not entries.doses:
        sheet.findings.warnings += absent_fields(sheet, layout)


def _add_sums(sheet: Sheet, layout: Layout, entries: Entries) -> None:
    """Declared sums from their parts, missing where a part is missing; a sum in the file itself must agree."""
    items = {item.name: item for item in sheet.options.items}
    for name, parts in layout.sums.items():
        total = np.sum([entries.scores[part] for part in parts], axis=0)
        if name in entries.scores:
            differs = np.flatnonzero(np.abs(entries.scores[name] - total) > SUM_TOLERANCE)
            if len(differs):
                message = "The declared sum is not the sum of its parts; the parts were used"
                sheet.warn(Code.SUM, differs.tolist(), message, "Correct the sum or its parts.", column=name)
        low, high = items[name].low, items[name].high
        outside = (total < (-np.inf if low is None else low)) | (total > (np.inf if high is None else high))
        for row in np.flatnonzero(outside).tolist():
            message = f"The sum of {', '.join(parts)} is {total[row]:g}, outside {low} to {high}"
            fix = "Correct the parts, or the range of the sum in the protocol."
            sheet.refuse(row, "", Fault(Code.RANGE, message, fix))
        entries.scores[name] = total


def _warn_of_commas(sheet: Sheet, layout: Layout) -> None:
    if not sheet.table.decimal_comma:
        return
    words = {layout.fields.get("phase"), layout.fields.get("guess_reason")}
    used = {*layout.fields.values(), *(column for column, _ in layout.items.values()), *layout.others} - words
    used |= {*layout.covariates.values(), *layout.side_effects.values()}
    cells = (cell for column in used if column for cell in set(sheet.table.columns[column]))
    if example := min((cell for cell in cells if COMMA_NUMERAL.fullmatch(cell)), default=""):
        message = "Numbers with a decimal comma were read as decimals"
        fix = f"Nothing, if {example} means {example.replace(',', '.')}."
        sheet.warn(Code.COMMAS_READ, (), message, fix, value=example)
