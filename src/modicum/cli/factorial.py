"""``modicum factorial``: a drug and a factor drawn by chance beside it."""

from typing import TYPE_CHECKING, Annotated

import typer

from modicum.cli import terminal
from modicum.cli.analyse import Better, Covariates, Mcid, Onset, Protocol, Scale
from modicum.cli.pairs import read_names

if TYPE_CHECKING:
    from modicum.services.two_by_two import TwoByTwo

EXAMPLE = "Example: modicum factorial diary.csv --protocol my-trial.toml --factor factor.diet"

Diary = Annotated[
    str | None, typer.Argument(metavar="DIARY", help="The diary; left out, the power of the protocol is shown.")
]
Factor = Annotated[
    str | None, typer.Option(metavar="COL", help="Column of the factor, 1 or 0; else the one the protocol asks for.")
]
Outcome = Annotated[str | None, typer.Option(metavar="COL", help="Column of the outcome.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, and nothing else.")]


def factorial(
    diary: Diary = None,
    protocol: Protocol = None,
    factor: Factor = None,
    outcome: Outcome = None,
    better: Better = None,
    scale: Scale = None,
    mcid: Mcid = None,
    onset: Onset = None,
    covariates: Covariates = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a factor drawn by chance, such as a diet, changes what a dose does."""
    from modicum.services.factorial import carry_out
    from modicum.services.options import check_options

    options = check_options(
        outcome=outcome, better=better, scale=scale, mcid=mcid, onset=onset, covariates=read_names(covariates or ())
    )
    found = carry_out(diary, protocol, factor, options)
    if as_json:
        terminal.print_document(found.document)
    else:
        _print(found)
    terminal.warn(found.warnings)


def _print(found: "TwoByTwo") -> None:
    from rich.table import Table
    from rich.text import Text

    from modicum.cli.summary import chance

    console, document = terminal.people(), found.document
    if document["virtual"]:
        console.print(Text("Virtual patient", style="italic dim"))
    first, *rest = found.sentences
    console.print(Text(first, style="bold"))
    for sentence in rest:
        console.print(Text(sentence))
    if document["effects"]:
        table = Table(box=None, padding=(0, 2, 0, 0))
        for heading in ("Effect of", "Mean (95 % interval)", "Better", f"By {document['mcid']:g} or more"):
            table.add_column(heading, overflow="fold")
        for one in document["effects"]:
            low, high = (f"{end:+.1f}".replace("-", "\u2212") for end in one["interval95"])
            mean = f"{one['mean']:+.1f}".replace("-", "\u2212")
            table.add_row(one["of"], f"{mean} ({low} to {high})", chance(one["p_better"]), chance(one["p_mcid"]))
        console.print(table)
    for assumption in document["assumptions"]:
        console.print(Text(assumption, style="dim"))
