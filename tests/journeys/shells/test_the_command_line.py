import json
import os
import re
import subprocess
import sys

import jsonschema
import pytest

import shells_fixtures
from modicum.cli.application import run
from modicum.services.documents import document_schema

SCALE = ["--outcome", "pain", "--better", "lower", "--range", "0", "10", "--mcid", "1"]


@pytest.fixture(scope="module")
def diary(tmp_path_factory):
    return str(shells_fixtures.write(tmp_path_factory.mktemp("diary") / "diary.csv", shells_fixtures.rows()))


@pytest.fixture
def command(capsys):
    """Run a command; its exit code, standard output and standard error."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def documents(text):
    """Every JSON document in a text that holds nothing else."""
    decoder, at, found = json.JSONDecoder(parse_constant=pytest.fail), 0, []
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        document, at = decoder.raw_decode(text, at)
        found.append(document)
    return found


def only_document(text, kind):
    found = documents(text)
    assert len(found) == 1
    jsonschema.Draft202012Validator(document_schema(kind)).validate(found[0])
    return found[0]


def test_analyse_prints_exactly_one_result_document(command, diary):
    code, out, err = command("analyse", diary, *SCALE, "--json")
    assert code == 0
    assert only_document(out, "result")["outcome"] == "pain"
    assert "problem" not in err


def test_analyse_tells_people_the_verdict_first(command, diary):
    code, out, _ = command("analyse", diary, *SCALE)
    sentence = only_document(command("analyse", diary, *SCALE, "--json")[1], "result")["verdict"]["sentence"]
    assert code == 0
    assert " ".join(out.split()).startswith(sentence)
    assert "in 100" in out
    assert "It does not prescribe." in out


def test_warnings_go_to_standard_error_and_do_not_spoil_the_document(command, diary):
    code, out, err = command("analyse", diary, *SCALE[:-2], "--json")
    assert code == 0
    assert only_document(out, "result")["mcid"] == 1.0
    assert "MOD-ASSUME-01" in err


def test_a_report_is_written_where_it_was_asked_for(command, diary, tmp_path):
    report = tmp_path / "report.html"
    code, out, err = command("analyse", diary, *SCALE, "--report", report, "--json")
    assert code == 0
    assert report.read_text(encoding="utf-8").rstrip().endswith("</html>")
    only_document(out, "result")
    assert "report.html" in " ".join(err.split())


def test_a_report_is_written_in_the_language_that_was_asked_for(command, diary, tmp_path):
    report = tmp_path / "bericht.html"
    code, out, _ = command("analyse", diary, *SCALE, "--report", report, "--language", "de", "--json")
    assert code == 0
    assert '<html lang="de">' in report.read_text(encoding="utf-8")
    assert re.search(r"\b(the|this|works)\b", only_document(out, "result")["verdict"]["sentence"], re.IGNORECASE)
    code, out, _ = command("analyse", diary, *SCALE, "--language", "fi", "--json")
    (refused,) = only_document(out, "error")["problems"]
    assert (code, refused["where"], refused["fix"]) == (2, "--language", "Write en or de.")


def test_a_report_that_has_no_place_is_refused_with_everything_else_before_any_work(command, diary, tmp_path):
    code, out, _ = command("analyse", diary, *SCALE[:-1], "-1", "--report", tmp_path / "none" / "x.pdf", "--json")
    assert code == 2
    problems = only_document(out, "error")["problems"]
    assert {problem["where"] for problem in problems} == {"--mcid", "--report"}


def test_an_answer_is_not_lost_where_its_report_cannot_be_written(command, diary, tmp_path, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    code, out, err = command("analyse", diary, *SCALE, "--report", tmp_path / "report.html", "--json")
    assert code == 2
    only_document(out, "result")
    assert "MOD-OPT-16" in err
    assert "The report is in" not in err


def test_the_help_names_every_kind_of_outcome(command):
    _, out, _ = command("analyse", "--help")
    text = " ".join(out.replace("│", " ").split())
    assert "gaussian, binary (0 and 1), count or ordinal" in text


def test_the_components_of_the_likelihood_come_only_when_asked_for(command, diary):
    without = only_document(command("analyse", diary, *SCALE, "--json")[1], "result")
    with_them = only_document(command("analyse", diary, *SCALE, "--likelihood", "--json")[1], "result")
    assert "components" not in without["likelihood"]
    assert 1 <= len(with_them["likelihood"]["components"]) <= 64


def test_columns_texts_and_rows_of_a_foreign_export_are_chosen_by_options(command, tmp_path):
    rows = ["night,drink,quality,person"]
    for night in range(1, 25):
        rows.append(f"{night},{'Tea' if night // 6 % 2 else 'No tea'},{5 + night % 3},A")
        rows.append(f"{night},Tea,x,B")
    export = shells_fixtures.write(tmp_path / "export.csv", rows)
    options = ["--map", "day=night,dose_mg=drink", "--levels", "Tea=1,No tea=0", "--where", "person=A"]
    options += ["--outcome", "quality", "--better", "higher", "--range", "1", "10", "--onset", "immediate"]
    code, out, _ = command("analyse", export, *options, "--json")
    assert code == 0
    assert only_document(out, "result")["n_observed"] == 24


def test_rows_that_cannot_be_used_refuse_the_file_and_all_are_listed(command, tmp_path):
    rows = shells_fixtures.rows()
    rows[3], rows[5] = rows[3].replace(rows[3].split(",")[2], "x"), rows[5].replace(rows[5].split(",")[2], "99")
    bad = shells_fixtures.write(tmp_path / "bad.csv", rows)
    code, out, _ = command("analyse", bad, *SCALE, "--json")
    assert code == 2
    problems = only_document(out, "error")["problems"]
    assert [problem["value"] for problem in problems] == ["x", "99"]
    assert "line 4" in problems[0]["where"]
    assert "line 6" in problems[1]["where"]


def test_bad_rows_are_set_aside_when_that_is_asked_for_and_each_is_reported(command, tmp_path):
    rows = shells_fixtures.rows()
    rows[3] = rows[3].replace(rows[3].split(",")[2], "x")
    bad = shells_fixtures.write(tmp_path / "bad.csv", rows)
    code, out, err = command("analyse", bad, *SCALE, "--skip-bad-rows", "--json")
    document = only_document(out, "result")
    assert code == 0
    assert (document["n_rows_read"], document["n_rows_refused"]) == (len(rows) - 1, 1)
    assert "bad.csv, line 4" in " ".join(err.split())


def test_every_problem_of_options_and_diary_comes_at_once(command, tmp_path):
    arguments = ["--better", "up", "--range", "10", "0", "--mcid", "-1", "--onset", "soon", "--levels", "tea"]
    arguments += ["--map", "day", "--where", "x", "--report", "answer.docx", "--json"]
    code, out, _ = command("analyse", tmp_path / "none.csv", "--outcome", "pain", *arguments)
    assert code == 2
    found = {problem["where"] for problem in only_document(out, "error")["problems"]}
    assert {"--better", "--range", "--mcid", "--onset", "--levels", "--map", "--where", "--report"} <= found
    assert any("none.csv" in where for where in found)


@pytest.mark.parametrize(
    "arguments",
    [
        ["analyse", "--json"],
        ["analyse", "x.csv", "--frobnicate", "--json"],
        ["analyse", "x.csv", "--mcid", "one", "--json"],
        ["frobnicate", "--json"],
        ["protocol", "frobnicate", "--json"],
        ["explain", "--json"],
    ],
)
def test_a_command_that_is_not_understood_is_bad_input_with_a_document(command, arguments):
    code, out, _ = command(*arguments)
    assert code == 2
    assert [problem["code"] for problem in only_document(out, "error")["problems"]] == ["MOD-OPT-14"]


def test_without_json_problems_are_words_on_standard_error(command):
    code, out, err = command("analyse", "none.csv")
    assert (code, out) == (2, "")
    assert "nothing was done" in err
    assert "Traceback" not in err


def test_a_fault_of_our_own_is_exit_code_3_without_a_traceback(command, diary, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("a promise was broken")

    monkeypatch.setattr("modicum.services.analysing.carry_out", broken)
    monkeypatch.delenv("MODICUM_DEBUG", raising=False)
    code, out, err = command("analyse", diary, *SCALE, "--json")
    assert code == 3
    assert only_document(out, "error")["problems"][0]["code"] == "MOD-INTERNAL-01"
    assert "Traceback" not in err
    monkeypatch.setenv("MODICUM_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run(["analyse", diary, *SCALE])


def test_explain_takes_any_number_to_its_rule(command, diary, tmp_path):
    result = tmp_path / "result.json"
    result.write_text(command("analyse", diary, *SCALE, "--json")[1], encoding="utf-8")
    code, out, _ = command("explain", result, "/doses/0/p_mcid")
    assert code == 0
    assert "(1 - p_no_effect) x p_mcid_given_effect" in " ".join(out.split())
    code, out, _ = command("explain", result, "/doses/0/p_mcid", "--json")
    assert only_document(out, "explanation")["unit"] == "probability"
    code, out, _ = command("explain", result, "/doses/9/p_mcid", "--json")
    assert code == 2
    assert only_document(out, "error")["problems"][0]["code"] == "MOD-OPT-13"


def test_protocols_are_listed_shown_checked_compared_and_begun(command, tmp_path):
    code, out, _ = command("protocol", "list")
    assert code == 0
    assert "ldn-smallest-dose" in out
    assert "confirmation" in command("protocol", "show", "ldn-smallest-dose")[1].lower()
    assert "sound" in command("protocol", "check", "ldn-open")[1]
    assert command("protocol", "diff", "ldn-open", "ldn-open-fast")[1].strip()
    assert "do not differ" in command("protocol", "diff", "ldn-open", "ldn-open")[1]
    new = tmp_path / "mine.toml"
    assert command("protocol", "new", "mine", "--out", new)[0] == 0
    assert command("protocol", "check", new)[0] == 0
    code, _, err = command("protocol", "new", "mine", "--out", new)
    assert code == 2
    assert "already" in err


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["list"], "protocol-list"),
        (["show", "ab-crossover"], "protocol-show"),
        (["check", "ab-crossover"], "protocol-check"),
        (["diff", "ldn-open", "ldn-crossover"], "protocol-diff"),
    ],
)
def test_protocol_commands_print_one_document(command, arguments, kind):
    code, out, _ = command("protocol", *arguments, "--json")
    assert code == 0
    only_document(out, kind)


def test_a_bad_protocol_is_bad_input_with_every_line(command, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text('schema = "modicum.protocol/1"\nnaem = "x"\n', encoding="utf-8")
    code, out, _ = command("protocol", "check", bad, "--json")
    assert code == 2
    problems = only_document(out, "error")["problems"]
    assert len(problems) > 1
    assert any("bad.toml:2" in problem["where"] for problem in problems)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["analyse", "--help"],
        ["explain", "--help"],
        ["protocol", "--help"],
        *(["protocol", name, "--help"] for name in ("list", "show", "check", "diff", "new")),
    ],
)
def test_every_help_shows_an_example(command, arguments):
    code, out, _ = command(*arguments)
    assert code == 0
    assert "Example: modicum" in " ".join(out.split())


def test_the_command_alone_and_protocol_alone_show_their_help(command):
    assert "analyse" in command()[1]
    assert "diff" in command("protocol")[1]


def test_the_version_is_printed(command):
    assert command("--version")[1].startswith("modicum 0.")


def shell(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "modicum", *arguments],
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_the_process_leaves_with_the_exit_code_and_writes_utf_8_in_any_locale(diary):
    done = shell("analyse", diary, *SCALE, "--json", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    only_document(done.stdout.decode("utf-8"), "result")
    assert shell("analyse", "none.csv", "--json").returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [["protocol", "show", "ldn-smallest-dose"], ["protocol", "show", "ldn-smallest-dose", "--json"], ["--help"]],
)
def test_a_reader_that_stops_early_is_no_fault(arguments):
    early = f"set -o pipefail; {sys.executable} -m modicum {' '.join(arguments)} | exec 0<&-"
    done = subprocess.run(["bash", "-c", early], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_summary_may_be_cut_by_its_reader(diary):
    head = f"set -o pipefail; {sys.executable} -m modicum analyse {diary} {' '.join(SCALE)} --json | head -c 10"
    done = subprocess.run(["bash", "-c", head], capture_output=True, check=True)
    assert b"Traceback" not in done.stderr
    assert len(done.stdout) == 10


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no device that is always full")
@pytest.mark.parametrize("arguments", ["protocol list", "protocol list --json", "--version", "analyse none.csv --json"])
def test_output_that_cannot_be_written_is_one_line_and_exit_code_3(arguments):
    full = f"{sys.executable} -m modicum {arguments} > /dev/full"
    done = subprocess.run(["bash", "-c", full], capture_output=True, check=False)
    assert done.returncode == 3
    assert done.stderr.decode().count("\n") == 1
    assert done.stderr.startswith(b"modicum: the output cannot be written")


def test_a_closed_standard_output_is_no_fault():
    closed = f"{sys.executable} -m modicum protocol list >&-"
    done = subprocess.run(["bash", "-c", closed], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_explain_refuses_a_document_with_nan(command, tmp_path):
    result = tmp_path / "result.json"
    result.write_text('{"schema": "modicum.result/1", "p_no_effect": NaN}', encoding="utf-8")
    code, out, _ = command("explain", result, "/p_no_effect", "--json")
    assert code == 2
    assert only_document(out, "error")["problems"][0]["code"] == "MOD-OPT-12"
