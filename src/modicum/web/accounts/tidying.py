"""Taking away what is over: log-ins that have ended, and counts of tries that are counted no more."""

from django.contrib.sessions.models import Session

from modicum.web.accounts.models import Cached
from modicum.web.clock import actual


def tidy() -> int:
    """Take it away, and say how many rows it was; once a day is enough."""
    at = actual()
    rows = (Session.objects.filter(expire_date__lt=at), Cached.objects.filter(expires__lt=at))
    return sum(found.delete()[0] for found in rows)
