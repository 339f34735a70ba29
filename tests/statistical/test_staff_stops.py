"""Staff who stop trials of a useless drug when they are tempted to; chance fails it in 1 of 1,000 repetitions."""

import datetime as dt

import pytest

from modicum.participants.task import Task
from modicum.records.events import Entry
from modicum.simulation.people import START
from verification.counts import count
from verification.staff_stops import Seen, Watched, run_staff_stops, stops_when_well, stops_when_worse, weigh


def test_a_useless_drug_does_not_work_for_being_stopped_when_she_is_well():
    finding = run_staff_stops(count("staff-stops"))
    assert finding.passed, finding.summary
    told = finding.figures["found"].values()
    assert any(one["stopped"] for one in told), "stops that never come show nothing"
    assert all(one["declared"] >= one["unqualified"] for one in told)


@pytest.mark.parametrize(
    ("people", "most", "held"),
    [(2000, 80, True), (2000, 95, False), (2000, 120, False), (60, 3, True), (60, 12, False)],
)
def test_one_kind_of_stop_that_errs_too_often_is_enough_to_fail(people, most, held):
    fine = {"stopped": people, "declared": 1, "unqualified": 1}
    found = {"a": fine, "b": {**fine, "declared": most, "unqualified": most}}
    assert weigh(found, people).passed is held


@pytest.mark.parametrize(("change", "well", "worse"), [(-1.0, True, False), (-0.9, False, False), (1.0, False, True)])
def test_staff_see_a_fortnight_against_the_first_one(change, well, worse):
    seen = Seen({day: 6.0 if day < 14 else 6.0 + change for day in range(40)})
    assert stops_when_well(seen, 40, 0) is well
    assert stops_when_worse(seen, 40, 0) is worse
    assert not stops_when_well(seen, 20, 0), "a few days on capsules are not looked at"


def test_staff_know_of_an_evening_once_it_has_come_in_and_stop_with_an_entry_of_their_own():
    class Late:
        def answer(self, task):
            return Entry(
                id=str(task.day),
                happened_at=task.due,
                received_at=task.due + dt.timedelta(days=2),
                scores={"pain": 5.0},
            )

    known = []

    def look(seen, day, _lot):
        known.append(sorted(seen.scores))
        return day == 4

    watched = Watched(Late(), look, 0)
    entries = [watched.answer(Task(day, START + dt.timedelta(days=day), "titration", 0.5, 0.0)) for day in range(5)]
    assert known == [[], [], [0], [0, 1], [0, 1, 2]]
    assert [entry.stops for entry in entries] == [False] * 4 + [True]
    assert not entries[-1].scores
    assert watched.stopped
