"""The pharmacy of the demo: kits are ordered, made, handed out and brought back as its virtual patients go on."""

import datetime as dt

from modicum.services.diary import Story
from modicum.services.dispensing.acting import Deed, dispense, order_kits, prepare_kits, take_back
from modicum.web.accounts.models import Participant, Person
from modicum.web.accounts.recording import staff
from modicum.web.pharmacy.planning import plan_of
from modicum.web.pharmacy.supplies import supplies_of
from modicum.web.stories import STORE, story_of

LOTS = "NX-2411, MC-2291"


def order_what_can_be_made(someone: Participant, prescriber: Person, at: dt.datetime) -> None:
    """Order every batch that can be made and was not ordered.

    Args:
        someone: virtual.
        prescriber: hers.
        at: time, with its zone.
    """
    story = story_of(someone.trial)
    plan = plan_of(story, made_on=at.date())
    new = [name for name in plan.batches if plan.is_known(name) and not supplies_of(someone.trial).in_batch(name)]
    if new:
        order_kits(Deed(STORE, someone.trial, staff(prescriber), at), plan, new)


def follow(someone: Participant, pharmacist: Person, prescriber: Person, at: dt.datetime) -> None:
    """When a block has begun: its kit is made and handed out, and the one before it comes back.

    Args:
        someone: virtual.
        pharmacist: of her site.
        prescriber: hers.
        at: time, with its zone.
    """
    story = story_of(someone.trial)
    order_what_can_be_made(someone, prescriber, at)
    deed = Deed(STORE, someone.trial, staff(pharmacist), at)
    for kit in list(supplies_of(someone.trial).kits.values()):
        if kit.with_patient:
            take_back(deed, kit.code, min(kit.capsules, kit.spare + _missed(story)))
    blocks = [one["block"] for one in story.decided]
    if not blocks or blocks[-1] is None:
        return
    period = sum(block["phase"] == blocks[-1]["phase"] for block in blocks if block)
    for kit in list(supplies_of(someone.trial).kits.values()):
        if (kit.phase, kit.period) == (blocks[-1]["phase"], period) and not kit.replaced_by:
            if kit.made_on is None:
                plan = plan_of(story, made_on=at.date())
                prepare_kits(deed, plan, kit.batch, LOTS)
            dispense(deed, kit.code)


def _missed(story: Story) -> int:
    """Nights of the block before this one on which she said that she had not taken her capsule."""
    blocks = [one["block"] for one in story.decided if one["block"]]
    ended = blocks[-2] if len(blocks) > 1 else blocks[-1]
    told_on = range(ended["first_day"] + 1, ended["first_day"] + ended["days"] + 1)
    kept = [story.by_day[day].entry for day in told_on if day in story.by_day]
    return sum(entry.took is False for entry in kept if entry is not None)
