"""May this person start? A medication list and a history against rules that are data, each with its source.

It knows nothing of trials, arms or databases, and no clock: the day is an argument. What it does not know it never
clears.
"""

from modicum.screening.clearance import clear
from modicum.screening.entered_later import Consequence, entered_later
from modicum.screening.history import History, Question, questions, read_answers
from modicum.screening.record import TAKEN_FOR, Finding, Screening, Unconfirmed, Undecided

__all__ = [
    "TAKEN_FOR",
    "Consequence",
    "Finding",
    "History",
    "Question",
    "Screening",
    "Unconfirmed",
    "Undecided",
    "clear",
    "entered_later",
    "questions",
    "read_answers",
]
