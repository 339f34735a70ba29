from itertools import combinations, combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modicum.supply import choose_strengths
from modicum.supply.strengths import list_candidates

LADDERS = [
    (500, 1500, 3000, 4500),
    (250, 500, 750, 1500, 2250, 3000, 4500),
    tuple(range(500, 4501, 500)),
    (25_000, 50_000, 100_000),
    (4500,),
]
COMMON = (500, 1000, 1500, 3000)


def made(dose, strengths, a_night):
    """The fewest capsules with drug that make a dose, found by trying all; None where none do."""
    counts = range(a_night + 1)
    fits = (n for n in counts if any(sum(one) == dose for one in combinations_with_replacement(strengths, n)))
    return next(fits, None)


def rank(a_night, strengths, doses, common):
    with_drug = sum(made(dose, strengths, a_night) for dose in doses)
    return len(strengths), a_night, -len(set(strengths) & set(common)), -min(strengths), with_drug, strengths


def by_trying_all(doses, most, candidates, common):
    """The best choice among all sets of strengths of the smallest size that serves."""
    active = [dose for dose in doses if dose]
    for size in range(1, len(candidates) + 1):
        found = [
            (a_night, one)
            for a_night in range(1, most + 1)
            for one in combinations(candidates, size)
            if all(made(dose, one, a_night) is not None for dose in active)
        ]
        if found:
            return min(found, key=lambda one: rank(*one, active, common))
    return None


@given(st.sets(st.integers(1, 12), min_size=1, max_size=5), st.integers(1, 3), st.sets(st.integers(1, 12)))
def test_the_choice_is_the_one_that_trying_everything_finds(doses, most, common):
    choice = choose_strengths(doses, most, (), common)
    wanted = by_trying_all(sorted(doses), most, list_candidates(sorted(doses)), common)
    assert (choice.a_night, choice.strengths_ug) == wanted


@given(
    st.sets(st.integers(1, 12), min_size=1, max_size=4),
    st.integers(1, 3),
    st.sets(st.integers(1, 12), min_size=1, max_size=5),
)
def test_from_listed_strengths_the_choice_is_the_one_that_trying_everything_finds(doses, most, allowed):
    choice = choose_strengths(doses, most, allowed)
    wanted = by_trying_all(sorted(doses), most, sorted(allowed), ())
    assert (choice and (choice.a_night, choice.strengths_ug)) == wanted


@pytest.mark.parametrize("ladder", LADDERS)
@pytest.mark.parametrize("most", [1, 2, 3])
def test_every_dose_is_the_sum_of_as_many_capsules_every_night(ladder, most):
    choice = choose_strengths((0, *ladder), most, (), COMMON)
    assert choice.a_night <= most
    assert set(choice.made_of) == {0, *ladder}
    for dose, capsules in choice.made_of.items():
        assert sum(capsules) == dose
        assert len(capsules) == choice.a_night
        assert set(capsules) <= {0, *choice.strengths_ug}


@pytest.mark.parametrize(
    ("most", "strengths"), [(1, (500, 1500, 3000, 4500)), (2, (500, 1500, 3000)), (3, (500, 1500))]
)
def test_the_ladder_of_the_flagship_needs_four_three_or_two_strengths(most, strengths):
    assert choose_strengths((0, 500, 1500, 3000, 4500), most).strengths_ug == strengths


def test_half_of_a_common_divisor_can_save_a_strength():
    assert choose_strengths((1000, 3000, 5000), 2).strengths_ug == (500, 2500)


def test_more_capsules_a_night_are_not_taken_where_they_save_nothing():
    assert choose_strengths((0, 4500), 3).a_night == 1


def test_of_equally_few_strengths_those_that_are_commonly_made_are_taken():
    doses = range(500, 4501, 500)
    assert set(choose_strengths(doses, 2, (), (1000,)).strengths_ug) & {1000}


def test_doses_that_the_listed_strengths_cannot_make_are_none():
    assert choose_strengths((500, 700), 3, (500,)) is None


def test_the_same_doses_in_another_order_give_the_same_choice():
    assert choose_strengths((4500, 500, 3000, 1500), 3) == choose_strengths((500, 1500, 3000, 4500), 3)


def test_an_odd_ladder_is_searched_without_a_grid():
    choice = choose_strengths((1, 1001, 1002), 2)
    assert choice.made_of == {0: (0, 0), 1: (1, 0), 1001: (1001, 0), 1002: (1001, 1)}
