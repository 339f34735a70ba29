"""``modicum protocol``: list, show, check, diff, new, cycles, re-challenge."""

from pathlib import Path
from typing import Annotated

import typer

from modicum.cli import terminal

EXAMPLE = "Example: modicum protocol show ldn-smallest-dose"

commands = typer.Typer(help="Protocols: the trial as a file that a pharmacist can read.", epilog=EXAMPLE)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, and nothing else.")]
Source = Annotated[str, typer.Argument(metavar="P", help="A shipped protocol by name, or a protocol file.")]


@commands.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Protocols: the trial as a file that a pharmacist can read."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@commands.command("list", epilog="Example: modicum protocol list")
def list_shipped(as_json: AsJson = False) -> None:
    """List the protocols that are shipped."""
    from modicum.services.protocols import list_protocols

    document = list_protocols()
    if as_json:
        terminal.print_document(document)
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Name", "Version", "At most", "What it is"):
        table.add_column(heading, no_wrap=heading == "Name", overflow="fold")
    for row in document["protocols"]:
        table.add_row(row["name"], row["version"], f"{row['planned_days']:g} days", Text(row["title"]))
    terminal.people().print(table)


@commands.command("show", epilog=EXAMPLE)
def show(source: Source, as_json: AsJson = False) -> None:
    """Show a protocol as a schedule: what is taken when, who knows, what is decided."""
    from modicum.protocol import describe, read_protocol
    from modicum.services.protocols import show_protocol

    plan = read_protocol(source)
    if as_json:
        terminal.print_document(show_protocol(plan))
    else:
        terminal.people().print(describe(plan), markup=False, soft_wrap=True)


@commands.command("check", epilog="Example: modicum protocol check my-trial.toml")
def check(
    source: Annotated[str, typer.Argument(metavar="FILE", help="A protocol file.")], as_json: AsJson = False
) -> None:
    """Check a protocol file, and list everything that is wrong with it, by line."""
    from modicum.services.protocols import check_protocol

    document = check_protocol(source)
    if as_json:
        terminal.print_document(document)
    else:
        sound = f"{document['name']} {document['version']} is sound: at most {document['planned_days']:g} days."
        terminal.people().print(sound, markup=False, soft_wrap=True)


@commands.command("diff", epilog="Example: modicum protocol diff ldn-open ldn-smallest-dose")
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="A protocol, by name or file.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another protocol.")],
    as_json: AsJson = False,
) -> None:
    """Say in sentences how one protocol differs from another."""
    from modicum.services.protocols import compare_protocols

    document = compare_protocols(a, b)
    if as_json:
        terminal.print_document(document)
        return
    for sentence in document["differences"] or ["They do not differ."]:
        terminal.people().print(sentence, markup=False, soft_wrap=True)


@commands.command("new", epilog="Example: modicum protocol new my-trial --out my-trial.toml")
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the protocol.")] = "my-protocol",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there instead of printing it.")] = None,
) -> None:
    """Print a commented protocol to start from."""
    from modicum.services.protocols import write_new_protocol

    text = write_new_protocol(name, out)
    if out is None:
        typer.echo(text, nl=False)
    else:
        terminal.people().print(f"Wrote {out}. Check it with: modicum protocol check {out}", markup=False)


@commands.command("cycles", epilog="Example: modicum protocol cycles my-trial.toml --days 31 --out mine.toml")
def cycles(
    source: Source,
    days: Annotated[float, typer.Option(metavar="N", help="Length of the person's cycles, days.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there instead of printing it.")] = None,
) -> None:
    """Rewrite a protocol in whole cycles of 28 days for cycles of another length."""
    from modicum.services.protocols import write_in_cycles

    text = write_in_cycles(source, days, out)
    if out is None:
        typer.echo(text, nl=False)
    else:
        terminal.people().print(f"Wrote {out}. Check it with: modicum protocol check {out}", markup=False)


@commands.command("re-challenge", epilog="Example: modicum protocol re-challenge ldn-smallest-dose --dose-mg 1.5")
def rechallenge(
    source: Source,
    dose_mg: Annotated[float, typer.Option(metavar="MG", help="The dose that was kept.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there instead of printing it.")] = None,
) -> None:
    """Print the protocol of a second, blinded look at the dose that was kept, to be drawn and sealed on its own."""
    from modicum.services.protocols import write_rechallenge

    text = write_rechallenge(source, dose_mg, out)
    if out is None:
        typer.echo(text, nl=False)
    else:
        terminal.people().print(f"Wrote {out}. Draw and seal it with: modicum randomise {out}", markup=False)
