import io
import json
import math

import numpy as np
import pytest

import modicum
import shells_fixtures

OPTIONS = {"outcome": "pain", "better": "lower", "range": (0, 10), "mcid": 1}


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    path = shells_fixtures.write(tmp_path_factory.mktemp("diary") / "diary.csv", shells_fixtures.rows())
    return modicum.analyse(path, **OPTIONS)


def test_a_result_says_its_verdict(result):
    assert result.verdict.sentence in repr(result)


def test_the_document_is_made_anew_so_that_nobody_can_change_it(result):
    result.document["verdict"]["sentence"] = "changed"
    assert result.document["verdict"]["sentence"] == result.verdict.sentence


def test_json_text_has_no_number_that_json_lacks(result):
    def refuse(word):
        raise AssertionError(word)

    json.loads(result.to_json(), parse_constant=refuse)


def test_the_same_diary_gives_the_same_bytes(result, tmp_path):
    path = shells_fixtures.write(tmp_path / "diary.csv", shells_fixtures.rows())
    assert modicum.analyse(path, **OPTIONS).to_json() == result.to_json()


def test_draws_agree_with_the_exact_moments(result):
    draws = result.draws(40_000, seed=1)["dose:1.5"]
    exact = result.answer.doses[0].effect
    assert abs(draws.mean() - exact.mean) < 5 * exact.sd / math.sqrt(len(draws))
    assert abs(draws.std() / exact.sd - 1) < 0.05


def test_draws_depend_on_the_seed_alone(result):
    assert np.array_equal(result.draws(10, seed=3)["dose:1.5"], result.draws(10, seed=3)["dose:1.5"])
    assert not np.array_equal(result.draws(10, seed=3)["dose:1.5"], result.draws(10, seed=4)["dose:1.5"])


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_arviz_gets_effects_by_dose_and_the_scores(result):
    data = result.to_arviz(draws=50, seed=0)
    assert data.posterior["effect"].dims == ("chain", "draw", "dose_mg")
    assert data.posterior["effect"].shape == (1, 50, 1)
    assert data.posterior["dose_mg"].values.tolist() == [1.5]
    assert data.observed_data["pain"].shape == (len(result.answer.diary),)


def test_a_result_is_frozen(result):
    with pytest.raises(AttributeError):
        result.answer = None


@pytest.mark.parametrize("name", ["report.docx", "report", "report.txt"])
def test_a_report_is_html_or_pdf_and_other_names_say_so(result, tmp_path, name):
    with pytest.raises(modicum.OptionsError, match="MOD-OPT-11"):
        result.report(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_report_is_a_pdf_where_its_name_says_so(result, tmp_path):
    assert result.report(tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_a_report_into_a_folder_that_is_not_there_is_a_problem_not_a_traceback(result, tmp_path):
    with pytest.raises(modicum.OptionsError, match="MOD-OPT-11"):
        result.report(tmp_path / "none" / "report.html")


def test_a_diary_that_was_read_before_gives_the_same_answer(result, tmp_path):
    path = shells_fixtures.write(tmp_path / "diary.csv", shells_fixtures.rows())
    diary = modicum.read_diary(path, outcomes=["pain"])
    assert modicum.analyse(diary, **OPTIONS).document["doses"] == result.document["doses"]


def test_options_for_reading_do_not_go_with_a_diary_that_was_read_before(result):
    with pytest.raises(modicum.OptionsError) as caught:
        modicum.analyse(result.answer.diary, **OPTIONS, mapping={"day": "d"}, day_from_row=True)
    assert [(p.code, p.where) for p in caught.value.problems] == [
        ("MOD-OPT-10", "--map"),
        ("MOD-OPT-10", "--day-from-row"),
    ]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_is_a_diary_too(result, tmp_path, library):
    path = shells_fixtures.write(tmp_path / "diary.csv", shells_fixtures.rows())
    frame = pytest.importorskip(library).read_csv(path)
    assert modicum.analyse(frame, **OPTIONS).document["doses"] == result.document["doses"]


def test_every_warning_is_in_the_document():
    rows = shells_fixtures.rows(days_a_block=2)
    found = modicum.analyse(io.StringIO("\n".join(rows)), outcome="pain", better="lower", range=(0, 10))
    assert {"MOD-ASSUME-01", "MOD-ASSUME-02"} <= {w["code"] for w in found.document["warnings"]}


def test_a_protocol_that_cannot_be_read_is_the_only_problem_of_what_it_would_have_said(tmp_path):
    path = shells_fixtures.write(tmp_path / "diary.csv", shells_fixtures.rows())
    with pytest.raises(modicum.InputError) as caught:
        modicum.analyse(path, protocol=tmp_path / "none.toml")
    assert {problem.code.rsplit("-", 1)[0] for problem in caught.value.problems} == {"MOD-PROTO"}


def test_without_any_protocol_what_it_would_say_is_asked_for(tmp_path):
    path = shells_fixtures.write(tmp_path / "diary.csv", shells_fixtures.rows())
    with pytest.raises(modicum.OptionsError, match="MOD-OPT-02"):
        modicum.analyse(path)


def test_an_answer_that_two_grids_do_not_agree_on_is_warned_of(monkeypatch, tmp_path):
    monkeypatch.setattr("modicum.services.cautions.NOTICED", 0.0)
    path = shells_fixtures.write(tmp_path / "diary.csv", shells_fixtures.rows())
    assert "MOD-ASSUME-12" in {warning.code for warning in modicum.analyse(path, **OPTIONS).answer.warnings}


def test_where_nothing_is_known_no_number_is_said_to_be_inexact(monkeypatch):
    monkeypatch.setattr("modicum.services.cautions.NOTICED", 0.0)
    same = "".join(f"{day},{day // 7 % 2},5\n" for day in range(21))
    found = modicum.analyse(io.StringIO(f"day,dose_mg,pain\n{same}"), **OPTIONS).answer
    assert found.uninformative
    assert "MOD-ASSUME-12" not in {warning.code for warning in found.warnings}


@pytest.mark.parametrize("given", [5, ["ldn-smallest-dose"], {"name": "x"}])
def test_a_protocol_of_another_type_is_a_problem_and_no_traceback(given):
    with pytest.raises(modicum.OptionsError) as refusal:
        modicum.analyse(io.StringIO("\n".join(shells_fixtures.rows())), protocol=given)
    assert [(problem.code, problem.where) for problem in refusal.value.problems] == [("MOD-OPT-01", "--protocol")]
