import datetime as dt

import pytest

from modicum.foundation.errors import DiaryError
from modicum.records import Dose, Entry, Review, SideEffect, as_known_at, current


def at(hour):
    return dt.datetime(2026, 3, 1, hour, tzinfo=dt.UTC)


def dose(name, received, *, corrects=None, mg=1.5, happened=8, withdrawn=False):
    return Dose(
        id=name, happened_at=at(happened), received_at=at(received), corrects=corrects, dose_mg=mg, withdrawn=withdrawn
    )


def names(records):
    return [record.id for record in records]


def test_a_correction_replaces_what_it_points_at():
    assert names(current([dose("a", 8), dose("b", 12, corrects="a")])) == ["b"]


def test_a_correction_counts_only_from_when_it_was_received():
    records = [dose("a", 8), dose("b", 12, corrects="a")]
    assert [names(as_known_at(records, at(hour))) for hour in (7, 8, 11, 12)] == [[], ["a"], ["a"], ["b"]]


def test_a_chain_of_corrections_ends_in_its_last_even_where_it_arrived_first():
    assert names(current([dose("c", 9, corrects="b"), dose("a", 8), dose("b", 12, corrects="a")])) == ["c"]


def test_of_two_corrections_the_one_received_last_counts():
    assert names(current([dose("a", 8), dose("c", 13, corrects="a"), dose("b", 12, corrects="a")])) == ["c"]


def test_of_two_corrections_received_together_the_later_in_the_sequence_counts():
    assert names(current([dose("a", 8), dose("b", 12, corrects="a"), dose("c", 12, corrects="a")])) == ["c"]


def test_a_correction_that_arrives_before_what_it_corrects_already_counts():
    records = [dose("b", 9, corrects="a"), dose("a", 12)]
    assert names(as_known_at(records, at(10))) == ["b"]
    assert names(current(records)) == ["b"]


def test_a_withdrawn_record_is_left_out():
    assert current([dose("a", 8), dose("b", 9, corrects="a", withdrawn=True)]) == ()


def test_records_come_in_the_order_in_which_they_happened():
    assert names(current([dose("a", 9, happened=9), dose("b", 10, happened=7)])) == ["b", "a"]


@pytest.mark.parametrize(
    "records",
    [
        [dose("a", 8), dose("a", 9)],
        [dose("a", 8, corrects="b"), dose("b", 9, corrects="a")],
        [dose("a", 8), Review(id="r", happened_at=at(9), received_at=at(9), corrects="a", decision="stay")],
    ],
)
def test_ids_circles_and_kinds_are_checked(records):
    with pytest.raises(DiaryError):
        current(records)


def test_a_time_without_a_zone_and_a_record_that_corrects_itself_are_refused_together():
    naive = dt.datetime(2026, 3, 1)  # noqa: DTZ001  the fault under test
    with pytest.raises(DiaryError) as error:
        SideEffect(id="s", happened_at=naive, received_at=at(1), corrects="s", name="headache", severity=1)
    assert len(error.value.problems) == 2


def test_an_entry_cannot_be_changed_through_what_it_was_made_of():
    scores = {"pain": 5.0}
    entry = Entry(id="e", happened_at=at(1), received_at=at(1), scores=scores)
    scores["pain"] = 0.0
    assert entry.scores["pain"] == 5.0
    with pytest.raises(TypeError):
        entry.scores["pain"] = 1.0
