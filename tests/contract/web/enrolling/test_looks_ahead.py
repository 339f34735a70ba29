"""While a protocol is adapted it is simulated, roughly and by the jobs; nothing of that is on the record."""

import pytest
from django_tasks_db.models import DBTaskResult

from enrolling_pages import Road, words_of
from modicum.web.clinic.enrolling import looks_ahead
from modicum.web.jobs.queue import DEFAULT, work_off

AWAITED, ROUGHLY = "It is being simulated, roughly", "So few people tell it roughly"


@pytest.fixture
def road(world, monkeypatch, tmp_path):
    monkeypatch.setattr("django.conf.settings.MODICUM_DATA", tmp_path)
    monkeypatch.setattr(looks_ahead, "PEOPLE", 1)
    found = Road(world.client("prescriber"), world.ines)
    found.screen()
    return found


def look(road, **changed):
    return words_of(road.choose(do="show", **changed))


def asked():
    return [one.args_kwargs["kwargs"]["protocol_sha256"] for one in DBTaskResult.objects.all()]


def test_what_an_adapted_protocol_finds_is_shown_once_it_is_simulated_and_recorded_nowhere(road):
    words = look(road, **{"length-crossover": "21"})
    assert AWAITED in words
    assert "has not been simulated" in words
    work_off(DEFAULT)
    words = look(road, **{"length-crossover": "21"})
    assert AWAITED not in words
    assert ROUGHLY in words
    assert "From 1 virtual people of each kind" in words
    assert road.kinds == ["screening"]
    assert len(asked()) == 1, "what is known is not asked for again"


def test_of_what_one_person_tries_the_last_alone_waits(road, world):
    for days in ("21", "24", "28", "24"):
        look(road, **{"length-crossover": days})
    ((waiting,), before) = asked(), Road(world.client("prescriber"), world.ines)
    assert AWAITED in look(before, **{"length-crossover": "24"})
    assert asked() == [waiting]


def test_what_is_known_by_stored_figures_and_what_does_not_fit_is_not_simulated(road):
    assert AWAITED not in look(road, of="ldn-smallest-dose")
    assert AWAITED not in look(road, **{"length-crossover": "1"})
    assert asked() == []


def test_a_shipped_protocol_without_stored_figures_is_simulated_when_that_is_asked_for(road):
    assert AWAITED not in words_of(road.get("protocol", "?of=ldn-open-fast"))
    assert AWAITED in look(road, of="ldn-open-fast")


def test_what_could_not_be_simulated_is_said_to_be_unknown_and_not_tried_for_ever(road):
    look(road, **{"length-crossover": "21"})
    DBTaskResult.objects.get().set_failed(RuntimeError("the machine was full"))
    words = look(road, **{"length-crossover": "21"})
    assert AWAITED not in words
    assert "has not been simulated" in words
    assert len(asked()) == 1
