"""The pharmacist's papers are those of ``modicum order``, byte by byte; and the phone is told its kits."""

import os

import pytest

from diary_fixtures import signer
from modicum.services.binding import bind
from modicum.services.diary import Contacts as Whom
from modicum.services.diary import schedule_of
from modicum.services.diary.openings import OPENED, witness_of
from modicum.services.dispensing.acting import Deed, dispense, order_kits, prepare_kits, recall, supplies_of, take_back
from modicum.services.dispensing.kit_plan import plan_supply
from modicum.services.dispensing.papers import open_batch, print_batch_sheet, print_labels
from modicum.services.dispensing.supplies import Supplies
from modicum.services.order_options import Asked
from modicum.services.ordering import order
from modicum.services.unblinding import HeldKey
from modicum.supply.codes import say_code
from modicum.supply.handout import Contacts
from modicum.web import trials
from modicum.web.stories import STORE, story_of
from waiting_trials import at, begun, place, write_evenings

CONTACTS = Contacts("no. 0001", "Dr Test", "Quay Pharmacy, 555 0142", "020 7946 0000", True)


def begin(world, data):
    with place(data):
        begun(world.ines)


@pytest.fixture
def trial(world, lived):
    with place(lived(begin)):
        yield world.ines.trial


def planned(trial, day=0):
    folder = trials.allocation_of(trial)
    return plan_supply(story_of(trial), folder, made_on=at(day).date(), randomness=os.urandom)


def opened(trial, batch, day=0):
    return open_batch(
        planned(trial, day),
        batch,
        folder=trials.allocation_of(trial),
        key=HeldKey(trials.key_of("pharmacist").read_bytes()),
        contacts=CONTACTS,
        made_on=at(day).date(),
        who="R. Adeyemi",
        now=at(day),
        randomness=os.urandom,
        witness=witness_of(STORE, trial, actor="staff:7", randomness=os.urandom),
    )


def test_batch_sheet_and_labels_are_those_of_the_command_line_to_the_last_byte(trial, tmp_path):
    sheet = print_batch_sheet(opened(trial, "titration"))
    labels = print_labels(planned(trial), "titration", CONTACTS)
    asked = Asked(
        phases=("titration",), made=at(0).date().isoformat(), start=at(0).date().isoformat(), contacts=CONTACTS
    )
    order(
        trials.allocation_of(trial) / "protocol.toml",
        tmp_path / "out",
        asked,
        folder=trials.allocation_of(trial),
        key=trials.key_of("pharmacist"),
        who="R. Adeyemi",
        now=at(0),
        randomness=os.urandom,
    )
    assert sheet == (tmp_path / "out" / "pharmacist" / "order.pdf").read_bytes()
    assert labels == (tmp_path / "out" / "pharmacist" / "labels.pdf").read_bytes()


def test_a_batch_of_one_pair_holds_its_two_kits_and_no_others(trial):
    for pair, dose in ((1, 0.5), (3, 1.5)):
        folder = trials.allocation_of(trial)
        bind(folder, "confirmation", [dose], from_period=pair, request=f"{pair}", now=at(60), randomness=os.urandom)
    for number, dose in ((1, 500), (2, 1500)):
        found = opened(trial, f"confirmation {number}", day=60)
        assert [one.kit.period.period for one in found.order.kits] == [2 * number - 1, 2 * number]
        assert sorted(one.dose_ug for one in found.order.kits) == [0, dose]
        assert [batch.name for batch in found.order.batches] == [f"confirmation {number}"]
    assert [event.said["path"] for event in STORE.events_of(trial) if event.kind == OPENED] == ["supply", "supply"]


def test_what_kits_hold_is_written_to_no_file_and_no_event(trial, tmp_path):
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    order_kits(Deed(STORE, trial, "t", at(0)), planned(trial), ["titration"])
    opened(trial, "titration")
    new = {path.name for path in tmp_path.rglob("*") if path.is_file()} - {path.name for path in before}
    assert new == {"0001.json", "kits.json"} | {n for n in new if n.startswith("clinic.sqlite3")}
    assert not any("dose" in event.content for event in STORE.events_of(trial) if event.kind != "begun")


def test_the_phone_is_told_the_code_of_the_kit_in_use_and_of_no_other(trial, tmp_path):
    told = {"contacts": Whom(), "signer": signer(tmp_path)}
    block = {"phase": "titration", "announced": 0.5, "days": 14, "capsule": True, "guess": True}
    for number, first in ((1, 0), (2, 14)):
        said = {"schema": "modicum.decided/1", "number": number, "at": at(first).isoformat(), "said": "next kit"}
        content = {**said, "block": {**block, "first_day": first}}
        named = {"kind": "decided", "client_id": f"decided-{number}", "actor": "reviews"}
        STORE.append(trial=trial, content=content, received_at=at(first), **named)
    deed = Deed(STORE, trial, "t", at(0))
    order_kits(deed, planned(trial), ["titration"])
    prepare_kits(deed, planned(trial), "titration", "NX-17")
    first = next(iter(supplies_of(STORE, trial).kits))

    def kits(supplies):
        found = schedule_of(story_of(trial), now=at(3), supplies=supplies, **told)
        return [day["kit"] for day in found["days"]][:30], found["halted"]

    assert kits(Supplies()) == kits(None) == ([None] * 30, None)
    assert kits(supplies_of(STORE, trial)) == ([None] * 30, None), "made, but not handed out"
    dispense(deed, first)
    assert kits(supplies_of(STORE, trial)) == ([None] + [first] * 14 + [None] * 15, None), "asked about a day later"
    recall(deed, "NX-17", "contaminated")
    codes, halted = kits(supplies_of(STORE, trial))
    assert codes == [None] * 30
    assert [say_code(first) in words for words in halted["words"]] == [True]


def test_who_has_left_is_told_of_a_recalled_kit_until_it_is_back(trial, tmp_path):
    deed, told = Deed(STORE, trial, "t", at(0)), {"contacts": Whom(), "signer": signer(tmp_path)}
    order_kits(deed, planned(trial), ["titration"])
    prepare_kits(deed, planned(trial), "titration", "NX-17")
    first = next(iter(supplies_of(STORE, trial).kits))
    dispense(deed, first)
    write_evenings(trial, range(2, 3), tmp_path, [4.0], leaves=True)
    assert story_of(trial).left

    def halted():
        return schedule_of(story_of(trial), now=at(3), supplies=supplies_of(STORE, trial), **told)["halted"]

    assert halted() is None
    recall(deed, "NX-17", "contaminated")
    assert [say_code(first) in words for words in halted()["words"]] == [True]
    take_back(deed, first, 3)
    assert halted() is None
