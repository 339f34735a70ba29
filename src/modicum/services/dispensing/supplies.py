"""Supplies: what is known of the kits of a trial, told as a fold over its events. Nothing here depends on an arm."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modicum.services.diary.port import StoredEvent  # whose package tells the phone of kits

ORDERED, PREPARED, DISPENSED, RETURNED, RECALLED = "ordered", "prepared", "dispensed", "returned", "recalled"
KINDS = (ORDERED, PREPARED, DISPENSED, RETURNED, RECALLED)


@dataclass(frozen=True)
class Supplied:
    """A kit that was ordered.

    Args:
        code: on its label.
        phase: of the protocol.
        period: block or half of a pair within the phase, from 1.
        part: of a stretch too long for one kit, from 1.
        batch: name of the batch that it is made in.
        nights: that it is planned for.
        capsules: that it holds, spare ones included.
        spare: of them.
        ordered_on: date.
        made_on: date of making; None before.
        use_before: first day on which no capsule of it may be taken; None before it is made.
        lots: numbers of the lots that it was made from.
        dispensed_at: when it was handed out; None before.
        returned_at: when it came back; None before.
        left: capsules that came back, as counted last; None before.
        counts: how many times what came back was counted.
        recalled: why it was recalled; "" where it was not.
        course: that it is for: the number of a re-challenge; 0 for the trial.
    """

    code: str
    phase: str
    period: int
    part: int
    batch: str
    nights: int
    capsules: int
    spare: int
    ordered_on: dt.date
    made_on: dt.date | None = None
    use_before: dt.date | None = None
    lots: tuple[str, ...] = ()
    dispensed_at: dt.datetime | None = None
    returned_at: dt.datetime | None = None
    left: int | None = None
    counts: int = 0
    recalled: str = ""
    course: int = 0

    @property
    def state(self) -> str:
        """Where it is: one of "ordered", "prepared", "dispensed", "returned", and of what was recalled "recalled".

        A kit that was recalled and has come back is returned: nobody has to be told of it any more.
        """
        if self.returned_at is not None:
            return RETURNED
        if self.recalled:
            return RECALLED
        if self.dispensed_at is not None:
            return DISPENSED
        return ORDERED if self.made_on is None else PREPARED

    @property
    def with_patient(self) -> bool:
        """Whether it was handed out and has not come back."""
        return self.dispensed_at is not None and self.returned_at is None


@dataclass(frozen=True)
class Supplies:
    """The kits of a trial.

    Args:
        kits: that were ordered, by code, in order.
        sequence: number of the last event that was told.
    """

    kits: Mapping[str, Supplied] = field(default_factory=dict[str, Supplied])
    sequence: int = 0

    def in_batch(self, name: str, course: int = 0) -> tuple[Supplied, ...]:
        """The kits of a batch that were ordered.

        Args:
            name: of the batch.
            course: that it is of: the number of a re-challenge; 0 for the trial.
        """
        return tuple(kit for kit in self.kits.values() if (kit.batch, kit.course) == (name, course))

    def in_use(self, phase: str, period: int, night: int, course: int = 0) -> str | None:
        """Code of the kit from which the capsules of a night are taken; None where the patient has none for it.

        Args:
            phase: name of it.
            period: block or half of a pair within the phase, from 1.
            night: of the period, from 0.
            course: the number of a re-challenge; 0 for the trial.
        """
        own = (kit for kit in self.kits.values() if (kit.course, kit.phase, kit.period) == (course, phase, period))
        until = 0
        for kit in sorted(own, key=lambda kit: kit.part):
            until += kit.nights
            if night < until:
                return kit.code if kit.with_patient and not kit.recalled else None
        return None

    @property
    def recalled(self) -> tuple[Supplied, ...]:
        """Kits that a patient has and must not take from."""
        return tuple(kit for kit in self.kits.values() if kit.recalled and kit.with_patient)


def fold(supplies: Supplies, events: "Iterable[StoredEvent]") -> Supplies:
    """Supplies, told on by the events that follow. What contradicts what was said before counts for nothing.

    Args:
        supplies: as told so far.
        events: in their order; those of other kinds are passed over.
    """
    kits, sequence = dict(supplies.kits), supplies.sequence
    for event in events:
        sequence = event.sequence
        after = _AFTER.get(event.kind)
        if after is None or event.conflict:
            continue
        kit = after(kits.get(event.said["kit"]), event)
        if kit is not None:
            kits[kit.code] = kit
    return Supplies(kits, sequence)


def _ordered(kit: Supplied | None, event: "StoredEvent") -> Supplied:
    said = event.said
    return kit or Supplied(
        code=said["kit"],
        phase=said["phase"],
        period=said["period"],
        part=said["part"],
        batch=said["batch"],
        nights=said["nights"],
        capsules=said["capsules"],
        spare=said["spare"],
        ordered_on=_moment(event).date(),
        course=said.get("course", 0),
    )


def _prepared(kit: Supplied | None, event: "StoredEvent") -> Supplied | None:
    said = event.said
    made, until = dt.date.fromisoformat(said["made_on"]), dt.date.fromisoformat(said["use_before"])
    return kit and replace(kit, made_on=made, use_before=until, lots=tuple(said["lots"]))


def _dispensed(kit: Supplied | None, event: "StoredEvent") -> Supplied | None:
    return kit and replace(kit, dispensed_at=_moment(event))


def _returned(kit: Supplied | None, event: "StoredEvent") -> Supplied | None:
    back = kit and (kit.returned_at or _moment(event))
    return kit and replace(kit, returned_at=back, left=event.said["left"], counts=kit.counts + 1)


def _recalled(kit: Supplied | None, event: "StoredEvent") -> Supplied | None:
    return kit and replace(kit, recalled=event.said["why"])


def _moment(event: "StoredEvent") -> dt.datetime:
    return dt.datetime.fromisoformat(event.received_at)


_AFTER: "Mapping[str, Callable[[Supplied | None, StoredEvent], Supplied | None]]" = {
    ORDERED: _ordered,
    PREPARED: _prepared,
    DISPENSED: _dispensed,
    RETURNED: _returned,
    RECALLED: _recalled,
}
