"""``modicum simulate`` and ``modicum plan`` in a shell: the report, its place, and what is said about the diary."""

import json
import shlex

import jsonschema
import pytest

from modicum.cli.application import run
from modicum.services.documents import document_schema

FEW = ["--participants", "3", "--archetypes", "none,threshold-4.5", "--seed", "2"]


@pytest.fixture
def command(capsys):
    """Run a command; its exit code, standard output and standard error in one line."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, " ".join(captured.err.split())

    return call


@pytest.fixture
def run_in(tmp_path):
    path = tmp_path / "run-in.csv"
    rows = [f"{day},0,{6 + (7 * day) % 3 - 1}" for day in range(14)]
    path.write_text("\n".join(["day,dose_mg,pain", *rows, ""]), encoding="utf-8")
    return path


def document(text, kind):
    found = json.loads(text)
    jsonschema.validate(found, document_schema(kind))
    return found


def test_simulate_writes_the_report_and_says_where(command, tmp_path):
    report = tmp_path / "report.html"
    code, out, err = command("simulate", "ldn-open-fast", "ldn-crossover", *FEW, "--report", report)
    assert code == 0
    assert "judged by eye" in out
    assert "report.html" in err
    assert "usual practice calls it a success" in report.read_text(encoding="utf-8")


def test_every_line_of_a_table_fits_a_terminal_of_80_columns(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = command("simulate", "ldn-crossover", "--participants", "3", "--archetypes", "none,inverted-u-1.5")
    begins = [line.split()[0] for line in out.split("Virtual people")[0].splitlines() if line.strip()]
    assert code == 0
    assert begins == ["ldn-crossover,", "The", "none", "inverted-u-1.5"]
    assert "the error is 0.0; the 95 % interval is still 56.1 of 100 wide" in out


def test_plan_writes_the_report_in_both_forms_and_prints_one_document(command, tmp_path, run_in):
    for name in ("plan.html", "plan.pdf"):
        given = ["ldn-crossover", "--from-diary", run_in, *FEW, "--report", tmp_path / name]
        code, out, err = command("plan", *given, "--json")
        assert code == 0
        assert document(out, "plan")["noise"]["n_observed"] == 14
        assert name in err
    assert "with noise like this" in (tmp_path / "plan.html").read_text(encoding="utf-8")
    assert (tmp_path / "plan.pdf").read_bytes().startswith(b"%PDF-1.7")


def nobody(*_, **__):
    raise AssertionError("somebody was simulated")


def test_a_report_without_a_place_is_refused_with_everything_else_before_anybody_is_simulated(
    command, tmp_path, run_in, monkeypatch
):
    monkeypatch.setattr("modicum.simulation.sweep.sweep", nobody)
    bad = ["--participants", "0", "--report", tmp_path / "none" / "report.html", "--json"]
    code, out, _ = command("simulate", "ldn-crossover", *bad)
    assert code == 2
    assert {one["where"] for one in document(out, "error")["problems"]} == {"--report", "--participants"}
    code, out, _ = command("plan", "ldn-crossover", "--from-diary", tmp_path / "no.csv", *bad)
    assert code == 2
    problems = document(out, "error")["problems"]
    assert {one["code"] for one in problems} == {"MOD-OPT-11", "MOD-OPT-26", "MOD-DIARY-01"}


def test_a_diary_is_not_analysed_where_the_report_has_no_place(command, run_in, monkeypatch):
    monkeypatch.setattr("modicum.decision.answering.answer", nobody)
    code, _, err = command("plan", "ldn-crossover", "--from-diary", run_in, *FEW, "--report", "report.docx")
    assert code == 2
    assert "Write report.html or report.pdf." in err


@pytest.mark.parametrize("verb", ["simulate", "plan"])
def test_numbers_are_not_lost_where_their_report_cannot_be_written(command, tmp_path, run_in, monkeypatch, verb):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    diary = ["--from-diary", run_in] if verb == "plan" else []
    code, out, err = command(verb, "ldn-crossover", *diary, *FEW, "--report", tmp_path / "report.html")
    assert code == 2
    assert "threshold-4.5" in out
    assert "MOD-OPT-16" in err
    assert "The report is in" not in err


def test_plan_says_what_to_know_about_the_diary_on_standard_error(command, run_in):
    code, out, err = command("plan", "ldn-smallest-dose", "--from-diary", run_in, "--participants", "1", "--json")
    assert code == 0
    warned = document(out, "plan")["warnings"]
    assert [one["code"] for one in warned] == ["MOD-DIARY-47", "MOD-DIARY-47"]
    assert "2 warnings" in err
    assert "The file lacks these items of the protocol" in err


def test_a_run_in_is_not_blamed_for_having_no_confirmation(command, run_in):
    _, _, err = command("plan", "ldn-smallest-dose", "--from-diary", run_in, "--participants", "1")
    assert "MOD-ASSUME-10" not in err


def test_plan_prints_what_was_read_with_its_intervals(command, run_in):
    code, out, _ = command("plan", "ldn-crossover", "--from-diary", run_in, *FEW)
    assert code == 0
    assert "Read from 14 entries over 14 days (95 % interval):" in out
    assert "Level without drug, last evening 5.9" in out


def test_plan_shows_an_open_climb_by_eye_and_by_modicum_and_why_they_differ(command, run_in, tmp_path):
    report = tmp_path / "plan.html"
    code, out, _ = command("plan", "ldn-open-fast", "--from-diary", run_in, *FEW, "--report", report)
    assert code == 0
    assert "ldn-open-fast, judged by eye" in out
    assert "ldn-open-fast, judged by Modicum" in out
    assert "Nobody was blinded in an open trial" in out
    assert "usual practice calls" in report.read_text(encoding="utf-8")


def test_plan_of_a_blinded_protocol_says_nothing_of_open_trials(command, run_in):
    assert "open trial" not in command("plan", "ldn-crossover", "--from-diary", run_in, *FEW)[1]


def test_plan_keeps_finished_parts_where_it_is_told_to(command, run_in, tmp_path):
    kept = tmp_path / "kept"
    first = command("plan", "ldn-crossover", "--from-diary", run_in, *FEW, "--json", "--kept", kept)[1]
    assert len(list(kept.glob("*.json"))) == 2
    assert command("plan", "ldn-crossover", "--from-diary", run_in, *FEW, "--json")[1] == first


def test_plan_says_where_no_cluster_answers(command, run_in, monkeypatch):
    monkeypatch.setattr("modicum.simulation.sweep.PATIENCE_SECONDS", 1)
    code, _, err = command("plan", "ldn-crossover", "--from-diary", run_in, *FEW, "--scheduler", "tcp://127.0.0.1:9")
    assert code == 2
    assert "MOD-OPT-27" in err


@pytest.mark.parametrize(
    ("scores", "said", "beside"),
    [
        (["5"], "Read from 1 entry over 1 day (95 % interval):", "MOD-ASSUME-18"),
        (["5"] * 14, "Sd of what nothing explains 1.50 points (of the population)", "MOD-ASSUME-19"),
    ],
)
def test_plan_says_what_it_makes_of_a_diary_that_tells_little(command, tmp_path, scores, said, beside):
    code, out, err = command("plan", "ldn-crossover", "--from-diary", written(tmp_path, scores), *FEW)
    assert code == 0
    assert said in out
    assert beside in err


def test_plan_refuses_a_diary_that_answers_nothing(command, tmp_path):
    code, out, err = command("plan", "ldn-crossover", "--from-diary", written(tmp_path, ["", ""]), *FEW)
    assert (code, out) == (2, "")
    assert "MOD-OPT-33" in err


def written(folder, scores):
    path = folder / "little.csv"
    rows = [f"{day},0,{score}" for day, score in enumerate(scores)]
    path.write_text("\n".join(["day,dose_mg,pain", *rows, ""]), encoding="utf-8")
    return path


def test_the_command_of_a_document_gives_the_same_document(command, run_in, monkeypatch):
    first = command("simulate", "ldn-open-fast", "ldn-crossover", *FEW, "--effect-mcid", "2", "--json")[1]
    again = shlex.split(document(first, "simulation")["command"])
    assert command(*again[1:], "--json")[1] == first
    monkeypatch.chdir(run_in.parent)
    planned = command("plan", "ldn-crossover", "--from-diary", run_in, *FEW, "--json")[1]
    again = shlex.split(document(planned, "plan")["command"])
    assert command(*again[1:], "--json")[1] == planned
