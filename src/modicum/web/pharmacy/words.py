"""Words of the pharmacy: kits, batches and headings."""

import datetime as dt
from collections.abc import Collection

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modicum.services.dispensing.kit_plan import KitPlan
from modicum.services.dispensing.replacing import DAMAGED, EARLY, EXPIRED, MISTAKEN
from modicum.services.dispensing.supplies import (
    DISPENSED,
    LOST,
    ORDERED,
    PREPARED,
    RECALLED,
    REPLACED,
    Supplied,
)
from modicum.services.dispensing.waiting import Waits
from modicum.supply import Kit
from modicum.supply.codes import say_code
from modicum.web.clinic.words import counted
from modicum.web.language import inside, said


def state(kit: Supplied) -> str:
    """Where a kit is."""
    if kit.left is not None:
        return _("Returned, %(left)s left") % {"left": kit.left}
    return {
        ORDERED: _("To make"),
        PREPARED: _("Made"),
        DISPENSED: _("With the patient"),
        RECALLED: _("Recalled"),
        LOST: _("Lost"),
        REPLACED: _("In the pharmacy, set apart"),
    }[kit.state]


def reasons() -> list[tuple[str, str]]:
    """Why a kit is made again, each as it is kept and as it is said."""
    return [
        (RECALLED, _("It was recalled")),
        (EXPIRED, _("It is beyond its date, or will be before its last evening")),
        (LOST, _("It is lost")),
        (DAMAGED, _("It is damaged, so that nothing more is taken from it")),
        (MISTAKEN, _("It was handed out by mistake, and came back whole")),
        (EARLY, _("It came back before its last evening")),
    ]


def phase(plan: KitPlan, name: str) -> str:
    """What kits of a phase are for: the phase, or which re-challenge."""
    return again(plan.course) if plan.course else said(plan.protocol.phase(name).title or name)


def again(course: int) -> str:
    """A re-challenge by its number."""
    return _("Re-challenge %(number)s") % {"number": course}


def period(kit: Supplied) -> str:
    """The period that a kit is for."""
    if kit.course:
        return _("Re-challenge %(number)s, half %(half)s") % {"number": kit.course, "half": kit.period}
    return _("Period %(number)s") % {"number": kit.period}


def kit(plan: KitPlan, one: Supplied) -> str:
    """A kit in a list to choose from: its code, what it is for, and where it is."""
    what = period(one) if one.course else f"{phase(plan, one.phase)}, {inside(period(one))}"
    return f"{say_code(one.code)}: {what} ({inside(state(one))})"


def batch(plan: KitPlan, name: str) -> str:
    """A batch as it is called: the phase, and which of its kits."""
    kits, again = plan.batches[name], plan.again_in(name)
    first, last = (one.period for one in (min(kits, key=_place), max(kits, key=_place)))
    title = phase(plan, first.phase)
    if again is not None:
        makings = [kit.code for kit in plan.again if kit.period == first]
        number = makings.index(again.code) + 2
        return _("%(phase)s, kit %(first)s, making %(number)s") % {
            "phase": title,
            "first": first.period,
            "number": number,
        }
    if first.period == last.period:
        return _("%(phase)s, kit %(first)s") % {"phase": title, "first": first.period}
    return _("%(phase)s, kits %(first)s to %(last)s") % {"phase": title, "first": first.period, "last": last.period}


def _place(kit: Kit) -> tuple[int, int]:
    return kit.period.period, kit.period.part


def waits(found: Waits) -> list[str]:
    """What waits in the pharmacy, the most urgent first, each as a sentence that can be a heading."""
    said = [
        (
            found.to_replace,
            ngettext("One kit has to be replaced.", "%(number)s kits have to be replaced.", found.to_replace),
        ),
        (found.to_make, ngettext("One kit waits to be made.", "%(number)s kits wait to be made.", found.to_make)),
        (
            found.to_hand_out,
            ngettext("One kit waits to be handed out.", "%(number)s kits wait to be handed out.", found.to_hand_out),
        ),
    ]
    return [words % {"number": counted(number)} for number, words in said if number]


def waits_of_all(found: Waits, recalled: int) -> list[str]:
    """What waits in the pharmacy for all of its patients, as ``waits``.

    Args:
        found: of all of them.
        recalled: how many of them have a kit that was recalled.
    """
    urgent = ngettext(
        "One patient has a kit that was recalled.", "%(number)s patients have a kit that was recalled.", recalled
    )
    return [*[urgent % {"number": counted(recalled)}] * bool(recalled), *waits(found)]


def ordered(kits: Collection[Supplied], found: Waits) -> list[str]:
    """The kits of one patient, as ``waits``: what is to be done, else what is not to be done any more."""
    urgent = [_("This patient has a kit that was recalled.")] * bool(found.recalled) + waits(found)
    if urgent:
        return urgent
    if found.left_over:
        words = ngettext(
            "The trial is over: %(number)s kit is not needed",
            "The trial is over: %(number)s kits are not needed",
            found.left_over,
        )
        return [f"{words % {'number': found.left_over}}."]
    return [_("Nothing is to be made or handed out.") if kits else _("No kit is ordered.")]


def evening(day: dt.date, known: bool) -> str:
    """The first evening of a kit; the latest that it can be where decisions are still to fix it."""
    said = date_format(day, "j M Y")
    return said if known else _("by %(day)s") % {"day": said}


def recalled(patients: int) -> str:
    """What a recall has come to, as a heading."""
    words = ngettext("One patient has to be told today.", "%(number)s patients have to be told today.", patients)
    return words % {"number": counted(patients)} if patients else _("No patient has a kit of a lot that was recalled.")
