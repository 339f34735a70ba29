"""``modicum explain``: any number of a result to the rule, the records and the citation behind it."""

from pathlib import Path
from typing import Annotated

import typer

from modicum.cli import terminal

EXAMPLE = "Example: modicum explain result.json /doses/2/p_mcid"


def explain(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="A result document, as analyse --json prints it.")],
    pointer: Annotated[str, typer.Argument(metavar="POINTER", help="A JSON Pointer into it, such as /doses/2/p_mcid.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the explanation as one JSON document.")] = False,
) -> None:
    """Say what a number of a result is, by which rule it comes about, and from which records."""
    from modicum.services.explaining import explain as service
    from modicum.services.explaining import read_result

    explanation = service(read_result(result), pointer)
    if as_json:
        terminal.print_document(explanation.to_document())
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in explanation.rows():
        table.add_row(name, Text(text))
    terminal.people().print(table)
