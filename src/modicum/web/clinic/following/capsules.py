"""Capsules of an opened order: what each period held, and what the capsule held that was swallowed last.

A capsule is that of the block of its evening (docs/decisions/0030), so that on the day on which a block begins the last
one is still of the block before. In an emergency that one matters, and the next is told beside it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from modicum.services.diary import Story
from modicum.services.following.nights import Night, night_of
from modicum.services.following.overview import Period, overview_of
from modicum.services.unblinding import Unblinded
from modicum.supply.amounts import micrograms, say_mg
from modicum.web.clinic.following.again import folder_of
from modicum.web.language import decimal, said
from modicum.web.trials import allocation_of


@dataclass(frozen=True)
class Held:
    """What the capsules of one period hold.

    Args:
        title: of its phase.
        period: within the phase.
        words: what they hold.
        last: whether the last capsule was one of them.
        next: whether the next capsule is one of them.
    """

    title: str
    period: int
    words: str
    last: bool
    next: bool


@dataclass(frozen=True)
class Capsules:
    """What an opened order says of the capsules of one person.

    Args:
        held: by every period that has begun, in order.
        last: date of the evening of the last capsule; None where no period of this order had it.
        next: of the one after; None where no period of this order that has begun has it.
    """

    held: tuple[Held, ...]
    last: dt.date | None
    next: dt.date | None

    @property
    def heading(self) -> str:
        """What the last capsule held."""
        held = next((one.words for one in self.held if one.last), "")
        return _("The last capsule held: %(words)s") % {"words": held} if held else _("This is what each period held.")

    @property
    def lead(self) -> str:
        """Which evening that was, and what the next evening brings where it is something else."""
        parts = list[str]()
        if self.last is not None:
            parts.append(_("It was due on the evening of %(day)s.") % {"day": date_format(self.last, "j F Y")})
        after = next((one for one in self.held if one.next), None)
        if self.next is not None and after is not None and not after.last:
            given = {"day": date_format(self.next, "j F Y"), "words": after.words}
            parts.append(_("That of the evening of %(day)s holds: %(words)s.") % given)
        return " ".join(parts)


def order_in_force(story: Story, now: dt.datetime) -> Path | None:
    """The folder of the order that the capsules are of: from its first day a re-challenge's own; None where none is.

    Args:
        story: of the trial, begun.
        now: clock of the clinic, with its zone.
    """
    again = night_of(story, now).again
    if again:
        return folder_of(story.trial, again)
    return allocation_of(story.trial) if story.begun and story.begun.allocation else None


def capsules_of(story: Story, opened: Unblinded, now: dt.datetime) -> Capsules:
    """What an opened order says of the capsules of one person.

    Args:
        story: of the trial.
        opened: the order in force.
        now: clock of the clinic, with its zone.
    """
    night = night_of(story, now)
    doses = {(one.phase, one.period): one.dose_mg for one in opened.course}
    roles = {(one.phase, one.period): one.arm.role for one in opened.papers.allocation.places}
    periods, protocol = _periods(story, night, now), _protocol(story)
    held = tuple(
        Held(
            title=_("Re-challenge") if night.again else said(period.title),
            period=place,
            words=_words(doses.get((period.phase, place)), roles.get((period.phase, place), ""), protocol),
            last=_holds(period, night.last),
            next=_holds(period, night.next),
        )
        for period, place in _placed(periods)
    )
    last, after = (date if any(_holds(one, day) for one in periods) else None for day, date in night.dates(story))
    return Capsules(held, last, after)


def _periods(story: Story, night: Night, now: dt.datetime) -> Sequence[Period]:
    """Periods with capsules of the order in force that have begun."""
    every = night.halves(story) if night.again else overview_of(story, now).periods
    return [one for one in every if one.capsule and one.first_day <= night.today]


def _placed(periods: Sequence[Period]) -> Iterator[tuple[Period, int]]:
    """Each period with its place within its phase."""
    counted = dict[str, int]()
    for one in periods:
        counted[one.phase] = counted.get(one.phase, 0) + 1
        yield one, counted[one.phase]


def _holds(period: Period, day: int | None) -> bool:
    return day is not None and period.first_day <= day <= period.last_day


def _protocol(story: Story) -> Any:
    if story.begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    return story.begun.protocol


def _words(dose_mg: float | None, role: str, protocol: Any) -> str:
    drug = said(protocol.drug.name)
    if dose_mg is None:
        if role == "placebo":
            return _("placebo")
        most = decimal(say_mg(micrograms(max(protocol.drug.ladder_mg)) or 0))
        return _("%(drug)s, at most %(most)s: the dose is not bound to the order yet") % {"drug": drug, "most": most}
    if dose_mg == 0:
        return _("placebo")
    return f"{drug}, {decimal(say_mg(micrograms(dose_mg) or 0))}"
