import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

FILE = Path(__file__).parents[3] / "benchmarks" / "batch.py"


@pytest.fixture(scope="module")
def batch():
    spec = importlib.util.spec_from_file_location("batch_benchmark", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["batch_benchmark"] = module
    spec.loader.exec_module(module)
    return module


def test_the_trials_measured_are_those_that_the_goal_speaks_of(batch):
    made = batch.trials(300)
    assert all(84 <= len(one.design) <= 168 for one in made)
    assert {(one.design.fixed.shape[1], len(one.design.ladder_mg)) for one in made} == {(4, 4)}
    assert all((one.design.doses.sum(0) > 0).all() for one in made)
    assert len({one.design.score.tobytes() for one in made}) == 300


def test_without_white_noise_its_share_is_known(batch):
    assert {one.axes.omega.kind for one in batch.trials(3, assumptions=batch.NO_WHITE)} == {"point"}


def test_a_slope_is_that_of_the_logarithms(batch):
    rows = [
        {"axis": axis, "value": x, "residual": name, "cpu_seconds": 2.0 * x**1.5}
        for axis in ("trials", "days", "doses")
        for name in ("white noise too", "autocorrelation only")
        for x in (1, 2, 4, 8, 16)
    ]
    assert set(batch.slopes(rows).values()) == {1.5}


def test_the_figure_names_its_axes_and_slopes(batch):
    rows = [
        {"axis": axis, "value": x, "residual": name, "cpu_seconds": float(x)}
        for axis in ("trials", "days", "doses")
        for name in ("white noise too", "autocorrelation only")
        for x in (1, 2, 4)
    ]
    drawn = batch.figure(rows, batch.slopes(rows))
    assert drawn.startswith("<svg")
    assert all(word in drawn for word in ("seconds", "slopes 1 and 1", "trials", "doses"))
    assert np.isfinite(list(batch.slopes(rows).values())).all()
