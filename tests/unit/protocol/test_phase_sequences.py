"""Sequences that a phase can draw, counted by hand, and the timetable that shows them."""

import pytest

from modicum.protocol import list_sequences, read_protocol, schedule
from modicum.protocol.schema import Phase

LADDER = (1.0, 2.0, 3.0)


def phase(**fields):
    fixed = {"name": "p", "kind": "titration", "blinded": True, "announced": 0.5, "max_days": 99.0, "block_days": 7.0}
    return Phase(**{**fixed, **fields})


@pytest.mark.parametrize(
    ("placebo_blocks", "different", "count"),
    [(1, True, 4), (2, True, 6), (2, False, 10), (3, True, 4), (4, True, 1), (5, True, 0)],
)
def test_hidden_placebo_blocks_have_as_many_places_as_counted_by_hand(placebo_blocks, different, count):
    titration = phase(
        doses_mg="ladder",
        placebo_blocks=placebo_blocks,
        placebo_in_different_gaps=different,
        order="ascending with hidden placebo",
    )
    sequences = list_sequences(titration, LADDER)
    assert sequences is not None
    assert len(set(sequences)) == len(sequences) == count


def test_a_fair_coin_per_pair_puts_either_half_first():
    crossover = phase(kind="crossover", doses_mg=(2.0,), pairs=2, half_days=7.0, block_days=None)
    drawn = crossover.model_copy(update={"order": "fair coin per pair"})
    assert list_sequences(drawn, LADDER) == ((2, 0, 2, 0), (2, 0, 0, 2), (0, 2, 2, 0), (0, 2, 0, 2))


def test_any_order_has_every_order_of_the_blocks():
    blocks = phase(doses_mg=(1.0, 2.0), placebo_blocks=1, order="any order")
    assert len(list_sequences(blocks, LADDER) or ()) == 6
    twice = phase(doses_mg=(1.0,), placebo_blocks=2, order="any order")
    assert list_sequences(twice, LADDER) == ((0, 0, 1), (0, 1, 0), (1, 0, 0))


def test_what_the_data_decide_cannot_be_listed():
    assert list_sequences(phase(doses_mg="below candidate", placebo_blocks=1, order="any order"), LADDER) is None


def test_nothing_drawn_is_one_sequence():
    assert list_sequences(phase(doses_mg="ladder", blinded=False), LADDER) == (LADDER,)


def test_the_flagship_looks_after_every_pair_but_the_first_and_asks_more_before_the_last():
    rows = [row for row in schedule(read_protocol("ldn-smallest-dose")) if row.phase == "confirmation"]
    assert ["works if" in row.decision for row in rows] == [False, True, True, True, True]
    assert ["P(benefit > 0) is above 0.99 and" in row.decision for row in rows] == [False, True, True, True, False]
    assert "P(benefit > 0) is above 0.985 and" in rows[-1].decision


def test_the_open_climb_steps_up_by_eye_and_everyone_knows():
    rows = [row for row in schedule(read_protocol("ldn-open")) if row.phase == "titration"]
    assert [row.taken for row in rows] == [f"{dose:g} mg" for dose in read_protocol("ldn-open").drug.ladder_mg]
    assert {row.known_by for row in rows} == {"everyone"}
    assert all("30% or 2 points" in row.decision for row in rows)


def test_in_a_blinded_phase_only_the_pharmacist_knows():
    rows = schedule(read_protocol("ldn-crossover"))
    assert all(row.known_by.startswith("the pharmacist only") for row in rows if row.phase == "crossover")
    assert all("placebo" in row.taken for row in rows if row.phase == "crossover")
