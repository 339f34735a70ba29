"""Kits that were told of already: those of a trial are folded once, and told on by what came since."""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import cast

from django.db.models import Max

from modicum.services.diary import StoredEvent
from modicum.services.dispensing.supplies import KINDS, Supplies, fold
from modicum.web.store.models import Event

_MOST = 5_000  # trials; each some kits
_told: OrderedDict[str, Supplies] = OrderedDict()
_lock = Lock()


def supplies_of(trial: str) -> Supplies:
    """The kits of one trial up to now."""
    return supplies_of_all([trial])[trial]


def supplies_of_all(trials: Iterable[str]) -> dict[str, Supplies]:
    """The kits of trials up to now, in two queries, however many they are.

    Args:
        trials: names in the store.
    """
    wanted = list(trials)
    head = Event.objects.aggregate(head=Max("sequence"))["head"] or 0
    with _lock:
        found = {trial: _told.get(trial, Supplies()) for trial in wanted}
    since = min((one.sequence for one in found.values()), default=head)
    new: dict[str, list[StoredEvent]] = {}
    if since < head:
        told = Event.objects.filter(trial__in=wanted, kind__in=KINDS, sequence__gt=since, sequence__lte=head)
        for event in told.order_by("sequence"):
            if event.sequence > found[event.trial].sequence:
                new.setdefault(event.trial, []).append(cast("StoredEvent", event))
    found = {trial: Supplies(fold(one, new.get(trial, ())).kits, head) for trial, one in found.items()}
    with _lock:
        for trial, one in found.items():
            if _told.get(trial, Supplies()).sequence <= one.sequence:
                _told[trial] = one
            _told.move_to_end(trial)
        while len(_told) > _MOST:
            _told.popitem(last=False)
    return found
