"""Consent and the first day: the text is kept as shown, the order is drawn once, a second press changes nothing."""

import datetime as dt
import json
from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enrolling_pages import AGREED, Road, heading_of, words_of
from modicum.protocol import read_protocol
from modicum.records.chain import canonical, content_hash
from modicum.services.enrolling import FRESH_DAYS
from modicum.services.enrolling.figures import shipped_figures
from modicum.services.folders import read_allocation
from modicum.services.sharing import candidate_of
from modicum.web import trials
from modicum.web.clinic.enrolling import halves, planning, reading, steps
from modicum.web.clinic.enrolling.chances import basis, in_100
from modicum.web.clock import now
from modicum.web.stories import STORE, story_of


@pytest.fixture(autouse=True)
def data(monkeypatch, tmp_path):
    monkeypatch.setattr("django.conf.settings.MODICUM_DATA", tmp_path)
    trials.make_key("review")
    return tmp_path


@pytest.fixture
def road(world):
    return Road(world.client("prescriber"), world.ines)


def today(road):
    return reading.today_of(road.participant).isoformat()


def test_the_text_shows_both_sides_with_their_denominators_and_where_they_come_from(road):
    road.to_consent("ldn-smallest-dose")
    words = words_of(road.get("consent"))
    figures = shipped_figures(read_protocol("ldn-smallest-dose"))[0]
    useless, helped = in_100([figures.useless.declared]), in_100(line.declared for line in figures.helped)
    for said in (
        "Think of 100 people with a condition like yours.",
        f"Where the drug does nothing, it would be said to work in {useless}.",
        f"would be found in {helped}",
        basis(figures, own=False, you=True),
        "at most 392 evenings",
        "You may leave at any time",
        "Nothing, unless you agree to it, which is asked apart.",
        "restless sleep or lying awake",
        "Your part of the draw",
    ):
        assert said in words, said


def test_a_protocol_without_figures_says_so_and_an_open_one_asks_for_no_half(road):
    road.to_consent("ldn-open-fast")
    page = road.get("consent")
    words = words_of(page)
    assert "has not been simulated" in words
    assert "Nothing is hidden" in words
    assert "Your part of the draw" not in words
    assert "contribution" not in page.context["form"].fields


def test_consent_keeps_the_text_as_shown_its_hash_and_who_was_there(road, world):
    road.to_consent()
    shown = road.get("consent").context["text"]
    assert road.consent(present=["interpreter"]).headers["Location"] == road.address("consent")
    said = road.known.consented.said
    assert said["text"] == shown.content
    assert said["text_sha256"] == shown.sha256 == content_hash(canonical(said["text"]))
    assert said["present"] == ["participant", "prescriber", "interpreter"]
    assert (said["by"], said["contribution"]) == (f"staff:{world.people['prescriber'].pk}", "3 6 1 1 5 2 4")
    assert said["share"] is False  # silence is no
    page = road.get("consent")
    assert heading_of(page) == "Consent is given."
    assert page.context["text"] == shown


def test_that_a_trial_may_leave_is_asked_apart(road):
    road.to_consent()
    road.consent(share="on")
    assert road.known.consented.said["share"] is True
    assert "It may leave, without name" in words_of(road.get("consent"))


def test_that_a_trial_may_leave_is_taken_back_at_any_time_and_told_once(road, world):
    road.to_consent()
    road.consent(share="on")
    assert road.begin(today(road)).status_code == 302
    assert "Take this permission back" in words_of(road.get("consent"))
    for _ in range(2):
        assert road.post("consent", share="no").headers["Location"] == road.address("consent")
    assert "It stays here" in words_of(road.get("consent"))
    assert "Take this permission back" not in words_of(road.get("consent"))
    assert road.kinds.count("unshared") == 1
    assert candidate_of(STORE.events_of(world.ines.trial)) is None
    person = road.get("person").content.decode()
    assert road.address("consent") in person


def test_what_is_missing_is_said_at_once_and_nothing_typed_is_lost(road):
    road.to_consent()
    page = road.consent(agreed="", signed="", contribution="x" * 201, present=["relative"])
    form = page.context["form"]
    assert set(form.errors) == {"agreed", "signed", "contribution"}
    assert form["contribution"].value() == "x" * 201
    assert form["present"].value() == ["relative"]
    assert "consented" not in road.kinds


@pytest.mark.parametrize("words", ["blue\N{NO-BREAK SPACE}heron", "\N{BIRD}\N{ZERO WIDTH JOINER}", "two\nlines"])
def test_words_that_no_draw_can_be_made_with_are_refused_before_the_consent_is_given(road, words):
    road.to_consent()
    assert set(road.consent(contribution=words).context["form"].errors) == {"contribution"}
    assert "consented" not in road.kinds


def test_a_text_that_changed_since_it_was_shown_is_read_again(road, monkeypatch, world):
    monkeypatch.setattr(planning, "PEOPLE", 1)
    road.to_consent()
    before = road.get("consent").context["text"].sha256
    road.post("plan")
    assert planning.compute(world.ines.trial, now())
    page = road.post("consent", shown=before, contribution="my words", **AGREED)
    assert "The text has changed since it was shown." in words_of(page)
    assert page.context["form"]["contribution"].value() == "my words"
    assert "consented" not in road.kinds
    after = page.context["text"].sha256
    assert after != before
    assert f'value="{after}"' in page.content.decode()
    assert road.post("consent", shown=after, contribution="my words", **AGREED).status_code == 302
    assert road.kinds[-1] == "consented"


def test_the_text_is_in_the_language_of_the_participant(road, world):
    world.ines.language = "de"
    world.ines.save()
    road.to_consent()
    page = road.get("consent")
    assert page.context["text"].language == "de"
    assert '<div class="consent" lang="de">' in page.content.decode()
    assert '<html lang="en' in page.content.decode()


