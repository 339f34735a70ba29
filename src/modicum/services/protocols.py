"""What a person does with protocols: list, show, check, compare, start a new one, fit one to a cycle, look again."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modicum.foundation.errors import InputError, OptionsError, Problem, ProtocolError

if TYPE_CHECKING:
    from modicum.protocol import Protocol


def list_protocols() -> dict[str, Any]:
    """The shipped protocols as a ``modicum.protocol-list/1`` document."""
    from modicum.protocol import library, read_protocol

    return {
        "schema": "modicum.protocol-list/1",
        "protocols": [
            {
                "name": plan.name,
                "version": plan.version,
                "title": plan.title,
                "planned_days": plan.planned_days,
                "doses_mg": list(plan.drug.ladder_mg),
            }
            for plan in map(read_protocol, library())
        ],
    }


def show_protocol(plan: "Protocol") -> dict[str, Any]:
    """A protocol and its schedule as a ``modicum.protocol-show/1`` document."""
    from modicum.protocol import schedule

    return {
        "schema": "modicum.protocol-show/1",
        "protocol": plan.model_dump(mode="json", by_alias=True),
        "schedule": [asdict(row) for row in schedule(plan)],
    }


def check_protocol(source: str | Path) -> dict[str, Any]:
    """A sound protocol as a ``modicum.protocol-check/1`` document.

    Raises:
        ProtocolError: with every problem of the file.
    """
    from modicum.protocol import read_protocol

    plan = read_protocol(source)
    return {
        "schema": "modicum.protocol-check/1",
        "name": plan.name,
        "version": plan.version,
        "title": plan.title,
        "planned_days": plan.planned_days,
        "sha256": plan.sha256,
    }


def compare_protocols(a: str | Path, b: str | Path) -> dict[str, Any]:
    """How two protocols differ, in sentences, as a ``modicum.protocol-diff/1`` document.

    Raises:
        InputError: with every problem of both files.
    """
    from modicum.protocol import compare, read_protocol

    problems: list[Problem] = []
    plans: list[Protocol] = []
    for source in (a, b):
        try:
            plans.append(read_protocol(source))
        except InputError as error:
            problems += error.problems
    if problems:
        raise ProtocolError(problems)
    return {
        "schema": "modicum.protocol-diff/1",
        "a": plans[0].name,
        "b": plans[1].name,
        "differences": list(compare(*plans)),
    }


def write_new_protocol(name: str, path: Path | None) -> str:
    """A commented protocol to start from; written to a file where one is named, never over another.

    Raises:
        OptionsError: when the file exists or cannot be written.
    """
    from modicum.protocol import new_protocol

    return _written(new_protocol(name), path)


def write_in_cycles(source: str | Path, cycle_days: float, path: Path | None) -> str:
    """A protocol in whole cycles of 28 days, for cycles of another length; never written over another file.

    Args:
        source: name or file of the protocol.
        cycle_days: length of the person's cycles, days.
        path: where it is written, or None.

    Raises:
        InputError: it is not in whole cycles, the length is none of a cycle, or the file cannot be written.
    """
    from modicum.protocol.cycles import in_cycles
    from modicum.protocol.reading import protocol_bytes, read_protocol

    read_protocol(source)
    return _written(in_cycles(protocol_bytes(source).decode("utf-8"), cycle_days), path)


def write_rechallenge(source: str | Path, dose_mg: float, path: Path | None) -> str:
    """The protocol of a re-challenge of the dose that a trial kept; never written over another file.

    Args:
        source: name or file of the trial's protocol.
        dose_mg: the dose that was kept.
        path: where it is written, or None.

    Raises:
        InputError: the protocol keeps no dose, the dose is not on its ladder, or the file cannot be written.
    """
    from modicum.protocol import read_protocol
    from modicum.protocol.rechallenge import rechallenge_toml

    return _written(rechallenge_toml(read_protocol(source), dose_mg), path)


def _written(text: str, path: Path | None) -> str:
    if path is not None:
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise OptionsError([_unwritten(path, error)]) from error
    return text


def _unwritten(path: Path, error: OSError) -> Problem:
    reason = "There is a file of this name already" if isinstance(error, FileExistsError) else error.strerror or ""
    return Problem("MOD-OPT-16", "--out", str(path), f"The file cannot be written. {reason}".rstrip(), "Name another.")
