import pytest

from modicum.pharmacology import CLAIMS, HYPOTHESIS, PARAMETERS, SCENARIOS, course_of, explain, typical

GRADES = {"label or regulator", "guideline", "trial", "review", "register", "practice page", "recalled", "assumption"}


@pytest.mark.parametrize("line", [*PARAMETERS.values(), *SCENARIOS.values()], ids=lambda line: line.name)
def test_every_number_has_a_source_or_is_called_an_assumption(line):
    assert line.grade in GRADES
    assert len(line.sentence.split()) >= 4
    if line.grade == "assumption":
        assert not line.verified
    else:
        assert line.source


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=lambda each: each.name)
def test_every_value_lies_in_the_range_that_may_be_set(parameter):
    assert parameter.low <= parameter.value <= parameter.high


def test_the_slow_phase_can_only_be_the_slow_one():
    assert PARAMETERS["fast_half_life_h"].high < PARAMETERS["half_life_h"].low


def test_the_tradition_is_never_called_measured():
    assert not SCENARIOS["hours"].measured
    assert "never measured" in SCENARIOS["hours"].sentence
    assert SCENARIOS["days"].measured


def test_whatever_was_not_verified_says_so_where_it_is_labelled():
    assert {p.label for p in PARAMETERS.values() if not p.verified} == {"assumption"}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda each: each.claim[:30])
def test_every_claim_says_who_claims_it_what_was_measured_and_how_good_that_is(claim):
    assert claim.grade in GRADES
    assert claim.said_by
    assert claim.measured
    assert claim.finding


def test_the_register_holds_every_claim_that_was_asked_for():
    text = " ".join(claim.claim for claim in CLAIMS).lower()
    for word in ("rebound", "tlr4", "permeability", "histamine", "gluten", "casein", "growth factor", "4 to 6 hours"):
        assert word in text


def test_claims_that_are_not_for_patients_are_left_out():
    text = " ".join(f"{claim.claim} {claim.measured}" for claim in CLAIMS).lower()
    assert [word for word in ("cancer", "hiv", "autism") if word in text] == []


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda each: each.name)
def test_comparing_doses_says_why_a_fraction_is_another_drug(scenario):
    said = " ".join(explain([course_of(typical(), dose, 14, scenario) for dose in (50.0, 0.5, 4.5)]))
    assert "100 times the concentration" in said
    assert "8, 45 and 90 of 100" in said
    assert "another drug" in said


@pytest.mark.parametrize("doses", [(4.5,), (0.5, 4.5, 50.0)])
def test_what_is_said_of_a_rebound_is_called_a_hypothesis(doses):
    said = " ".join(explain([course_of(typical(), dose) for dose in doses]))
    assert HYPOTHESIS in said
    assert "says nothing about what a dose does for a person" in said


def test_doses_that_are_all_but_equal_are_not_called_another_drug():
    said = " ".join(explain([course_of(typical(), dose) for dose in (4.4, 4.5)]))
    assert "another drug" not in said
