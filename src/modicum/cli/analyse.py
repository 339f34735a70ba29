"""``modicum analyse``: a diary to an answer."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modicum.cli import terminal
from modicum.cli.pairs import read_levels, read_names, read_pairs

if TYPE_CHECKING:
    from modicum.services.result import Result

EXAMPLE = "Example: modicum analyse diary.csv --protocol ldn-smallest-dose --report report.html"


Diary = Annotated[str, typer.Argument(metavar="DIARY", help="The diary, a CSV or Parquet file.")]
Protocol = Annotated[str | None, typer.Option(metavar="P", help="A shipped protocol by name, or a protocol file.")]
Outcome = Annotated[
    list[str] | None, typer.Option(metavar="COL", help="Column of the outcome; of several, --primary decides.")
]
Kind = Annotated[
    str | None,
    typer.Option(metavar="KIND", help="gaussian, binary (0 and 1), count or ordinal; else read off the answers."),
]
Better = Annotated[str | None, typer.Option(metavar="WAY", help="lower or higher.")]
Scale = Annotated[
    tuple[float, float] | None, typer.Option("--range", metavar="LOW HIGH", help="The two ends of the scale.")
]
Mcid = Annotated[float | None, typer.Option(metavar="M", help="Smallest difference that matters.")]
Primary = Annotated[str | None, typer.Option(metavar="COL", help="Column of the outcome that decides.")]
Onset = Annotated[
    str | None,
    typer.Option(metavar="DAYS", help="immediate, MEDIAN_DAYS or MEDIAN_DAYS,LOG_SD, or fixed=DAYS."),
]
Mapping = Annotated[list[str] | None, typer.Option("--map", metavar="FIELD=COL,...", help="Columns under other names.")]
Levels = Annotated[list[str] | None, typer.Option(metavar="TEXT=DOSE,...", help="Doses that are written as text.")]
DayFromRow = Annotated[bool, typer.Option("--day-from-row", help="Take the row number as the day.")]
Where = Annotated[
    list[str] | None, typer.Option(metavar="COL=VALUE", help="Only the rows that hold this value. Repeatable.")
]
Covariates = Annotated[
    list[str] | None, typer.Option(metavar="COL,...", help="Columns that enter the model; weekend and cycle too.")
]
Likelihood = Annotated[bool, typer.Option("--likelihood", help="List the components of the likelihood.")]
SkipBadRows = Annotated[bool, typer.Option("--skip-bad-rows", help="Set invalid rows aside, each with its reason.")]
Report = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the report as FILE.html or FILE.pdf, one file that needs no network."),
]
Language = Annotated[str, typer.Option(metavar="en|de", help="Language of the report.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result document, and nothing else.")]


def analyse(
    diary: Diary,
    protocol: Protocol = None,
    outcome: Outcome = None,
    kind: Kind = None,
    better: Better = None,
    scale: Scale = None,
    mcid: Mcid = None,
    primary: Primary = None,
    onset: Onset = None,
    mapping: Mapping = None,
    levels: Levels = None,
    day_from_row: DayFromRow = False,
    where: Where = None,
    covariates: Covariates = None,
    likelihood: Likelihood = False,
    skip_bad_rows: SkipBadRows = False,
    report: Report = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Say what a diary shows about each dose, and which is the smallest that works."""
    from modicum.services.analysing import carry_out
    from modicum.services.options import Reading, check_options
    from modicum.services.patient_words import check_language
    from modicum.services.places import REPORT

    problems = [*(REPORT.problems(report) if report is not None else []), *check_language(language)]
    reading = Reading(
        mapping=read_pairs(mapping or (), "--map", commas=True, problems=problems),
        levels=read_levels(levels or (), problems),
        day_from_row=day_from_row,
        where=read_pairs(where or (), "--where", commas=False, problems=problems),
        skip_bad_rows=skip_bad_rows,
    )
    options = check_options(
        outcome=outcome,
        primary=primary,
        kind=kind,
        better=better,
        scale=scale,
        mcid=mcid,
        onset=onset,
        covariates=read_names(covariates or ()),
        without_dose=bool(levels),
    )
    with terminal.progress_bar() as progress:
        result = carry_out(
            diary, protocol, options, reading, likelihood=likelihood, progress=progress, problems=problems
        )
        if report is not None:
            progress("Writing the report", 1.0)
        unwritten = terminal.written(partial(result.report, language=language), report)
    _show(result, as_json=as_json)
    terminal.say_written("report", report, unwritten)


def _show(result: "Result", *, as_json: bool) -> None:
    """Print the document, or the summary for people; warnings beside it."""
    if as_json:
        terminal.print_document(result.document)
    else:
        from modicum.cli.summary import print_summary

        print_summary(terminal.people(), result.answer)
    terminal.warn((*result.answer.warnings, *result.answer.diary.refused))
