"""Participants, the invitations that they get, and the phones that they keep their diary on."""

import datetime as dt
import uuid
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from modicum.web.accounts.staff_models import Person, Site


def new_trial() -> str:
    """A name for a trial that says nothing of the participant."""
    return str(uuid.uuid4())


class Participant(models.Model):
    """One person in a trial of her own. Her name is here and nowhere else; the store knows her trial alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="participants")
    number = models.PositiveIntegerField()
    trial = models.CharField(max_length=64, unique=True, default=new_trial)
    surname = models.CharField(_("Surname"), max_length=80)
    given = models.CharField(_("Given names"), max_length=80)
    born = models.DateField(_("Date of birth"))
    language = models.CharField(_("Language of the diary"), max_length=8, default="en")
    zone = models.CharField(_("Time zone"), max_length=64, default="Europe/London")
    virtual = models.BooleanField(_("Virtual patient"), default=False)
    prescriber = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participants")
    added_at = models.DateTimeField()

    class Meta:
        """A number stands for one person at a site."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("site", "number"), name="number_at_site")
        ]
        ordering = ("surname", "given", "number")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as it is written, with which everybody who may not see the name speaks of her."""
        return f"{self.number:04d}"

    def date_at(self, moment: dt.datetime) -> dt.date:
        """The date where she lives, at a moment with its zone."""
        return moment.astimezone(ZoneInfo(self.zone)).date()


class Correction(models.Model):
    """What the particulars of a participant were and are instead; here, because the store is told no names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="corrections")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        """The newest first."""

        ordering = ("-at",)


class Invitation(models.Model):
    """A link, or the same as a QR code, by which one phone is joined to one participant, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="invitations")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)


class Device(models.Model):
    """A phone that may send and read one participant's diary until it is revoked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="devices")
    token_sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    last_seen = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering = ("-made_at",)
