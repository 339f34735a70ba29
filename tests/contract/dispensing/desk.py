"""The desk of a pharmacy: what is done there for the kits of one trial, and clinics in which something was done."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from clinic_people import World
from lived_clinics import after
from modicum.foundation.errors import SupplyError
from modicum.services.diary.openings import witness_of
from modicum.services.dispensing.acting import Deed, dispense, order_kits, prepare_kits, recall, supplies_of
from modicum.services.dispensing.kit_plan import plan_supply
from modicum.services.dispensing.papers import open_batch
from modicum.services.dispensing.replacing import Wanted, replace_kit
from modicum.services.dispensing.supplies import RECALLED, REPLACED
from modicum.services.unblinding import HeldKey
from modicum.supply.handout import Contacts
from modicum.web import trials
from modicum.web.stories import STORE, story_of
from waiting_trials import at, begun, place

CONTACTS = Contacts("no. 0001", "Dr Test", "Quay Pharmacy, 555 0142", "020 7946 0000", True)
FIRST = 14  # day of the trial on which the titration begins


class Desk:
    """The pharmacy of one trial, on whichever day."""

    def __init__(self, trial):
        self.trial, self.folder = trial, trials.allocation_of(trial)

    @property
    def kits(self):
        return supplies_of(STORE, self.trial).kits

    @property
    def codes(self):
        return list(self.kits)

    def plan(self, day=FIRST):
        return plan_supply(story_of(self.trial), self.folder, made_on=at(day).date(), randomness=os.urandom)

    def deed(self, day=FIRST, over=()):
        return Deed(STORE, self.trial, "staff:7", at(day), over)

    def replace(self, code, reason=RECALLED, why="", *, day=FIRST, over=(), randomness=os.urandom, store=STORE):
        deed = replace(self.deed(day, over), store=store)
        wanted, story = Wanted(code, reason, why), story_of(self.trial)
        return replace_kit(deed, self.plan(day), story, wanted, folder=self.folder, randomness=randomness)

    def make(self, kit, lots="NX-18", day=FIRST):
        prepare_kits(self.deed(day), self.plan(day), kit.batch, lots)
        return self.kits[kit.code]

    def open(self, batch, day=FIRST):
        return open_batch(
            self.plan(day),
            batch,
            folder=self.folder,
            key=HeldKey(trials.key_of("pharmacist").read_bytes()),
            contacts=CONTACTS,
            made_on=at(day).date(),
            who="R. Adeyemi",
            now=at(day),
            randomness=os.urandom,
            witness=witness_of(STORE, self.trial, actor="staff:7", randomness=os.urandom),
        )

    def begin_block(self, number, first, phase="titration"):
        """Of fourteen days; before the first that has capsules comes a run-in."""
        if first == FIRST:
            self.begin_block(0, 0, "run-in")
        common = {"announced": 0.5, "days": 14, "guess": True}
        block = {"phase": phase, **common, "capsule": phase != "run-in", "first_day": first}
        said = {"schema": "modicum.decided/1", "number": number, "at": at(first).isoformat(), "said": "next kit"}
        named = {"kind": "decided", "client_id": f"decided-{number}", "actor": "reviews"}
        STORE.append(trial=self.trial, content={**said, "block": block}, received_at=at(first), **named)

    def told(self):
        return [event for event in STORE.events_of(self.trial) if event.kind == REPLACED]


def refused(act, *given, **named):
    with pytest.raises(SupplyError) as found:
        act(*given, **named)
    return [one.code for one in found.value.problems]


def make(world: World, data: Path) -> None:
    """Six kits of a titration, made from lots that a recall finds."""
    with place(data):
        desk = Desk(begun(world.ines))
        order_kits(desk.deed(0), desk.plan(0), ["titration"])
        prepare_kits(desk.deed(1), desk.plan(1), "titration", "NX-17, MC-2291")


@after(make)
def recall_first(world: World, data: Path) -> None:
    """The first of them is in use, and its lot is recalled."""
    with place(data):
        desk = Desk(world.ines.trial)
        desk.begin_block(1, FIRST)
        dispense(desk.deed(), desk.codes[0])
        recall(desk.deed(FIRST + 4), "NX-17", "contaminated")
