"""Running a trial: it is given entries as they arrive, says when a look is due, and goes on from what was seen."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable

from modicum.participants.task import Participant, Task
from modicum.protocol.schema import Protocol
from modicum.records.diary import Diary
from modicum.records.events import Entry
from modicum.supply.periods import takes_capsules
from modicum.trial.block import Ending, Look, LookKind, Roles
from modicum.trial.diary import Pages
from modicum.trial.state import stand

SEVERE = 3  # severity from which the trial stops at once
_DUE_HOUR, _REVIEW_HOUR = 20, 8


def is_severe(entry: Entry) -> bool:
    """Whether an entry tells of a complaint at which capsules are stopped at once."""
    return any(severity >= SEVERE for severity in entry.side_effects.values())


Reviewer = Callable[[Diary, LookKind], Look]


class Trial:
    """One trial: what is planned, what has arrived, what was seen. It does not know whether the participant exists.

    Args:
        protocol: of the trial.
        roles: drawn before the first capsule.
        start: midnight of day 0, with its zone.
        virtual: whether the participant is.
    """

    def __init__(self, protocol: Protocol, roles: Roles, start: dt.datetime, *, virtual: bool = False):
        self.protocol, self.roles, self.start = protocol, roles, start
        self._pages = Pages(protocol, start, virtual=virtual)
        self._looks: list[Look] = []
        self.state = stand(protocol, roles, ())

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order in which they arrived."""
        return self._pages.entries

    @property
    def looks(self) -> tuple[Look, ...]:
        """What every review saw."""
        return tuple(self._looks)

    @property
    def over(self) -> bool:
        """Whether it has ended, or has only days left that nothing will be decided in."""
        return self.state.ending is not None

    @property
    def days(self) -> int:
        """Days up to the next review, or to the end."""
        return self.state.planned_days

    def task(self, day: int) -> Task:
        """What the participant is asked on a day up to the next review: about the capsule of the night before."""
        due = self.start + dt.timedelta(days=day, hours=_DUE_HOUR)
        place, evening = self._place(day)
        block = self.state.blocks[place]
        guess = block.guess and evening == block.days // 2
        if day == 0:
            return Task(day, due, block.phase, 0.0, 0.0, guess)
        place, night = self._place(day - 1)
        taken = self.state.blocks[place]
        return Task(day, due, taken.phase, taken.announced, self._capsule_mg(place, night), guess)

    def _place(self, day: int) -> tuple[int, int]:
        """Position of the block that a day belongs to, and the number of the day in it, from 0."""
        place = bisect_right(self.state.ends, day)
        return place, day - self.state.ends[place] + self.state.blocks[place].days

    def _capsule_mg(self, place: int, night: int) -> float:
        """What the capsule of a night holds: half the dose on the first ones after placebo, where the protocol says so.

        The dose assigned is the whole one all the same, and so the diary has it.
        """
        dose = self.state.blocks[place].capsule_mg
        resumed = place == 0 or self.state.blocks[place - 1].capsule_mg == 0.0
        return dose / 2 if resumed and night < self.protocol.supply.half_nights else dose

    def receive(self, entry: Entry) -> None:
        """An entry arrives. One that ends the participation, or tells of severe harm, stops the trial on that day.

        What was severe before the first capsule is no harm of the capsules: it is for the prescriber, as any other.
        """
        self._pages.add(entry)
        spent = (entry.received_at - self.start).days + 1
        if spent <= self.days and (entry.stops or self._tells_of_harm(entry)):
            self.state = self.state.cut(spent, Ending("withdrawn" if entry.stops else "harm"))

    def _tells_of_harm(self, entry: Entry) -> bool:
        if not is_severe(entry):
            return False
        capsules = {phase.name for phase in self.protocol.phases if takes_capsules(phase)}
        starts = zip(self.state.blocks, (0, *self.state.ends), strict=False)
        first = next((day for block, day in starts if block.phase in capsules), None)
        return first is not None and (entry.happened_at - self.start).days > first

    def due(self, now: dt.datetime) -> LookKind:
        """What has to be looked at by now; "" where nothing has, or the trial is over."""
        return "" if self.over or now < self.review_at else self.state.blocks[-1].look

    @property
    def review_at(self) -> dt.datetime:
        """When the next review is due, or the morning after the last day."""
        return self.start + dt.timedelta(days=self.days, hours=_REVIEW_HOUR)

    def known(self) -> Diary:
        """The diary as it is known at the next review."""
        return self.known_at(self.review_at)

    def known_at(self, now: dt.datetime) -> Diary:
        """The diary as it was known at a moment."""
        return self._pages.known_at(now, self.state.blocks)

    def everything(self) -> Diary:
        """The diary once all that was written has arrived."""
        arrived = max((entry.received_at for entry in self.entries), default=self.start)
        return self.known_at(max(arrived, self.review_at))

    def review(self, look: Look) -> None:
        """Go on from what was seen."""
        self._looks.append(look)
        self.state = stand(self.protocol, self.roles, self._looks)


class Life:
    """A participant living a trial: every evening a task, every entry delivered when it arrives.

    Args:
        trial: at its first day.
        participant: who lives it.
    """

    def __init__(self, trial: Trial, participant: Participant):
        self.trial, self._participant = trial, participant
        self._post: list[Entry] = []
        self._day = 0

    def to_next_look(self) -> LookKind:
        """Live until something has to be looked at; "" where the trial is over and all has arrived."""
        trial = self.trial
        while self._day < trial.days:
            entry = self._participant.answer(trial.task(self._day))
            if entry is not None:
                self._post.append(entry)
            self._day += 1
            self._deliver(trial.start + dt.timedelta(days=self._day))
        self._deliver(trial.review_at)
        if trial.over:
            self._deliver(None)
        return trial.due(trial.review_at)

    def _deliver(self, now: dt.datetime | None) -> None:
        """Hand over what had arrived by now, or all of it."""
        if not self._post:
            return
        arrived = sorted((e for e in self._post if now is None or e.received_at <= now), key=_arrival)
        self._post = [e for e in self._post if now is not None and e.received_at > now]
        for entry in arrived:
            self.trial.receive(entry)


def _arrival(entry: Entry) -> tuple[dt.datetime, dt.datetime]:
    return entry.received_at, entry.happened_at


def run(life: Life, reviewer: Reviewer) -> Trial:
    """Live a trial to its end.

    Args:
        life: at any point.
        reviewer: looks at a diary as it was known.
    """
    while kind := life.to_next_look():
        life.trial.review(reviewer(life.trial.known(), kind))
    return life.trial


def replay(trial: Trial, entries: Iterable[Entry], reviewer: Reviewer) -> Trial:
    """Feed a trial entry by entry in the order received, and review it whenever a review is due.

    Args:
        trial: at its first day.
        entries: in any order.
        reviewer: looks at a diary as it was known.
    """
    for entry in sorted(entries, key=_arrival):
        while (kind := trial.due(entry.received_at)) and entry.received_at > trial.review_at:
            trial.review(reviewer(trial.known(), kind))
        trial.receive(entry)
    while kind := trial.due(trial.review_at):
        trial.review(reviewer(trial.known(), kind))
    return trial
