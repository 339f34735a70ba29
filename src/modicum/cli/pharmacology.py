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

UNMEASURED = ("assumption", "practice page", "recalled")

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
    Path | None, typer.Option(metavar="FILE", help="Write a chart: FILE.svg, FILE.png, FILE.html or FILE.pdf.")
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
    terminal.say_written("chart", plot, unwritten)


def _print(found: "Pharmacology") -> None:
    from rich.text import Text

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

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    for one in courses:
        table.add_column(f"{one.dose_mg:g} mg", justify="right", no_wrap=True)
    rows = {
        "Peak in plasma, ng/mL": [f"{one.naltrexone.cmax_ng_per_ml:.3g}" for one in courses],
        "  after, h": [f"{one.naltrexone.tmax_h:.2g}" for one in courses],
        "Area under the curve, ng h/mL": [f"{one.naltrexone.auc_ng_h_per_ml:.3g}" for one in courses],
        "Half-life, h": [f"{one.naltrexone.half_life_h:.3g}" for one in courses],
        "Peak of 6beta-naltrexol, ng/mL": [f"{one.metabolite.cmax_ng_per_ml:.3g}" for one in courses],
        "Receptors occupied at the peak, of 100": [f"{100 * one.occupancy_peak:.0f}" for one in courses],
        "  hours above half": [f"{one.hours_above_half:.3g}" for one in courses],
        "  hours until half of that peak": [f"{one.blockade_half_time_h:.3g}" for one in courses],
        f"Night {courses[0].nights}: occupied, of 100": [_range(one) for one in courses],
        "  hours above half, of 24": [f"{one.nightly_hours_above_half:.3g}" for one in courses],
        "  tone felt, % (hypothesis)": [f"{100 * one.felt.min():.0f}-{100 * one.felt.max():.0f}" for one in courses],
    }
    for name, cells in rows.items():
        table.add_row(name, *cells)
    return table


def _range(one: "Course") -> str:
    return f"{100 * one.occupancy.min():.0f}-{100 * one.occupancy.max():.0f}"
