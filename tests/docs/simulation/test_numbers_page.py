"""The numbers that matter, as the page shows them, are those that are stored, and those of the shipped protocols."""

import importlib.util
import json
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
    return json.loads(numbers.STORED.read_text(encoding="utf-8"))


def test_the_page_shows_what_is_stored(numbers, stored):
    assert numbers.page(stored) == numbers.PAGE.read_text(encoding="utf-8")


def test_they_are_of_the_protocols_that_are_shipped(numbers, stored):
    for run in stored["simulations"]:
        assert {side["name"] for side in run["protocols"]} == set(numbers.PROTOCOLS)
        for side in run["protocols"]:
            assert side["protocol_version"] == read_protocol(side["name"]).version, (
                "Run python docs/numbers_that_matter.py again."
            )


def test_every_truth_is_lived_and_one_with_three_effects(numbers, stored):
    effects = [run["effect_mcid"] for run in stored["simulations"]]
    assert effects == [1.5, *numbers.EFFECTS]
    truths = [{one["archetype"] for one in run["protocols"][0]["archetypes"]} for run in stored["simulations"]]
    assert len(truths[0]) == 8
    assert truths[1:] == [set(numbers.BESIDE)] * 2
