"""Watching the door: who came in and when, on the record of every site where she works, before she is let in.

A log-in that cannot be put down fails. Tries that fail are counted where they are held up, and are not on the record: a
storm of them would fill it.
"""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from modicum.web.accounts.models import Person, Site
from modicum.web.accounts.recording import record_at, staff

LOGGED_IN = "logged-in"


@receiver(user_logged_in)
def tell(user: Person, **_more: object) -> None:
    """Put a log-in down."""
    for site in Site.objects.filter(memberships__person=user).distinct().order_by("name"):
        record_at(site, LOGGED_IN, staff(user))
