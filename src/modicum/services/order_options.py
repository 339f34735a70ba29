"""What an order is asked with: dates, names and a formulation as they were typed, and all that is wrong with them."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from modicum.foundation.errors import InputError, Problem, problem
from modicum.protocol import Protocol
from modicum.supply import Formulation, read_formulation, shipped_formulation
from modicum.supply.handout import Contacts
from modicum.supply.replacements import Replacement

LONGEST_TEXT = 80  # label and card still hold it, in small type
LARGEST_BYTES = 1_000_000


@dataclass(frozen=True)
class Asked:
    """The options of an order.

    Args:
        phases: names of the phases to make; empty: all whose doses are known.
        batches: names of the batches to make; empty: all of those phases.
        again: a kit that is made again, and nothing else; None: the kits that were planned.
        capsules: most capsules a night instead of the protocol's, or None.
        made: day of making, ISO 8601; "" for today.
        start: first day of the trial, ISO 8601; "" for the day of the draw, or of making where nothing is drawn.
        slot: whose order it is where nothing is drawn; "" for the name of the folder.
        formulation: file of a formulation, or None for a shipped one.
        language: of labels, card and the patient's page.
        contacts: whom the documents name.
    """

    phases: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    again: Replacement | None = None
    capsules: int | None = None
    made: str = ""
    start: str = ""
    slot: str = ""
    formulation: Path | None = None
    language: str = "en"
    contacts: Contacts = field(default_factory=Contacts)


def read_date(text: str, option: str, otherwise: dt.date) -> tuple[dt.date, list[Problem]]:
    """A date as it was typed, and what is wrong with it.

    Args:
        text: ISO 8601, or "".
        option: that it stands behind.
        otherwise: where the text is empty.

    Example:
        >>> read_date("2026-13-01", "--made", dt.date(2026, 1, 1))[1][0].code
        'MOD-SUPPLY-11'
    """
    if not text:
        return otherwise, []
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2200:
        fix = "Write it as year, month and day: 2026-11-23."
        return otherwise, [problem("MOD-SUPPLY-11", option, text, "This is not a date of the calendar", fix)]
    return found, []


def check_texts(asked: Asked) -> list[Problem]:
    """All that is wrong with names and telephone numbers.

    Args:
        asked: the options.
    """
    contacts = asked.contacts
    given = (
        ("--patient", contacts.patient),
        ("--prescriber", contacts.prescriber),
        ("--pharmacy", contacts.pharmacy),
        ("--on-call", contacts.on_call),
        ("--slot", asked.slot),
    )
    fix = f"Write up to {LONGEST_TEXT} letters, digits and blanks on one line."
    message = "This cannot stand on a label"
    return [
        problem("MOD-SUPPLY-12", option, text, message, fix)
        for option, text in given
        if len(text) > LONGEST_TEXT or not text.isprintable()
    ]


def find_formulation(asked: Asked, protocol: Protocol | None) -> tuple[Formulation | None, list[Problem]]:
    """The formulation of an order, and what is wrong with it or should be known.

    Args:
        asked: the options.
        protocol: whose drug it is for; None where it cannot be read.
    """
    if asked.formulation is None:
        return (shipped_formulation(protocol.drug.name) if protocol else None), []
    file = asked.formulation
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            return None, [_unreadable(file, "it is larger than a megabyte")]
        found = read_formulation(content.decode("utf-8"), str(file))
    except (OSError, ValueError) as error:
        return None, [_unreadable(file, getattr(error, "strerror", None) or str(error))]
    except InputError as error:
        return None, list(error.problems)
    name = protocol.drug.name if protocol else ""
    if protocol and found.drug and found.drug.lower() != name.strip().lower():
        message, fix = f"This formulation is for another drug than {name}", "Give the one for the protocol's drug."
        return None, [problem("MOD-SUPPLY-10", "--formulation", found.drug, message, fix)]
    return found, []


def _unreadable(file: Path, why: str) -> Problem:
    message = f"The formulation cannot be read: {why}"
    fix = "Give a TOML file like modicum/supply/library/naltrexone.toml."
    return problem("MOD-SUPPLY-10", "--formulation", file, message, fix)
