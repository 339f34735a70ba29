"""A kit that was recalled, is beyond its date, lost or damaged is made again, with the same content, and once."""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import jsonschema
import pytest

from allocation_fixtures import chance
from contract.dispensing.desk import CONTACTS, FIRST, Desk, refused
from modicum.services.binding import bind
from modicum.services.diary.openings import OPENED
from modicum.services.dispensing.acting import dispense, order_kits, prepare_kits, take_back
from modicum.services.dispensing.papers import open_batch, print_batch_sheet, print_labels
from modicum.services.dispensing.replacing import DAMAGED
from modicum.services.documents import document_schema
from modicum.services.kits_again import FOLDER, keep_again
from modicum.supply import Period
from modicum.supply.codes import say_code
from modicum.web.stories import STORE
from waiting_trials import at, begun


def test_a_recalled_kit_is_made_again_from_another_lot_and_the_patient_goes_on(recalled):
    old = recalled.codes[0]
    new = recalled.replace(old, day=FIRST + 4)
    assert (new.instead_of, new.state, new.lots, new.period) == (old, "ordered", (), 1)
    assert (new.nights, new.capsules, new.spare) == (14, 16, 2), "whole, so that its size tells no day"
    assert refused(dispense, recalled.deed(FIRST + 4), new.code) == ["MOD-SUPPLY-22"], "it is not made yet"
    made = recalled.make(new, day=FIRST + 5)
    assert (made.lots, made.made_on) == (("NX-18",), at(FIRST + 5).date())
    assert dispense(recalled.deed(FIRST + 5), new.code).state == "dispensed"
    assert refused(dispense, recalled.deed(FIRST + 5), old) == ["MOD-SUPPLY-25"]
    assert take_back(recalled.deed(FIRST + 5), old, 12).state == "returned"
    assert [kit.state for kit in recalled.kits.values()] == ["returned", *["recalled"] * 5, "dispensed"]


def test_what_is_told_says_nothing_of_what_the_kit_holds_and_comes_before_anything_is_opened(recalled):
    new = recalled.replace(recalled.codes[0], why=" the filler ")
    (event,) = recalled.told()
    assert event.said == {
        "schema": "modicum.replaced/1",
        "kit": new.instead_of,
        "by": new.code,
        "batch": f"titration {new.code}",
        "reason": "recalled",
        "why": "the filler",
    }
    assert event.client_id == f"replaced-{new.instead_of}"
    assert [one for one in STORE.events_of(recalled.trial) if one.kind == OPENED] == []
    recalled.open(new.batch)
    assert [one.kind for one in STORE.events_of(recalled.trial)][-1] == OPENED


def test_each_kit_holds_again_what_it_held_and_the_look_is_on_the_record(recalled):
    before = {one.kit.period.period: one for one in recalled.open("titration", day=1).order.kits}
    for number, code in enumerate(recalled.codes[:6], 1):
        new = recalled.replace(code)
        opened = recalled.open(new.batch)
        (filled,) = opened.order.kits
        assert (filled.kit.code, filled.kit.period.period) == (new.code, number)
        assert (filled.dose_ug, filled.capsules_ug) == (before[number].dose_ug, before[number].capsules_ug)
        assert [batch.codes for batch in opened.order.batches] == [(new.code,)]
        assert print_batch_sheet(opened).startswith(b"%PDF-")
    assert len({one.dose_ug for one in before.values()}) == 5
    assert [event.said["path"] for event in STORE.events_of(recalled.trial) if event.kind == OPENED] == ["supply"] * 7


