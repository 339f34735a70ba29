from functools import lru_cache

import numpy as np
import pytest

from modicum.analysis.outcomes import hermite
from modicum.analysis.outcomes.cut_points import CutPoints
from modicum.analysis.outcomes.families import Binary, NegativeBinomial, Ordinal, Poisson

NONE = np.zeros((1, 0))


def by_a_fine_grid(family, y, eta, *, sd, ell, time):
    """The same integral on 2,001 points of u."""
    u = np.linspace(-8 * sd, 8 * sd, 2001)
    step = u[1] - u[0]
    density = np.exp(-0.5 * (u / sd) ** 2) / (np.sqrt(2 * np.pi) * sd)
    total = 0.0

    @lru_cache
    def move(gap):
        keep = np.exp(-gap / ell)
        spread = sd * np.sqrt(1 - keep**2)
        return np.exp(-0.5 * ((u[:, None] - keep * u) / spread) ** 2) / (np.sqrt(2 * np.pi) * spread)

    for i, answer in enumerate(y):
        if i and time[i] > time[i - 1]:
            density = move(round(time[i] - time[i - 1], 9)) @ density * step
        density = density * np.exp(family.log_likelihood(np.array([answer]), eta[i] + u[:, None], NONE))[:, 0]
        mass = density.sum() * step
        total += np.log(mass)
        density = density / mass
    return total


def by_the_filter(family, y, eta, *, sd, ell, time):
    return hermite.log_likelihood(
        family, y, eta[None], NONE, sd=np.array([sd]), ell=np.array([ell]), time_days=time
    )[0]  # fmt: skip


@pytest.mark.parametrize(
    ("family", "level", "sd", "ell", "most"),
    [
        (Binary(), 0.0, 0.7, 4.0, 1e-3),
        (Binary(), -4.0, 1.5, 4.0, 1e-3),
        (Binary(), -1.0, 2.0, 30.0, 0.01),
        (Poisson(), 0.0, 0.7, 4.0, 1e-3),
        (Poisson(), 3.5, 1.0, 10.0, 1e-3),
        (Poisson(), -2.0, 1.5, 10.0, 0.01),
    ],
)
def test_the_filter_agrees_with_a_fine_grid(family, level, sd, ell, most):
    rng = np.random.default_rng(3)
    time = np.cumsum(rng.choice([0.0, 0.4, 1.0, 3.0], size=60, p=[0.1, 0.2, 0.6, 0.1]))
    eta = level + 0.5 * (np.arange(60) % 20 > 10)
    u = np.zeros(60)
    for i in range(1, 60):
        keep = np.exp(-(time[i] - time[i - 1]) / ell)
        u[i] = keep * u[i - 1] + sd * np.sqrt(1 - keep**2) * rng.normal()
    chance = 1 / (1 + np.exp(-eta - u))
    y = (
        (rng.random(60) < chance).astype(float)
        if isinstance(family, Binary)
        else rng.poisson(np.exp(eta + u)).astype(float)
    )
    assert by_the_filter(family, y, eta, sd=sd, ell=ell, time=time) == pytest.approx(
        by_a_fine_grid(family, y, eta, sd=sd, ell=ell, time=time), abs=most
    )


def test_without_a_residual_answers_are_independent():
    y, eta = np.array([0.0, 1.0, 1.0]), np.array([0.3, -0.2, 1.0])
    alone = Binary().log_likelihood(y, eta[None], NONE).sum()
    assert by_the_filter(Binary(), y, eta, sd=1e-6, ell=4.0, time=np.arange(3.0)) == pytest.approx(alone, abs=1e-9)


def test_no_chance_of_answers_is_above_one_even_far_out():
    y, eta = np.ones(400), np.full(400, -20.0)
    assert by_the_filter(Binary(), y, eta, sd=25.0, ell=1000.0, time=np.arange(400.0)) <= 0.0


@pytest.mark.parametrize("ell", [0.3, 4.0, 30.0])
@pytest.mark.parametrize("sd", [2.5, 5.0])
def test_a_wide_residual_that_every_answer_cuts_off_on_one_side_is_followed(sd, ell):
    """All yes where no is usual: the density of u lies to the right of anything near its mode."""
    time, y, eta = np.arange(40.0), np.ones(40), np.full(40, -2.5)
    wanted = by_a_fine_grid(Binary(), y, eta, sd=sd, ell=ell, time=time)
    assert by_the_filter(Binary(), y, eta, sd=sd, ell=ell, time=time) == pytest.approx(wanted, abs=0.01)


def test_without_more_nodes_a_wide_residual_is_lost():
    time, y, eta, sd = np.arange(40.0), np.ones(40), np.full(40, -2.5), np.array([5.0])
    run = hermite.Run(Binary(), y, np.diff(time, prepend=0.0), eta[None], NONE, sd, np.array([30.0]))
    few = hermite.compiled(run, hermite.rule_of(10, 8))[0]
    assert abs(few - by_a_fine_grid(Binary(), y, eta, sd=5.0, ell=30.0, time=time)) > 0.05


