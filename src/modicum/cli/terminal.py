"""The terminal: one JSON document or words for people on standard output, everything else on standard error."""

import io
import json
import os
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import typer

from modicum.foundation.errors import InputError, Problem

if TYPE_CHECKING:
    from rich.console import Console

BAD_INPUT = 2
PATIENCE_SECONDS = 1.0  # anything longer shows its progress


def prepare_streams() -> None:
    """Write UTF-8 whatever the locale says, and nowhere where a stream is closed.

    Bytes of a file name that are not text come out as escapes.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open until the process ends
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def discard_output() -> None:
    """Let nothing more be written to standard output, also not what Python still holds for it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say_output_lost(error: OSError) -> None:
    """One line on standard error about output that could not be written."""
    with suppress(OSError):
        print(f"modicum: the output cannot be written: {error.strerror or error}", file=sys.stderr, flush=True)


def print_document(document: Mapping[str, Any]) -> None:
    """Print one JSON document, without NaN or Infinity, and nothing else."""
    print(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def people() -> "Console":
    """Where people read results: standard output."""
    from rich.console import Console

    return Console(highlight=False)


def aside() -> "Console":
    """Where warnings, problems and progress go: standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def refuse(problems: Iterable[Problem], *, as_json: bool) -> None:
    """Say all that is wrong with the input: the error document on standard output, or a list for people."""
    listed = list(problems)
    if as_json:
        print_document({"schema": "modicum.error/1", "problems": [problem.to_dict() for problem in listed]})
        return
    from rich.text import Text

    console = aside()
    many = f"{len(listed)} problems" if len(listed) != 1 else "One problem"
    console.print(Text(f"{many}; nothing was done.", style="bold red"))
    _list(console, listed)


def warn(warnings: Iterable[Problem]) -> None:
    """List warnings on standard error; nothing where there are none."""
    listed = list(warnings)
    if not listed:
        return
    from rich.text import Text

    console = aside()
    console.print(Text(f"{len(listed)} warning{'s' if len(listed) != 1 else ''}", style="bold yellow"))
    _list(console, listed)


def written(write: Callable[[Path], object], path: Path | None) -> tuple[Problem, ...]:
    """Write a file; what keeps it from being written is handed back, so that the answer is not lost with it."""
    if path is None:
        return ()
    try:
        write(path)
    except InputError as error:
        return error.problems
    return ()


def say_written(what: str, path: Path | None, unwritten: tuple[Problem, ...]) -> None:
    """Say where a file is, once the answer is printed; where it could not be written, list why and leave.

    Raises:
        typer.Exit: it could not be written.
    """
    if unwritten:
        warn(unwritten)
        raise typer.Exit(BAD_INPUT)
    if path is not None:
        aside().print(f"The {what} is in {path}", markup=False, soft_wrap=True)


def _list(console: "Console", problems: list[Problem]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    for problem in problems:
        received = f" (received {problem.value})" if problem.value else ""
        head = Text.assemble((problem.where, "bold"), f": {problem.message.rstrip('.')}{received}.")
        console.print(Padding(head, (0, 0, 0, 2)))
        console.print(Padding(Text.assemble(problem.fix, (f"  {problem.code}", "dim")), (0, 0, 0, 4)))


@contextmanager
def progress_bar() -> Generator[Callable[[str, float], None]]:
    """A function that takes a step and the share done (0 to 1); a bar appears on a terminal after one second."""
    if not sys.stderr.isatty():
        yield lambda _step, _share: None
        return
    started = monotonic()
    bar: list[Any] = []

    def show(step: str, share: float) -> None:
        if monotonic() - started < PATIENCE_SECONDS:
            return
        if not bar:
            from rich.progress import Progress

            bar.append(Progress(console=aside(), transient=True))
            bar.append(bar[0].add_task(step, total=1.0))
            bar[0].start()
        bar[0].update(bar[1], description=step[:1].upper() + step[1:], completed=share)

    try:
        yield show
    finally:
        if bar:
            bar[0].stop()
