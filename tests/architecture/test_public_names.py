import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import modicum

HEAVY = ("numpy", "scipy", "polars", "pandas", "pydantic", "altair", "rich", "typer", "narwhals", "jinja2", "numba")


@pytest.mark.parametrize("name", modicum.__all__)
def test_every_public_name_is_there(name):
    assert getattr(modicum, name) is not None


def test_public_names_are_exactly_those_listed():
    assert modicum.__all__ == sorted(modicum.__all__)
    homes = {name for name, value in vars(modicum).items() if name == "_HOMES" for name in value}
    assert {*homes, "__version__"} == set(modicum.__all__)
    assert set(modicum.__all__) <= set(dir(modicum))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'analyze'"):
        modicum.analyze  # noqa: B018


@pytest.mark.parametrize("name", [name for name in modicum.__all__ if name != "__version__"])
def test_every_public_name_is_documented(name):
    assert inspect.getdoc(getattr(modicum, name))


def test_importing_modicum_loads_nothing_heavy():
    code = f"import sys, modicum; print([m for m in {HEAVY!r} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_importing_modicum_takes_less_than_a_third_of_a_second():
    code = "import time; t = time.perf_counter(); import modicum; print(time.perf_counter() - t)"
    runs = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    assert min(runs) <= 0.3


def test_types_are_published():
    assert (Path(modicum.__file__).parent / "py.typed").exists()
