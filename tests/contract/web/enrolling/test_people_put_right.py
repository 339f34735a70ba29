"""A person is added once, put right, and taken off the worklist; each is told, and no name is told to the store."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enrolling_pages import Road, heading_of, words_of
from modicum.services.enrolling import stage_of
from modicum.web.accounts.models import Correction, Participant
from modicum.web.clinic.enrolling.reading import today_of
from modicum.web.store.models import Event

WHO = {"surname": "Adeyemi", "given": "Tola", "born": "1971-02-03", "language": "en", "zone": "Europe/London"}


@pytest.fixture
def road(world):
    return Road(world.client("prescriber"), world.ines)


@pytest.fixture
def form(world):
    """A form to add a person as it was sent, filled in."""
    client = world.client("prescriber")
    token = client.get("/clinic/people/add/").context["form"]["token"].value()

    def send(**changed):
        given = {**WHO, "site": str(world.harbour.pk), "token": token, **changed}
        return client.post("/clinic/people/add/", {name: value for name, value in given.items() if value is not None})

    return send


def added():
    return list(Event.objects.filter(kind="added").order_by("sequence"))


def named(surname):
    return Participant.objects.filter(surname=surname).count()


def test_a_form_that_is_sent_twice_adds_one_person_and_leads_to_her_both_times(form):
    before = len(added())
    first, second = form(), form()
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert named("Adeyemi") == 1
    assert len(added()) == before + 1


def test_the_form_gone_back_to_for_somebody_else_adds_somebody_else(form):
    first, other = form(), form(surname="Brown")
    assert first.headers["Location"] != other.headers["Location"]
    assert (named("Adeyemi"), named("Brown")) == (1, 1)
    assert Participant.objects.get(surname="Brown").trial != Participant.objects.get(surname="Adeyemi").trial


@pytest.mark.parametrize("token", [None, "", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_token_that_this_server_did_not_make_names_no_trial(form, token):
    assert form(token=token).status_code == 302
    assert Participant.objects.get(surname="Adeyemi").trial != token


def test_somebody_who_is_here_already_is_added_again_only_as_another_person(form, world):
    form()
    given = {"surname": "ADEYEMI", "token": None}
    page = form(**given)
    assert page.status_code == 200
    number = Participant.objects.get(surname="Adeyemi").label
    assert f"Adeyemi, Tola, born 3 February 1971, is here already as no. {number}." in words_of(page)
    assert "This is another person of the same name and date of birth" in words_of(page)
    assert named("ADEYEMI") == 0
    assert form(**given, again="on").status_code == 302
    assert named("ADEYEMI") == 1


def test_particulars_are_put_right_and_the_store_learns_no_name(road, world):
    page = road.get("correct_person")
    assert page.context["form"]["surname"].value() == "Halloran"
    given = {**WHO, "given": world.ines.given, "language": "de", "zone": "Europe/Berlin"}
    assert road.post("correct_person", **given).headers["Location"] == road.address("person")
    after = Participant.objects.get(pk=world.ines.pk)
    assert (after.surname, after.given, after.born.isoformat()) == ("Adeyemi", world.ines.given, "1971-02-03")
    assert (after.language, after.zone, after.number, after.trial) == (
        "de",
        "Europe/Berlin",
        world.ines.number,
        world.ines.trial,
    )
    told = road.events[-1]
    assert told.kind == "person-changed"
    assert told.actor == f"staff:{world.people['prescriber'].pk}"
    assert told.said["before"]["language"] == "en"
    assert told.said["after"] == {"language": "de", "zone": "Europe/Berlin"}
    assert (told.said["name_corrected"], told.said["birth_corrected"]) == (True, True)
    for name in ("Halloran", "Adeyemi", "1971"):
        assert name not in told.content, name
    kept = Correction.objects.get(participant=after)
    assert (kept.before["surname"], kept.after["surname"]) == ("Halloran", "Adeyemi")
    words = words_of(road.get("correct_person"))
    assert "Surname Halloran Adeyemi Dr Prescriber" in words
    assert "14 May 1983 3 February 1971 Dr Prescriber" in words
    assert "English German Dr Prescriber" in words


def test_an_operator_sees_that_a_name_was_corrected_and_not_the_name(road, world):
    road.post("correct_person", **{**WHO, "language": "de"})
    words = words_of(world.client("operator").get(reverse("operating:audit")))
    assert "Particulars of a person were corrected" in words
    assert "Name corrected" in words
    assert "Adeyemi" not in words


def test_nothing_changed_is_nothing_told_and_what_cannot_be_is_refused(road, world):
    page = road.get("correct_person")
    same = {name: page.context["form"][name].value() for name in WHO}
    before = len(road.events)
    assert road.post("correct_person", **same).status_code == 302
    refused = road.post("correct_person", **{**same, "zone": "Mars/Base", "born": "2999-01-01", "surname": "New"})
    assert set(refused.context["form"].errors) == {"zone", "born"}
    assert refused.context["form"]["surname"].value() == "New"
    assert heading_of(refused) == "What is to be put right?"
    assert "HALLORAN" in words_of(refused)
    assert len(road.events) == before
    assert Correction.objects.count() == 0
    assert Participant.objects.get(pk=world.ines.pk).surname == "Halloran"


def test_the_zone_of_a_trial_that_has_begun_stays(road, world, tmp_path, monkeypatch):
    from modicum.web import trials

    monkeypatch.setattr("django.conf.settings.MODICUM_DATA", tmp_path)
    trials.make_key("review")
    road.to_consent("ldn-open")
    road.consent()
    road.begin(today_of(road.participant).isoformat())
    assert "The time zone stays as it is" in words_of(road.get("correct_person"))
    road.post("correct_person", **{**WHO, "zone": "Asia/Tokyo"})
    assert Participant.objects.get(pk=world.ines.pk).zone == world.ines.zone
    assert road.address("correct_person") in road.get("person").content.decode()


def test_somebody_who_does_not_take_part_leaves_the_worklist_and_comes_back_where_she_stood(road, world):
    road.screen()
    waiting = road.client.get("/").content.decode()
    assert "HALLORAN" in waiting
    assert heading_of(road.get("close_enrolment")) == "Why does this person not take part?"
    assert set(road.post("close_enrolment", reason=" ").context["form"].errors) == {"reason"}
    for _ in range(2):
        assert road.post("close_enrolment", reason="She moves away.").headers["Location"] == road.address("person")
    assert road.kinds.count("closed") == 1
    assert "HALLORAN" not in road.client.get("/").content.decode()
    page = road.get("person")
    assert heading_of(page) == "Does not take part."
    assert "She moves away. Written by Dr Prescriber" in words_of(page)
    assert "Does not take part" in words_of(road.client.get("/clinic/people/"))
    assert stage_of(road.events, today_of(road.participant)).missing == "closed"
    for _ in range(2):
        assert road.post("reopen_enrolment").headers["Location"] == road.address("person")
    assert road.kinds.count("reopened") == 1
    assert "HALLORAN" in road.client.get("/").content.decode()
    assert stage_of(road.events, today_of(road.participant)).missing == "protocol"
    assert heading_of(road.get("person")) != "Does not take part."


def test_nothing_goes_on_while_an_enrolment_is_closed(road):
    road.to_consent()
    road.post("close_enrolment", reason="She moves away.")
    before = road.kinds
    person = road.address("person")
    for act in (road.screen, road.choose, lambda: road.post("plan"), lambda: road.post("consent", agreed="on")):
        assert act().headers["Location"] == person
    assert road.begin(today_of(road.participant).isoformat()).headers["Location"] == person
    assert "Screen again" not in words_of(road.get("screening"))
    assert "On to consent" not in words_of(road.get("protocols"))
    assert road.kinds == before


def test_a_trial_that_has_begun_is_stopped_and_not_closed(road, tmp_path, monkeypatch):
    from modicum.web import trials

    monkeypatch.setattr("django.conf.settings.MODICUM_DATA", tmp_path)
    trials.make_key("review")
    road.to_consent("ldn-open")
    road.consent()
    road.begin(today_of(road.participant).isoformat())
    assert road.post("close_enrolment", reason="No more.").headers["Location"] == road.address("person")
    assert "closed" not in road.kinds


def test_the_reason_is_shown_to_those_who_know_her_by_name_alone(road, world):
    road.post("close_enrolment", reason="She moves away.")
    words = words_of(world.client("operator").get(reverse("operating:audit")))
    assert "Somebody does not take part" in words
    assert "She moves away." not in words


def test_no_page_on_a_person_asks_the_database_more_than_twenty_times(road):
    road.post("correct_person", **WHO)
    road.post("close_enrolment", reason="She moves away.")
    for address in (road.address("person"), road.address("correct_person"), "/", "/clinic/people/"):
        with CaptureQueriesContext(connection) as asked:
            road.client.get(address)
        assert len(asked) <= 20, (address, len(asked))
