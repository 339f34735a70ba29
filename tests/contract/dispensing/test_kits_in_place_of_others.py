"""Which kits get another in their place, and who is told: the count, the phone, and the list of what is due."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import jsonschema

import modicum.services
from contract.dispensing.desk import FIRST, Desk, refused
from diary_fixtures import signer
from modicum.services.diary import Contacts as Whom
from modicum.services.diary import schedule_of
from modicum.services.dispensing.acting import dispense, order_kits, prepare_kits, recall, supplies_of, take_back
from modicum.services.dispensing.counting import count_capsules
from modicum.services.dispensing.replacing import DAMAGED, EXPIRED, REASONS
from modicum.services.dispensing.supplies import LOST, RECALLED
from modicum.services.following.acting import end_trial, hold, resume
from modicum.services.following.marks import marks_of
from modicum.services.following.needs import needs_of
from modicum.supply.codes import say_code
from modicum.web.stories import STORE, story_of
from waiting_trials import at, begun

SCHEMA = Path(modicum.services.__file__).parent / "schemas" / "schedule.schema.json"
NONE = "You have no kit for tonight. Ring the pharmacy, and ask for it."
BRING = "Bring it back to the pharmacy, and ring before you go."


def test_a_kit_that_is_not_made_is_made_and_not_replaced_whatever_the_reason(clinic):
    desk = Desk(begun(clinic.ines))
    order_kits(desk.deed(0), desk.plan(0), ["titration"])
    found = [refused(desk.replace, desk.codes[0], reason) for reason in REASONS]
    assert all("MOD-SUPPLY-22" in codes for codes in found)


def test_what_is_no_reason_is_refused_with_all_that_is_wrong(desk):
    code = desk.codes[0]
    assert refused(desk.replace, code, "tired", "a\nb") == ["MOD-SUPPLY-34", "MOD-SUPPLY-34"]
    assert refused(desk.replace, code, LOST, "x" * 401) == ["MOD-SUPPLY-34"]
    assert refused(desk.replace, code, RECALLED) == ["MOD-SUPPLY-37"], "nobody recalled it"
    assert refused(desk.replace, code, EXPIRED) == ["MOD-SUPPLY-37"], "it keeps"
    dispense(desk.deed(), code)
    take_back(desk.deed(FIRST + 2), code, 9)
    assert refused(desk.replace, code, LOST) == ["MOD-SUPPLY-37"], "it came back"
    assert desk.replace(code, DAMAGED).instead_of == code


def test_no_kit_is_replaced_by_a_wrong_code_or_for_somebody_else(desk, world):
    other = Desk(begun(world.jonas))
    order_kits(other.deed(0), other.plan(0), ["titration"])
    code = desk.codes[0]
    assert refused(desk.replace, code[1] + code[0] + code[2:] if code[0] != code[1] else "777777") == ["MOD-SUPPLY-19"]
    assert refused(desk.replace, other.codes[0]) == ["MOD-SUPPLY-24"]


def test_a_kit_that_came_back_used_up_or_whose_nights_are_over_is_not_made_again(desk):
    desk.begin_block(1, FIRST)
    first, second = desk.codes[:2]
    for code, day, left, why in ((first, FIRST, 0, ""), (second, FIRST + 1, 5, "she goes away")):
        dispense(desk.deed(day), code, why)
        take_back(desk.deed(day + 1), code, left)
    assert refused(desk.replace, first, DAMAGED, day=FIRST + 2) == ["MOD-SUPPLY-36"]
    desk.begin_block(2, FIRST + 14)
    assert desk.replace(second, DAMAGED, day=FIRST + 27).period == 2, "its last evening is to come"
    third = desk.codes[2]
    desk.begin_block(3, FIRST + 28)
    assert refused(desk.replace, third, DAMAGED, day=FIRST + 42) == ["MOD-SUPPLY-36"], "nobody has decided yet"
    desk.begin_block(4, FIRST + 42, "confirmation")
    assert refused(desk.replace, desk.codes[4], DAMAGED, day=FIRST + 43) == ["MOD-SUPPLY-36"], "never to be taken"


def test_for_a_trial_that_is_over_nothing_is_made_again(recalled):
    assert refused(recalled.replace, recalled.codes[0], over=(0,)) == ["MOD-SUPPLY-32"]
    new = recalled.replace(recalled.codes[0])
    over = replace(recalled.deed(), over=(0,))
    assert refused(prepare_kits, over, recalled.plan(), new.batch, "NX-18") == ["MOD-SUPPLY-32"]


def test_a_lot_that_was_recalled_is_refused_for_what_is_made_again(recalled):
    new = recalled.replace(recalled.codes[0])
    assert refused(recalled.make, new, "NX-18, nx-17") == ["MOD-SUPPLY-33"]
    assert recalled.make(new).lots == ("NX-18",)


def test_what_was_made_again_can_be_recalled_and_made_again(recalled):
    old = recalled.codes[0]
    second = recalled.make(recalled.replace(old))
    dispense(recalled.deed(), second.code)
    recall(recalled.deed(), "NX-18", "too")
    third = recalled.replace(second.code)
    assert refused(dispense, recalled.deed(), second.code) == ["MOD-SUPPLY-25"]
    recalled.make(third, "NX-19")
    dispense(recalled.deed(), third.code)
    assert [kit.code for kit in supplies_of(STORE, recalled.trial).chain(recalled.kits[old])] == [
        old,
        second.code,
        third.code,
    ]
    assert [kit.code for kit in recalled.plan().again] == [second.code, third.code]
    assert list(recalled.plan().batches)[:3] == ["titration", second.batch, third.batch]
    assert recalled.replace(old) == recalled.kits[second.code], "asked for again it is the same"


def test_a_lost_kit_is_in_no_ones_hands_until_it_comes_back_all_the_same(desk):
    code = desk.codes[0]
    dispense(desk.deed(), code)
    new = desk.make(desk.replace(code, LOST, "left on a train"))
    dispense(desk.deed(), new.code)
    counted = count_capsules(desk.kits.values())
    assert (counted.made, counted.in_stock, counted.with_patients, counted.lost) == (112, 80, 16, 16)
    assert counted.balanced
    assert refused(dispense, desk.deed(), code) == ["MOD-SUPPLY-35"]
    assert desk.kits[code].state == "lost"
    take_back(desk.deed(FIRST + 14), new.code, 7)
    take_back(desk.deed(FIRST + 15), code, 11)
    counted = count_capsules(desk.kits.values())
    assert (counted.used, counted.returned, counted.lost) == (14, 18, 0)
    assert counted.planned == 14, "two kits of one period are for the same nights"
    assert counted.balanced


def test_a_kit_beyond_its_date_is_made_again_also_while_capsules_are_held(desk):
    desk.begin_block(1, FIRST)
    code = desk.codes[0]
    until = (desk.kits[code].use_before - at(0).date()).days
    desk.begin_block(2, FIRST + 14)
    late = desk.codes[1]
    hold(STORE, story_of(desk.trial), "an operation", now=at(FIRST + 14), actor="staff:1")
    assert refused(desk.replace, late, EXPIRED, day=FIRST + 15) == ["MOD-SUPPLY-37"]
    third = desk.codes[2]
    assert refused(dispense, desk.deed(until), third) == ["MOD-SUPPLY-31"]
    new = desk.make(desk.replace(third, EXPIRED, day=until), day=until)
    assert new.use_before > at(until).date() + dt.timedelta(days=14)
    assert dispense(desk.deed(until), new.code).state == "dispensed"


def test_the_phone_is_told_the_new_kit_from_the_night_it_is_handed_out(recalled, tmp_path):
    old, whom = recalled.codes[0], {"contacts": Whom(), "signer": signer(tmp_path)}

    def told(day, language="en"):
        supplies = supplies_of(STORE, recalled.trial)
        found = schedule_of(story_of(recalled.trial), now=at(day), supplies=supplies, language=language, **whom)
        jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(found)
        kits = {one["day"]: one["kit"] for one in found["days"] if one["kit"]}
        return kits, (found["halted"] or {"words": []})["words"], found["notes"]

    assert told(FIRST + 4) == ({}, [f"Take nothing more from kit {say_code(old)}: it was recalled. {BRING}"], [])
    new = recalled.replace(old, day=FIRST + 4)
    kits, (words,), notes = told(FIRST + 4)
    assert (kits, notes) == ({}, [])
    assert words.endswith(f"{BRING} Kit {say_code(new.code)} is made for you in its place: ask for it when you ring.")
    recalled.make(new)
    dispense(recalled.deed(FIRST + 5), new.code)
    kits, halted, notes = told(FIRST + 6)
    assert (kits, halted) == (dict.fromkeys(range(FIRST + 6, FIRST + 15), new.code), [])
    assert notes == [
        f"Take your capsules from kit {say_code(new.code)}. Kit {say_code(old)} was recalled: take nothing from it, "
        "and bring it back."
    ]
    assert "zurückgerufen" in told(FIRST + 6, "de")[2][0]
    hold(STORE, story_of(recalled.trial), "a fever", now=at(FIRST + 6), actor="staff:1")
    assert (len(told(FIRST + 6)[1]), told(FIRST + 6)[2]) == (2, []), "held, she takes from no kit"
    resume(STORE, story_of(recalled.trial), "gone", now=at(FIRST + 7), actor="staff:1")
    assert told(FIRST + 7)[2] == notes
    recalled.begin_block(2, FIRST + 14)
    assert told(FIRST + 14)[1:] == ([f"Take nothing more from kit {say_code(old)}: it was recalled. {BRING}"], [])
    take_back(recalled.deed(FIRST + 14), old, 12)
    assert told(FIRST + 14)[1:] == ([], [NONE]), "the next one was recalled too"


def test_who_has_the_kit_of_tonight_goes_on_whatever_else_is_recalled(recalled, tmp_path):
    old, second = recalled.codes[:2]
    new = recalled.make(recalled.replace(second))
    recalled.begin_block(2, FIRST + 14)
    dispense(recalled.deed(FIRST + 14), new.code)
    whom = {"contacts": Whom(), "signer": signer(tmp_path)}

    def told():
        supplies = supplies_of(STORE, recalled.trial)
        found = schedule_of(story_of(recalled.trial), now=at(FIRST + 15), supplies=supplies, **whom)
        return found["halted"], [(say_code(new.code) in words, say_code(old) in words) for words in found["notes"]]

    assert told() == (None, [(True, True)])
    end_trial(STORE, story_of(recalled.trial), "a rash", now=at(FIRST + 15), actor="staff:1")
    halted, notes = told()
    assert (len(halted["words"]), notes) == (1, []), "stopped, she takes from no kit"


def test_a_kit_that_is_made_again_is_due_until_it_is_handed_out(recalled):
    def due(day):
        return [need.said for need in needs_of(marks_of(story_of(recalled.trial)), at(day, 13)) if need.what == "kit"]

    assert due(FIRST + 4) == ["replace"], "she has it, and must not take from it"
    new = recalled.replace(recalled.codes[0], day=FIRST + 4)
    assert due(FIRST + 4) == ["ordered"]
    recalled.make(new)
    dispense(recalled.deed(FIRST + 5), new.code)
    assert due(FIRST + 5) == []
