"""Where somebody stands on the way into a trial, and what is missing next."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from modicum.services.diary import StoredEvent
from modicum.services.diary.beginning import KIND as BEGUN
from modicum.services.enrolling.clearing import open_questions
from modicum.services.enrolling.enrolment import Enrolment, enrolment_of

FRESH_DAYS = 14  # a screening counts so long; as long as the longest washout that has a figure

Name = Literal["registered", "screened", "planned", "consented", "begun"]
Missing = Literal[
    "screening", "stopped", "answers", "signature", "too-old", "protocol", "consent", "first-day", "closed", ""
]
Page = Literal["screen", "screening", "protocols", "consent", "begin", "person"]


@dataclass(frozen=True)
class Stage:
    """Where an enrolment stands.

    Args:
        name: what was reached.
        missing: what comes next; "closed" where she does not take part, "" once the trial has begun.
        page: name of the clinic's page where it is done, as in ``reverse("clinic:screen", args=[participant.pk])``.
    """

    name: Name
    missing: Missing
    page: Page


def stage_of(events: Iterable[StoredEvent], on: dt.date) -> Stage:
    """Where somebody stands, by the events of her trial.

    Args:
        events: of the kinds :data:`~modicum.services.enrolling.enrolment.KINDS`, in their order; others may be among
            them.
        on: the day where she lives.
    """
    told: Sequence[StoredEvent] = tuple(events)
    if any(event.kind == BEGUN for event in told):
        return Stage("begun", "", "begin")
    return stage(enrolment_of(told), on)


def stage(known: Enrolment, on: dt.date) -> Stage:
    """The same of an enrolment.

    Args:
        known: what is known of it.
        on: the day that it has to hold on.
    """
    if known.begun_at is not None:
        return Stage("begun", "", "begin")
    if known.closed is not None:
        return Stage("registered", "closed", "person")
    missing = missing_of_screening(known, on)
    if missing:
        return Stage("registered", missing, "screening" if missing in ("stopped", "signature") else "screen")
    if known.chosen is None:
        return Stage("screened", "protocol", "protocols")
    if known.consented is None:
        return Stage("planned", "consent", "consent")
    return Stage("consented", "first-day", "begin")


def missing_of_screening(known: Enrolment, on: dt.date) -> Missing:
    """What keeps the screening from clearing a person on a day; "" where nothing does.

    Args:
        known: what is known of the enrolment.
        on: the day.
    """
    if known.screening is None:
        return "screening"
    document = known.screening.said["document"]
    if document["result"] == "stop":
        return "stopped"
    if on > last_day(known):
        return "too-old"
    if open_questions(document):
        return "answers"
    return "" if document["result"] == "may-start" or known.signed is not None else "signature"


def last_day(known: Enrolment) -> dt.date:
    """The last day that the screening holds for.

    Args:
        known: an enrolment with a screening.

    Raises:
        ValueError: nobody was screened.
    """
    if known.screening is None:
        raise ValueError("Nobody was screened.")
    screened = dt.date.fromisoformat(known.screening.said["document"]["on"])
    return screened + dt.timedelta(days=FRESH_DAYS)
