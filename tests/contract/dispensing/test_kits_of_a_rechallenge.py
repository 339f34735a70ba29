"""Kits of a re-challenge: planned from its own draw, alike whichever half holds the dose, and told to the phone."""

import datetime as dt
import os
import shutil
from dataclasses import replace

import pytest

from allocation_fixtures import chance
from diary_fixtures import signer
from followed import AGAIN as FIRST
from followed import LATER, following, keep_a_dose
from modicum.allocation import Contributions
from modicum.foundation.errors import AllocationError
from modicum.protocol.rechallenge import rechallenge_toml
from modicum.services import folders
from modicum.services.allocating import randomise
from modicum.services.diary import Contacts as Whom
from modicum.services.diary import schedule_of, told
from modicum.services.diary.rechallenging import accept_rechallenge
from modicum.services.diary.story import Accepted
from modicum.services.dispensing.acting import Deed, dispense, order_kits, prepare_kits, supplies_of
from modicum.services.dispensing.kit_plan import plan_supply
from modicum.services.dispensing.papers import open_batch, print_batch_sheet, print_labels
from modicum.services.order_options import Asked
from modicum.services.ordering import order
from modicum.services.unblinding import HeldKey
from modicum.supply.handout import Contacts
from modicum.web.stories import STORE
from modicum.web.trials import key_of, public_key_of

CONTACTS = Contacts("no. 0001", "Dr Test", "Quay Pharmacy, 555 0142", "020 7946 0000", True)
HALF = 14


@pytest.fixture
def kept(world, lived):
    data = lived(keep_a_dose)
    with following(world.ines, data) as trial:
        yield trial


@pytest.fixture
def drawn(kept, tmp_path):
    """The folder of a draw for a re-challenge, on chance that a number fixes."""

    def draw(seed):
        source = tmp_path / f"{seed}.toml"
        source.write_text(rechallenge_toml(kept.story().begun.protocol, 1.5), encoding="utf-8")
        keys = {role: public_key_of(role) for role in ("review", "pharmacist", "emergency")}
        randomise(
            source,
            tmp_path / f"again-{seed}",
            Contributions(chance(seed)(32), "blue heron"),
            slot=f"{kept.participant.trial}-again-1",
            public_keys=keys,
            request="again 1",
            now=kept.at(LATER, 13),
            randomness=chance(f"sealed {seed}"),
        )
        return tmp_path / f"again-{seed}"

    return draw


def accepted(kept, folder):
    now = kept.at(LATER, 13)
    first_day = kept.first_day + dt.timedelta(days=FIRST)
    return accept_rechallenge(STORE, kept.story(), folder, first_day=first_day, now=now, actor="staff:1")


def planned(story, folder, randomness=os.urandom, made=LATER):
    made_on = story.begun.start.date() + dt.timedelta(days=made)
    return plan_supply(story, folder, made_on=made_on, randomness=randomness, course=1)


def opened(plan, folder, now):
    return open_batch(
        plan,
        "re-challenge",
        folder=folder,
        key=HeldKey(key_of("pharmacist").read_bytes()),
        contacts=CONTACTS,
        made_on=now.date(),
        who="R. Adeyemi",
        now=now,
        randomness=os.urandom,
        witness=None,
    )


def test_batch_sheet_and_labels_are_those_of_the_command_line_to_the_last_byte(kept, drawn, tmp_path):
    folder, now = drawn(1), kept.at(LATER, 13)
    plan = planned(accepted(kept, folder), folder)
    sheet = print_batch_sheet(opened(plan, folder, now))
    first = (kept.first_day + dt.timedelta(days=FIRST)).isoformat()
    asked = Asked(made=now.date().isoformat(), start=first, contacts=CONTACTS)
    key = key_of("pharmacist")
    order(
        folder / "protocol.toml", tmp_path / "out", asked,
        folder=folder, key=key, who="R. Adeyemi", now=now, randomness=os.urandom,
    )  # fmt: skip
    assert sheet == (tmp_path / "out" / "pharmacist" / "order.pdf").read_bytes()
    labels = print_labels(plan, "re-challenge", CONTACTS)
    assert labels == (tmp_path / "out" / "pharmacist" / "labels.pdf").read_bytes()


