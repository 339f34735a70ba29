"""Looks ahead: what a protocol would find roughly, simulated by the workers of the queue while somebody adapts it.

They are kept beside the data by the fingerprint of the protocol: nothing in them is about anybody. What is chosen is
planned with more people, on the record.
"""

import json
import os
from pathlib import Path

from django.conf import settings
from django_tasks import task
from django_tasks.base import TaskResultStatus

from modicum.foundation.version import version
from modicum.protocol import Protocol
from modicum.services.enrolling.adapting import Adapted
from modicum.services.enrolling.figures import Figures
from modicum.services.enrolling.planning import foresee
from modicum.services.folders import add_file
from modicum.web.accounts.models import Person
from modicum.web.clock import now
from modicum.web.jobs.queue import rows

PEOPLE = 100  # virtual ones for each kind: half a minute of work, and nineteen shares in 20 are within 10 in 100


@task()
def look_ahead(person: str, protocol_sha256: str, protocol_text: str) -> bool:
    """Simulate a protocol; whether it was not known yet.

    Args:
        person: key of who asks; of one's protocols the one that was asked about last is looked at.
        protocol_sha256: of the protocol.
        protocol_text: of its file.
    """
    file = _file(protocol_sha256)
    if file.exists():
        return False
    found = foresee(protocol_text, [], people=PEOPLE, made=now().date(), processes=1)
    file.parent.mkdir(parents=True, exist_ok=True)
    content = [one.to_content() for one in found.figures]
    return add_file(file, json.dumps(content).encode(), os.urandom(8).hex())


def is_awaited(person: Person, adapted: Adapted) -> bool:
    """Whether a look ahead is under way; it is asked for where there is none, in place of what the person asked before.

    Args:
        person: who adapts.
        adapted: as far as it is adapted.
    """
    sha256, path = adapted.protocol.sha256, look_ahead.module_path
    if _file(sha256).exists():
        return False
    asked = rows().filter(task_path=path, args_kwargs__kwargs__protocol_sha256=sha256)
    known = set(asked.values_list("status", flat=True)) - {TaskResultStatus.SUCCESSFUL}
    if known:
        return known != {TaskResultStatus.FAILED}
    key = str(person.pk)
    rows().filter(task_path=path, args_kwargs__kwargs__person=key, status=TaskResultStatus.READY).delete()
    look_ahead.enqueue(person=key, protocol_sha256=sha256, protocol_text=adapted.text)
    return True


def seen_of(protocol: Protocol) -> tuple[Figures, ...]:
    """What a look ahead has found of a protocol; nothing where there was none.

    Args:
        protocol: as read.
    """
    file = _file(protocol.sha256)
    return tuple(Figures.of(one) for one in json.loads(file.read_bytes())) if file.exists() else ()


def _file(protocol_sha256: str) -> Path:
    """Another version of Modicum may find something else."""
    return settings.MODICUM_DATA / "looks-ahead" / version() / f"{protocol_sha256}.json"
