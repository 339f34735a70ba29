"""The tables of the accounts, and of what is remembered for a while by several processes."""

from django.db import models

from modicum.web.accounts.participant_models import Correction, Device, Invitation, Participant
from modicum.web.accounts.staff_models import Membership, Person, Role, Site, StaffInvitation

__all__ = [
    "Cached",
    "Correction",
    "Device",
    "Invitation",
    "Membership",
    "Participant",
    "Person",
    "Role",
    "Site",
    "StaffInvitation",
]


class Cached(models.Model):
    """The table of Django's cache, which counts attempts to log in; made with the others, so that it is there."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        """As the setting CACHES names it."""

        db_table = "web_cache"
