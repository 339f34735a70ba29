import doctest
import importlib
from pathlib import Path

import pytest

import clinic_people
import modicum

assert clinic_people  # it sets Django up, in which examples of the web are run
ROOT = Path(modicum.__file__).parent
MODULES = [
    ".".join(["modicum", *path.relative_to(ROOT).with_suffix("").parts]).removesuffix(".__init__")
    for path in sorted(ROOT.rglob("*.py"))
    if path.name != "__main__.py" and ">>>" in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_every_example_of_a_docstring_runs(name):
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert found.attempted > 0
    assert found.failed == 0
