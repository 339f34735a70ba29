"""Courses: what a person takes kits for. Number 0 is her trial, every other a re-challenge of the dose that was kept.

Each has a protocol, a first day and a sealed allocation of its own.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from modicum.services.diary.beginning import Beginning
from modicum.services.diary.keeping import ends_of
from modicum.services.diary.rechallenging import read_own
from modicum.services.diary.schedule import Stage, stage_of
from modicum.services.diary.story import Story


def beginning_of(story: Story, folder: Path, course: int = 0) -> Beginning:
    """What a course began with, or is to begin with.

    Args:
        story: of the trial.
        folder: of the allocation of this course, where anything was drawn.
        course: its number.

    Raises:
        ValueError: the trial has not begun, or there is no such course.
        AllocationError: the allocation is not that of this re-challenge, or cannot be read.
    """
    if story.begun is None or not 0 <= course <= len(story.rechallenges):
        raise ValueError(f"{story.trial} has no course {course}.")
    if not course:
        return story.begun
    accepted = story.rechallenges[course - 1]
    text = read_own(accepted, folder).protocol.decode()
    return replace(story.begun, protocol_text=text, start=accepted.begun, allocation=accepted.allocation)


def over_at(stage: Stage | str, ends: Sequence[dt.datetime], now: dt.datetime) -> frozenset[int]:
    """Numbers of the courses that ask for no kit any more.

    Args:
        stage: of the trial, as the phone is told it; "" before it begins.
        ends: of its re-challenges.
        now: clock of the clinic, with its zone.
    """
    again = {number for number, end in enumerate(ends, 1) if stage != "maintenance" or end <= now}
    return frozenset(again | {0}) if stage not in ("", "diary") else frozenset(again)


def over_of(story: Story, now: dt.datetime) -> frozenset[int]:
    """Numbers of the courses that ask for no kit any more: they ended by themselves, or staff or the person ended them.

    Args:
        story: of the trial.
        now: clock of the clinic, with its zone.
    """
    return over_at(stage_of(story) if story.begun else "", ends_of(story), now)
