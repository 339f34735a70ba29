"""Protocol: the trial as data.

A TOML file that a pharmacist can read: drug, dose ladder, phases, items, smallest difference that matters, rules. Read,
check, show, compare. It knows no diary, no statistics and no participant.
"""

from modicum.protocol.schema import Outcome, Phase, Protocol

__all__ = ["Outcome", "Phase", "Protocol"]
