"""Nights: on which evenings a kit is taken from, and which kits come before it. Nothing here depends on an arm."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from modicum.services.diary.keeping import first_days, half_days
from modicum.services.diary.schedule import today_of
from modicum.services.diary.story import Story
from modicum.services.dispensing.kit_plan import KitPlan
from modicum.services.dispensing.supplies import Supplied


@dataclass(frozen=True)
class Evenings:
    """Days of the trial on whose evenings a kit is taken from.

    Args:
        first: of them, known or expected next; None where no decision has come so far.
        until: day from which nothing is taken from it any more, also since its phase ended before it; None where no
            decision says so.
    """

    first: int | None
    until: int | None

    def is_over(self, day: int) -> bool:
        """Whether nothing is taken from it any more.

        Args:
            day: of the trial.
        """
        return self.until is not None and day >= self.until


def evenings_of(story: Story, kit: Supplied, before: int) -> Evenings:
    """When a kit is taken from.

    Args:
        story: of the trial, begun.
        kit: of it.
        before: nights of the same period that earlier kits are for.
    """
    if kit.course:
        begins = first_days(story)[kit.course - 1] + (kit.period - 1) * half_days(story) + before
        return Evenings(begins, begins + kit.nights)
    begun, following = _periods(story)
    here = _order(story).index(kit.phase), kit.period
    later = min((first for place, first in begun.items() if place > here), default=None)
    if here in begun:
        first = begun[here] + before
        ends = first + kit.nights
        return Evenings(first, ends if later is None else min(ends, later))
    if later is None and following is not None and following[0] == here:
        return Evenings(following[1] + before, None)
    return Evenings(None, later)


def nights_before(kit: Supplied, kits: Collection[Supplied]) -> int:
    """Nights of a period that earlier kits are for.

    Args:
        kit: for the period.
        kits: of the trial.
    """
    own = (one for one in kits if (one.course, one.phase, one.period) == (kit.course, kit.phase, kit.period))
    return sum({one.part: one.nights for one in own if one.part < kit.part}.values())


def is_over(story: Story, kit: Supplied, before: int, now: dt.datetime) -> bool:
    """Whether nothing is to be taken from a kit any more: its nights are over, or its phase ended before them.

    Args:
        story: of the trial.
        kit: of it.
        before: nights of the same period that earlier kits are for.
        now: clock of the clinic, with its zone.
    """
    return story.begun is not None and evenings_of(story, kit, before).is_over(today_of(story.begun, now))


def past_kits(story: Story, kits: Collection[Supplied], now: dt.datetime) -> frozenset[str]:
    """Codes of kits from which nothing is to be taken any more.

    Args:
        story: of the trial.
        kits: of it.
        now: clock of the clinic, with its zone.
    """
    return frozenset(kit.code for kit in kits if is_over(story, kit, nights_before(kit, kits), now))


def first_evening(story: Story, plan: KitPlan, kit: Supplied) -> tuple[dt.date, bool]:
    """The date of the first evening of a kit, and whether it is known; where it is not, it is the latest that can be.

    Args:
        story: of the trial, begun.
        plan: of the course that the kit is of.
        kit: of it.
    """
    first = evenings_of(story, kit, plan.nights_before(kit)).first
    if first is None or story.begun is None:
        return plan.planned(kit).first_evening, False
    return story.begun.start.date() + dt.timedelta(days=first), True


def kits_before(story: Story, kit: Supplied, kits: Collection[Supplied], now: dt.datetime) -> tuple[Supplied, ...]:
    """Kits that are taken from before a kit, today or later, and that the patient does not have; the first one first.

    Args:
        story: of the trial.
        kit: that is to be handed out.
        kits: of the trial.
        now: clock of the clinic, with its zone.
    """
    order = _order(story)

    def place(one: Supplied) -> tuple[int, int, int]:
        return 0 if one.course else order.index(one.phase), one.period, one.part

    return tuple(
        one
        for one in sorted((one for one in kits if one.course == kit.course), key=place)
        if place(one) < place(kit)
        and not (one.there or one.replaced_by)
        and not is_over(story, one, nights_before(one, kits), now)
    )


def _order(story: Story) -> list[str]:
    return [phase.name for phase in story.begun.protocol.phases] if story.begun else []


def _periods(story: Story) -> tuple[Mapping[tuple[int, int], int], tuple[tuple[int, int], int] | None]:
    """First day of every period that has begun, by its place; and the place that follows in the phase, with its day."""
    order, begun, following = _order(story), dict[tuple[int, int], int](), None
    count = dict[str, int]()
    for block in (one["block"] for one in story.decided if one["block"] is not None):
        phase = block["phase"]
        count[phase] = count.get(phase, 0) + 1
        begun[order.index(phase), count[phase]] = block["first_day"]
        following = (order.index(phase), count[phase] + 1), block["first_day"] + block["days"]
    return begun, following