def test_nights_that_were_halved_are_halved_again_and_no_others(clinic, tmp_path):
    """A dose that follows a dose is not halved: what came before a kit is asked for again, though it is not made."""
    text = (files("modicum.protocol") / "library" / "ldn-smallest-dose.toml").read_text(encoding="utf-8")
    for old, new in (('"at once"', '"half dose for 3 nights"'), ("max_capsules = 1", "max_capsules = 3")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    (tmp_path / "halves.toml").write_text(
        re.sub(r"(?m)^strengths_mg = .*$", "strengths_mg = []", text), encoding="utf-8"
    )
    desk = Desk(begun(clinic.ines, tmp_path / "halves.toml"))
    order_kits(desk.deed(0), desk.plan(0), ["titration"])
    prepare_kits(desk.deed(0), desk.plan(0), "titration", "NX-17")
    first = desk.open("titration", 0).order.kits
    assert {len(set(one.capsules_ug)) for one in first if one.dose_ug} == {1, 2}
    before = {one.kit.code: one.capsules_ug for one in first}
    for code, nights in before.items():
        new = desk.replace(code, DAMAGED)
        assert [one.capsules_ug for one in desk.open(new.batch).order.kits] == [nights]


def test_both_kits_of_a_pair_hold_the_same_again(desk):
    bind(desk.folder, "confirmation", [1.5], from_period=1, request="1", now=at(60), randomness=os.urandom)
    order_kits(desk.deed(60), desk.plan(60), ["confirmation 1"])
    prepare_kits(desk.deed(60), desk.plan(60), "confirmation 1", "NX-17")
    before = {one.kit.code: one.dose_ug for one in desk.open("confirmation 1", 60).order.kits}
    assert sorted(before.values()) == [0, 1500]
    for code, dose_ug in before.items():
        new = desk.replace(code, DAMAGED, day=60)
        assert [one.dose_ug for one in desk.open(new.batch, 60).order.kits] == [dose_ug]


def test_a_label_names_the_new_code_and_a_day_that_is_to_come(recalled):
    new = recalled.replace(recalled.codes[0], day=FIRST + 4)
    plan = recalled.plan(FIRST + 5)
    (kit,) = plan.batches[new.batch]
    assert (kit.make_on, kit.first_evening) == (at(FIRST + 5).date(), at(FIRST + 5).date())
    assert kit.use_before - kit.make_on == plan.kits[0].use_before - plan.kits[0].make_on
    assert print_labels(plan, new.batch, CONTACTS).startswith(b"%PDF-")
    phase = next(one for one in plan.handout(CONTACTS, new.batch).phases if one.phase.name == "titration")
    assert [one.code for one in phase.kits] == [new.code, *recalled.codes[1:6]], "still the first of six"
    first = next(one for one in plan.handout(CONTACTS, "titration").phases if one.phase.name == "titration")
    assert [one.code for one in first.kits] == recalled.codes[:6]


def test_asked_for_twice_it_is_made_once(recalled):
    code = recalled.codes[0]
    first = recalled.replace(code, why="the filler")
    assert recalled.replace(say_code(code).lower(), why="the filler ") == first
    assert len(recalled.told()) == 1
    assert refused(recalled.replace, code, DAMAGED) == ["MOD-SUPPLY-35"]
    assert refused(recalled.replace, code) == ["MOD-SUPPLY-35"]
    assert len(recalled.told()) == 1


def test_of_two_pharmacists_at_once_the_first_counts_and_both_are_told_one_code(recalled):
    code, told = recalled.codes[0], []

    class Quicker:
        """A store to which somebody else is quicker, once."""

        events_of = staticmethod(STORE.events_of)

        @staticmethod
        def append(**event):
            if not told:
                told.append(recalled.replace(code, DAMAGED, "dropped"))
            return STORE.append(**event)

    assert refused(recalled.replace, code, why="the filler", store=Quicker) == ["MOD-SUPPLY-35"]
    assert recalled.kits[code].replaced_for == DAMAGED
    assert [kit.code for kit in recalled.kits.values() if kit.instead_of] == [told[0].code]


def test_a_code_that_many_draw_at_once_is_drawn_once_and_never_one_that_is_in_use(tmp_path):
    period, draw = Period("titration", 1, 1, 1, 14, 14), chance("again")
    taken = keep_again(tmp_path, "f" * 64, period, "7KQ4XM", draw, others=())
    with ThreadPoolExecutor(8) as pool:
        keep = lambda seed: keep_again(tmp_path, "f" * 64, period, "9LM2KP", chance(seed), others=())  # noqa: E731
        assert len(set(pool.map(keep, range(16)))) == 1
    other = keep_again(tmp_path, "f" * 64, period, "C4TN2B", chance("again"), others=(taken,))
    assert other != taken, "the same chance, and that code is in use"
    third = keep_again(tmp_path, "f" * 64, period, "R9DHPP", chance("again"), others=())
    assert third not in (taken, other), "what is kept is in use, told or not"
    document = json.loads((tmp_path / FOLDER / "7KQ4XM.json").read_text())
    jsonschema.Draft202012Validator(document_schema("kit-again")).validate(document)
    assert not [one for one in (tmp_path / FOLDER).iterdir() if one.name.startswith(".")]


def test_a_code_that_was_damaged_or_is_of_another_trial_is_never_drawn_again(recalled):
    code = recalled.codes[0]
    (recalled.folder / FOLDER).mkdir()
    for content in ("", "{}", '{"schema":"modicum.kit-again/1"}'):
        (recalled.folder / FOLDER / f"{code}.json").write_text(content)
        assert refused(recalled.replace, code) == ["MOD-SUPPLY-14"], content
    period = recalled.plan().kits[0].period
    (recalled.folder / FOLDER / f"{code}.json").unlink()
    keep_again(recalled.folder, "f" * 64, period, code, os.urandom, others=())
    assert refused(recalled.replace, code) == ["MOD-SUPPLY-14"]
    assert recalled.told() == []


def test_killed_between_the_draw_and_the_record_the_same_code_is_told_later(recalled):
    class Broken:
        """A store that cannot write."""

        events_of = staticmethod(STORE.events_of)

        @staticmethod
        def append(**_event):
            raise OSError("disk full")

    code = recalled.codes[0]
    with pytest.raises(OSError, match="disk full"):
        recalled.replace(code, store=Broken)
    kept = json.loads((recalled.folder / FOLDER / f"{code}.json").read_text())["code"]["code"]
    assert recalled.replace(code).code == kept


def test_in_an_open_trial_the_code_follows_from_whose_it_is_and_no_seal_is_asked_for(clinic):
    desk = Desk(begun(clinic.ines, "ldn-open"))
    name = next(iter(desk.plan(0).batches))
    order_kits(desk.deed(0), desk.plan(0), [name])
    prepare_kits(desk.deed(0), desk.plan(0), name, "NX-17")
    old = desk.codes[0]
    new = desk.replace(old, DAMAGED, "dropped", day=0, randomness=None)
    assert new.code not in {kit.code for kit in desk.plan(0).kits}
    assert not (desk.folder / FOLDER).exists()
    opened = open_batch(
        desk.plan(0), new.batch, folder=None, key=None, contacts=CONTACTS, made_on=at(0).date(), who="R. Adeyemi",
        now=at(0), randomness=os.urandom, witness=None,
    )  # fmt: skip
    assert [one.kit.code for one in opened.order.kits] == [new.code]
    assert desk.make(new, day=0).made_on == at(0).date()
