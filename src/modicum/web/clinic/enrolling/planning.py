"""Plans: asked for on a page, computed by the workers of the queue, kept as a file, told as an event."""

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django_tasks import task

from modicum.records.chain import canonical, content_hash
from modicum.services.enrolling import Enrolment, enrolment_of
from modicum.services.enrolling.enrolment import PLAN_ASKED, PLANNED, Told
from modicum.services.enrolling.planning import foresee, run_in
from modicum.services.folders import add_file
from modicum.web.accounts.models import Participant, Person
from modicum.web.accounts.recording import record_of, staff
from modicum.web.clock import now
from modicum.web.stories import STORE, story_of

PATIENCE = dt.timedelta(hours=1)  # after which a plan that has not come may be asked for again
PEOPLE = 400  # virtual ones for each kind: as many as behind the stored figures, and a minute or two of work
_ACTOR = "jobs"


def ask(participant: Participant, protocol_sha256: str, person: Person) -> None:
    """Ask for a plan; it is computed off the path of the request.

    Args:
        participant: whose.
        protocol_sha256: of the protocol that was chosen.
        person: who asks.
    """
    record_of(participant, PLAN_ASKED, staff(person), protocol_sha256=protocol_sha256, people=PEOPLE)
    plan_trial.enqueue(trial=participant.trial)


def is_awaited(known: Enrolment, at: dt.datetime) -> bool:
    """Whether a plan was asked for that may still come.

    Args:
        known: the enrolment.
        at: the time, with its zone.
    """
    return known.computing and known.asked is not None and at - known.asked.at < PATIENCE


@task()
def plan_trial(trial: str) -> bool:
    """Compute the plan that was asked for last in a trial; whether there was any to compute."""
    return compute(trial, now())


def compute(trial: str, at: dt.datetime, processes: int | None = 1) -> bool:
    """Compute the plan that was asked for last, keep it and tell it. Computed again, it is the same.

    Args:
        trial: its name in the store.
        at: the time, with its zone.
        processes: how many; one, so that the pages stay fast meanwhile.

    Returns:
        Whether there was any to compute.
    """
    known = enrolment_of(STORE.events_of(trial))
    if known.chosen is None or known.asked is None or not known.computing:
        return False
    found = foresee(
        known.chosen.said["protocol_text"],
        run_in(story_of(trial)),
        people=known.asked.said["people"],
        made=at.date(),
        processes=processes,
    )
    file = plan_of(trial, known.asked.sequence)
    file.parent.mkdir(parents=True, exist_ok=True)
    add_file(file, json.dumps(found.document, indent=2, ensure_ascii=False).encode(), os.urandom(8).hex())
    content = {
        "schema": "modicum.planned/1",
        "asked": known.asked.sequence,
        "protocol_sha256": known.asked.said["protocol_sha256"],
        "own": found.own,
        "figures": [one.to_content() for one in found.figures],
        "noise": found.document.get("noise"),
        "warnings": found.document.get("warnings", []),
        "document_sha256": content_hash(canonical(found.document)),
    }
    _tell(trial, known.asked, content, at)
    return True


def plan_of(trial: str, asked: int) -> Path:
    """The file of a plan.

    Args:
        trial: its name in the store.
        asked: number of the event that asked for it.
    """
    return settings.MODICUM_DATA / "plans" / trial / f"{asked}.json"


def _tell(trial: str, asked: Told, content: dict[str, Any], at: dt.datetime) -> None:
    STORE.append(
        trial=trial,
        kind=PLANNED,
        client_id=f"{PLANNED}-{asked.sequence}",
        content=content,
        actor=_ACTOR,
        received_at=at,
    )
