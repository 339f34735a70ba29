"""``modicum screen`` as a person types it."""

import json
import os

import jsonschema
import pytest

from modicum.cli.application import run
from modicum.services.documents import document_schema


def document(capsys, *arguments):
    code = run(["screen", *arguments, "--json"])
    read = json.loads(capsys.readouterr().out)
    jsonschema.validate(read, document_schema(read["schema"].split(".")[1].split("/")[0]))
    return code, read


def test_codeine_under_a_brand_is_a_stop(capsys):
    code, read = document(capsys, "--medications", "Tylenol #3 prn, sertraline 50")
    assert (code, read["result"], read["not_recognised"]) == (1, "stop", [])
    assert [(one["severity"], one["input"]) for one in read["findings"]] == [("stop", "Tylenol #3 prn")]


def test_a_name_that_nobody_knows_is_handed_back_with_exit_code_1(capsys):
    code, read = document(capsys, "--medications", "Zzyzxol")
    assert (code, read["result"], read["not_recognised"], read["findings"]) == (1, "ask", ["Zzyzxol"], [])


def test_a_clean_list_may_start_and_says_that_it_is_half_of_a_screening(capsys):
    code, read = document(capsys, "--medications", "naproxen 500; hydrocortisone cream")
    assert (code, read["result"], read["history_given"]) == (0, "may-start", False)
    assert "Only the medication list" in " ".join(read["sentences"])


def test_a_list_and_a_history_are_read_from_files(capsys, tmp_path):
    (tmp_path / "list.txt").write_text("naproxen\nlevothyroxine 100 mcg\n", encoding="utf-8")
    (tmp_path / "history.toml").write_text('age = 44\npregnancy = "planning"\n', encoding="utf-8")
    files = ("--medications", str(tmp_path / "list.txt"), "--history", str(tmp_path / "history.toml"))
    code, read = document(capsys, *files, "--on", "2026-11-23")
    assert (code, read["result"], read["on"], read["history_given"]) == (1, "ask", "2026-11-23", True)
    met = [one["rule"] for one in read["findings"]]
    assert {"pregnancy-planned-or-breastfeeding", "thyroid-replacement", "unanswered"} == set(met)


def test_a_file_in_which_somebody_wrote_with_windows_is_read(capsys, tmp_path):
    (tmp_path / "list.txt").write_bytes("\ufeffnaproxen\r\ncodeína 30\r\n".encode())
    _, read = document(capsys, "--medications", str(tmp_path / "list.txt"))
    assert [one["input"] for one in read["findings"]] == ["codeína 30"]


def test_patients_see_no_figure_of_a_low_grade(capsys):
    line = ("--medications", "methadone stopped 2026-11-20", "--on", "2026-11-23")
    _, whole = document(capsys, *line)
    _, read = document(capsys, *line, "--reader", "patient")
    assert (whole["findings"][0]["wait_days"], read["findings"][0]["wait_days"]) == (14, None)
    assert whole["findings"][0]["unconfirmed"]
    assert read["findings"][0]["unconfirmed"] == []
    assert "14" not in json.dumps(read["findings"])


def test_the_questions_of_a_history_are_listed(capsys):
    code, read = document(capsys, "--questions")
    assert code == 0
    assert {"age", "pregnancy", "suicidality"} <= {one["key"] for one in read["questions"]}
    assert run(["screen", "--questions"]) == 0
    assert "pregnancy = no | pregnant | planning | breastfeeding" in capsys.readouterr().out


def test_for_people_it_says_what_was_read_as_what_and_that_it_does_not_prescribe(capsys):
    assert run(["screen", "--medications", "tramodol; Zzyzxol; prednisone 20 mg"]) == 1
    said = capsys.readouterr().out
    assert "Stop: tramodol" in said
    assert "tramodol, taken for tramadol (1 letter apart)" in said
    assert "Not recognised: Zzyzxol" in said
    assert "Unconfirmed (practice page)" in said
    assert said.count("does not prescribe") == 1


def test_a_time_that_counts_as_over_says_by_which_figure_and_in_whom_it_was_found(capsys):
    line = ["screen", "--medications", "codeine stopped 2026-10-20; methadone stopped 2026-10-20", "--on", "2026-11-23"]
    assert run(line) == 1
    said = capsys.readouterr().out
    assert "Last taken 2026-10-20; 10 days opioid-free were asked for." in said
    assert said.count("From 50 mg in people dependent on opioids; no low-dose data.") == 2
    assert run([*line, "--reader", "patient"]) == 1
    read = capsys.readouterr().out
    assert "10 days" in read
    assert "14 days" not in read


def test_low_dose_naltrexone_taken_already_is_not_said_to_be_a_high_dose(capsys):
    _, read = document(capsys, "--medications", "LDN 4.5 mg")
    assert "beside low-dose naltrexone that is taken already" in read["findings"][0]["reason"]


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ((), ["MOD-SCREEN-08"]),
        (("--medications", "naproxen", "--on", "23/11/2026"), ["MOD-SCREEN-05"]),
        (("--on", "soon", "--reader", "nurse"), ["MOD-SCREEN-08", "MOD-SCREEN-05", "MOD-SCREEN-07"]),
    ],
)
def test_what_was_typed_wrong_is_said_all_at_once(capsys, arguments, codes):
    code, read = document(capsys, *arguments)
    assert code == 2
    assert [one["code"] for one in read["problems"]] == codes


def test_a_list_that_looks_like_a_path_but_is_none_is_a_list(capsys):
    _, read = document(capsys, "--medications", f"codeine{os.sep}paracetamol")
    assert read["result"] == "stop"


def test_a_notebook_shows_the_result_and_what_was_found():
    import modicum

    shown = modicum.screen("codeine & <b>, Zzyzxol")._repr_html_()
    assert "Not to be started" in shown
    assert "Zzyzxol" in shown
    assert "<b>" not in shown
