"""The numbers that matter, as the page shows them, are those that are stored, and those of the shipped protocols."""

import importlib.util
from pathlib import Path

import pytest

from modicum.protocol import read_protocol

FILE = Path(__file__).parents[3] / "docs" / "numbers_that_matter.py"


@pytest.fixture(scope="module")
def numbers():
    spec = importlib.util.spec_from_file_location("numbers_page", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def stored(numbers):
    return numbers.stored()


def test_the_page_shows_what_is_stored(numbers, stored):
    assert numbers.page(stored) == numbers.PAGE.read_text(encoding="utf-8")


def test_they_are_of_the_protocols_that_are_shipped(stored):
    for line in stored:
        assert line["version"] == read_protocol(line["protocol"]).version, "Run docs/numbers_that_matter.py again."


def test_every_truth_is_lived_and_one_with_three_effects(numbers, stored):
    assert [numbers.key_of(line) for line in stored] == numbers.keys()
    for name in numbers.PROTOCOLS:
        lines = [line for line in stored if line["protocol"] == name]
        assert len({line["archetype"] for line in lines}) == 8
        assert [line["effect_mcid"] for line in lines if line["archetype"] == "threshold-1.5"] == [1.5, 1.0, 2.0]


def test_a_line_with_enough_people_is_not_lived_again_and_the_flagship_comes_first(numbers, stored):
    now = [{**line, "code": numbers.code()} for line in stored]
    assert list(numbers.missing(now, min(line["participants"] for line in stored))) == []
    few = [{**line, "participants": 1} for line in now]
    missing = list(numbers.missing(few, 100))
    assert len(missing) == len(numbers.keys())
    assert missing[0][0] == numbers.FIRST
    for changed in ({"version": "0"}, {"code": "0"}):
        old = [{**line, **changed} for line in now]
        assert len(list(numbers.missing(old, 1))) == len(stored), changed


def test_lines_of_other_code_are_marked_and_those_of_this_are_not(numbers, stored):
    now = [{**line, "code": numbers.code()} for line in stored]
    assert numbers.MARK not in numbers.table(now)
    first = {**now[0], "code": "0"}
    marked = numbers.table([first, *now[1:]]).splitlines()
    sides = len(first["sides"])
    assert sum(numbers.MARK in line for line in marked) == 1 + sides, "the explanation, and the line under each judge"


def test_lives_that_are_the_same_are_lived_once_and_the_right_dose_is_counted_for_each_truth(numbers):
    lived = {
        truth: numbers.live(("ldn-crossover", truth, 2.0), 6, None) for truth in ("threshold-4.5", "threshold-1.5")
    }
    one = lived["threshold-4.5"]
    assert one["sides"][0]["found"]["declared"]["p"] > 0
    assert numbers.recounted(one, "threshold-1.5") == lived["threshold-1.5"]
    assert numbers.recounted(numbers.recounted(one, "emax"), "threshold-4.5") == one
    same = [truth for truth in numbers.ARCHETYPES if numbers.alike(one, ("ldn-crossover", truth, 2.0))]
    assert same == ["threshold-0.5", "threshold-1.5", "threshold-3", "threshold-4.5", "emax"]
    assert not numbers.alike(one, ("ldn-crossover", "emax", 1.5))
    assert not numbers.alike({**one, "protocol": "ldn-open"}, ("ldn-open", "emax", 2.0))
