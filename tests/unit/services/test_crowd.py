import shlex

import pytest

import modicum
from modicum.protocol import library, read_protocol
from modicum.services.crowd import Crowd, plans_of, word_for

OWN = 'name = "ldn-crossover"'


@pytest.fixture
def mine(tmp_path):
    source = read_protocol("ldn-crossover")
    path = tmp_path / "my trial.toml"
    text = (modicum.protocol.reading.protocol_bytes(source.name)).decode()
    path.write_text(text.replace(OWN, 'name = "mine"'), encoding="utf-8")
    return path


def test_a_protocol_that_is_named_twice_is_simulated_once(mine):
    problems = []
    plans = plans_of(["ldn-crossover", "ldn-crossover", mine, mine], problems)
    assert [plan.name for plan in plans] == ["ldn-crossover", "mine"]
    assert problems == []


def test_an_archetype_that_is_named_twice_is_simulated_once():
    assert Crowd(archetypes=["emax", "none", "emax"]).named == ("emax", "none")


@pytest.mark.parametrize("name", library())
def test_the_command_names_a_shipped_protocol_by_its_name(name):
    assert word_for(read_protocol(name)) == name


def test_the_command_names_another_protocol_by_its_file_without_its_folder(mine):
    assert word_for(read_protocol(mine)) == "my trial.toml"
    changed = read_protocol("ldn-crossover").model_copy(update={"title": "Changed"})
    assert word_for(changed) == "ldn-crossover.toml"


def test_a_command_can_be_typed_in_a_shell(tmp_path):
    crowd = Crowd(20, ["none"], 2.0, str(tmp_path / "my people.toml"), 3)
    words = shlex.split(crowd.command("simulate", "my trial.toml"))
    assert words[:3] == ["modicum", "simulate", "my trial.toml"]
    assert words[words.index("--population") + 1] == "my people.toml"
    assert words[words.index("--effect-mcid") + 1] == "2"
    assert words[-2:] == ["--seed", "3"]


def test_simulate_and_plan_ask_for_the_same_people_where_nothing_is_said():
    import inspect

    def left(verb):
        given = inspect.signature(verb).parameters
        return {name: given[name].default for name in vars(Crowd())}

    assert left(modicum.simulate) == left(modicum.plan) == vars(Crowd())
