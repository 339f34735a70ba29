"""From a file or frame to a diary: one reader for everything that a person's days are kept in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from modicum.foundation.errors import DiaryError, OptionsError, Problem
from modicum.records.diary import Diary
from modicum.records.entries import Entries, read_entries
from modicum.records.layout import absent_fields, lay_out
from modicum.records.options import Options, did_you_mean, reading_options
from modicum.records.problems import Code, problem
from modicum.records.sheet import Sheet
from modicum.records.source import read_table
from modicum.records.table import Table
from modicum.records.timeline import Timeline, read_timeline

if TYPE_CHECKING:
    from modicum.protocol import Protocol


def read_diary(
    source: Any,
    *,
    protocol: "Protocol | None" = None,
    outcomes: Sequence[str] = (),
    mapping: Mapping[str, str] | None = None,
    levels: Mapping[str, float] | None = None,
    day_from_row: bool = False,
    covariates: Sequence[str] = (),
    ranges: Mapping[str, tuple[float | None, float | None]] | None = None,
    skip_bad_rows: bool = False,
    dose_hour: float | None = None,
    where: Mapping[str, str] | None = None,
    start: dt.date | None = None,
) -> Diary:
    r"""Read one person's diary from a CSV or Parquet file, bytes, an open file, or a pandas or polars frame.

    Args:
        source: a path (a string is always a path), bytes, an open file, or a frame.
        protocol: gives the items with their ranges and sums, the ladder, the hour of the dose and the covariates.
        outcomes: names of outcome columns; with neither these nor a protocol, every numeric column is an outcome.
        mapping: column by field, where the file calls it otherwise: ``{"day": "study_day"}``.
        levels: dose, mg, by text: ``{"Herbal tea": 1, "No tea": 0}``.
        day_from_row: number the rows from day 0, whatever the file says.
        covariates: columns that must be numbers (or yes and no); other numeric columns are kept as covariates too.
        ranges: lowest and highest value by outcome, the instrument's units; None is open.
        skip_bad_rows: go on without the rows that cannot be used, each kept as a problem in ``refused``.
        dose_hour: hour at which a dosing day begins, 0-24; default the protocol's, else 22.
        where: values by column; only rows that have them all are read.
        start: calendar date of day 0; default the date of the first row, where the file has dates.

    Returns:
        The diary; ``rows_read == len(diary) + len(diary.refused)``.

    Raises:
        DiaryError: the file cannot be used; every problem is listed.
        OptionsError: the options cannot be used, or name a column that the file does not have.

    Example:
        >>> diary = read_diary(b"day,dose_mg,pain\n0,0,6\n1,0.5,5\n2,0.5,NA\n", outcomes=["pain"])
        >>> diary.dose_mg.tolist(), diary.scores["pain"].tolist()
        ([0.0, 0.5, 0.5], [6.0, 5.0, nan])
    """
    options = reading_options(
        protocol,
        outcomes=outcomes,
        mapping=mapping,
        levels=levels,
        ranges=ranges,
        dose_hour=dose_hour,
        covariates=covariates,
        where=where,
        day_from_row=day_from_row,
        skip_bad_rows=skip_bad_rows,
        start=start,
    )
    return _read(source, options)


def _read(source: Any, options: Options) -> Diary:
    sheet = Sheet(_chosen(read_table(source), options), options)
    layout = lay_out(sheet)
    if sheet.findings.options:
        raise OptionsError([*absent_fields(sheet, layout), *sheet.findings.listing()])
    line = read_timeline(sheet, layout)
    entries = read_entries(sheet, layout, line)
    if sheet.findings.file or (sheet.findings.rows and not options.skip_bad_rows):
        raise DiaryError(sheet.findings.listing())
    return _diary(sheet, line, entries)


def _chosen(table: Table, options: Options) -> Table:
    absent = [column for column in options.where if column not in table.columns]
    if absent:
        raise OptionsError([_no_such_column(column, table) for column in absent])
    return table.chosen(options.where) if options.where else table


def _no_such_column(column: str, table: Table) -> Problem:
    message = f'The file has no column "{column}"'
    return problem(Code.NO_COLUMN, f"--where {column}", column, message, did_you_mean(column, table.header))


def _diary(sheet: Sheet, line: Timeline, entries: Entries) -> Diary:
    table, findings = sheet.table, sheet.findings
    keep = np.array([row for row in range(len(table)) if row not in findings.rows and row not in findings.set_aside])
    if not len(keep):
        fix = "Correct the rows listed below."
        nothing = problem(Code.NOTHING_LEFT, table.source, "", "No row is left once the bad rows are skipped", fix)
        raise DiaryError([nothing, *findings.listing()])
    return Diary(
        time_days=line.time_days[keep],
        dosing_day=line.dosing_day[keep],
        **entries.kept(keep, line.dosing_day),
        dose_hour=sheet.options.dose_hour,
        start=line.start,
        rows_read=len(table),
        refused=findings.refused(),
        warnings=tuple(findings.warnings),
        source=table.source,
        sha256=table.sha256,
    )
