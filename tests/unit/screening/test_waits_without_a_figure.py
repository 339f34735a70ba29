"""What the rules say where a wait has no figure, and what a form or a day would bring."""

import datetime as dt

import pytest

from modicum.services.screening import screen

DAY = dt.date(2026, 3, 2)


def undecided(line, **more):
    [finding] = screen(line, on=DAY, **more).document["findings"]
    return finding["undecided"]


def test_a_wait_with_a_figure_is_decided():
    assert undecided("codeine") is None
    assert undecided("oxycodone immediate release") is None


def test_an_opioid_of_no_form_says_what_each_form_would_bring():
    found = undecided("tramadol")
    assert found["says"] == "longer than for tablets; the prescriber decides"
    assert [(one["form"], one["days"], one["grade"]) for one in found["by_form"]] == [
        ("short", 10, "label"),
        ("long", 14, "recalled"),
    ]
    assert found["over_after_days"] == 90


@pytest.mark.parametrize("line", ["oxycodone ir", "tramadol retard"])
def test_what_a_form_would_bring_is_what_it_brings(line):
    by_form = {one["form"]: one["days"] for one in undecided(line.split()[0])["by_form"]}
    [finding] = screen(line, on=DAY).document["findings"]
    assert finding["washout_days"] == by_form["short" if line.endswith("ir") else "long"]


def test_a_form_that_is_said_and_has_no_figure_offers_no_other():
    assert undecided("BuTrans")["by_form"] == []
    assert undecided("morphine depot injection")["by_form"] == []


def test_the_day_on_which_a_wait_is_a_question_is_the_day_on_which_the_rules_make_it_one():
    days = undecided("BuTrans")["over_after_days"]
    for gone, severity in ((days - 1, "stop"), (days, "ask")):
        [finding] = screen(f"BuTrans, last taken {DAY - dt.timedelta(days=gone)}", on=DAY).document["findings"]
        assert (finding["severity"], finding["undecided"] is None) == (severity, severity == "ask")


def test_no_day_ends_the_wait_after_a_depot():
    assert undecided("Sublocade")["over_after_days"] is None


def test_a_patient_is_not_shown_what_prescribers_decide_by():
    assert undecided("tramadol", reader="patient") is None
