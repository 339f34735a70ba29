"""``modicum order --language``: what the patient reads is in her language, and nothing else is."""

import io
import json
from importlib.resources import files as files_of

import pypdf
import pytest

from supply_fixtures import files

OPEN = ("order", "ldn-open", "--slot", "person-9", "--made", "2026-11-23", "--start", "2026-11-30")
NAMED = ("--on-call", "Dr Okafor, 555 0199")
READ_BY_THE_PATIENT = {"pharmacist/labels.pdf", "patient/supply.pdf", "patient/card.pdf", "patient/card.html"}
WARNED = '[[warnings]]\ntext = "Zuerst die Hausarztpraxis anrufen."\nsource = "-"\ngrade = "assumption"\n'


def language_of(content):
    return pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"]


@pytest.fixture
def written(command, tmp_path):
    def write(out, *arguments):
        code, _, err = command(*OPEN, *NAMED, "--out", out, *arguments)
        assert code == 0
        return files(tmp_path / out), err

    return write


def test_only_what_the_patient_reads_is_in_her_language(written):
    (plain, _), (english, _), (german, err) = (
        written("a"),
        written("b", "--language", "en"),
        written("c", "--language", "de"),
    )
    assert plain == english
    assert {name for name in plain if plain[name] != german[name]} == READ_BY_THE_PATIENT
    papers = {name: language_of(content) for name, content in german.items() if name.endswith(".pdf")}
    assert {name for name, said in papers.items() if said == "de"} == READ_BY_THE_PATIENT - {"patient/card.html"}
    assert '<html lang="de">' in german["patient/card.html"].decode()
    assert "MOD-SUPPLY-46" not in err


def test_a_language_that_is_not_there_is_said_with_everything_else_that_is_wrong(command, tmp_path):
    code, out, _ = command(*OPEN, "--made", "tomorrow", "--language", "fi", "--out", "o", "--json")
    assert code == 2
    problems = {one["where"]: one for one in json.loads(out)["problems"]}
    assert set(problems) == {"--language", "--made"}
    assert (problems["--language"]["code"], problems["--language"]["value"]) == ("MOD-OPT-01", "fi")
    assert problems["--language"]["fix"] == "Write en or de."
    assert not (tmp_path / "o").exists()


def test_words_that_nobody_translated_are_printed_as_they_are_written_and_named(written, tmp_path):
    general = files_of("modicum.supply").joinpath("library", "general.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(general.split("[[warnings]]")[0] + WARNED, encoding="utf-8")
    german, err = written("o", "--language", "de", "--formulation", str(tmp_path / "own.toml"))
    assert "Zuerst die Hausarztpraxis anrufen." in german["patient/card.html"].decode()
    assert "MOD-SUPPLY-46" in err
    assert "Zuerst die Hausarztpraxis anrufen." in err.replace("\n", " ")
    _, err = written("p", "--formulation", str(tmp_path / "own.toml"))
    assert "MOD-SUPPLY-46" not in err
