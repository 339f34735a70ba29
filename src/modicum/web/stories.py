"""Stories that were told already: a trial is folded once, and told on by what came since."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import cast

from modicum.services.diary import StoredEvent, Story, fold, told
from modicum.web.store.port import EventStore

STORE = EventStore()
_MOST = 2_000  # trials; each some hundred entries
_told: OrderedDict[str, Story] = OrderedDict()
_lock = Lock()


def story_of(trial: str) -> Story:
    """The story of a trial up to now."""
    return keep(told(STORE, trial, known(trial)))


def stories_of(trials: Sequence[str]) -> dict[str, Story]:
    """The stories of several trials up to now, with one question to the store."""
    before = {trial: known(trial) or Story(trial) for trial in trials}
    told_to = min((story.sequence for story in before.values()), default=0)
    after = dict[str, list[StoredEvent]]()
    for event in STORE.events_of_all(trials, told_to):
        if event.sequence > before[event.trial].sequence:
            after.setdefault(event.trial, []).append(cast("StoredEvent", event))
    return {trial: keep(fold(story, after.get(trial, ()))) for trial, story in before.items()}


def known(trial: str) -> Story | None:
    """The story of a trial as far as it was told, None where it was not."""
    with _lock:
        return _told.get(trial)


def keep(story: Story) -> Story:
    """Keep a story to be told on, unless it was told further already."""
    with _lock:
        before = _told.get(story.trial)
        if before is None or before.sequence <= story.sequence:
            _told[story.trial] = story
        _told.move_to_end(story.trial)
        while len(_told) > _MOST:
            _told.popitem(last=False)
    return story
