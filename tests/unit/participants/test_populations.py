"""Populations: what no person can have is refused by name, and what a file leaves out is as if it were not there."""

import re
import tomllib

import pytest

from modicum.foundation.errors import OptionsError
from modicum.participants.population import LIBRARY, read_population

TYPICAL = (LIBRARY / "typical.toml").read_text(encoding="utf-8")
ADDED = ("cycle_share", "cycle", "cycle_days", "harm")


def changed(tmp_path, name, given):
    """A file of the typical population with one parameter otherwise."""
    path = tmp_path / "mine.toml"
    line = re.compile(rf"^{name} = {{ value = [-0-9.]+(, sd = [0-9.]+)?", re.M)
    assert line.search(TYPICAL), name
    path.write_text(line.sub(f"{name} = {{ {given}", TYPICAL), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("correlation", "value = 1.5", "at least 0 and below 1, and not 1.5"),
        ("correlation", "value = 1.0", "at least 0 and below 1, and not 1"),
        ("leaves", "value = 1.0", "at least 0 and below 1"),
        ("residual_sd", "value = 0.0", "above 0, and not 0"),
        ("onset", "value = 0.0", "above 0"),
        ("missed_capsules", "value = 1.7", "from 0 to 1, and not 1.7"),
        ("missed_entries", "value = -0.1", "from 0 to 1"),
        ("residual_sd", "value = 1.5, sd = 1.0", "All people are alike in it"),
        ("correlation", "value = 0.5, log_sd = 0.2", "All people are alike in it"),
    ],
)
def test_what_no_person_can_have_is_refused_by_name(tmp_path, name, given, said):
    with pytest.raises(OptionsError) as refused:
        read_population(changed(tmp_path, name, given))
    (problem,) = refused.value.problems
    assert problem.code == "MOD-SIM-02"
    assert problem.where.endswith(f"parameters.{name}")
    assert said in problem.message


@pytest.mark.parametrize("name", ["level", "drift", "hope"])
def test_people_differ_where_people_are_drawn(tmp_path, name):
    assert getattr(read_population(changed(tmp_path, name, "value = 5.0, sd = 0.4")).parameters, name).sd == 0.4


def test_a_file_without_cycles_and_harm_is_read_as_of_people_without(tmp_path):
    path = tmp_path / "older.toml"
    older = "\n".join(line for line in TYPICAL.splitlines() if not line.startswith(ADDED))
    assert set(tomllib.loads(TYPICAL)["parameters"]) - set(tomllib.loads(older)["parameters"]) == set(ADDED)
    path.write_text(older, encoding="utf-8")
    assert read_population(str(path)) == read_population("typical")
