"""Faults seen in other tools of this field, each of which would spoil a trial without a trace."""

import math

import pytest

from allocation_fixtures import FLAGSHIP, NOW, PUBLIC, chance, drawn, opened, order_of, reveal, sealed
from modicum.allocation import Contributions
from modicum.foundation.errors import AllocationError
from modicum.services.allocating import randomise, verify_folder
from modicum.services.folders import read_allocation

FALSE_ALARM = 1e-6  # of each test below that counts; its seeds were written once
Z = 4.89  # two-sided, for that rate


def everything(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def again(folder, seed, request="", **options):
    source = chance(seed)
    options = {"public_keys": PUBLIC, "now": NOW, "randomness": source, **options}
    contributions = options.pop("contributions", Contributions(source(32), "3 6 1 1 5"))
    return randomise(options.pop("name", FLAGSHIP), folder, contributions, request=request, **options)


def test_the_order_is_the_same_at_every_read(tmp_path):
    folder = drawn(tmp_path / "p")
    before = everything(folder)
    documents = {read_allocation(folder)[0].fingerprint for _ in range(20)}
    orders = {reveal(folder, "review", "review", seed).papers.to_bytes() for seed in range(20)}
    assert (len(documents), len(orders)) == (1, 1)
    after = everything(folder)
    assert {name: after[name] for name in before} == before


def near(count, total, share):
    return abs(count - total * share) <= Z * math.sqrt(total * share * (1 - share))


def test_the_first_pair_is_randomised_like_every_other():
    orders = [order_of(opened(sealed(seed, "ldn-crossover")), "crossover") for seed in range(400)]
    for pair in range(4):
        assert near(sum(order[2 * pair] == 0 for order in orders), len(orders), 0.5), pair


def test_a_first_pair_that_always_begins_with_the_drug_is_noticed():
    assert not near(0, 400, 0.5)


def test_the_first_block_of_the_titration_can_be_placebo():
    orders = [order_of(opened(sealed(seed)), "titration") for seed in range(400)]
    assert near(sum(order[0] == 0 for order in orders), len(orders), 0.4)


def test_a_folder_that_holds_an_allocation_is_never_drawn_again(tmp_path):
    folder = drawn(tmp_path / "p")
    before = everything(folder)
    for seed in range(5):
        with pytest.raises(AllocationError) as caught:
            again(folder, seed)
        assert [one.code for one in caught.value.problems] == ["MOD-ALLOC-07"]
    assert everything(tmp_path) == {f"p/{name}": content for name, content in before.items()}


def test_a_taken_folder_is_listed_with_the_other_problems(tmp_path):
    with pytest.raises(AllocationError) as caught:
        again(drawn(tmp_path / "p"), 2, name="ldn-open")
    assert [one.code for one in caught.value.problems] == ["MOD-ALLOC-01", "MOD-ALLOC-07"]


def test_a_retried_request_gets_the_same_allocation(tmp_path):
    first = again(tmp_path / "p", 1, "mail 17")
    before = everything(tmp_path)
    for seed in range(2, 7):
        found = again(tmp_path / "p", seed, "mail 17")
        assert (found.document, found.new, found.keys) == (first.document, False, ())
    assert everything(tmp_path) == before


def test_another_request_for_the_same_folder_is_refused(tmp_path):
    again(tmp_path / "p", 1, "mail 17")
    with pytest.raises(AllocationError) as caught:
        again(tmp_path / "p", 2, "mail 18")
    assert [one.code for one in caught.value.problems] == ["MOD-ALLOC-07"]


@pytest.mark.parametrize(
    "other",
    [
        {"name": "ldn-crossover"},
        {"slot": "somebody else"},
        {"contributions": Contributions(b"s" * 32, "other dice")},
        {"public_keys": {**PUBLIC, "review": PUBLIC["pharmacist"], "pharmacist": PUBLIC["review"]}},
    ],
)
def test_a_retried_request_that_asks_for_something_else_is_refused(tmp_path, other):
    again(tmp_path / "p", 1, "mail 17")
    with pytest.raises(AllocationError) as caught:
        again(tmp_path / "p", 2, "mail 17", **other)
    assert [one.code for one in caught.value.problems] == ["MOD-ALLOC-21"]


def test_the_address_in_a_request_is_not_kept(tmp_path):
    again(tmp_path / "p", 1, "anna@example.org")
    assert all(b"anna" not in content for content in everything(tmp_path).values())


def test_a_crossover_fits_one_person_has_both_arms_in_eight_periods(tmp_path):
    folder = drawn(tmp_path / "p", name="ldn-crossover")
    course = reveal(folder).course
    assert [one.period for one in course] == list(range(1, 9))
    for first, second in zip(course[::2], course[1::2], strict=True):
        assert {first.dose_mg, second.dose_mg} == {0.0, 4.5}
    assert verify_folder(folder)["result"] == "sound"
