"""Protocol: the trial as data.

A TOML file that a pharmacist can read: drug, dose ladder, phases, items, smallest difference that matters, rules. Read,
check, show, compare. It knows no diary, no statistics and no participant.
"""

from modicum.protocol.problems import PROBLEMS
from modicum.protocol.reading import check_protocol, examine_protocol, library, read_protocol
from modicum.protocol.schema import Outcome, Phase, Protocol

__all__ = [
    "PROBLEMS",
    "Outcome",
    "Phase",
    "Protocol",
    "check_protocol",
    "examine_protocol",
    "library",
    "read_protocol",
]
