"""Records: what happened, as it was written down.

Doses, diary entries, side effects and reviews, each with the moment it happened and the moment it was received; the
readers that turn files and frames into them; and the diary in columns that the analysis reads. It knows no statistics,
no verdict and no secret: what a person was given is in it only where the file says so.
"""

from modicum.records.diary import Diary
from modicum.records.reading import read_diary

__all__ = ["Diary", "read_diary"]
