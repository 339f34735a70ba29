import itertools

import pytest

from allocation_fixtures import FLAGSHIP, first
from modicum.allocation import Contributions, choose_index, draw_order, list_orders
from modicum.allocation.draws import derive_bytes
from modicum.protocol import read_protocol

TITRATION = first(list_orders(read_protocol(FLAGSHIP)), "titration")


def test_the_bytes_are_those_of_rfc_5869_test_case_1():
    secret, salt, info = bytes([0x0B] * 22), bytes(range(13)), bytes(range(0xF0, 0xFA))
    found = bytes(itertools.islice(derive_bytes(secret, salt, info), 42))
    assert found.hex() == ("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")


def test_the_bytes_are_those_of_rfc_5869_test_case_2():
    secret, salt, info = bytes(range(0x50)), bytes(range(0x60, 0xB0)), bytes(range(0xB0, 0x100))
    found = bytes(itertools.islice(derive_bytes(secret, salt, info), 82))
    assert found.hex() == (
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
    )


@pytest.mark.parametrize("count", [1, 2, 3, 10, 16, 24, 200, 255, 256])
def test_every_accepted_byte_falls_evenly_on_the_indices(count):
    fair = 256 // count * count
    found = [choose_index(count, iter([byte])) for byte in range(fair)]
    assert {found.count(index) for index in range(count)} == {fair // count}


@pytest.mark.parametrize("count", [10, 24, 200, 255])
def test_bytes_that_would_favour_small_numbers_are_rejected(count):
    fair = 256 // count * count
    assert fair < 256
    for byte in range(fair, 256):
        assert choose_index(count, iter([byte, 1])) == 1


def test_more_than_256_orders_take_two_bytes():
    assert choose_index(5040, iter([0xFF, 0xFF, 0x00, 0x07])) == 7


def draw(system=b"s" * 32, participant="p", protocol_sha256="0" * 64, slot="x", phase=TITRATION):
    return draw_order(phase, Contributions(system, participant), protocol_sha256, slot)


def test_the_same_contributions_give_the_same_order():
    assert draw() == draw()


@pytest.mark.parametrize("which", ["system", "participant", "protocol_sha256", "slot"])
def test_each_part_of_the_draw_changes_it(which):
    several = {draw(**{which: bytes([n]) * 32 if which == "system" else str(n)}) for n in range(30)}
    assert len(several) > 3


def test_the_phases_are_drawn_apart_from_each_other():
    confirmation = first(list_orders(read_protocol(FLAGSHIP)), "confirmation")
    pairs = {(draw(participant=str(n)), draw(participant=str(n), phase=confirmation)) for n in range(60)}
    assert len(pairs) > 40
