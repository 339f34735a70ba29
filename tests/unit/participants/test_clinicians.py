"""What clinicians are like: two habits, as data with sources, and what they make of a population."""

import math

import numpy as np
import pytest

from modicum.foundation.errors import OptionsError
from modicum.foundation.streams import stream
from modicum.participants.clinicians import HABITS, Clinician, read_habits
from modicum.participants.population import Parameter, read_population
from modicum.participants.virtual import Truth

TYPICAL, VARIED = read_population("typical"), read_habits("varied")


def truth(person, population):
    return Truth.draw(1, person, population.parameters, "none", 1.5)


@pytest.mark.parametrize("name", HABITS.names)
def test_every_shipped_set_of_habits_says_where_each_comes_from(name):
    habits = read_habits(name)
    assert habits.name == name
    for _, habit in habits.parameters:
        assert habit.says
        assert habit.source == habit.grade == "assumption"


def test_who_a_clinician_is_depends_on_number_and_seed_alone():
    first = [Clinician.draw(1, number, VARIED) for number in range(5)]
    stream(1, "clinician", 2).random(100)
    assert first == [Clinician.draw(1, number, VARIED) for number in range(5)]
    assert len(set(first)) == 5
    assert Clinician.draw(2, 0, VARIED) != first[0]


def test_clinicians_differ_as_their_habits_say_and_within_what_can_be():
    drawn = [Clinician.draw(1, number, VARIED) for number in range(2000)]
    assert all(0 <= one.flare_share <= 1 and one.encouragement > 0 for one in drawn)
    assert np.median([one.encouragement for one in drawn]) == pytest.approx(1.0, abs=0.05)
    assert np.std([math.log(one.encouragement) for one in drawn]) == pytest.approx(0.4, abs=0.03)
    assert np.mean([one.flare_share for one in drawn]) == pytest.approx(0.4, abs=0.03)


def test_wide_habits_are_twice_as_wide():
    for (_, varied), (_, wide) in zip(VARIED.parameters, read_habits("wide").parameters, strict=True):
        assert (wide.value, wide.sd) == (varied.value, 2 * varied.sd)
        assert wide.log_sd == (None if varied.log_sd is None else 2 * varied.log_sd)


def test_clinicians_who_are_alike_are_all_one():
    assert len({Clinician.draw(1, number, read_habits("alike")) for number in range(20)}) == 1


def test_encouragement_multiplies_the_hope_of_each_patient_and_keeps_them_different():
    eager = Clinician(flare_share=0.0, encouragement=2.0).patients(TYPICAL)
    plain = [truth(person, TYPICAL).hope for person in range(50)]
    assert [truth(person, eager).hope for person in range(50)] == pytest.approx([2 * hope for hope in plain])
    assert np.std(plain) > 0.3
    assert min(plain) == 0.0


def test_encouragement_changes_nothing_else_about_a_patient():
    eager, plain = truth(7, Clinician(0.0, 3.0).patients(TYPICAL)), truth(7, TYPICAL)
    assert (eager.level, eager.drift, eager.onset_days, eager.prone) == (
        plain.level,
        plain.drift,
        plain.onset_days,
        plain.prone,
    )


def test_whoever_starts_in_a_flare_with_one_clinician_does_so_with_one_who_starts_more_of_them():
    few, many = (Clinician(share, 1.0).patients(TYPICAL) for share in (0.3, 0.8))
    flaring = [{person for person in range(200) if truth(person, of).flare > 0} for of in (few, many)]
    assert flaring[0] < flaring[1]
    assert len(flaring[0]) == pytest.approx(60, abs=20)


def test_a_parameter_that_is_multiplied_keeps_the_form_of_its_spread():
    said = {"unit": "points", "says": "a thing", "source": "assumption", "grade": "assumption"}
    for one in (
        Parameter(value=2.0, sd=1.0, low=1.5, high=3.0, **said),
        Parameter(value=2.0, log_sd=0.5, high=4.0, **said),
    ):
        drawn = [one.of_person(np.random.default_rng(k)) for k in range(100)]
        thrice = [one.times(3.0).of_person(np.random.default_rng(k)) for k in range(100)]
        assert thrice == pytest.approx([3 * value for value in drawn])


def test_encouragement_of_nothing_leaves_no_hope():
    assert truth(3, Clinician(0.0, 0.0).patients(TYPICAL)).hope == 0.0


def test_habits_that_are_not_there_are_refused_with_what_there_is():
    with pytest.raises(OptionsError) as wrong:
        read_habits("strict")
    (problem,) = wrong.value.problems
    assert (problem.code, problem.where) == ("MOD-SIM-03", "--habits")
    assert "alike, varied, wide" in problem.fix


def test_every_fault_of_a_file_of_habits_is_listed(tmp_path):
    path = tmp_path / "mine.toml"
    text = (HABITS.folder / "varied.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("sd = 0.25", "sd = -1").replace("encouragement =", "zeal ="), encoding="utf-8")
    with pytest.raises(OptionsError) as wrong:
        read_habits(str(path))
    assert {problem.code for problem in wrong.value.problems} == {"MOD-SIM-04"}
    assert [problem.where.split(": ")[1] for problem in wrong.value.problems] == [
        "parameters.flare_share.sd",
        "parameters.encouragement",
        "parameters.zeal",
    ]
    path.write_text("not toml", encoding="utf-8")
    with pytest.raises(OptionsError, match="not TOML"):
        read_habits(str(path))
