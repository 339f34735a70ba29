"""A hash of code changes with what the code does, and with nothing that it only says."""

import pytest

from modicum.foundation.sources import code_of, hash_of, without_words
from modicum.participants.population import read_population
from modicum.protocol import read_protocol
from modicum.simulation import sweep
from modicum.simulation.scenario import Scenario

CODE = '"""A module."""\n\ndef double(x):\n    """Twice."""\n    return 2 * x\n'


@pytest.mark.parametrize(
    "alike",
    [
        CODE.replace("Twice.", "Two times."),
        CODE.replace("A module.", "Another word."),
        CODE + "\n\n# a comment\n",
        CODE.replace("2 * x", "(2 *  x)"),
    ],
)
def test_words_change_nothing(alike):
    assert alike != CODE
    assert without_words(alike) == without_words(CODE)


@pytest.mark.parametrize("other", [CODE.replace("2", "3"), CODE + "\nx = 1\n", CODE.replace("double", "twice")])
def test_code_changes_it(other):
    assert without_words(other) != without_words(CODE)


def test_files_count_with_their_names_and_in_no_order(tmp_path):
    first, second = tmp_path / "a.py", tmp_path / "b.py"
    first.write_text(CODE)
    second.write_text(CODE)
    assert hash_of([first, second]) == hash_of([second, first]) != hash_of([first])


def test_a_part_of_a_simulation_that_other_code_kept_is_not_taken_for_its_own(monkeypatch):
    scenario, chunk = (
        Scenario(read_protocol("ldn-open"), None, read_population("typical"), "none"),
        sweep.Chunk(0, 0, 1),
    )
    before = sweep._name(scenario, 1, chunk)
    assert sweep._name(scenario, 1, chunk) == before
    monkeypatch.setattr(sweep, "code", lambda: "another")
    assert sweep._name(scenario, 1, chunk) != before


def test_packages_have_codes_of_their_own():
    assert code_of("trial") != code_of("decision") != code_of("trial", "decision")
    assert len(code_of("trial")) == 16
