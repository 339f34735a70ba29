"""Every admissible order is equally likely. Each test fails by chance in at most 1 of 1,000 repetitions."""

import pytest
from scipy.stats import chisquare

from allocation_fixtures import chance
from modicum.allocation import Contributions, choose_index, draw_order, list_orders
from modicum.protocol import library, read_protocol

FALSE_ALARM = 1e-3
DRAWS = 8_000
INDICES = 200_000
PHASES = [
    (name, found.phase)
    for name in library()
    if not name.startswith("ldn-open")
    for found in list_orders(read_protocol(name))
]


def even(counts):
    return chisquare(counts).pvalue > FALSE_ALARM


def counted(values, count):
    found = [0] * count
    for value in values:
        found[value] += 1
    return found


def numbers(seed):
    source = chance(seed)
    while True:
        yield from source(4096)


def draw_many(name, phase, half):
    """Indices of orders; ``half`` gives the contributions of the n-th draw."""
    protocol = read_protocol(name)
    found = next(one for one in list_orders(protocol) if one.phase == phase)
    place = {order: index for index, order in enumerate(found.orders)}
    drawn = (place[draw_order(found, half(n), protocol.sha256, "x")] for n in range(DRAWS))
    return counted(drawn, len(found.orders))


@pytest.mark.parametrize(("name", "phase"), PHASES)
def test_every_order_is_equally_likely_whatever_the_participant_says(name, phase):
    source = chance(f"system {name} {phase}")
    assert even(draw_many(name, phase, lambda n: Contributions(source(32), "always the same")))


@pytest.mark.parametrize(("name", "phase"), PHASES)
def test_every_order_is_equally_likely_whatever_the_system_chose(name, phase):
    assert even(draw_many(name, phase, lambda n: Contributions(b"always the same, 32 bytes long!!", f"dice {n}")))


def test_the_orders_of_two_phases_are_drawn_independently():
    protocol = read_protocol("ldn-smallest-dose")
    titration, confirmation, _ = list_orders(protocol)
    source = chance("two phases")
    many = len(confirmation.orders)
    table = [0] * (len(titration.orders) * many)
    for _ in range(DRAWS):
        half = Contributions(source(32), "")
        a, b = (one.orders.index(draw_order(one, half, protocol.sha256, "x")) for one in (titration, confirmation))
        table[many * a + b] += 1
    assert even(table)


@pytest.mark.parametrize("count", [10, 16, 24, 32, 200, 5040])
def test_every_index_is_equally_likely(count):
    source = numbers(f"indices {count}")
    assert even(counted((choose_index(count, source) for _ in range(INDICES)), count))


def test_a_remainder_without_rejection_is_found_biased():
    source = numbers("biased")
    assert not even(counted((next(source) % 10 for _ in range(INDICES)), 10))


def test_a_first_block_that_is_never_placebo_is_found_biased():
    protocol = read_protocol("ldn-smallest-dose")
    titration = list_orders(protocol)[0]
    fixed = [index for index, order in enumerate(titration.orders) if order[0].role != "placebo"]
    source = numbers("first block")
    assert not even(counted((fixed[choose_index(len(fixed), source)] for _ in range(DRAWS)), 10))
