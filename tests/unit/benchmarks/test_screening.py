import importlib.util
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[3] / "benchmarks" / "screening.py"


@pytest.fixture(scope="module")
def screening():
    spec = importlib.util.spec_from_file_location("screening_benchmark", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["screening_benchmark"] = module
    spec.loader.exec_module(module)
    return module


def test_the_lists_measured_are_of_five_lines_and_hardly_two_are_the_same(screening):
    made = screening.lists(200)
    lines = [line for one in made for line in one.split("\n")]
    assert len(lines) == 200 * screening.LINES
    assert len(set(lines)) > 0.98 * len(lines)


def test_what_is_measured_is_the_whole_screening(screening):
    found = screening.screened(screening.lists(40))
    assert len(found) == 40
    assert sum(len(one.findings) for one in found) >= 80
