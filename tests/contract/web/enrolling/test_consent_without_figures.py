"""A consent to a text that has no figures says so; one whose figures came in the meantime is read again."""

import pytest

from enrolling_pages import AGREED, Road, heading_of, words_of
from modicum.web import trials
from modicum.web.clinic.enrolling import planning
from modicum.web.clock import now

TICK = "Signed without figures"


@pytest.fixture(autouse=True)
def data(monkeypatch, tmp_path):
    monkeypatch.setattr("django.conf.settings.MODICUM_DATA", tmp_path)
    monkeypatch.setattr(planning, "PEOPLE", 1)
    trials.make_key("review")
    return tmp_path


@pytest.fixture
def road(world):
    found = Road(world.client("prescriber"), world.ines)
    found.screen()
    found.choose("ldn-crossover", **{"length-crossover": "13"})
    return found


def test_while_figures_are_computed_nothing_is_recorded_without_the_tick_and_nothing_typed_is_lost(road):
    page = road.get("consent")
    assert "It will stand in the text in some minutes" in words_of(page)
    refused = road.consent(contribution="my words")
    assert set(refused.context["form"].errors) == {"without_figures"}
    assert "Wait until the figures stand in the text, or tick that it is signed without." in words_of(refused)
    assert refused.context["form"]["contribution"].value() == "my words"
    assert "consented" not in road.kinds


def test_with_the_tick_it_is_recorded_that_there_were_none_and_said_where_they_are_now(road, world):
    assert road.consent(without_figures="on").status_code == 302
    assert road.known.consented.said["without_figures"] is True
    page = road.get("consent")
    assert heading_of(page) == "Consent is given."
    assert f"{TICK} What is known of it now" in words_of(page)
    assert road.address("plan") in page.content.decode()


def test_figures_that_came_meanwhile_are_read_before_anything_is_signed(road, world):
    shown = road.get("consent").context["text"].sha256
    assert planning.compute(world.ines.trial, now())
    page = road.post("consent", shown=shown, contribution="my words", without_figures="on", **AGREED)
    assert "The text has changed since it was shown." in words_of(page)
    assert TICK not in words_of(page)
    assert page.context["form"]["contribution"].value() == "my words"
    assert "consented" not in road.kinds
    assert road.consent().status_code == 302
    assert road.known.consented.said["without_figures"] is False
    assert TICK not in words_of(road.get("consent"))


def test_a_computation_that_never_came_holds_nobody_up(road, monkeypatch):
    monkeypatch.setattr(planning, "PATIENCE", planning.PATIENCE * 0)
    page = road.get("consent")
    assert "is not known, and nothing is computing it. Have it computed" in words_of(page)
    assert road.address("plan") in page.content.decode()
    assert road.consent(without_figures="on").status_code == 302


def test_a_protocol_whose_figures_are_stored_asks_for_no_tick(road):
    road.choose("ldn-crossover")
    assert "without_figures" not in road.get("consent").context["form"].fields
    road.post("plan")
    assert "is being computed anew" in words_of(road.get("consent"))
    assert road.consent().status_code == 302
    assert road.known.consented.said["without_figures"] is False


def test_an_adapted_protocol_says_when_its_figures_come_and_then_shows_them(road, world):
    changed = {"do": "show", "length-crossover": "13"}
    assert "It is chosen and being computed" in words_of(road.choose("ldn-crossover", **changed))
    other = words_of(road.choose("ldn-crossover", **{**changed, "length-crossover": "12"}))
    assert "It is chosen and being computed" not in other
    assert planning.compute(world.ines.trial, now())
    page = words_of(road.choose("ldn-crossover", **changed))
    assert "is being" not in page
    assert "From 1 virtual people of each kind" in page
    assert "has not been simulated" not in page
    assert "has not been simulated" in words_of(road.choose("ldn-crossover", **{**changed, "length-crossover": "12"}))
