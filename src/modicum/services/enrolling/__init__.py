"""Enrolling: how a person who was added comes to begin a trial; screened, a protocol chosen, consented, begun.

What is known of it is a fold over the events of the trial (:mod:`modicum.services.enrolling.enrolment`). Nothing here
knows Django, a clock or a name: the events and the time are arguments.
"""

from modicum.services.enrolling.enrolment import KINDS, Enrolment, enrolment_of
from modicum.services.enrolling.stages import FRESH_DAYS, Stage, stage_of

__all__ = ["FRESH_DAYS", "KINDS", "Enrolment", "Stage", "enrolment_of", "stage_of"]
