"""Records: what happened, as it was written down.

Doses, diary entries, side effects and reviews, each with the moment it happened and the moment it was received; the
readers that turn files and frames into them; and the diary in columns that the analysis reads. It knows no statistics,
no verdict and no secret: what a person was given is in it only where the file says so.
"""

from modicum.records.diary import Diary
from modicum.records.events import Dose, Entry, Record, Review, SideEffect, as_known_at, current
from modicum.records.reading import read_diary
from modicum.records.writing import diary_csv, write_diary

__all__ = [
    "Diary",
    "Dose",
    "Entry",
    "Record",
    "Review",
    "SideEffect",
    "as_known_at",
    "current",
    "diary_csv",
    "read_diary",
    "write_diary",
]
