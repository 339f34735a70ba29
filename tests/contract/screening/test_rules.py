"""Every rule has a source, a line that meets it and one that does not; every question has an answer that meets a rule.

The registry is enumerated: a rule that is added is tested without a new line, and one without its parts fails here.
"""

import re

import pytest

from modicum.screening import clear, questions, read_answers
from modicum.screening.history import findings_of
from modicum.screening.rulebook import library, rules, substances
from screening_corpus import TODAY
from screening_histories import WELL

GRADES = ("label", "guideline", "trial", "review", "register", "practice page", "recalled")
CONFIRMED = ("label", "guideline", "trial")
ABOUT_PERSON = library("history")["rule"]


def met(answers):
    return {finding.rule: finding for finding in findings_of(read_answers(answers, TODAY), TODAY)}


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_every_rule_about_medicines_is_met_by_its_line_and_not_by_the_other(rule):
    assert rule.id in {finding.rule for finding in clear(rule.triggered_by, TODAY).findings}
    other = clear(rule.silent_on, TODAY)
    assert rule.id not in {finding.rule for finding in other.findings}
    assert other.not_recognised == (), "the other line is one that is understood"


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_every_rule_about_medicines_says_why_and_who_says_so(rule):
    assert rule.severity in ("stop", "ask", "note")
    assert rule.reason.endswith((".", "?"))
    assert rule.source
    assert rule.grade in GRADES
    assert all(one.text and one.source and one.grade in GRADES for one in rule.unconfirmed)


@pytest.mark.parametrize("row", [vars(rule) for rule in rules().values()] + ABOUT_PERSON, ids=lambda row: row["id"])
def test_a_stop_rests_on_a_label_a_guideline_or_a_trial_and_what_patients_read_holds_no_lower_figure(row):
    if row["severity"] == "stop":
        assert row["grade"] in CONFIRMED
    if row["grade"] not in CONFIRMED:
        assert not re.search(r"\d", row["reason"])


def test_every_medicine_of_the_library_has_a_rule_and_a_known_way_of_leaving_the_body():
    ways = {"short", "long", "by-form", "buprenorphine", "fentanyl", "unknown"}
    assert {substance.rule for substance in substances()} <= set(rules())
    assert {substance.release for substance in substances()} <= ways


@pytest.mark.parametrize("substance", substances(), ids=lambda substance: substance.name)
def test_every_way_of_writing_a_medicine_is_found(substance):
    """By the worst rule that any of its forms meets, alone in a line; the longest name counts where names overlap."""
    for written in substance.written:
        found = clear(written.name, TODAY)
        assert found.findings, written.name


@pytest.mark.parametrize("substance", [one for one in substances() if one.codes], ids=lambda substance: substance.name)
def test_every_code_of_a_medicine_is_found(substance):
    for code in substance.codes:
        assert {finding.rule for finding in clear(code, TODAY).findings} == {substance.rule}, code


def test_somebody_well_meets_no_rule():
    assert met(WELL) == {}


@pytest.mark.parametrize("rule", [row for row in ABOUT_PERSON if row["question"]], ids=lambda row: row["id"])
def test_every_rule_about_the_person_is_met_by_its_answers_and_not_by_the_others(rule):
    key = rule["question"]
    others = rule.get("only", {})
    if "below" in rule:
        assert rule["id"] in met({**WELL, key: rule["below"] - 1, **others})
        assert rule["id"] not in met({**WELL, key: rule["below"], **others})
        return
    for answer in rule["answers"]:
        finding = met({**WELL, key: answer})[rule["id"]]
        assert (finding.severity, finding.source, finding.grade) == (rule["severity"], rule["source"], rule["grade"])
    for answer in set(questions()[key].answers) - set(rule["answers"]):
        assert rule["id"] not in met({**WELL, key: answer})


@pytest.mark.parametrize("key", list(WELL))
def test_a_question_that_is_not_answered_is_asked(key):
    for answers in ({**WELL, key: "unknown"}, {one: WELL[one] for one in WELL if one != key}):
        finding = met(answers)["unanswered"]
        assert finding.severity == "ask"
        assert finding.given.startswith(f"{key}:")
