"""Following a trial: what staff know of it while nobody knows an arm, what needs them, and what they decide.

Everything here is a fold over the story of a trial. Nothing reads a seal, and nothing here knows Django, a clock or a
name: the store and the time are arguments.
"""

from modicum.services.following.acting import accept, end_trial, hold, note, override, resume
from modicum.services.following.known import Known, Opening, Response, known_of
from modicum.services.following.maintenance import Again, Maintained, maintained_of
from modicum.services.following.marks import Marks, marks_of
from modicum.services.following.needs import Need, evenings_of, needs_of
from modicum.services.following.overrides import Override, overrides_of

__all__ = [
    "Again",
    "Known",
    "Maintained",
    "Marks",
    "Need",
    "Opening",
    "Override",
    "Response",
    "accept",
    "end_trial",
    "evenings_of",
    "hold",
    "known_of",
    "maintained_of",
    "marks_of",
    "needs_of",
    "note",
    "override",
    "overrides_of",
    "resume",
]
