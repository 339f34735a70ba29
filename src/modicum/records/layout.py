"""Which column of a file plays which part: fields by name or by ``--map``, outcomes, covariates, the rest."""

from dataclasses import dataclass

from modicum.foundation.errors import Problem
from modicum.records.cells import flag_or
from modicum.records.options import FIELDS, FROM_DATES, Item, did_you_mean
from modicum.records.problems import Code, problem
from modicum.records.sheet import Sheet
from modicum.records.titles import side_effect_columns, warn_of_near_titles


@dataclass(frozen=True)
class Layout:
    """The parts of a table.

    Args:
        fields: column by field (``day``, ``dose_mg``, ...), of those that are there.
        items: column by outcome; declared sums whose parts are all there are not among them.
        sums: parts by declared sum.
        covariates: column by covariate that was asked for.
        others: further numeric columns.
    """

    fields: dict[str, str]
    items: dict[str, tuple[str, Item]]
    sums: dict[str, tuple[str, ...]]
    side_effects: dict[str, str]
    covariates: dict[str, str]
    others: tuple[str, ...]


def lay_out(sheet: Sheet) -> Layout:
    """Find the part of every column; what an option names and the file lacks goes to the findings."""
    options, header = sheet.options, sheet.table.header
    for name, column in options.mapping.items():
        if column not in header:
            _lacks(sheet, f"--map {name}={column}", column, f'The file has no column "{column}"')
    fields = {name: column for name in FIELDS if (column := _column(sheet, name))}
    if options.day_from_row:
        fields = {name: column for name, column in fields.items() if name not in {"day", "time"}}
    items, sums = _items(sheet)
    covariates = _covariates(sheet)
    side_effects = side_effect_columns(sheet)
    used = {*fields.values(), *side_effects.values(), *covariates.values(), *options.mapping.values()}
    used |= {column for column, _ in items.values()}
    rest = [column for column in header if column not in used]
    warn_of_near_titles(sheet, rest, {*fields, *items, *sums, *covariates})
    return Layout(fields, items, sums, side_effects, covariates, _others(sheet, rest))


def absent_fields(sheet: Sheet, layout: Layout) -> list[Problem]:
    """What the file lacks of the columns that every diary needs, but for what an option names in vain already."""
    options, header = sheet.options, sheet.table.header
    told = {*layout.fields, *options.mapping}
    lacking: list[Problem] = []
    if not options.day_from_row and not told & {"day", "time"}:
        fix = "Name it with --map day=COLUMN or --map time=COLUMN, or number the rows with --day-from-row."
        fix = f"{fix} {did_you_mean('day', header)}"
        message = "The file has neither a column day nor a column time"
        lacking.append(problem(Code.NO_TIME_COLUMN, sheet.table.source, "", message, fix))
    if not told & {"dose_mg", "planned_mg"}:
        message = "The file has no column dose_mg and no column planned_mg; every dose is unknown"
        fix = f"Name the column with --map dose_mg=COLUMN. {did_you_mean('dose_mg', header)}"
        lacking.append(problem(Code.NO_DOSE, sheet.table.source, "", message, fix))
    return lacking


def _column(sheet: Sheet, name: str) -> str | None:
    column = sheet.options.mapping.get(name, name)
    return column if column in sheet.table.columns else None


def _lacks(sheet: Sheet, where: str, name: str, message: str) -> None:
    fix = did_you_mean(name, sheet.table.header)
    sheet.findings.options.append(problem(Code.NO_COLUMN, where, name, message, fix))


def _items(sheet: Sheet) -> tuple[dict[str, tuple[str, Item]], dict[str, tuple[str, ...]]]:
    items: dict[str, tuple[str, Item]] = {}
    sums: dict[str, tuple[str, ...]] = {}
    absent = []
    for item in sheet.options.items:
        if item.sum_of and all(_column(sheet, part) for part in item.sum_of):
            sums[item.name] = item.sum_of
        if column := _column(sheet, item.name):
            items[item.name] = (column, item)
        elif item.name in sums or item.name in sheet.options.mapping:
            continue
        elif item.required:
            message = f'The file has no column "{item.name}" for this outcome'
            if parts := [part for part in item.sum_of if not _column(sheet, part)]:
                message += f" and not all of its parts: {', '.join(parts)}"
            _lacks(sheet, "--outcome", item.name, message)
        else:
            absent.append(item.name)
    if absent:
        fix = "Nothing, if they were not asked; else name their columns with --map item=column."
        sheet.warn(Code.ITEM_ABSENT, (), "The file lacks these items of the protocol", fix, value=", ".join(absent))
    return items, sums


def _covariates(sheet: Sheet) -> dict[str, str]:
    options, out = sheet.options, {}
    for name in dict.fromkeys((*options.covariates, *options.protocol_covariates)):
        if column := _column(sheet, name):
            out[name] = column
        elif name in options.covariates and name not in FROM_DATES and name not in options.mapping:
            _lacks(sheet, "--covariates", name, f'The file has no column "{name}" for this covariate')
    return out


def _others(sheet: Sheet, rest: list[str]) -> tuple[str, ...]:
    parse = flag_or(sheet.numerals)
    taken = {*FIELDS, *sheet.options.mapping}
    numeric = tuple(column for column in rest if column not in taken and sheet.is_numeric(column, parse))
    ignored = [column for column in rest if column not in numeric]
    if ignored:
        message = "These columns are empty, hold text, or were replaced by an option; they were not used"
        fix = "Nothing, if they do not matter; else name them with --map, --outcome or --covariates."
        listed = ", ".join(ignored[:12]) + (f" and {len(ignored) - 12} more" if len(ignored) > 12 else "")
        sheet.warn(Code.IGNORED, (), message, fix, value=listed)
    return numeric
