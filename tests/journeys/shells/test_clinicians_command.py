"""``modicum clinicians`` in a shell: what it prints, the chart, and how it refuses."""

import json
import shlex

import jsonschema
import pytest

from modicum.cli.application import run
from modicum.services.documents import document_schema

FEW = ["--clinicians", "3", "--patients", "4", "--protocols", "ldn-open-fast,ldn-crossover", "--seed", "2"]


@pytest.fixture
def command(capsys):
    """Run a command; its exit code, standard output and standard error in one line."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, " ".join(captured.err.split())

    return call


def document(text, kind):
    found = json.loads(text)
    jsonschema.validate(found, document_schema(kind))
    return found


def test_it_prints_a_table_for_each_protocol_the_finding_and_what_is_assumed(command):
    code, out, err = command("clinicians", *FEW)
    assert code == 0
    assert "ldn-open-fast, judged by eye" in out
    assert "ldn-crossover, judged by Modicum" in out
    assert out.count("two thirds  ") == 2
    assert "pairs of clinicians; in the blinded trial in" in out
    assert "No source was found for how clinicians differ" in out
    assert "3 virtual clinicians (varied), 4 patients each (typical), seed 2" in out
    assert err == ""


def test_one_clinician_is_one_clinician(command):
    code, out, _ = command("clinicians", "--clinicians", 1, "--patients", 1, "--protocols", "ldn-open-fast")
    assert code == 0
    assert "1 virtual clinician (varied), 1 patient each" in out
    assert "±" not in out


def test_json_is_one_document_and_nothing_else(command):
    code, out, err = command("clinicians", *FEW, "--json")
    assert (code, err) == (0, "")
    assert document(out, "clinicians")["clinicians"] == 3


@pytest.mark.parametrize(("name", "what"), [("chart.svg", "chart"), ("chart.html", "page")])
def test_a_chart_is_written_and_it_is_said_where(command, tmp_path, name, what):
    code, out, err = command("clinicians", *FEW, "--plot", tmp_path / name, "--json")
    assert code == 0
    document(out, "clinicians")
    assert f"The {what} is in" in err
    assert "ldn-open-fast" in (tmp_path / name).read_text(encoding="utf-8")


def test_the_command_of_a_document_gives_the_same_document(command):
    first = command("clinicians", *FEW, "--effect-mcid", "2", "--habits", "alike", "--json")[1]
    again = shlex.split(document(first, "clinicians")["command"])
    assert command(*again[1:], "--json")[1] == first


def test_what_is_kept_is_taken_up_again(command, tmp_path):
    first = command("clinicians", *FEW, "--kept", tmp_path, "--json")[1]
    assert len(list(tmp_path.glob("*.json"))) == 4
    assert command("clinicians", *FEW, "--kept", tmp_path, "--json")[1] == first


def nobody(*_, **__):
    raise AssertionError("somebody was simulated")


def test_a_chart_without_a_place_is_refused_with_everything_else_before_anybody_is_simulated(command, monkeypatch):
    monkeypatch.setattr("modicum.simulation.sweep.spread", nobody)
    bad = ["--clinicians", "0", "--habits", "none", "--protocols", ",", "--plot", "chart.gif"]
    code, out, _ = command("clinicians", *bad, "--json")
    assert code == 2
    where = [one["where"] for one in document(out, "error")["problems"]]
    assert where == ["--plot", "--clinicians", "--protocols", "--habits"]
    code, _, err = command("clinicians", *bad)
    assert code == 2
    assert "4 problems; nothing was done." in err


def test_numbers_are_not_lost_where_their_chart_cannot_be_written(command, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", full)
    code, out, err = command("clinicians", *FEW, "--plot", tmp_path / "chart.svg")
    assert code == 2
    assert "two thirds" in out
    assert "MOD-OPT-28" in err
    assert "The chart is in" not in err
