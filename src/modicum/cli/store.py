"""``modicum store``: what can be said of a store without the web."""

from typing import Annotated

import typer

from modicum.cli import terminal

CHECK = "Example: modicum store check --database clinic.sqlite3"
DONE, FINDING = 0, 1

commands = typer.Typer(no_args_is_help=True, help="The store of a clinic: is it as it was written?")

Database = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="MODICUM_DATABASE",
        show_envvar=False,
        metavar="FILE|ADDRESS",
        help="A SQLite file, or postgresql://user@host/name; else MODICUM_DATABASE.",
    ),
]
Head = Annotated[str, typer.Option("--head", metavar="HEX", help="Head of the chain, as a report printed it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the document, and nothing else.")]


@commands.command("check", epilog=CHECK)
def check(database: Database, head: Head = "", as_json: AsJson = False) -> int:
    """Go through the chain of events, without the code that wrote it; every place that was changed is named."""
    from modicum.services.store_checking import check_store

    document = check_store(database, head)
    if as_json:
        terminal.print_document(document)
    else:
        console = terminal.people()
        for one in document["broken"]:
            console.print(f"Event {one['sequence']}: {one['why']}.", markup=False, soft_wrap=True)
        whole = f"{document['count']} events, as they were written. Head {document['head']}"
        changed = f"{len(document['broken'])} places are not as they were written."
        console.print(whole if document["result"] == "whole" else changed, markup=False, soft_wrap=True)
    return DONE if document["result"] == "whole" else FINDING
