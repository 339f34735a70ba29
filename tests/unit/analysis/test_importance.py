"""Importance sampling beside quadrature, in models small enough for it."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from modicum.analysis.axes import Axis, log_axis
from modicum.analysis.outcomes import importance
from modicum.analysis.outcomes.families import Binary, Poisson
from modicum.analysis.outcomes.importance import Effort, draw, sample
from modicum.analysis.outcomes.model import LinkModel
from modicum.analysis.outcomes.points import REPLICATES, Points, joined, log_mean
from modicum.analysis.outcomes.psi import LinkAxes, Psi

NONE, NO_RESIDUAL = Axis("point", 0.0, 0.0), Axis("point", 1e-6, 1e-6)


@dataclass(frozen=True)
class Level:
    """An intercept alone."""

    score: np.ndarray
    time_days: np.ndarray

    @property
    def fixed(self):
        return np.ones((len(self.score), 1))

    @property
    def mean(self):
        return np.array([-0.5])

    @property
    def covariance(self):
        return np.array([[2.25]])

    def timed(self, tau_days):
        return np.zeros((len(tau_days), len(self.score), 0))


def model(y, family, *, residual=False):
    y = np.asarray(y, float)
    noise = (log_axis(4.0, 1.2), log_axis(0.7, 0.7)) if residual else (Axis("point", 1.0, 1.0), NO_RESIDUAL)
    return LinkModel(Level(y, np.arange(len(y)) + 20 / 24), family, LinkAxes(NONE, *noise, NONE))


CASES = {
    "rare": (np.r_[np.zeros(19), 1.0], Binary()),
    "never": (np.zeros(20), Binary()),
    "common": (np.tile([1.0, 1.0, 0.0], 8), Binary()),
    "counts": (np.array([0.0, 3, 1, 12, 2, 0, 1, 4]), Poisson()),
    "no count": (np.zeros(8), Poisson()),
}


@pytest.mark.parametrize(("y", "family"), CASES.values(), ids=CASES)
def test_without_a_residual_evidence_mean_and_sd_are_those_of_quadrature(y, family):
    points, _ = sample(model(y, family), 2048)
    at = np.linspace(-15, 8, 20_001)
    log_density = family.log_likelihood(y, at[:, None], np.zeros((1, 0))).sum(1)
    log_density += -0.5 * (at + 0.5) ** 2 / 2.25 - 0.5 * np.log(2 * np.pi * 2.25)
    density = np.exp(log_density - log_density.max())
    mass = density.sum() * (at[1] - at[0])
    mean = density @ at / density.sum()
    sd = np.sqrt(density @ (at - mean) ** 2 / density.sum())
    ours, spread = points.moments(points.coefficients)
    assert points.log_evidence == pytest.approx(log_density.max() + np.log(mass), abs=2e-3)
    assert ours[0] == pytest.approx(mean, abs=0.01 * sd)
    assert spread[0] == pytest.approx(sd, rel=0.01)


def test_with_a_residual_the_posterior_is_that_of_a_grid_over_everything():
    """The grid goes over level, ell and sd; the filter integrates u, and is held against brute force elsewhere."""
    small = model(np.array([0.0, 5, 0, 0, 9, 1]), Poisson(), residual=True)
    points, _ = sample(small, 4096)
    axes = small.axes
    psi, log_prior = axes.cells((1, 40, 40, 1))
    at = np.linspace(-4.0, 5.0, 61)
    table = np.array(
        [
            small.log_likelihood(psi, np.full((len(psi), 1), level), np.zeros((len(psi), 0)))
            + small.log_prior(np.full((len(psi), 1), level))
            + log_prior
            for level in at
        ]
    )
    weight = np.exp(table - table.max())
    level = np.broadcast_to(at[:, None], table.shape)
    mean = float((weight * level).sum() / weight.sum())
    sd = float(np.sqrt((weight * (level - mean) ** 2).sum() / weight.sum()))
    log_sd = float((weight.sum(0) @ np.log(psi.sd)) / weight.sum())
    assert points.moments(points.coefficients)[0][0] == pytest.approx(mean, abs=0.03 * sd)
    assert points.weight @ np.log(points.psi.sd) == pytest.approx(log_sd, abs=0.02)
    evidence = table.max() + np.log(weight.sum() * (at[1] - at[0]))
    assert points.log_evidence == pytest.approx(evidence, abs=0.01)


def test_the_same_model_is_drawn_alike_and_more_points_are_other_points():
    y, family = CASES["common"]
    first, proposal = sample(model(y, family, residual=True), 1024)
    again, _ = sample(model(y, family, residual=True), 1024)
    more = draw(model(y, family, residual=True), proposal, 1024, first=REPLICATES)
    np.testing.assert_array_equal(first.log_weight, again.log_weight)
    assert not np.isin(more.coefficients, first.coefficients).any()
    both = joined([first, more])
    assert len(both) == 2048
    assert both.moments(both.coefficients)[0] == pytest.approx(first.moments(first.coefficients)[0], abs=0.05)


def test_little_effort_and_windows_of_a_like_analysis_change_precision_alone():
    y, family = CASES["counts"]
    asked = model(y, family, residual=True)
    thorough, proposal = sample(asked, 4096)
    mean, sd = thorough.moments(thorough.coefficients)
    for points, _ in (
        sample(asked, 4096, effort=Effort(searches=0, nodes=4, pilot=256, pilots=1)),
        sample(asked, 4096, near=asked.axes.near(proposal.axes)),
    ):
        assert points.moments(points.coefficients)[0] == pytest.approx(mean, abs=0.05 * sd[0])
        assert points.log_evidence == pytest.approx(thorough.log_evidence, abs=0.05)


def test_points_from_another_density_than_they_are_weighed_by_do_not_agree(monkeypatch):
    y, family = CASES["rare"]
    right, _ = sample(model(y, family), 2048)
    monkeypatch.setattr(importance, "_log_diagonal", lambda roots: np.zeros(len(roots)))
    wrong, _ = sample(model(y, family), 2048)
    assert abs(wrong.log_evidence - right.log_evidence) > 0.1


def test_pilots_bring_a_proposal_back_that_is_off_by_more_on_one_side_of_the_window():
    y, family = CASES["common"]
    asked, effort = model(y, family, residual=True), Effort()
    proposal = importance._proposal(asked, asked.axes, effort.nodes)
    off = proposal.shift.copy()
    off[:3] += 3.0  # all over, and more the longer u lasts and the wider it is
    spoiled, shares = replace(proposal, shift=off), []
    for number in range(4):
        spoiled, share = importance._piloted(asked, spoiled, number, effort)
        shares.append(share)
    assert shares[0] < 0.1
    assert shares[-1] > 0.4


def test_standard_errors_are_those_of_independent_sets():
    rng = np.random.default_rng(4)
    replicate = np.repeat(np.arange(REPLICATES), 500)
    psi = Psi(*(np.ones(4000) for _ in range(4)))
    points = Points(psi, rng.normal(size=(4000, 1)), np.zeros((4000, 0)), np.zeros(4000), replicate)
    mean_error, sd_error = points.standard_errors(points.coefficients)
    assert mean_error == pytest.approx(1 / np.sqrt(4000), rel=0.7)
    assert sd_error == pytest.approx(1 / np.sqrt(8000), rel=0.7)
    assert points.effective == pytest.approx(4000)
    doubled = replace(points, log_weight=points.log_weight + 3.0)
    assert doubled.log_evidence == pytest.approx(3.0)


def test_the_log_of_a_mean_of_exponentials_does_not_overflow():
    assert log_mean(np.array([1000.0, 1000.0])) == pytest.approx(1000.0)
    assert log_mean(np.array([-1000.0, -1001.0])) == pytest.approx(-1000.0 + np.log((1 + np.exp(-1)) / 2))
