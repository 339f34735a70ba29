"""What pages of a plan and of protocols say: whole weeks, titles, and nothing that is for whoever types commands."""

from dataclasses import replace

import pytest

import waiting_trials
from enrolling_pages import Road, words_of
from modicum.protocol import read_protocol
from modicum.services.enrolling.figures import shipped_figures
from modicum.web.clinic.enrolling import chances, planning
from modicum.web.clock import now


@pytest.fixture(autouse=True)
def data(monkeypatch, tmp_path):
    monkeypatch.setattr("django.conf.settings.MODICUM_DATA", tmp_path)
    monkeypatch.setattr(planning, "PEOPLE", 1)
    return tmp_path


@pytest.fixture
def road(world):
    found = Road(world.client("prescriber"), world.ines)
    found.screen()
    return found


def test_a_plan_for_her_own_days_speaks_of_no_file_and_no_option(road, world, data):
    road.choose("ldn-open-fast")
    with waiting_trials.place(data):
        trial = waiting_trials.begun(world.ines, "ldn-open-fast")
        waiting_trials.write_evenings(trial, range(1), data, [6])
        assert "before the first capsule; 1 is there." in words_of(road.get("plan"))
        waiting_trials.write_evenings(trial, range(1, 8), data, [7, 5, 6, 8, 6, 7, 5])
        road.post("plan")
        assert planning.compute(trial, now())
        page = road.get("plan")
    assert road.known.planned.said["own"] is True
    assert road.known.planned.said["warnings"] == []
    assert page.context["warnings"] == []
    words = words_of(page)
    for strange in ("--", "The file", "MOD-DIARY-47"):
        assert strange not in words, strange


@pytest.mark.parametrize(
    ("weeks", "said"), [((16.5714, 22.5714), "17 to 23"), ((17.9, 18.1), "18"), ((18.0, 18.0), "18")]
)
def test_weeks_are_whole(weeks, said):
    plan = read_protocol("ldn-crossover")
    stored = shipped_figures(plan)[0]
    lines = [replace(line, weeks=weeks[line.archetype != "none"]) for line in stored.lines]
    figures = replace(stored, lines=tuple(lines))
    assert chances.cells(plan, figures)["median"] == said
    assert f"Half of these trials are over after {said} weeks" in " ".join(chances.sentences(plan, figures))


def test_a_changed_length_is_named_by_the_title_of_its_phase(road):
    base = read_protocol("ldn-smallest-dose")
    form = road.get("protocol", "?of=ldn-smallest-dose").context["form"]
    sent = {name: value for name, one in form.fields.items() if (value := one.initial) is not None}
    [phase] = [one for one in base.phases if one.name == "titration"]
    page = road.post("protocol", "?of=ldn-smallest-dose", **{**sent, "do": "show", "length-titration": "12"})
    assert f"{phase.title}: 12 days instead of" in words_of(page)


def test_protocols_stand_side_by_side_however_many_there_are(road):
    assert "Both stand side by side" not in words_of(road.get("protocols"))
