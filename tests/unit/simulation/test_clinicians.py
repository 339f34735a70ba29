"""Virtual clinicians: whom they treat, what they would say, and how a share is put together from two worlds."""

from fractions import Fraction

import numpy as np
import pytest

from modicum.participants.clinicians import Clinician, read_habits
from modicum.participants.population import read_population
from modicum.protocol import read_protocol
from modicum.services.clinicians import _practices
from modicum.services.clinicians_asked import Asked, check
from modicum.simulation import sweep as sweeping
from modicum.simulation.clinicians import (
    COUNTING,
    TRUE_SHARES,
    Practice,
    Said,
    drawn_responses,
    reports,
    responds,
    run_patients,
)
from modicum.simulation.scenario import Outcome
from modicum.simulation.sweep import Chunk, spread

ONE = Outcome(0, "works", 1.5, True, "responded", 30, 0, None, (), ())


def practice(archetype="none", **change):
    given = {"habits": read_habits("varied"), "patients": 4, "seed": 1} | change
    return Practice(read_protocol("ldn-open-fast"), None, read_population("typical"), archetype, 1.5, "eye", **given)


def practices(**change):
    asked = Asked(**({"protocols": ["ldn-open-fast"], "patients": 3} | change))
    crew = check(asked)
    return [scenario for plan in crew.protocols for scenario in _practices(plan, crew, asked)]


def test_so_many_consecutive_people_have_one_clinician():
    first, second = (Clinician.draw(1, number, read_habits("varied")) for number in (0, 1))
    shares = [practice().people(person).parameters.flare_share.value for person in range(8)]
    assert shares == [first.flare_share] * 4 + [second.flare_share] * 4


def test_whoever_responds_where_a_third_do_responds_where_two_thirds_do():
    drawn = drawn_responses(1, 50, 20)
    few, many = ({*np.flatnonzero(drawn.ravel() < float(share))} for share in TRUE_SHARES[1:])
    assert few < many
    assert len(few) == pytest.approx(1000 / 3, abs=60)
    assert len(many) == pytest.approx(2000 / 3, abs=60)


def test_who_responds_depends_neither_on_how_many_clinicians_nor_on_how_many_patients_there_are():
    assert np.array_equal(drawn_responses(1, 2, 10).ravel(), drawn_responses(1, 5, 4).ravel())
    assert drawn_responses(1, 3, 4)[2, 1] == responds(1, 9)
    assert not np.array_equal(drawn_responses(1, 2, 3), drawn_responses(2, 2, 3))


def test_only_those_whom_a_drug_ever_helps_are_sent_through_the_trial_with_it():
    helped = [person for person in range(30) if responds(3, person) < 2 / 3]
    lived = run_patients(practices(seed=3, effect_mcid=9.0, archetype="threshold-0.5")[1], 3, Chunk(1, 0, 30))
    assert 0 < len(lived.declared) <= len(helped) < 30
    assert lived.declared <= {*helped}


def test_a_report_is_put_together_from_those_who_respond_and_those_who_do_not():
    drawn = np.array([[0.1, 0.5, 0.9], [0.2, 0.3, 0.4]])
    unhelped = Said(frozenset({0, 2}), frozenset({2}))
    helped = Said(frozenset({1, 3, 4}), frozenset({1, 3}))
    nobody, third, most = (reports(unhelped, helped, drawn, share) for share in TRUE_SHARES)
    assert [one.helped.tolist() for one in (nobody, third, most)] == [[0, 0], [1, 2], [2, 3]]
    assert [one.declared.tolist() for one in (nobody, third, most)] == [[2, 0], [1, 2], [2, 2]]
    assert [one.unqualified.tolist() for one in (nobody, third, most)] == [[1, 0], [1, 1], [2, 1]]


def test_nobody_is_helped_by_a_drug_that_helps_nobody_and_all_by_one_that_helps_all():
    drawn, every = drawn_responses(1, 3, 5), Said(frozenset(range(15)), frozenset())
    assert reports(Said(), every, drawn, Fraction(0)).declared.tolist() == [0, 0, 0]
    assert reports(Said(), every, drawn, Fraction(1)).declared.tolist() == [5, 5, 5]


def test_what_is_said_adds_up_and_reads_back_as_it_was_written():
    first = Said.of([ONE, Outcome(1, "cannot-tell", None, False, "futile", 9, 0, None, (), ())])
    second = Said.of([Outcome(5, "works-smaller-too", 1.5, False, "works", 9, 0, 0.1, (), ())])
    assert first + second == Said(frozenset({0, 5}), frozenset({0}))
    assert Said() + first == first
    assert Said.read((first + second).write()) == first + second


@pytest.fixture(scope="module")
def alone():
    return spread(practices(), 12, 1, COUNTING)


def test_what_is_said_depends_neither_on_the_number_of_processes_nor_on_how_people_are_cut(alone, monkeypatch):
    monkeypatch.setattr(sweeping, "CHUNK", 5)
    assert spread(practices(), 12, 1, COUNTING, processes=2) == alone
    assert any(said.declared for said in alone)


def test_more_clinicians_change_no_earlier_one(alone):
    longer = spread(practices(), 18, 1, COUNTING)
    assert [{person for person in said.declared if person < 12} for said in longer] == [said.declared for said in alone]


def test_a_run_that_was_stopped_goes_on_from_what_it_kept_and_never_takes_that_of_other_habits(alone, tmp_path):
    spread(practices(), 12, 1, COUNTING, kept=tmp_path)
    assert len(list(tmp_path.glob("*.json"))) == 2

    def nobody(*_):
        raise AssertionError("somebody was simulated again")

    kept = sweeping.Counting(nobody, Said)
    assert spread(practices(), 12, 1, kept, kept=tmp_path) == alone
    for other in ({"habits": "alike"}, {"patients": 4}):
        with pytest.raises(AssertionError, match="again"):
            spread(practices(**other), 12, 1, kept, kept=tmp_path)


def test_half_a_kept_part_counts_as_missing(alone, tmp_path):
    spread(practices(), 12, 1, COUNTING, kept=tmp_path)
    for path in tmp_path.glob("*.json"):
        path.write_text(path.read_text()[:-4])
    assert spread(practices(), 12, 1, COUNTING, kept=tmp_path) == alone


def test_progress_is_told_up_to_the_last_trial():
    told = []
    spread(practices(), 12, 1, COUNTING, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (24, 24)
