"""``modicum clinicians``: of how many patients virtual clinicians would report that a drug helped, and what is true."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from modicum.cli import terminal
from modicum.cli.simulate import AsJson, Effect, Kept, Population, Scheduler, Seed
from modicum.services.clinicians_asked import PLOT, Asked

if TYPE_CHECKING:
    from rich.table import Table

    from modicum.services.clinicians import Clinicians

EXAMPLE = "Example: modicum clinicians --clinicians 100 --protocols ldn-open,ldn-smallest-dose --plot clinicians.svg"

Number = Annotated[int, typer.Option("--clinicians", metavar="N", help="Virtual clinicians.")]
Patients = Annotated[int, typer.Option(metavar="N", help="Virtual people whom each of them treats.")]
Protocols = Annotated[
    list[str] | None,
    typer.Option(metavar="P,...", help="Protocols; usual practice and the flagship where none is named."),
]
Archetype = Annotated[
    str, typer.Option(metavar="NAME", help="How the effect depends on the dose in those who respond.")
]
Habits = Annotated[str, typer.Option(metavar="FILE", help="How clinicians differ: varied, alike, wide, or a file.")]
Plot = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write a chart: FILE.svg, FILE.png, FILE.pdf, or a page: FILE.html.")
]


def clinicians(
    number: Number = Asked.clinicians,
    patients: Patients = Asked.patients,
    protocols: Protocols = None,
    archetype: Archetype = Asked.archetype,
    effect_mcid: Effect = Asked.effect_mcid,
    population: Population = Asked.population,
    habits: Habits = Asked.habits,
    seed: Seed = Asked.seed,
    kept: Kept = None,
    scheduler: Scheduler = None,
    plot: Plot = None,
    as_json: AsJson = False,
) -> None:
    """Say of how many patients clinicians would report that a drug helped, where it helps nobody, a third, or most."""
    from modicum.services.clinicians import carry_out
    from modicum.services.living import Means

    named = Asked.protocols if protocols is None else [name for text in protocols for name in text.split(",") if name]
    asked = Asked(number, patients, named, archetype, effect_mcid, population, habits, seed)
    problems = PLOT.problems(plot) if plot is not None else []
    with terminal.progress_bar() as tell:
        means = Means(None, scheduler, kept, lambda done, total: tell("Virtual patients", done / total))
        found = carry_out(asked, means, problems)
    unwritten = terminal.written(found.plot, plot)
    if as_json:
        terminal.print_document(found.document)
    else:
        _print(found)
    terminal.say_written("page" if plot and plot.suffix.lower() == ".html" else "chart", plot, unwritten)


def _print(found: "Clinicians") -> None:
    """A table for each protocol, the finding, and what is assumed."""
    from modicum.reports.clinicians_words import assumed
    from modicum.reports.wording import plural

    console, document = terminal.people(), found.document
    for row in found.practices:
        console.print(_table(row))
        console.print()
    console.print(found.finding, markup=False, soft_wrap=True)
    each = f"{plural(document['clinicians'], 'virtual clinician')} ({document['habits']['name']})"
    people = f"{plural(document['patients'], 'patient')} each ({document['population']}), seed {document['seed']}"
    helped = f"those whom the drug helps: {document['archetype']}, {document['effect_mcid']:g} MCID"
    console.print(f"{each}, {people}; {helped}.", markup=False, soft_wrap=True)
    console.print(
        "Patients of 100 reported as helped; means with Monte Carlo standard error, by clinician.", soft_wrap=True
    )
    console.print(assumed(document), markup=False, soft_wrap=True)


def _table(row: dict[str, Any]) -> "Table":
    """One line a true share."""
    from rich.table import Table

    from modicum.reports.charts.clinicians import TRUTHS

    eye = row["judged_by"] == "eye"
    title = f"{row['name']}, judged by {'eye' if eye else 'Modicum'}"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    heads = ("Reported", "90 % of clinicians") if eye else ("Declared", "90 %", "Unqualified", "90 %")
    for heading in ("The drug helps", *heads):
        table.add_column(heading, no_wrap=True)
    names = ("declared",) if eye else ("declared", "declared_unqualified")
    for words, one in zip(TRUTHS, row["true_shares"], strict=True):
        table.add_row(words, *(cell for name in names for cell in _cells(one[name])))
    return table


def _cells(found: dict[str, Any]) -> tuple[str, str]:
    low, high = found["range90"]
    mean = f"{100 * found['mean']:.1f}"
    error = "" if found["mcse"] is None else f" ± {100 * found['mcse']:.1f}"
    return mean + error, f"{100 * low:.0f} to {100 * high:.0f}"
