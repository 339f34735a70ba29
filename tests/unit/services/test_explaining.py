import json

import pytest

from modicum.foundation.errors import OptionsError
from modicum.services.explaining import explain, read_result

DOSE = {"dose_mg": 1.5, "taken": True, "days": 24, "mean": -1.2, "p_mcid": 0.61, "interval95": [-2.0, -0.4]}
DOCUMENT = {
    "schema": "modicum.result/1",
    "outcome": "pain",
    "n_observed": 48,
    "n_days": 50,
    "doses": [DOSE],
    "noise": {"sd": {"mean": 1.1, "interval95": [0.9, 1.4]}, "onset_days": {"mean": 4.0}},
    "secondary": [{"outcome": "sleep", "n_observed": 40, "doses": [DOSE]}],
    "sensitivity": [{"change": "no trend", "doses": [DOSE]}],
    "smallest_effective_dose": {"dose_mg": None, "probabilities": {"none": 0.3, "1.5": 0.7}},
    "input_sha256": "0123456789abcdef",
}


def test_a_chance_is_explained_with_its_rule_and_its_records():
    explanation = explain(DOCUMENT, "/doses/0/p_mcid")
    assert explanation.value == 0.61
    assert "smallest difference that matters" in explanation.what
    assert explanation.given.startswith("averaged over")
    assert explanation.rule == "(1 - p_no_effect) x p_mcid_given_effect."
    assert "48 entries of pain over 50 dosing days" in explanation.records
    assert "dose 1.5 in force on 24 of them" in explanation.records
    assert "0123456789ab" in explanation.records
    assert "Roychoudhury" in explanation.source


def test_an_end_of_an_interval_has_the_unit_of_what_it_is_an_interval_of():
    assert explain(DOCUMENT, "/doses/0/interval95/1").unit == "units of pain"
    assert explain(DOCUMENT, "/noise/onset_days/mean").unit == "days"
    assert explain(DOCUMENT, "/noise/sd/interval95/0").unit == "units of pain"


def test_a_secondary_outcome_is_explained_in_its_own_units_and_entries():
    explanation = explain(DOCUMENT, "/secondary/0/doses/0/mean")
    assert explanation.unit == "units of sleep"
    assert "40 entries of sleep" in explanation.records


def test_an_effect_on_a_chance_and_its_noise_are_explained_in_their_own_units():
    binary = {**DOCUMENT, "kind": "binary", "p_no_effect": 0.2}
    assert explain(binary, "/doses/0/mean").unit == "chance of pain, 0 to 1"
    assert explain(binary, "/noise/sd/mean").unit == "log odds of pain"
    assert explain({**DOCUMENT, "kind": "count"}, "/noise/sd/mean").unit == "log rate of pain"
    assert explain(binary, "/secondary/0/doses/0/mean").unit == "units of sleep"
    assert "importance sampling" in explain(binary, "/p_no_effect").rule


def test_a_count_of_a_side_effect_is_explained_by_the_entries_that_asked_about_it():
    nausea = {"name": "nausea", "asked": 30, "events": 4, "by_dose": [{"dose_mg": 1.5, "asked": 12, "events": 4}]}
    found = {**DOCUMENT, "side_effects": [nausea]}
    assert "30 entries that asked about nausea" in explain(found, "/side_effects/0/events").records
    assert "12 entries that asked about nausea" in explain(found, "/side_effects/0/by_dose/0/events").records


def test_a_row_of_the_sensitivity_table_says_what_was_changed():
    assert any("no trend" in words for words in explain(DOCUMENT, "/sensitivity/0/doses/0/mean").part_of)


def test_a_dose_is_a_key_like_any_other():
    assert explain(DOCUMENT, "/smallest_effective_dose/probabilities/1.5").value == 0.7


def test_the_empty_pointer_is_the_whole_document():
    assert explain(DOCUMENT, "").what == "The whole document of one analysis."


@pytest.mark.parametrize(
    ("pointer", "fix"),
    [
        ("doses/0", "Write for example /doses/0/mean."),
        ("/dose", "Did you mean doses?"),
        ("/xyzzy", "Here there are: schema, outcome, n_observed"),
        ("/doses/1", "Write a number from 0 to 0."),
        ("/doses/-1", "Write a number from 0 to 0."),
        ("/doses/first", "Write a number from 0 to 0."),
        ("/outcome/x", "Shorten it."),
    ],
)
def test_a_pointer_to_nothing_says_where_it_went_wrong(pointer, fix):
    with pytest.raises(OptionsError) as caught:
        explain(DOCUMENT, pointer)
    assert [problem.code for problem in caught.value.problems] == ["MOD-OPT-13"]
    assert fix in caught.value.problems[0].fix


def test_escapes_of_json_pointer_are_read():
    with pytest.raises(OptionsError, match="There is no a/b~c here"):
        explain(DOCUMENT, "/a~1b~0c")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "1", '{"schema": "modicum.pool/1"}', "[" * 100_000, '{"schema": 1}', "\x00"]
)
def test_a_file_that_is_no_result_is_refused(tmp_path, text):
    path = tmp_path / "result.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OptionsError) as caught:
        read_result(path)
    assert [problem.code for problem in caught.value.problems] == ["MOD-OPT-12"]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(OptionsError, match="cannot be read"):
        read_result(tmp_path / "none.json")


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "result.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OptionsError, match="not a JSON document"):
        read_result(path)


def test_a_result_is_read_back(tmp_path):
    path = tmp_path / "result.json"
    path.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    assert read_result(path) == DOCUMENT


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_document_with_a_number_that_json_lacks_is_refused(tmp_path, number):
    path = tmp_path / "result.json"
    path.write_text(f'{{"schema": "modicum.result/1", "p_no_effect": {number}}}', encoding="utf-8")
    with pytest.raises(OptionsError, match="MOD-OPT-12"):
        read_result(path)
