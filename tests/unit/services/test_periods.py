import io
import math

import numpy as np
import pytest

import modicum
from modicum.services.periods import changes_within, period_of_entries, with_values_before

PLAIN = {"outcome": "pain", "better": "lower", "range": (0, 10), "mcid": 1, "kind": "gaussian"}


def diary(diet=lambda day: day % 5, columns="vegetables", halves=4, factor=lambda half: half % 2):
    rng = np.random.default_rng(1)
    rows = [
        f"{day},{1.5 * (half % 2)},true,{min(max(round(rng.normal(6, 1.5)), 0), 10)},{diet(day)},{factor(half)}"
        for half in range(halves)
        for day in range(14 * half, 14 * half + 14)
    ]
    return "\n".join([f"day,dose_mg,blinded,pain,{columns},factor.diet", *rows])


def read(text, *covariates):
    return modicum.read_diary(io.StringIO(text), outcomes=["pain"], covariates=list(covariates))


def codes(text, *covariates):
    answer = modicum.analyse(io.StringIO(text), **PLAIN, covariates=covariates).answer
    return [w.value for w in answer.warnings if w.code == "MOD-ASSUME-16"], answer.question.covariates


def test_a_value_before_a_period_is_the_mean_of_its_last_week_and_the_first_has_none():
    made = with_values_before(read(diary(diet=lambda day: day)), ["before.vegetables"]).covariates["before.vegetables"]
    assert np.isnan(made[:14]).all()
    # the dosing day begins at 22:00 of the evening before: the entry of day 13 is the last before the second period
    assert made[14:28].tolist() == [10.0] * 14
    assert made[28:42].tolist() == [24.0] * 14


def test_an_entry_of_the_period_itself_never_counts():
    plain, changed = diary(), diary(diet=lambda day: 99 if 14 <= day < 28 else day % 5)
    values = [
        with_values_before(read(text), ["before.vegetables"]).covariates["before.vegetables"]
        for text in (plain, changed)
    ]
    assert values[0][14:28].tolist() == values[1][14:28].tolist()
    assert values[0][28:42].tolist() != values[1][28:42].tolist()


def test_a_name_without_a_column_or_without_the_prefix_adds_nothing():
    read_before = read(diary())
    assert with_values_before(read_before, ["before.fruit", "vegetables"]) is read_before


def test_missing_values_are_left_out_of_the_mean():
    text = diary(diet=lambda day: "" if day == 13 else 2)
    made = with_values_before(read(text), ["before.vegetables"]).covariates["before.vegetables"]
    assert made[14] == 2
    empty = diary(diet=lambda day: "" if day < 14 else 2)
    assert math.isnan(with_values_before(read(empty), ["before.vegetables"]).covariates["before.vegetables"][14])


def test_periods_are_runs_of_one_dose():
    period, starts = period_of_entries(read(diary()))
    assert period.tolist() == sorted(list(range(4)) * 14)
    assert [round(float(at), 2) for at in starts] == [-0.08, 13.92, 27.92, 41.92]


@pytest.mark.parametrize(
    ("name", "warned"),
    [("vegetables", ["vegetables"]), ("before.vegetables", []), ("factor.diet", [])],
)
def test_only_values_that_may_follow_from_the_treatment_are_warned_about(name, warned):
    found, used = codes(diary(), name)
    assert (found, used) == (warned, (name,))


def test_a_column_that_is_set_once_a_period_is_taken_as_it_is():
    assert codes(diary(diet=lambda day: day // 14 % 3), "vegetables")[0] == []


def test_a_factor_drawn_by_the_pair_does_not_change_within_periods():
    assert not changes_within(read(diary(factor=lambda half: half // 2)), "factor.diet")


def test_days_of_the_cycle_are_taken_without_a_warning():
    text = diary(columns="cycle_day", diet=lambda day: day % 28 + 1)
    assert codes(text, "cycle_day")[0] == codes(text, "cycle")[0] == []


def test_a_side_effect_is_warned_about_once():
    text = diary(columns="side_effect:nausea", diet=lambda day: day % 2)
    warnings = modicum.analyse(io.StringIO(text), **PLAIN, covariates="side_effect:nausea").answer.warnings
    assert [w.code for w in warnings if w.value == "side_effect:nausea"] == ["MOD-ASSUME-11"]


def test_values_before_a_period_work_for_many_diaries_too():
    options = {key: value for key, value in PLAIN.items() if key != "outcome"}
    many = modicum.analyse_many(
        [io.StringIO(diary()), io.StringIO(diary())], outcome="pain", **options, covariates="before.vegetables"
    )
    assert len(many.to_frame()) == 2


def test_a_protocol_may_ask_for_values_before_a_period():
    text = modicum.protocol.new_protocol().replace("covariates = []", 'covariates = ["before.vegetables"]', 1)
    rows = [f"{day},0,{5 + day % 2},{day % 5}" for day in range(14)] + [
        f"{day},1,{4 + day % 2},{day % 5}" for day in range(14, 28)
    ]
    protocol = modicum.read_protocol(text.encode())
    csv = io.StringIO("\n".join([f"day,dose_mg,{protocol.primary},vegetables", *rows]))
    answer = modicum.analyse(csv, protocol=protocol, outcome=protocol.primary).answer
    assert answer.question.covariates == ("before.vegetables",)
