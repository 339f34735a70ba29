"""Kits from the order to the return, through a real store: what cannot be, is refused by code before it is told."""

import datetime as dt
import os
from dataclasses import replace

import pytest

from lived_clinics import after
from modicum.foundation.errors import SupplyError
from modicum.services.binding import bind
from modicum.services.dispensing.acting import (
    Deed,
    check_recall,
    dispense,
    order_kits,
    prepare_kits,
    recall,
    supplies_of,
    take_back,
)
from modicum.services.dispensing.kit_plan import plan_supply
from modicum.supply.codes import LETTERS, say_code
from modicum.web import trials
from modicum.web.stories import STORE, story_of
from waiting_trials import at, begun, place


def planned(trial, made_on=None, day=0):
    made = made_on or at(day).date()
    folder = trials.allocation_of(trial)
    return plan_supply(story_of(trial), folder, made_on=made, randomness=os.urandom)


def deed(trial, day=0):
    return Deed(STORE, trial, "staff:7", at(day))


def order(world, data):
    with place(data):
        trial = begun(world.ines)
        order_kits(deed(trial), planned(trial), ["titration"])


@after(order)
def make(world, data):
    with place(data):
        trial = world.ines.trial
        prepare_kits(deed(trial, 1), planned(trial, day=1), "titration", " nx-17 , MC-2291")


@pytest.fixture
def ordered(world, lived):
    with place(lived(order)):
        yield world.ines.trial


@pytest.fixture
def made(world, lived):
    with place(lived(make)):
        yield world.ines.trial


def codes(trial):
    return list(supplies_of(STORE, trial).kits)


def refused(act, *given, **named):
    with pytest.raises(SupplyError) as found:
        act(*given, **named)
    return [one.code for one in found.value.problems]


def count(trial):
    return len(STORE.events_of(trial))


def test_the_kits_of_a_batch_are_ordered_once_and_hold_the_same_number_of_capsules(ordered):
    kits = supplies_of(STORE, ordered).kits.values()
    assert [(kit.phase, kit.period, kit.state) for kit in kits] == [("titration", n, "ordered") for n in range(1, 7)]
    assert len({(kit.capsules, kit.spare, kit.nights) for kit in kits}) == 1
    before = count(ordered)
    order_kits(deed(ordered), planned(ordered), ["titration"])
    assert count(ordered) == before


