"""The task that makes an export: off the path of requests, since it goes through every evening of every trial in it.

The archive lies among the clinic's data for a day, for nobody but who asked for it. That it was made is on the record
before it can be taken.
"""

import os
import time
import uuid
from pathlib import Path

from django.conf import settings
from django_tasks import task
from django_tasks.base import TaskResultStatus

from modicum.services.folders import add_file
from modicum.web.accounts.models import Person
from modicum.web.jobs.queue import rows
from modicum.web.research.exports import tell
from modicum.web.research.offers import offered_to, parcel_for

KEPT_SECONDS = 24 * 3600.0


@task()
def make_export(export: str, person: str, k: int) -> bool:
    """Make the archive that an analyst asked for; whether there was anything to put into it."""
    asking = Person.objects.get(pk=person)
    offered = offered_to(asking)
    parcel = parcel_for(offered.offers, k)
    _forget()
    if not parcel.trials:
        return False
    file = archive_of(export)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    add_file(file, parcel.content, os.urandom(8).hex(), private=True)
    tell(parcel, offered.offers, asking, export)
    return True


def ask_for_export(person: Person, k: int) -> None:
    """Have an archive made.

    Args:
        person: the analyst who asks.
        k: smallest cell.
    """
    make_export.enqueue(export=str(uuid.uuid4()), person=str(person.pk), k=k)


def waiting_for(person: Person) -> bool:
    """Whether an archive that somebody asked for is still to be made."""
    asked = rows().filter(task_path=make_export.module_path)
    waiting = asked.filter(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING))
    return any(row["kwargs"]["person"] == str(person.pk) for row in waiting.values_list("args_kwargs", flat=True))


def archive_of(export: str) -> Path:
    """The file of an archive."""
    return settings.MODICUM_DATA / "exports" / f"{export}.zip"


def is_kept(export: str) -> bool:
    """Whether an archive can still be taken."""
    try:
        return time.time() - archive_of(export).stat().st_mtime < KEPT_SECONDS
    except OSError:
        return False


def _forget() -> None:
    """Remove archives that lay long enough."""
    for file in archive_of("").parent.glob("*.zip"):
        if not is_kept(file.stem):
            file.unlink(missing_ok=True)