@pytest.mark.parametrize("counts", [(1000.0, 40_000.0), (3e6, 2.8e6), (2.0, 3000.0)])
def test_counts_that_leap_by_many_of_their_own_sds_are_followed(counts):
    """Two answers, integrated over both u on grids around where each count alone puts them."""
    level = np.log(1000.0)
    y, eta, sd, ell = np.array(counts), np.full(2, level), 3.0, 5.0
    keep = np.exp(-1 / ell)
    axes = [np.log(k + 0.5) - level + np.linspace(-1, 1, 1501) * (8 if k < 10 else 12 / np.sqrt(k)) for k in counts]
    first, second = np.meshgrid(*axes, indexing="ij")
    spread = sd * np.sqrt(1 - keep**2)
    log_density = -0.5 * (first / sd) ** 2 - 0.5 * ((second - keep * first) / spread) ** 2
    log_density -= np.log(2 * np.pi * sd * spread)
    for u, answer in ((first, y[0]), (second, y[1])):
        log_density = log_density + Poisson().log_likelihood(np.full(u.shape[1], answer), level + u, NONE)
    cell = np.prod([axis[1] - axis[0] for axis in axes])
    wanted = log_density.max() + np.log(np.exp(log_density - log_density.max()).sum() * cell)
    assert by_the_filter(Poisson(), y, eta, sd=sd, ell=ell, time=np.arange(2.0)) == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize("ell", [0.4, 3.0, 20.0])
@pytest.mark.parametrize(
    ("family", "usual", "most"),
    [(Binary(), 0.3, 0.1), (Binary(), 0.05, 0.1), (Poisson(), 0.0, 0.4), (Poisson(), 1.5, 0.1)],
)
def test_a_residual_of_eight_on_the_link_scale_is_still_followed(family, usual, most, ell):
    """The prior has one chance in 4,000 of that; with 24 nodes 150 answers were off by up to 2.5."""
    rng, time = np.random.default_rng(1), np.arange(150.0)
    y = (rng.random(150) < usual).astype(float) if isinstance(family, Binary) else rng.poisson(usual, 150).astype(float)
    eta = np.full(150, -3.0 if usual < 1 else 0.0)
    wanted = by_a_fine_grid(family, y, eta, sd=8.0, ell=ell, time=time)
    assert by_the_filter(family, y, eta, sd=8.0, ell=ell, time=time) == pytest.approx(wanted, abs=most)


def answered(family, rng, n):
    if isinstance(family, Ordinal):
        return rng.integers(0, 5, n).astype(float)
    return (rng.random(n) < 0.3).astype(float) if isinstance(family, Binary) else rng.poisson(2.0, n).astype(float)


@pytest.mark.parametrize("points", [1, 8, 203])
@pytest.mark.parametrize(("most", "size"), [(2.0, (10, 8)), (3.5, (24, 16)), (8.0, (64, 32))])
@pytest.mark.parametrize(
    "family", [Binary(), Poisson(), NegativeBinomial(), Ordinal(np.arange(5.0), CutPoints(np.array([9, 5, 0, 20, 3])))]
)
def test_the_compiled_filter_is_the_readable_one(family, points, most, size):
    rng = np.random.default_rng(points)
    gaps = rng.choice([0.0, 0.5, 1.0, 1.02, 30.0], 90)
    eta = rng.normal(0.0 if isinstance(family, Ordinal) else -1.0, 1.5, (points, 90))
    eta[0, :20] = -12.0  # anything but no, or none, is all but impossible
    shapes = {NegativeBinomial: 1, Ordinal: 4}.get(type(family), 0)
    natural = family.natural(rng.normal(0.0, 0.7, (points, shapes)))
    sd, ell = rng.uniform(0.3, 1.0, points) * most, np.exp(rng.normal(1.5, 1.0, points))
    run, rule = hermite.Run(family, answered(family, rng, 90), gaps, eta, natural, sd, ell), hermite.rule_of(*size)
    np.testing.assert_allclose(hermite.compiled(run, rule), hermite.readable(run, rule), rtol=1e-9)


def test_counts_that_no_mean_could_give_are_impossible_and_not_unknown():
    eta = np.array([[86.0] * 6, [0.0] * 6])
    given = {"sd": np.array([2.65, 0.7]), "ell": np.array([10.0, 4.0]), "time_days": np.arange(6.0)}
    found = hermite.log_likelihood(Poisson(), np.array([0.0, 1, 0, 0, 1, 0]), eta, np.zeros((2, 0)), **given)
    assert found[0] < -1e6
    assert np.isfinite(found[1])