def test_another_protocol_needs_another_consent(road):
    road.to_consent()
    road.consent()
    road.choose("ldn-open")
    assert heading_of(road.get("consent")) == "Read this together, then decide."
    assert road.begin(today(road)).headers["Location"] == road.address("consent")
    assert "begun" not in road.kinds


def test_nothing_begins_before_every_step_is_there(road):
    for missing, step in (("screen", road.screen), ("protocols", road.choose), ("consent", road.consent)):
        assert road.begin(today(road)).headers["Location"] == road.address(missing)
        step()
    assert "begun" not in road.kinds
    assert story_of(road.participant.trial).begun is None


def test_a_first_day_that_is_over_or_no_day_or_beyond_the_screening_is_refused(road):
    road.to_consent()
    road.consent()
    day = reading.today_of(road.participant)
    for wrong in (day - dt.timedelta(days=1), day + dt.timedelta(days=FRESH_DAYS + 1), "soon"):
        page = road.begin(str(wrong))
        assert set(page.context["form"].errors) == {"first_day"}
        assert page.context["form"]["first_day"].value() == str(wrong)
    assert "begun" not in road.kinds


def test_a_trial_begins_with_both_halves_and_is_sealed_once(road, world, data):
    road.to_consent()
    road.consent()
    half = road.known.chosen.said["half_sha256"]
    day = reading.today_of(road.participant) + dt.timedelta(days=1)
    assert road.begin(day.isoformat()).headers["Location"] == road.address("begin")
    story = story_of(world.ines.trial)
    assert story.begun.start.date() == day
    assert story.begun.protocol.sha256 == road.known.chosen.said["protocol_sha256"]
    document, _ = read_allocation(trials.allocation_of(world.ines.trial))
    assert story.begun.allocation == document.fingerprint
    named = json.loads((trials.allocation_of(world.ines.trial) / "allocation.json").read_text())
    assert half in json.dumps(named)
    assert sha256(b"3 6 1 1 5 2 4").hexdigest() in json.dumps(named)
    assert halves.kept(world.ines.trial, half) is None
    page = road.get("begin")
    assert heading_of(page) == "The trial is about to begin."
    assert document.fingerprint in words_of(page)
    assert road.events[-1].actor != ""


def test_a_second_press_changes_nothing(road, world):
    road.to_consent()
    road.consent()
    road.begin(today(road))
    events, folder = road.events, trials.allocation_of(world.ines.trial)
    sealed = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    later = reading.today_of(road.participant) + dt.timedelta(days=3)
    assert road.begin(later.isoformat()).headers["Location"] == road.address("begin")
    for again in (road.screen, lambda: road.choose("ldn-open")):
        assert again().headers["Location"] == road.address("begin")
    assert "The trial follows it." in words_of(road.get("protocols"))
    assert "Screen again" not in words_of(road.get("screening"))
    assert [event.hash for event in road.events] == [event.hash for event in events]
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == sealed


def test_a_press_after_a_crash_between_seal_and_record_begins_the_same_trial(road, world, monkeypatch):
    from modicum.web.clinic.enrolling import beginning

    road.to_consent()
    road.consent()
    with monkeypatch.context() as broken:
        broken.setattr(trials, "begin", lambda *_given, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            road.begin(today(road))
    fingerprint = read_allocation(trials.allocation_of(world.ines.trial))[0].fingerprint
    assert beginning.halves.kept(world.ines.trial, road.known.chosen.said["half_sha256"])
    road.begin(today(road))
    assert story_of(world.ines.trial).begun.allocation == fingerprint


def test_two_presses_at_once_begin_one_trial(road, world, monkeypatch):
    road.to_consent()
    road.consent()
    kept = halves.kept

    def other_press_first(trial, digest):
        monkeypatch.setattr(halves, "kept", kept)
        road.begin(today(road))
        return kept(trial, digest)

    monkeypatch.setattr(halves, "kept", other_press_first)
    assert road.begin(today(road)).headers["Location"] == road.address("begin")
    assert road.kinds.count("begun") == 1


def test_without_the_computers_half_nothing_is_drawn(road, world, data):
    road.to_consent()
    road.consent()
    halves.forget(world.ines.trial)
    page = road.begin(today(road))
    assert "The computer's half of the draw is not here." in words_of(page)
    assert "begun" not in road.kinds
    assert not trials.allocation_of(world.ines.trial).exists()


def test_an_open_trial_begins_without_a_draw(road, world):
    road.to_consent("ldn-open")
    shown = road.get("consent").context["text"].sha256
    road.post("consent", shown=shown, **AGREED)
    road.begin(today(road))
    assert story_of(world.ines.trial).begun.allocation == ""
    assert heading_of(road.get("begin")) == "The trial has begun."


def test_the_halves_are_nowhere_in_what_the_pages_and_the_store_say(road, world):
    road.to_consent()
    half = halves.kept(world.ines.trial, road.known.chosen.said["half_sha256"])
    road.consent()
    pages = [road.get(name).content for name in ("protocols", "consent", "consent_sheet", "begin")]
    road.begin(today(road))
    pages.append(road.get("begin").content)
    said = b"".join(pages) + "".join(event.content for event in road.events).encode()
    assert half.hex().encode() not in said
    assert half not in said


def test_where_somebody_stands_is_told_in_one_query_beside_herself(road, world):
    road.to_consent()
    person = world.people["prescriber"]
    assert person.roles
    with CaptureQueriesContext(connection) as asked:
        found = reading.enrolling(person, world.ines.pk)
    assert len(asked) == 2
    told = steps.next_of(world.ines, found.stage)
    assert (told.what, told.address) == ("Consent is not given yet", road.address("consent"))
