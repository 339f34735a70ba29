"""A person's own data: everything, as it was handed in, and nothing that a spreadsheet would compute."""

import csv
import datetime as dt
import io

from diary_fixtures import NOW, START, beginning, signer, written
from modicum.services.diary import begin, receive, told
from modicum.services.diary.own_data import own_csv, own_document
from modicum.web.store.port import EventStore


def story_with(alias, tmp_path, *entries):
    store = EventStore(alias)
    begin(store, "t", beginning(), now=NOW, actor="test")
    at = START + dt.timedelta(days=3, hours=21)
    return receive(store, "t", entries, sent_at=at, now=at, actor="phone", signer=signer(tmp_path))[1]


def test_everything_is_in_it_as_it_was_handed_in(sqlite_store, tmp_path):
    entries = [written(0), written(1, note="=1+1"), written(1, number=2), {"odd": True}]
    found = own_document(story_with(sqlite_store, tmp_path, *entries))
    assert [one["handed_in"] for one in found["entries"]] == entries
    assert [one["marks"] for one in found["entries"]] == [[], [], ["second"], ["unread"]]
    assert [one["counts"] for one in found["entries"]] == [True, True, False, False]


def test_the_table_has_a_line_for_each_that_can_be_read_and_no_formula(sqlite_store, tmp_path):
    entries = [written(0, answers={"pain": 4.0, "mood": None}), written(1, note="=1+1", medications=["@SUM(A1)"])]
    rows = list(csv.DictReader(io.StringIO(own_csv(story_with(sqlite_store, tmp_path, *entries, {"odd": True})))))
    assert [(row["day"], row["pain"], row["mood"]) for row in rows] == [("0", "4", ""), ("1", "4", "7")]
    assert (rows[1]["note"], rows[1]["medications"]) == ("'=1+1", "'@SUM(A1)")


def test_a_story_told_on_is_the_story_told_anew(sqlite_store, tmp_path):
    entries = [written(day) for day in range(3)]
    story = story_with(sqlite_store, tmp_path, *entries)
    anew = told(EventStore(sqlite_store), "t")
    assert [one.identity for one in anew.kept] == [one.identity for one in story.kept]
    assert (anew.entries, anew.sequence) == (story.entries, story.sequence)
