"""The plans of kits of a person: that of her trial, and that of each re-challenge, from the folder of its own draw."""

import datetime as dt
import os
from pathlib import Path

from modicum.services.diary import Story
from modicum.services.dispensing.kit_plan import KitPlan, plan_supply
from modicum.web.clinic.following.again import folder_of
from modicum.web.trials import allocation_of


def folder_of_course(trial: str, course: int) -> Path:
    """The folder of the allocation that kits are filled by.

    Args:
        trial: its name in the store.
        course: the number of a re-challenge; 0 for the trial.
    """
    return folder_of(trial, course) if course else allocation_of(trial)


def plan_of(story: Story, *, made_on: dt.date, course: int = 0) -> KitPlan:
    """Every kit that a trial or a re-challenge could need.

    Args:
        story: of the trial, begun.
        made_on: day of making.
        course: the number of a re-challenge; 0 for the trial.

    Raises:
        InputError: nothing can be made up for it.
    """
    folder = folder_of_course(story.trial, course)
    return plan_supply(story, folder, made_on=made_on, randomness=os.urandom, course=course)
