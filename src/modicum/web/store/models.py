"""The one table of events."""

import json
from typing import Any, ClassVar

from django.db import models

from modicum.records.chain import Link


class Event(models.Model):
    """One event. It is appended by :mod:`modicum.web.store.appending` alone; triggers refuse every change."""

    sequence = models.BigIntegerField(primary_key=True)
    trial = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    client_id = models.CharField(max_length=64)
    content = models.TextField()
    content_hash = models.CharField(max_length=64)
    conflict = models.BooleanField()
    actor = models.CharField(max_length=64)
    received_at = models.CharField(max_length=32)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """What was said once under an id is there once; and what is looked for by kind, day and actor is found."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("trial", "client_id", "content_hash"), name="said_once"),
            models.UniqueConstraint(
                fields=("trial", "client_id"), condition=models.Q(conflict=False), name="one_without_conflict"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "sequence", "trial", "actor", "received_at"], name="event_trail")
        ]

    @property
    def body(self) -> dict[str, Any]:
        """All that the hash is of, but its place and the event before."""
        return {name: getattr(self, name) for name in BODY}

    @property
    def said(self) -> dict[str, Any]:
        """The content as JSON values."""
        return json.loads(self.content)

    @property
    def link(self) -> Link:
        """The event as the chain knows it."""
        return Link(self.sequence, self.body, self.previous_hash, self.hash)


BODY = ("trial", "kind", "client_id", "content", "content_hash", "conflict", "actor", "received_at")
