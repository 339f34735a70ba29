"""``modicum analyse``: a diary to an answer."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modicum.cli import terminal
from modicum.cli.pairs import read_levels, read_names, read_pairs
from modicum.foundation.errors import OptionsError, Problem

if TYPE_CHECKING:
    from modicum.services.result import Result

EXAMPLE = "Example: modicum analyse diary.csv --protocol ldn-smallest-dose --report report.html"


def analyse(
    diary: Annotated[str, typer.Argument(metavar="DIARY", help="The diary, a CSV or Parquet file.")],
    protocol: Annotated[
        str | None, typer.Option(metavar="P", help="A shipped protocol by name, or a protocol file.")
    ] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(metavar="COL", help="Column of the outcome; of several, --primary decides."),
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="gaussian; binary, count and ordinal come later.")
    ] = None,
    better: Annotated[str | None, typer.Option(metavar="WAY", help="lower or higher.")] = None,
    scale: Annotated[
        tuple[float, float] | None, typer.Option("--range", metavar="LOW HIGH", help="The two ends of the scale.")
    ] = None,
    mcid: Annotated[float | None, typer.Option(metavar="M", help="Smallest difference that matters.")] = None,
    primary: Annotated[str | None, typer.Option(metavar="COL", help="Column of the outcome that decides.")] = None,
    onset: Annotated[
        str | None, typer.Option(metavar="DAYS", help="immediate, MEDIAN_DAYS or MEDIAN_DAYS,LOG_SD, or fixed=DAYS.")
    ] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COL,...", help="Columns under other names.")
    ] = None,
    levels: Annotated[
        list[str] | None, typer.Option(metavar="TEXT=DOSE,...", help="Doses that are written as text.")
    ] = None,
    day_from_row: Annotated[bool, typer.Option("--day-from-row", help="Take the row number as the day.")] = False,
    where: Annotated[
        list[str] | None, typer.Option(metavar="COL=VALUE", help="Only the rows that hold this value. Repeatable.")
    ] = None,
    covariates: Annotated[
        list[str] | None, typer.Option(metavar="COL,...", help="Columns that enter the model; weekend and cycle too.")
    ] = None,
    likelihood: Annotated[
        bool, typer.Option("--likelihood", help="Put the components of the likelihood into the document.")
    ] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Set invalid rows aside, each with its reason.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write the report, one file that needs no network.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result document, and nothing else.")] = False,
) -> None:
    """Say what a diary shows about each dose, and which is the smallest that works."""
    from modicum.services.analysing import analyse as service

    problems = report_problems(report)
    with terminal.progress_bar() as progress:
        result = service(
            diary,
            protocol=protocol,
            outcome=outcome,
            kind=kind,
            better=better,
            range=scale,
            mcid=mcid,
            primary=primary,
            onset=onset,
            mapping=read_pairs(mapping or (), "--map", commas=True, problems=problems),
            levels=read_levels(levels or (), problems),
            day_from_row=day_from_row,
            where=read_pairs(where or (), "--where", commas=False, problems=problems),
            covariates=read_names(covariates or ()),
            likelihood=likelihood,
            skip_bad_rows=skip_bad_rows,
            progress=progress,
            problems=problems,
        )
        if report is not None:
            progress("Writing the report", 1.0)
            result.report(report)
    show(result, report, as_json=as_json)


def report_problems(report: Path | None) -> list[Problem]:
    """What is wrong with the place of the report, before any work is done."""
    from modicum.services.result import check_report_path

    if report is not None:
        try:
            check_report_path(report)
        except OptionsError as error:
            return list(error.problems)
    return []


def show(result: "Result", report: Path | None, *, as_json: bool) -> None:
    """Print the document, or the summary for people; warnings and the place of the report beside it."""
    if as_json:
        terminal.print_document(result.document)
    else:
        from modicum.cli.summary import print_summary

        print_summary(terminal.people(), result.answer)
    terminal.warn((*result.answer.warnings, *result.answer.diary.refused))
    if report is not None:
        terminal.aside().print(f"The report is in {report}", markup=False, soft_wrap=True)
