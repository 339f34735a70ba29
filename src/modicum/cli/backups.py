"""``modicum backup`` and ``modicum restore``: a store copied while it is used, and put back."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

from modicum.cli import terminal
from modicum.cli.store import DONE, FINDING, AsJson, Database

BACKUP = "Example: modicum backup --database clinic.sqlite3 --out backups --prune"
RESTORE = "Example: modicum restore backups --database clinic.sqlite3"


def backup(
    database: Database,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the backups; made where it is not there.")],
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove old ones: one a day is kept for a month, one a month for two years.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Copy a store while it is used, and go through the chain in the copy."""
    from modicum.services import backups

    now = dt.datetime.now(dt.UTC)
    made = backups.make_backup(database, out, now)
    removed = backups.prune(out, now) if prune else []
    if as_json:
        terminal.print_document(made.to_document())
    else:
        state = (
            "as they were written" if made.result == "whole" else "NOT as they were written: see modicum store check"
        )
        _say(f"{made.count} events, {state}, in {out / made.file}", f"Head {made.head}")
        if removed:
            _say(f"{len(removed)} old backups removed.")
    return DONE if made.result == "whole" else FINDING


def restore(
    source: Annotated[
        Path, typer.Argument(metavar="BACKUP", help="A backup, or a folder of which the newest whole one is taken.")
    ],
    database: Annotated[
        str, typer.Option("--database", metavar="FILE|ADDRESS", help="Where to; what is there is kept aside.")
    ] = "",
    shorten: Annotated[
        str, typer.Option(metavar="WHY", help="Restore although events would be lost that the database holds.")
    ] = "",
    try_out: Annotated[
        bool, typer.Option("--drill", help="Restore to a place of its own, look at it, and remove it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup into the place of a store, after it was looked through; never to lose an event without a reason."""
    from modicum.foundation.errors import OptionsError, problem
    from modicum.services import restoring
    from modicum.services.drills import note_drill

    if not database and not try_out:
        fix = "Say where to with --database, or only try it with --drill."
        raise OptionsError([problem("MOD-STORE-08", "--database", "", "No database is named to restore into", fix)])
    now = dt.datetime.now(dt.UTC)
    done = restoring.drill(source, database) if try_out else restoring.restore(source, database, now, shorten)
    if try_out:
        note_drill(done, now)
    if as_json:
        terminal.print_document(done)
    else:
        _say(*_lines(done))


def _lines(done: dict[str, Any]) -> list[str]:
    what = "Came out whole, and was removed again" if done["drill"] else "Restored"
    lines = [
        f"{what}: {done['count']} events of {done['made_at']}, in {done['seconds']:.1f} s.",
        f"Head {done['head']}",
    ]
    if done["lost"]:
        lines.append(f"{done['lost']} events of the database are not in it.")
    if done["aside"]:
        lines.append(f"What was there before is kept in {done['aside']}")
    return lines


def _say(*lines: str) -> None:
    for line in lines:
        terminal.people().print(line, markup=False, soft_wrap=True)
