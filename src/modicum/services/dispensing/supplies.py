"""Supplies: what is known of the kits of a trial, told as a fold over its events. Nothing here depends on an arm."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modicum.services.diary.port import StoredEvent  # whose package tells the phone of kits

ORDERED, PREPARED, DISPENSED, RETURNED, RECALLED = "ordered", "prepared", "dispensed", "returned", "recalled"
REPLACED = "replaced"
KINDS = (ORDERED, PREPARED, DISPENSED, RETURNED, RECALLED, REPLACED)
LOST = "lost"  # the reason of a replacement after which nobody has the kit


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
        recalled_lot: number of the lot that was recalled; "" where none was.
        course: that it is for: the number of a re-challenge; 0 for the trial.
        replaced_by: code of the kit that is made again in its place; "" where none is.
        replaced_for: reason of that, one of those that a pharmacist chooses from; "" where none is.
        replaced_why: the same in her own words; often "".
        instead_of: code of the kit that it is made again for; "" where it was ordered.
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
    recalled_lot: str = ""
    course: int = 0
    replaced_by: str = ""
    replaced_for: str = ""
    replaced_why: str = ""
    instead_of: str = ""

    @property
    def state(self) -> str:
        """Where it is: one of "ordered", "prepared", "dispensed", "returned", "recalled", "lost", "replaced".

        A kit that was recalled and has come back is returned: nobody has to be told of it any more. One that is
        replaced and still with the patient is dispensed, until it comes back.
        """
        if self.returned_at is not None:
            return RETURNED
        if self.lost:
            return LOST
        if self.recalled:
            return RECALLED
        if self.dispensed_at is not None:
            return DISPENSED
        if self.replaced_by:
            return REPLACED
        return ORDERED if self.made_on is None else PREPARED

    @property
    def lost(self) -> bool:
        """Whether it was replaced because it was lost, and has not come back all the same."""
        return self.replaced_for == LOST and self.returned_at is None

    @property
    def out(self) -> bool:
        """Whether it was handed out and has not come back, so that it still can."""
        return self.dispensed_at is not None and self.returned_at is None

    @property
    def with_patient(self) -> bool:
        """Whether it was handed out, has not come back, and is not lost."""
        return self.out and not self.lost

    @property
    def there(self) -> bool:
        """Whether the patient has it and may take from it."""
        return self.with_patient and not self.recalled and not self.replaced_by

    def to_replace(self, today: dt.date) -> bool:
        """Whether nothing can be taken from it any more, and no other kit was asked for in its place.

        That alone asks for no other one: its evenings may be over.

        Args:
            today: date at the pharmacy.
        """
        beyond = self.use_before is not None and today >= self.use_before
        gone = bool(self.recalled) or self.returned_at is not None or beyond
        return self.made_on is not None and gone and not self.replaced_by


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

    def chain(self, kit: Supplied) -> tuple[Supplied, ...]:
        """A kit and those that were made again after it, in order.

        Args:
            kit: any.
        """
        found = [kit]
        while found[-1].replaced_by:
            found.append(self.kits[found[-1].replaced_by])
        return tuple(found)

    def in_use(
        self, phase: str, period: int, night: int, course: int = 0, before: dt.datetime | None = None
    ) -> str | None:
        """Code of the kit from which the capsules of a night are taken; None where the patient has none for it.

        A kit that was replaced is used no more, and the one in its place from the night on which it was handed out.

        Args:
            phase: name of it.
            period: block or half of a pair within the phase, from 1.
            night: of the period, from 0.
            course: the number of a re-challenge; 0 for the trial.
            before: when that night is over; None: nothing is known of it, and it counts as one of today's.
        """
        kits = self.made_for(phase, period, night, course)
        kit = next((kit for kit in reversed(kits[1:]) if _is_out_by(kit, before)), kits[0] if kits else None)
        return kit.code if kit and kit.there else None

    def to_come(self, phase: str, period: int, night: int, course: int = 0) -> str | None:
        """Code of the kit that is made again for a night and was not handed out yet; None where there is none.

        Args:
            phase: name of it.
            period: block or half of a pair within the phase, from 1.
            night: of the period, from 0.
            course: the number of a re-challenge; 0 for the trial.
        """
        last = self.made_for(phase, period, night, course)[-1:]
        return next((kit.code for kit in last if kit.instead_of and not kit.dispensed_at and not kit.recalled), None)

    def made_for(self, phase: str, period: int, night: int, course: int) -> tuple[Supplied, ...]:
        """The kits that were ordered for a night, one after the other.

        Args:
            phase: name of it.
            period: block or half of a pair within the phase, from 1.
            night: of the period, from 0.
            course: the number of a re-challenge; 0 for the trial.
        """
        own = (kit for kit in self.kits.values() if (kit.course, kit.phase, kit.period) == (course, phase, period))
        until = 0
        for first in sorted((kit for kit in own if not kit.instead_of), key=lambda kit: kit.part):
            until += first.nights
            if night < until:
                return self.chain(first)
        return ()

    @property
    def recalled(self) -> tuple[Supplied, ...]:
        """Kits that a patient has and must not take from."""
        return tuple(kit for kit in self.kits.values() if kit.recalled and kit.with_patient)

    @property
    def recalled_lots(self) -> frozenset[str]:
        """Numbers of the lots that were recalled, as far as any kit was made from them."""
        return frozenset(kit.recalled_lot for kit in self.kits.values() if kit.recalled_lot)


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
        if event.conflict or (after is None and event.kind != REPLACED):
            continue
        kit = kits.get(event.said["kit"])
        told = _replaced(kits, kit, event) if after is None else (after(kit, event),)
        kits |= {one.code: one for one in told if one is not None}
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
    return kit and replace(kit, recalled=event.said["why"], recalled_lot=event.said["lot"])


def _replaced(kits: Mapping[str, Supplied], kit: Supplied | None, event: "StoredEvent") -> tuple[Supplied, ...]:
    """The kit that is replaced and the one that is made again, for the same nights with as many capsules."""
    said = event.said
    if kit is None or kit.replaced_by or said["by"] in kits:
        return ()
    again = Supplied(
        code=said["by"],
        phase=kit.phase,
        period=kit.period,
        part=kit.part,
        batch=said["batch"],
        nights=kit.nights,
        capsules=kit.capsules,
        spare=kit.spare,
        ordered_on=_moment(event).date(),
        course=kit.course,
        instead_of=kit.code,
    )
    return replace(kit, replaced_by=again.code, replaced_for=said["reason"], replaced_why=said["why"]), again


def _is_out_by(kit: Supplied, before: dt.datetime | None) -> bool:
    """Whether a kit was handed out before some night was over."""
    out = kit.dispensed_at
    return out is not None and (before is None or out < before)


def _moment(event: "StoredEvent") -> dt.datetime:
    return dt.datetime.fromisoformat(event.received_at)


_AFTER: "Mapping[str, Callable[[Supplied | None, StoredEvent], Supplied | None]]" = {
    ORDERED: _ordered,
    PREPARED: _prepared,
    DISPENSED: _dispensed,
    RETURNED: _returned,
    RECALLED: _recalled,
}