def test_what_a_review_has_to_choose_can_be_ordered_only_then_and_pair_by_pair(ordered):
    plan = planned(ordered)
    assert [name for name in plan.batches if plan.is_known(name)] == ["titration"]
    assert refused(order_kits, deed(ordered), plan, ["confirmation 1", "step-down", "nothing"]) == [
        "MOD-SUPPLY-21",
        "MOD-SUPPLY-21",
        "MOD-SUPPLY-20",
    ]
    assert refused(order_kits, deed(ordered), plan, []) == ["MOD-SUPPLY-20"]
    for pair in (1, 3):
        bind(
            trials.allocation_of(ordered),
            "confirmation",
            [1.5],
            from_period=pair,
            request=f"{pair}",
            now=at(60),
            randomness=os.urandom,
        )
        known = planned(ordered)
        assert [name for name in known.batches if known.is_known(name)][1:] == [
            f"confirmation {n}" for n in range(1, pair // 2 + 2)
        ]


def test_kits_of_a_phase_are_dated_by_the_day_on_which_it_began(ordered):
    """A titration that was left early moves what follows; else it could not be made in time."""
    first = {name: kits[0].first_evening for name, kits in planned(ordered).batches.items()}
    assert first["titration"] == at(14).date()
    assert first["confirmation 1"] == at(98).date()
    block = {"phase": "confirmation", "announced": 0.5, "first_day": 56, "days": 21, "capsule": True, "guess": True}
    said = {"schema": "modicum.decided/1", "number": 1, "at": at(56).isoformat(), "said": "next kit", "block": block}
    named = {"kind": "decided", "client_id": "decided-1", "actor": "reviews"}
    STORE.append(trial=ordered, content=said, received_at=at(56), **named)
    after = {name: kits[0].first_evening for name, kits in planned(ordered).batches.items()}
    assert after["titration"] == first["titration"]
    assert after["confirmation 1"] == at(56).date()
    assert after["confirmation 2"] == at(56 + 42).date()


def test_kits_are_made_from_lots_that_are_written_down(ordered):
    plan = planned(ordered)
    assert refused(prepare_kits, deed(ordered), plan, "titration", " , ") == ["MOD-SUPPLY-23"]
    assert refused(prepare_kits, deed(ordered), plan, "step-down", "NX-17") == ["MOD-SUPPLY-22"]
    after = prepare_kits(deed(ordered), plan, "titration", "nx-17,MC-2291, NX-17")
    assert {kit.lots for kit in after.kits.values()} == {("NX-17", "MC-2291")}
    assert {kit.made_on for kit in after.kits.values()} == {at(0).date()}
    assert refused(prepare_kits, deed(ordered), plan, "titration", "NX-17") == ["MOD-SUPPLY-22"]


def test_a_kit_is_handed_out_once_by_the_code_that_was_typed(made):
    code = codes(made)[0]
    kit = dispense(deed(made, 2), f" {say_code(code).lower()}-")
    assert (kit.state, kit.dispensed_at) == ("dispensed", at(2))
    assert refused(dispense, deed(made, 3), code) == ["MOD-SUPPLY-26"]


def test_a_wrong_letter_and_two_that_are_swapped_are_found(made):
    code = codes(made)[0]
    other = LETTERS[(LETTERS.index(code[2]) + 1) % len(LETTERS)]
    swapped = next(n for n in range(5) if code[n] != code[n + 1])
    for wrong in (
        code[:2] + other + code[3:],
        code[:swapped] + code[swapped + 1] + code[swapped] + code[swapped + 2 :],
        "KIT",
        "",
        "0OIL11",
    ):
        assert refused(dispense, deed(made, 2), wrong) == ["MOD-SUPPLY-19"], wrong
    assert supplies_of(STORE, made).kits[code].state == "prepared"


def test_a_kit_of_another_patient_is_not_handed_out(made, world):
    trial = begun(world.jonas)
    order_kits(deed(trial), planned(trial), ["titration"])
    prepare_kits(deed(trial), planned(trial), "titration", "NX-17")
    assert refused(dispense, deed(made, 2), codes(trial)[0]) == ["MOD-SUPPLY-24"]
    assert refused(take_back, deed(made, 2), codes(trial)[0], 2) == ["MOD-SUPPLY-24"]


def test_what_is_not_made_or_beyond_its_date_is_not_handed_out(ordered):
    code = codes(ordered)[0]
    assert refused(dispense, deed(ordered), code) == ["MOD-SUPPLY-22"]
    prepare_kits(deed(ordered), planned(ordered), "titration", "NX-17")
    until = supplies_of(STORE, ordered).kits[code].use_before
    last = (until - at(0).date()).days
    assert refused(dispense, deed(ordered, last), code) == ["MOD-SUPPLY-31"]
    assert dispense(deed(ordered, last - 1), code).state == "dispensed"


def test_no_more_comes_back_than_went_out_and_only_once(made):
    code = codes(made)[0]
    assert refused(take_back, deed(made, 2), code, 3) == ["MOD-SUPPLY-27"]
    kit = dispense(deed(made, 2), code)
    assert refused(take_back, deed(made, 16), code, kit.capsules + 1) == ["MOD-SUPPLY-18"]
    assert refused(take_back, deed(made, 16), code, -1) == ["MOD-SUPPLY-18"]
    back = take_back(deed(made, 16), code, 6)
    assert (back.state, back.left, back.returned_at) == ("returned", 6, at(16))
    assert refused(take_back, deed(made, 17), code, 5) == ["MOD-SUPPLY-28"]
    assert refused(take_back, deed(made, 17), code, kit.capsules + 1) == ["MOD-SUPPLY-18", "MOD-SUPPLY-28"]


def test_a_recall_finds_every_kit_of_a_lot_and_none_of_them_is_handed_out(made):
    first, second = codes(made)[:2]
    dispense(deed(made, 2), first)
    supplies = [supplies_of(STORE, made)]
    assert [one.code for one in check_recall(supplies, "NX-18", "\n")] == ["MOD-SUPPLY-29", "MOD-SUPPLY-30"]
    assert check_recall(supplies, "nx-17 ", "contaminated") == []
    found = recall(deed(made, 3), "nx-17 ", "contaminated")
    assert [kit.code for kit in found] == codes(made)
    assert refused(dispense, deed(made, 3), second) == ["MOD-SUPPLY-25"]
    assert [kit.code for kit in supplies_of(STORE, made).recalled] == [first], "which a patient has"
    assert recall(deed(made, 3), "NX-17", "contaminated") == ()
    take_back(deed(made, 4), first, 12)
    assert supplies_of(STORE, made).recalled == ()


def test_who_writes_other_lots_down_at_the_same_moment_is_told_which_are_kept(ordered):
    """Between the look at the kits and the writing, a colleague has written hers."""
    plan, own = planned(ordered, day=1), deed(ordered, 1)
    told = []

    class Quicker:
        """A store to which somebody else is quicker, once."""

        events_of = staticmethod(STORE.events_of)

        @staticmethod
        def append(**event):
            if not told:
                told.append(prepare_kits(deed(ordered, 1), plan, "titration", "MC-1"))
            return STORE.append(**event)

    slower = replace(own, store=Quicker())
    with pytest.raises(SupplyError, match="other lots at the same moment: MC-1"):
        prepare_kits(slower, plan, "titration", "MC-2")
    assert {kit.lots for kit in supplies_of(STORE, ordered).kits.values()} == {("MC-1",)}


def test_nothing_that_is_told_of_a_kit_says_what_it_holds(made):
    code = codes(made)[0]
    dispense(deed(made, 2), code)
    take_back(deed(made, 16), code, 2)
    told = [event for event in STORE.events_of(made) if event.kind in ("ordered", "prepared", "dispensed", "returned")]
    names = {name for event in told for name in event.said}
    assert names == {
        *("schema", "kit", "phase", "period", "part", "batch", "nights", "capsules", "spare"),
        *("made_on", "use_before", "lots", "left"),
    }
    assert dt.date.fromisoformat(told[6].said["made_on"]) == at(1).date()


def test_an_open_trial_needs_no_seal_for_its_kits(clinic):
    trial = begun(clinic.ines, "ldn-open")
    plan = planned(trial)
    after = order_kits(deed(trial), plan, [name for name in plan.batches if plan.is_known(name)])
    assert len(after.kits) == len(plan.kits)
    assert planned(trial).kits == plan.kits, "the codes are the same again"
