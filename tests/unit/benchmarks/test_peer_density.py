import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

import modicum

HOUSE = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def posterior():
    diary = modicum.read_diary(HOUSE / "src" / "modicum" / "example" / "diary.csv", protocol="ldn-smallest-dose")
    return modicum.analyse(diary, protocol="ldn-smallest-dose", outcome="pain").answer.posterior


@pytest.fixture(scope="module")
def density(posterior):
    spec = importlib.util.spec_from_file_location("peer_density", HOUSE / "benchmarks" / "peers" / "density.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["peer_density"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module.Density.of(posterior)


@pytest.mark.parametrize("tau_days", [0.3, 4.0, 30.0])
def test_peers_are_given_the_same_columns(posterior, density, tau_days):
    timed = -np.expm1(-density.since / tau_days) @ density.jumps
    np.testing.assert_allclose(timed, posterior.design.timed(np.array([tau_days]))[0], atol=1e-12)


def test_peers_are_given_the_same_priors_of_the_coefficients(posterior, density):
    np.testing.assert_allclose(density.root @ density.root.T, posterior.design.covariance, atol=1e-12)
    assert (density.mean == posterior.design.mean).all()


def test_peers_are_given_the_gaps_between_the_scores(posterior, density):
    np.testing.assert_allclose(density.gaps[1:], np.diff(posterior.design.time_days))
    assert density.gaps[0] > 1e5
