import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

from modicum.analysis.outcomes.cut_points import CutPoints
from modicum.analysis.outcomes.families import Binary, NegativeBinomial, Ordinal, Poisson
from modicum.analysis.outcomes.response import response

COUNTS = np.array([5, 0, 10, 20, 5])
ORDINAL = Ordinal(2.0 + np.arange(len(COUNTS)), CutPoints(COUNTS))
SHAPE = {"ordinal": np.array([[-0.3, 0.4, -0.8, 0.2]]), "negative-binomial": np.array([[-0.7]])}
FAMILIES = {"binary": Binary(), "poisson": Poisson(), "negative-binomial": NegativeBinomial(), "ordinal": ORDINAL}
ANSWERS = {
    "binary": np.array([0.0, 1.0, 1.0]),
    "poisson": np.array([0.0, 3.0, 40.0]),
    "negative-binomial": np.array([0.0, 3.0, 40.0]),
    "ordinal": np.array([2.0, 5.0, 6.0]),
}
ETA = np.array([[-1.3, 0.4, 2.0]])
NAMES = list(FAMILIES)


def natural(name):
    return FAMILIES[name].natural(SHAPE.get(name, np.zeros((1, 0))))


def test_yes_or_no_has_the_chance_of_the_logistic_curve():
    found = FAMILIES["binary"].log_likelihood(ANSWERS["binary"], ETA, natural("binary"))
    np.testing.assert_allclose(found[0], stats.bernoulli.logpmf(ANSWERS["binary"], expit(ETA[0])), rtol=1e-12)


def test_counts_have_the_chances_of_poisson():
    found = FAMILIES["poisson"].log_likelihood(ANSWERS["poisson"], ETA, natural("poisson"))
    np.testing.assert_allclose(found[0], stats.poisson.logpmf(ANSWERS["poisson"], np.exp(ETA[0])), rtol=1e-12)


def test_uneven_counts_have_the_chances_of_the_negative_binomial():
    size, mean = np.exp(0.7), np.exp(ETA[0])
    found = FAMILIES["negative-binomial"].log_likelihood(ANSWERS["poisson"], ETA, natural("negative-binomial"))
    np.testing.assert_allclose(
        found[0], stats.nbinom.logpmf(ANSWERS["poisson"], size, size / (size + mean)), rtol=1e-10
    )


def test_the_chances_of_all_ordered_categories_add_up_to_one():
    chances = [
        np.exp(ORDINAL.log_likelihood(np.full(3, score), ETA, natural("ordinal")))
        for score in (2.0, 3.0, 4.0, 5.0, 6.0)
    ]
    np.testing.assert_allclose(np.sum(chances, axis=0), 1.0, rtol=1e-12)


def test_a_higher_predictor_makes_higher_categories_likelier():
    top = ORDINAL.log_likelihood(np.full(3, 6.0), np.array([[-1.0, 0.0, 1.0]]), natural("ordinal"))[0]
    assert top[0] < top[1] < top[2]


@pytest.mark.parametrize("name", NAMES)
def test_slopes_are_the_derivatives_of_the_log_probability(name):
    family, y, h = FAMILIES[name], ANSWERS[name], 1e-5
    slope, information = family.slope(y, ETA, natural(name))
    up, down = (family.log_likelihood(y, ETA + step, natural(name)) for step in (h, -h))
    np.testing.assert_allclose(slope, (up - down) / (2 * h), atol=1e-8)
    up, down = (family.slope(y, ETA + step, natural(name))[0] for step in (h, -h))
    np.testing.assert_allclose(information, (down - up) / (2 * h), atol=1e-8)


def test_curves_of_cut_points_are_derivatives_too():
    y, shape, h = ANSWERS["ordinal"], SHAPE["ordinal"], 1e-4

    def value(at, eta=ETA):
        return ORDINAL.log_likelihood(y, eta, ORDINAL.natural(at)).sum() + ORDINAL.log_prior(at)[0]

    curves, steps = ORDINAL.shape_curves(y, ETA, shape), h * np.eye(4)
    slope = [(value(shape + e) - value(shape - e)) / (2 * h) for e in steps]
    np.testing.assert_allclose(curves.slope[0], slope, atol=1e-6)
    inner = [
        [(value(shape + e + f) - value(shape + e - f) - value(shape - e + f) + value(shape - e - f)) / (4 * h * h)
         for f in steps] for e in steps
    ]  # fmt: skip
    np.testing.assert_allclose(curves.inner[0], -np.array(inner), atol=1e-5)

    def slope(at):
        return ORDINAL.slope(y, ETA, ORDINAL.natural(at))[0]

    cross = [(slope(shape + e) - slope(shape - e)) / (2 * h) for e in steps]
    np.testing.assert_allclose(curves.cross[0], -np.array(cross)[:, 0].T, atol=1e-6)


def test_the_prior_of_cut_points_is_flat_over_the_chances_of_the_categories():
    """Prior density of the coordinates over the Jacobian of the chances of the categories in them is constant."""
    cuts = CutPoints(np.array([3, 0, 2]))
    rng = np.random.default_rng(1)
    for _ in range(20):
        at = rng.normal(size=(1, 2))
        h = 1e-5
        below = expit(cuts.places(at))[0]
        jacobian = np.column_stack(
            [(expit(cuts.places(at + h * e)) - expit(cuts.places(at - h * e)))[0] / (2 * h) for e in np.eye(2)]
        )
        assert np.all(np.diff(below) > 0)
        # Dirichlet(1, 1, 1) has density 2 over the first two chances, and so over their sums
        assert cuts.log_prior(at)[0] == pytest.approx(np.log(2.0) + np.linalg.slogdet(jacobian)[1], abs=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_the_mean_answer_integrates_the_residual(name):
    family, sd, at = FAMILIES[name], np.array([0.8]), np.linspace(-2.0, 1.5, 7)[None]
    draws = sd[0] * stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    values = {
        "binary": expit,
        "poisson": np.exp,
        "negative-binomial": np.exp,
        "ordinal": lambda eta: 2.0 + expit(eta[:, None] - natural("ordinal")[0]).sum(1),
    }[name]
    wanted = [values(a + draws).mean() for a in at[0]]
    np.testing.assert_allclose(response(family, natural(name), sd, at)[0], wanted, rtol=2e-3)


def test_a_long_diary_gets_the_same_mean_answers_from_a_table():
    at = np.linspace(-9.0, 7.0, 200)[None]
    whole = response(ORDINAL, natural("ordinal"), np.array([1.3]), at)
    parts = [response(ORDINAL, natural("ordinal"), np.array([1.3]), at[:, i : i + 40]) for i in range(0, 200, 40)]
    np.testing.assert_allclose(whole, np.concatenate(parts, axis=1), atol=2e-4)


def test_an_answer_not_given_yet_carries_its_expected_information():
    for name in NAMES:
        family, y = FAMILIES[name], np.arange(0.0, 400.0) if name != "ordinal" else np.arange(2.0, 7.0)
        y = np.array([0.0, 1.0]) if name == "binary" else y
        eta = np.full((1, len(y)), 0.3)
        chance = np.exp(family.log_likelihood(y, eta, natural(name)))
        expected = (chance * family.slope(y, eta, natural(name))[1]).sum()
        assert family.information(eta[:, :1], natural(name))[0, 0] == pytest.approx(expected, rel=1e-6)
