"""The command ``modicum``: its sub-commands, and how every way of ending becomes an exit code."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from modicum.cli import (
    allocation,
    analyse,
    backups,
    clinicians,
    explain,
    factorial,
    instruments,
    order,
    pharmacology,
    protocol,
    screen,
    serve,
    simulate,
    store,
    terminal,
)
from modicum.cli.terminal import BAD_INPUT
from modicum.foundation.errors import InputError, Problem
from modicum.foundation.version import version

DONE, FAULT, INTERRUPTED = 0, 3, 130

application = typer.Typer(name="modicum", add_completion=False, invoke_without_command=True)
application.command("demo", epilog=serve.DEMO)(serve.demo)
application.command("serve", epilog=serve.SERVE)(serve.serve)
application.command("analyse", epilog=analyse.EXAMPLE)(analyse.analyse)
application.add_typer(protocol.commands, name="protocol")
application.command("factorial", epilog=factorial.EXAMPLE)(factorial.factorial)
application.command("instruments", epilog=instruments.EXAMPLE)(instruments.instruments)
application.command("explain", epilog=explain.EXAMPLE)(explain.explain)
application.command("pharmacology", epilog=pharmacology.EXAMPLE)(pharmacology.pharmacology)
application.command("simulate", epilog=simulate.EXAMPLE)(simulate.simulate)
application.command("plan", epilog=simulate.PLAN)(simulate.plan)
application.command("clinicians", epilog=clinicians.EXAMPLE)(clinicians.clinicians)
application.command("screen", epilog=screen.EXAMPLE)(screen.screen)
application.add_typer(store.commands, name="store")
application.command("backup", epilog=backups.BACKUP)(backups.backup)
application.command("restore", epilog=backups.RESTORE)(backups.restore)
application.command("randomise", epilog=allocation.RANDOMISE)(allocation.randomise)
application.command("bind", epilog=allocation.BIND)(allocation.bind)
application.command("order", epilog=order.EXAMPLE)(order.order)
application.command("reveal", epilog=allocation.REVEAL)(allocation.reveal)
application.command("verify", epilog=allocation.VERIFY)(allocation.verify)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"modicum {version()}")
        raise typer.Exit


@application.callback(epilog=analyse.EXAMPLE)
def start(
    context: typer.Context,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Find the smallest dose that works for one person, or say that none does."""
    if context.invoked_subcommand is None and not show_version:
        typer.echo(context.get_help())


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: what stands behind the word ``modicum``.

    Returns:
        The exit code: 0 done, 1 a finding, 2 bad input, 3 an internal fault, 130 interrupted.
    """
    terminal.prepare_streams()
    try:
        code = _carry_out(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        terminal.discard_output()
        return DONE
    except OSError as error:
        if error.filename is not None:
            raise
        terminal.discard_output()
        terminal.say_output_lost(error)
        return FAULT
    return code


def _carry_out(arguments: Sequence[str]) -> int:
    """The exit code of one command.

    Raises:
        OSError: when its output cannot be written; only errors of files have a file name.
    """
    as_json = "--json" in arguments
    try:
        code = application(args=list(arguments), prog_name="modicum", standalone_mode=False)
    except InputError as error:
        terminal.refuse(error.problems, as_json=as_json)
        return BAD_INPUT
    except TyperException as error:
        terminal.refuse([_misunderstood(error)], as_json=as_json)
        return BAD_INPUT
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):
            return DONE
        raise
    except Exception as error:
        if os.environ.get("MODICUM_DEBUG") or (isinstance(error, OSError) and error.filename is None):
            raise
        terminal.refuse([_fault(error)], as_json=as_json)
        return FAULT
    return code if isinstance(code, int) else DONE


def _misunderstood(error: TyperException) -> Problem:
    message = getattr(error, "format_message", lambda: str(error))()
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "modicum"
    return Problem("MOD-OPT-14", path, "", message.rstrip("."), f"See {path} --help.")


def _fault(error: Exception) -> Problem:
    return Problem(
        "MOD-INTERNAL-01",
        "modicum",
        "",
        f"An internal fault, not a fault of your input: {type(error).__name__}: {error}",
        "Please report it with the command that led here; MODICUM_DEBUG=1 shows where it happened.",
    )
