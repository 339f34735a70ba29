"""A kit that was recalled, is beyond its date, lost or damaged is made again, with the same content, and once."""

import datetime as dt
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

import modicum.services
from allocation_fixtures import chance
from diary_fixtures import signer
from modicum.foundation.errors import SupplyError
from modicum.services.binding import bind
from modicum.services.diary import Contacts as Whom
from modicum.services.diary import schedule_of
from modicum.services.diary.openings import OPENED, witness_of
from modicum.services.dispensing.acting import (
    Deed,
    dispense,
    order_kits,
    prepare_kits,
    recall,
    supplies_of,
    take_back,
)
from modicum.services.dispensing.counting import count_capsules
from modicum.services.dispensing.kit_plan import plan_supply
from modicum.services.dispensing.papers import open_batch, print_batch_sheet, print_labels
from modicum.services.dispensing.replacing import DAMAGED, EXPIRED, REASONS, Wanted, replace_kit
from modicum.services.dispensing.supplies import LOST, RECALLED, REPLACED
from modicum.services.documents import document_schema
from modicum.services.following.acting import end_trial, hold, resume
from modicum.services.following.marks import marks_of
from modicum.services.following.needs import needs_of
from modicum.services.kits_again import FOLDER, keep_again
from modicum.services.unblinding import HeldKey
from modicum.supply import Period
from modicum.supply.codes import say_code
from modicum.supply.handout import Contacts
from modicum.web import trials
from modicum.web.stories import STORE, story_of
from waiting_trials import at, begun, place

CONTACTS = Contacts("no. 0001", "Dr Test", "Quay Pharmacy, 555 0142", "020 7946 0000", True)
SCHEMA = Path(modicum.services.__file__).parent / "schemas" / "schedule.schema.json"
BRING = "Bring it back to the pharmacy, and ring before you go."
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


@pytest.fixture
def clinic(world, tmp_path):
    with place(tmp_path):
        yield world


@pytest.fixture
def desk(clinic):
    """Six kits of a titration, made from lots that a recall finds."""
    found = Desk(begun(clinic.ines))
    order_kits(found.deed(0), found.plan(0), ["titration"])
    prepare_kits(found.deed(1), found.plan(1), "titration", "NX-17, MC-2291")
    return found


@pytest.fixture
def recalled(desk):
    """The first of them is in use, and its lot is recalled."""
    desk.begin_block(1, FIRST)
    dispense(desk.deed(), desk.codes[0])
    recall(desk.deed(FIRST + 4), "NX-17", "contaminated")
    return desk


def refused(act, *given, **named):
    with pytest.raises(SupplyError) as found:
        act(*given, **named)
    return [one.code for one in found.value.problems]


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


def test_no_kit_is_replaced_by_a_wrong_code_or_for_somebody_else(desk, clinic):
    other = Desk(begun(clinic.jonas))
    order_kits(other.deed(0), other.plan(0), ["titration"])
    code = desk.codes[0]
    assert refused(desk.replace, code[1] + code[0] + code[2:] if code[0] != code[1] else "777777") == ["MOD-SUPPLY-19"]
    assert refused(desk.replace, other.codes[0]) == ["MOD-SUPPLY-24"]


def test_a_kit_that_came_back_used_up_or_whose_nights_are_over_is_not_made_again(desk):
    desk.begin_block(1, FIRST)
    first, second = desk.codes[:2]
    for day, left in ((FIRST, 0), (FIRST + 1, 5)):
        dispense(desk.deed(day), desk.codes[0 if not left else 1])
        take_back(desk.deed(day + 1), desk.codes[0 if not left else 1], left)
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
    assert told(FIRST + 14)[1:] == ([], [])


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

    assert due(FIRST + 4) == [], "that it was recalled is told, and that alone"
    new = recalled.replace(recalled.codes[0], day=FIRST + 4)
    assert due(FIRST + 4) == ["ordered"]
    recalled.make(new)
    dispense(recalled.deed(FIRST + 5), new.code)
    assert due(FIRST + 5) == []


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
