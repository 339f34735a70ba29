"""Screening in the browser: what is found is recorded and shown with its rule, and nothing typed is lost."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enrolling_pages import WELL, Road, heading_of, words_of
from modicum.records.chain import canonical, content_hash
from modicum.screening import questions
from modicum.services.enrolling import FRESH_DAYS
from modicum.web.clinic.enrolling import questions as worded
from modicum.web.clock import now

PAGES = ("screen", "screening", "protocols", "protocol", "plan", "consent", "consent_sheet", "begin")
ONLY_SEEN = ("protocols", "consent_sheet")


@pytest.fixture
def road(world):
    return Road(world.client("prescriber"), world.ines)


def test_every_question_and_answer_of_the_screening_has_words_that_can_be_translated():
    asked = questions().values()
    assert set(worded._texts()) == {one.key for one in asked}
    assert {worded.question_words(one) for one in asked} == {one.text for one in asked}
    own = {(one.key, answer) for one in asked for answer in one.answers}
    assert set(worded._own_answers()) <= own
    assert set(worded._answers()) == {answer for one in asked for answer in one.answers} | {worded.UNKNOWN}


def test_the_age_is_filled_in_and_nothing_else(road):
    form = road.get("screen").context["form"]
    assert form["age"].value() == str(now().year - 1983 - ((now().month, now().day) < (5, 14)))
    assert all(not form[key].value() for key in questions() if key != "age")


def test_somebody_well_may_start_and_the_document_is_kept_whole_with_its_hash(road, world):
    answer = road.screen()
    assert answer.headers["Location"] == road.address("screening")
    page = road.get("screening")
    assert heading_of(page) == "Nothing here stands against a start."
    said = road.known.screening.said
    assert said["document"]["schema"] == "modicum.screen/1"
    assert said["document_sha256"] == content_hash(canonical(said["document"]))
    assert said["document_sha256"][:12] in words_of(page)
    assert road.events[-1].actor == f"staff:{world.people['prescriber'].pk}"
    assert "Halloran" not in road.events[-1].content


def test_an_empty_list_screens_nobody_and_keeps_every_answer(road):
    page = road.screen(medications="  \n ", liver="cirrhosis")
    assert (page.status_code, road.kinds) == (200, [])
    assert "MOD-SCREEN-08" in words_of(page)
    assert page.context["form"]["liver"].value() == "cirrhosis"
    assert page.context["form"]["age"].value() == "42"


def test_all_that_cannot_be_read_is_said_at_once_and_stays_as_it_was_typed(road):
    typed = {"age": "forty", "opioid_last_taken": "2999-01-01", "liver": "fine", "medications": "x" * 100_001}
    page = road.screen(**typed)
    form = page.context["form"]
    assert set(form.errors) == set(typed)
    assert {name: form[name].value() for name in typed} == typed
    assert road.kinds == []
    assert "MOD-SCREEN-04" in form.errors["age"][0]
    assert "MOD-SCREEN-05" in form.errors["opioid_last_taken"][0]
    assert "MOD-SCREEN-06" in form.errors["medications"][0]


def test_an_opioid_stops_with_its_source_and_the_day_to_look_again_and_cannot_be_signed(road):
    taken = now().date() - dt.timedelta(days=2)
    road.screen(medications=f"Tylenol #3, last taken {taken}")
    page = road.get("screening")
    assert heading_of(page) == "Not yet. One thing stops this."
    words = words_of(page)
    again = taken + dt.timedelta(days=10)
    assert f"Screen again on {again:%-d %B %Y}" in words
    assert "FDA label, naltrexone tablets: contraindications" in words
    assert page.context["form"] is None
    assert road.post("screening", reason="never mind", signed="on").status_code == 302
    assert road.kinds == ["screening"]
    assert road.choose().headers["Location"] == road.address("screening")
    assert "protocol-chosen" not in road.kinds


def test_a_name_that_is_not_known_is_never_clearance_and_needs_a_signed_word(road, world):
    road.screen(medications="Zyzaxol 5 mg")
    page = road.get("screening")
    assert heading_of(page) == "Perhaps. One thing needs your word."
    assert "“Zyzaxol 5 mg” is not recognised" in words_of(page)
    assert road.choose().headers["Location"] == road.address("screening")
    refused = road.post("screening", **{"unread-1": "a herbal tea of the region", "reason": ""})
    assert set(refused.context["form"].errors) == {"reason", "signed"}
    assert "a herbal tea of the region" in words_of(refused)
    assert road.kinds == ["screening"]
    given = {"unread-1": "a herbal tea", "reason": "no opioid in it", "signed": "on"}
    assert road.post("screening", **given).status_code == 302
    told = road.known.signed.said
    assert (told["words"], told["reason"]) == ({"unread-1": "a herbal tea"}, "no opioid in it")
    assert told["by"] == f"staff:{world.people['prescriber'].pk}"
    page = road.get("screening")
    assert heading_of(page) == "This person may start: you gave your word."
    assert "Dr Prescriber" in words_of(page)
    assert road.choose().headers["Location"] == road.address("consent")


def test_a_question_that_nobody_answered_is_asked_before_anything_is_signed(road):
    road.screen(medications="Zyzaxol", liver="unknown", kidney="")
    page = road.get("screening")
    assert page.context["form"] is None
    assert "2 questions of the history were not answered" in words_of(page)
    given = {"unread-1": "tea", "reason": "fine", "signed": "on"}
    road.post("screening", **given)
    assert road.kinds == ["screening"]
    again = road.get("screen").context["form"]
    assert (again["medications"].value(), again["kidney"].value()) == ("Zyzaxol", None)


def test_a_screening_that_is_too_old_leads_nowhere(road, world, monkeypatch, tmp_path):
    road.screen()
    later = tmp_path / "clock"
    later.write_text((now() + dt.timedelta(days=FRESH_DAYS + 1)).isoformat())
    monkeypatch.setattr("django.conf.settings.MODICUM_CLOCK_FILE", str(later))
    assert heading_of(road.get("screening")) == "This screening is too old to go by."
    assert road.choose().headers["Location"] == road.address("screen")
    assert road.kinds == ["screening"]


def test_somebody_of_another_site_is_answered_like_nobody(world):
    stranger = Road(world.client("foreign prescriber"), world.ines)
    nowhere = stranger.client.get("/clinic/nowhere/")
    for name in PAGES:
        seen, sent = stranger.get(name), stranger.post(name, **WELL)
        assert (seen.status_code, seen.content) == (404, nowhere.content), name
        assert sent.status_code == (405 if name in ONLY_SEEN else 404), name
    assert stranger.kinds == []


def test_no_page_asks_the_database_more_than_twenty_times(road):
    road.to_consent()
    for name in PAGES:
        with CaptureQueriesContext(connection) as asked:
            road.get(name)
        assert len(asked) <= 20, (name, len(asked))


def test_what_the_store_keeps_can_be_read_again(road):
    road.screen(medications="Zyzaxol\nsertraline 50 mg")
    said = json.loads(road.events[-1].content)
    assert said["medications"] == "Zyzaxol\nsertraline 50 mg"
    assert said["answers"]["liver"] == "healthy"
