"""What each field of the schema means, taken from the docstrings, so that it is written down once."""

import re

from pydantic import BaseModel

from modicum.protocol.items import Citation, Outcome, SideEffectItem
from modicum.protocol.rules import (
    Calibration,
    ConfirmationRules,
    Onset,
    Priors,
    ResponseRule,
    Rules,
    Screening,
    StepDownRules,
    TitrationRules,
)
from modicum.protocol.schema import Phase, Protocol
from modicum.protocol.treatment import Drug, Maintenance, Supply

TABLES: dict[str, type[BaseModel]] = {
    "": Protocol,
    "drug": Drug,
    "phases": Phase,
    "outcomes": Outcome,
    "side_effects": SideEffectItem,
    "rules": Rules,
    "rules.response": ResponseRule,
    "rules.titration": TitrationRules,
    "rules.confirmation": ConfirmationRules,
    "rules.step_down": StepDownRules,
    "onset": Onset,
    "priors": Priors,
    "screening": Screening,
    "supply": Supply,
    "maintenance": Maintenance,
    "calibration": Calibration,
    "sources": Citation,
}

_ENTRY = re.compile(r"^(\w+(?:, \w+)*): (.*)$")


def field_notes(model: type[BaseModel]) -> dict[str, str]:
    """What each field of a part of the schema means.

    Args:
        model: one of :data:`TABLES`.

    Returns:
        Name of the field in Python to its note, one or two sentences.

    Example:
        >>> from modicum.protocol.rules import Screening
        >>> field_notes(Screening)["remarks"]
        'in words, for the prescriber.'
    """
    lines = (model.__doc__ or "").partition("Args:")[2].splitlines()
    notes: dict[str, str] = {}
    names: list[str] = []
    for line in (line.strip() for line in lines if line.strip()):
        entry = _ENTRY.match(line)
        if entry and set(entry.group(1).split(", ")) <= set(model.model_fields):
            names = entry.group(1).split(", ")
            notes |= dict.fromkeys(names, entry.group(2))
        else:
            notes |= {name: f"{notes[name]} {line}" for name in names}
    return notes
