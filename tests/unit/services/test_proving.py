"""What the papers and the clinic's record prove together: the doses that were bound, the openings that were told."""

import datetime as dt
from types import SimpleNamespace

import pytest

from allocation_fixtures import FLAGSHIP, NOW, chance, drawn, key_file, reveal
from modicum.allocation import Allocation
from modicum.protocol import read_protocol
from modicum.services.binding import bind
from modicum.services.diary.choosing import chosen_doses
from modicum.services.folders import read_evidence
from modicum.services.proving import prove
from modicum.services.revealing import Closing, Held, Opened
from modicum.services.unblinding import unblind
from modicum.trial import Look, stand
from modicum.trial.roles import roles_of

PROTOCOL = read_protocol(FLAGSHIP)
CLOSING = Closing(answered=SimpleNamespace(said={"result": {}}))
DAY = dt.date(2026, 3, 1)
IN_DOUBT, ENOUGH = 0.6, 0.99
COURSES = {
    "1.5 mg from the first pair on": [(0.3,), (0.3, ENOUGH)],
    "a candidate that is chosen again": [(0.3,), (0.3, ENOUGH), (0.3, 0.01), (0.3, 0.01, 0.6), (0.3, 0.01, 0.6)],
    "a step-down of two doses in doubt": [(0.3,), (0.3, 0.3), (IN_DOUBT, IN_DOUBT, ENOUGH), *[(0.6, 0.6, 1.0)] * 6],
}


def look(p_mcid):
    """What is seen of four doses, of which as many were taken as have a probability."""
    p = (*p_mcid, *(0.0,) * (4 - len(p_mcid)))
    return Look(tuple(k < len(p_mcid) for k in range(4)), tuple(min(1.0, 2 * one) for one in p), p, (0.0,) * 4)


def lived(folder, looks, instead=None):
    """The stretches of a trial that went by these looks, its doses bound as the clinic binds them, and revealed.

    ``instead`` of a phase are doses bound in the place of those that were chosen.
    """
    papers = reveal(folder, "review", "review").papers.allocation
    state = stand(PROTOCOL, roles_of(PROTOCOL, papers.places), [look(one) for one in looks])
    trial = SimpleNamespace(protocol=PROTOCOL, state=state)
    for one in chosen_doses(trial):
        doses = (instead or {}).get(one.phase, one.doses_mg)
        bind(folder, one.phase, doses, from_period=one.from_period, now=NOW, randomness=chance(one.from_period))
    reveal(folder)
    return tuple(Held(block.phase, DAY, DAY, block.days, block.capsule_mg, None) for block in state.blocks)


def proved(folder, held=(), told=()):
    fingerprint = Allocation.from_bytes(read_evidence(folder).document).fingerprint
    return {one.part: one for one in prove(folder, fingerprint, Opened("", held), CLOSING, told)}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("course", COURSES)
def test_doses_that_were_bound_as_the_reviews_chose_them_are_sound(tmp_path, course, seed):
    folder = drawn(tmp_path / "p", seed=seed)
    held = lived(folder, COURSES[course])
    phases = [one.phase for one in held]
    assert "confirmation" in phases
    assert ("step-down" in phases) == course.startswith("a step-down")
    assert proved(folder, held)["doses of the bindings"].result == "sound"


@pytest.mark.parametrize("instead", [{"confirmation": [4.5]}, {"step-down": [0.5]}])
def test_a_dose_that_was_bound_in_the_place_of_the_chosen_one_is_forged(tmp_path, instead):
    folder = drawn(tmp_path / "p")
    held = lived(folder, COURSES["a step-down of two doses in doubt"], instead)
    found = proved(folder, held)
    assert [part for part, one in found.items() if one.result == "forged" and part != "diary.csv"] == [
        "doses of the bindings"
    ]


@pytest.fixture
def told():
    """What a store was told, and the witness that tells it."""
    return []


def opened(folder, told, who, *, told_too=True, kept=True):
    """An opening for the pharmacist: its event in the store, unless it is without; its record, unless it failed."""

    def witness(opening):
        said = {"path": opening.path, "key": opening.key, "who": opening.who, "why": opening.why}
        told.append({**said, "at": opening.at.isoformat(), "allocation": opening.allocation})
        if not kept:
            raise OSError("the disk is full")

    key, asked = key_file(folder.parent, "pharmacist"), {"why": "capsules", "now": NOW, "randomness": chance(2)}
    try:
        unblind(folder, key, "supply", who=who, witness=witness if told_too else None, **asked)
    except OSError:
        assert not kept


@pytest.mark.parametrize(
    ("past", "failed", "result"),
    [(False, False, "sound"), (True, False, "sound"), (False, True, "sound"), (True, True, "forged")],
)
def test_records_and_events_that_tell_of_different_openings_are_forged(tmp_path, told, past, failed, result):
    """One past the clinic has no event, one that failed no record; both at once look like one that was rewritten."""
    folder = drawn(tmp_path / "p")
    opened(folder, told, "A. Pharmacist")
    if past:
        opened(folder, told, "On call", told_too=False)
    if failed:
        opened(folder, told, "A. Pharmacist", kept=False)
    found = proved(folder, told=told)["openings and the store"]
    assert found.result == result
    if result == "sound":
        assert found.message.startswith(
            f"The store was told of 1 of {1 + past} openings on record, and of {1 * failed}"
        )


def test_openings_of_another_allocation_of_the_same_trial_are_not_counted(tmp_path, told):
    folder, again = drawn(tmp_path / "p"), drawn(tmp_path / "again", seed=7)
    opened(folder, told, "A. Pharmacist")
    opened(again, told, "A. Pharmacist")
    message = "The store was told of 1 of 1 openings on record, and of 0 more."
    assert proved(folder, told=told)["openings and the store"].message == message
