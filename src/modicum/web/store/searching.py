"""Searching the record by kind, day or actor: by the index that holds all of these, without reading what events hold.

The databases would rather go through every event of every trial that is asked for, or through all in their order. The
expressions here keep them from both.
"""

from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from modicum.web.store.models import Event


def searched(trials: Any, **wanted: Any) -> QuerySet[Event]:
    """Events of some trials.

    Args:
        trials: names in the store, or a query for them.
        wanted: of the events, as a filter has it.
    """
    return Event.objects.annotate(whose=Coalesce("trial", Value(""))).filter(whose__in=trials, **wanted)


def newest(events: QuerySet[Event], number: int, *, rare: bool) -> list[Event]:
    """The newest of some events, the newest first.

    Args:
        events: that were searched.
        number: how many at most.
        rare: whether they may be few among all; then all are gone through, else they are taken from the end.
    """
    order = (F("sequence") + 0).desc() if rare else F("sequence").desc()
    found = list(events.order_by(order).values_list("sequence", flat=True)[:number])
    return list(Event.objects.filter(sequence__in=found).order_by("-sequence"))
