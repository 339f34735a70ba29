"""Protocol: the trial as data.

A TOML file that a pharmacist can read: drug, dose ladder, phases, items, smallest difference that matters, rules. Read,
check, show, compare. It knows no diary, no statistics and no participant.
"""

from modicum.protocol.comparison import compare
from modicum.protocol.description import describe
from modicum.protocol.problems import PROBLEMS
from modicum.protocol.reading import check_protocol, examine_protocol, library, read_protocol
from modicum.protocol.schema import Outcome, Phase, Protocol
from modicum.protocol.sequences import list_sequences
from modicum.protocol.template import json_schema, new_protocol
from modicum.protocol.timetable import Row, schedule

__all__ = [
    "PROBLEMS",
    "Outcome",
    "Phase",
    "Protocol",
    "Row",
    "check_protocol",
    "compare",
    "describe",
    "examine_protocol",
    "json_schema",
    "library",
    "list_sequences",
    "new_protocol",
    "read_protocol",
    "schedule",
]
