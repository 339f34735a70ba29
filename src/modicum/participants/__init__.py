"""Participants: whoever is told a dose and asked for a diary, virtual or recorded, through one small interface.

A virtual participant holds a truth. Nothing that analyses, decides or runs a trial may import that part of the package;
it sees entries, and does not know whether a person wrote them.
"""

from modicum.participants.task import Participant, Task

__all__ = ["Participant", "Task"]