def test_whichever_half_holds_the_dose_plan_labels_and_events_are_the_same(kept, drawn):
    """Draws hold one order or the other: their kits differ in what is opened, and in nothing that is seen before.

    The trial's own random name enters each draw, so that no number of draws is sure to hold both orders: at least
    six, then on until both were held (forty draws are alike by chance once in 2**39 runs).
    """
    seen, held, now = set(), set(), kept.at(LATER, 13)
    for seed in range(1, 41):
        folder, story = drawn(seed), kept.story()
        begun = story.begun.start + dt.timedelta(days=FIRST)
        accepted_one = Accepted(begun, folders.read_allocation(folder)[0].fingerprint)
        plan = planned(replace(story, rechallenges=(accepted_one,)), folder, chance("codes"))
        sizes = tuple((plan.held(kit), plan.a_night(kit), plan.is_known(kit.batch)) for kit in plan.kits)
        seen.add((plan.kits, sizes, tuple(plan.starts.items()), print_labels(plan, "re-challenge", CONTACTS)))
        held.add(tuple(one.dose_ug for one in opened(plan, folder, now).order.kits))
        if seed >= 6 and len(held) == 2:
            break
    assert held == {(1500, 0), (0, 1500)}
    assert len(seen) == 1


def test_no_kits_are_planned_from_another_draw_than_the_one_that_was_accepted(kept, drawn):
    story = accepted(kept, drawn(1))
    with pytest.raises(AllocationError, match="not that of this re-challenge"):
        planned(story, drawn(2))
    with pytest.raises(ValueError, match="has no course 2"):
        plan_supply(story, drawn(3), made_on=kept.first_day, randomness=os.urandom, course=2)


def test_the_phone_is_told_the_kit_of_each_half_on_the_evening_after(kept, drawn, tmp_path):
    folder = drawn(1)
    story = accepted(kept, folder)
    trial, plan = story.trial, planned(story, folder)
    deed = Deed(STORE, trial, "staff:2", kept.at(LATER, 14), over=(0,))
    order_kits(deed, plan, ["re-challenge"])
    prepare_kits(deed, plan, "re-challenge", "NX-17")
    first, second = supplies_of(STORE, trial).kits

    def kits(day):
        now, whom = kept.at(day), {"contacts": Whom(), "signer": signer(tmp_path)}
        found = schedule_of(told(STORE, trial), now=now, supplies=supplies_of(STORE, trial), **whom)
        return {one["day"]: one["kit"] for one in found["days"] if one["kit"]}

    assert kits(FIRST) == {}
    dispense(deed, first)
    assert kits(FIRST + HALF) == dict.fromkeys(range(FIRST + 1, FIRST + HALF + 1), first)
    dispense(deed, second)
    assert kits(FIRST + 2 * HALF + 30) == {
        **dict.fromkeys(range(FIRST + 1, FIRST + HALF + 1), first),
        **dict.fromkeys(range(FIRST + HALF + 1, FIRST + 2 * HALF + 1), second),
    }


def test_codes_that_a_person_has_kits_of_are_not_drawn_again(kept, drawn):
    folder = drawn(1)
    story = accepted(kept, folder)
    copy = shutil.copytree(folder, folder.with_name("copy"))
    wanted = [kit.code for kit in planned(story, copy, chance("codes")).kits]
    place, size = {"phase": "titration", "period": 1, "part": 1}, {"nights": 14, "capsules": 16, "spare": 2}
    kit = {"kit": wanted[0], "batch": "titration", **place, **size}
    kept.tell("ordered", f"ordered-{wanted[0]}", kept.at(LATER, 13), **kit)
    found = [kit.code for kit in planned(told(STORE, story.trial), folder, chance("codes")).kits]
    assert wanted[0] not in found
    assert found[0] == wanted[1]
