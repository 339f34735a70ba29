"""Words of the pharmacy: kits, batches and headings."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modicum.protocol import Protocol
from modicum.services.dispensing.supplies import DISPENSED, ORDERED, PREPARED, RECALLED, Supplied
from modicum.supply import Kit
from modicum.web.clinic.words import counted
from modicum.web.language import said


def state(kit: Supplied) -> str:
    """Where a kit is."""
    if kit.left is not None:
        return _("Returned, %(left)s left") % {"left": kit.left}
    return {
        ORDERED: _("To make"),
        PREPARED: _("Made"),
        DISPENSED: _("With the patient"),
        RECALLED: _("Recalled"),
    }[kit.state]


def batch(protocol: Protocol, kits: Collection[Kit]) -> str:
    """A batch as it is called: the phase, and which of its kits."""
    first, last = (one.period for one in (min(kits, key=_place), max(kits, key=_place)))
    title = said(protocol.phase(first.phase).title or first.phase)
    if first.period == last.period:
        return _("%(phase)s, kit %(first)s") % {"phase": title, "first": first.period}
    return _("%(phase)s, kits %(first)s to %(last)s") % {"phase": title, "first": first.period, "last": last.period}


def _place(kit: Kit) -> tuple[int, int]:
    return kit.period.period, kit.period.part


def waiting(kits: int, recalled: int) -> str:
    """What waits in the pharmacy, as a heading."""
    if recalled:
        words = ngettext(
            "One patient has a kit that was recalled.", "%(number)s patients have a kit that was recalled.", recalled
        )
        return words % {"number": counted(recalled)}
    words = ngettext("One kit waits to be made.", "%(number)s kits wait to be made.", kits)
    return words % {"number": counted(kits)} if kits else _("No kit waits to be made.")


def ordered(kits: Collection[Supplied], *, over: bool) -> str:
    """The kits of one patient, as a heading."""
    to_make, made = (sum(kit.state == one for kit in kits) for one in (ORDERED, PREPARED))
    if any(kit.state == RECALLED and kit.with_patient for kit in kits):
        return _("This patient has a kit that was recalled.")
    if over and to_make + made:
        words = ngettext(
            "The trial is over: %(number)s kit is not needed",
            "The trial is over: %(number)s kits are not needed",
            to_make + made,
        )
        return f"{words % {'number': to_make + made}}."
    if to_make:
        return waiting(to_make, 0)
    if made:
        words = ngettext("One kit waits to be handed out.", "%(number)s kits wait to be handed out.", made)
        return words % {"number": counted(made)}
    return _("Nothing is to be made or handed out.") if kits else _("No kit is ordered.")


def recalled(patients: int) -> str:
    """What a recall has come to, as a heading."""
    words = ngettext("One patient has to be told today.", "%(number)s patients have to be told today.", patients)
    return words % {"number": counted(patients)} if patients else _("No patient has a kit of a lot that was recalled.")
