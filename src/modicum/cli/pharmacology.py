"""``modicum pharmacology``: what a dose, or each of several, would do in the body."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modicum.cli import terminal

if TYPE_CHECKING:
    from rich.table import Table

    from modicum.pharmacology import Course
    from modicum.services.pharmacology import Pharmacology

EXAMPLE = "Example: modicum pharmacology --compare 0.5,4.5,50 --plot doses.svg"

Dose = Annotated[str | None, typer.Option("--dose-mg", metavar="MG", help="One dose, mg of the hydrochloride.")]
Compare = Annotated[str | None, typer.Option(metavar="MG,MG,...", help="Two to six doses instead, side by side.")]
Story = Annotated[
    str, typer.Option(metavar="S", help="How long a dose blocks: days (as PET measured it) or hours (tradition).")
]
Nights = Annotated[str, typer.Option(metavar="N", help="Nightly doses at 22:00 before the day that is shown.")]
Setting = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Another value of a parameter. Repeatable."),
]
Plot = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write a chart: FILE.svg, FILE.png, FILE.pdf, or a page: FILE.html.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the document, and nothing else.")]


def pharmacology(
    dose_mg: Dose = None,
    compare: Compare = None,
    scenario: Story = "days",
    nights: Nights = "14",
    setting: Setting = None,
    plot: Plot = None,
    as_json: AsJson = False,
) -> None:
    """Say what a dose of naltrexone would do in the body, and why a tenth of it is another drug."""
    from modicum.services.pharmacology import answer
    from modicum.services.pharmacology_options import Question

    found = answer(Question(dose_mg, compare, scenario, nights, setting, plot))
    unwritten = terminal.written(found.plot, plot)
    if as_json:
        terminal.print_document(found.document)
    else:
        _print(found)
    terminal.say_written("page" if plot and plot.suffix.lower() == ".html" else "chart", plot, unwritten)


def _print(found: "Pharmacology") -> None:
    from rich.text import Text

    from modicum.reports.pharmacology_tables import UNMEASURED

    console = terminal.people()
    console.print(_table(found.courses))
    console.print()
    for sentence in found.explanation:
        console.print(Text(sentence))
    console.print()
    assumed = [row["name"] for row in found.document["parameters"] if row["grade"] in UNMEASURED]
    note = f"Assumed, not measured: {', '.join(assumed)}. --json lists every parameter with its source."
    console.print(Text(note, style="dim"))


def _table(courses: "tuple[Course, ...]") -> "Table":
    """One column a dose."""
    from rich.table import Table

    from modicum.reports.pharmacology_tables import figures

    known = figures(courses)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for place, head in enumerate(known.head):
        table.add_column(head, justify="right" if place else "left", no_wrap=bool(place))
    for cells in known.rows:
        table.add_row(*cells)
    return table
