"""Choosing a protocol: what is shown of it is stored or simulated, what is changed is read again."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest
from django_tasks_db.models import DBTaskResult

import waiting_trials
from enrolling_pages import Road, heading_of, words_of
from modicum.protocol import read_protocol
from modicum.protocol.reading import protocol_bytes
from modicum.services.enrolling.choosing import choosable
from modicum.services.enrolling.figures import shipped_figures
from modicum.web.clinic.enrolling import chances, halves, planning
from modicum.web.clock import now
from modicum.web.jobs.queue import DEFAULT, work_off

FLAGSHIP = "ldn-smallest-dose"


def found_by(name):
    """How many useless drugs a protocol was found to declare, and how many that help, in the words of a page."""
    figures = shipped_figures(read_protocol(name))[0]
    return chances.in_100([figures.useless.declared]), chances.in_100(line.declared for line in figures.helped)


@pytest.fixture(autouse=True)
def data(monkeypatch, tmp_path):
    monkeypatch.setattr("django.conf.settings.MODICUM_DATA", tmp_path)
    return tmp_path


@pytest.fixture
def road(world):
    found = Road(world.client("prescriber"), world.ines)
    found.screen()
    return found


def test_protocols_stand_side_by_side_with_stored_figures_and_a_word_where_there_are_none(road):
    page = road.get("protocols")
    words = words_of(page)
    assert all(plan.name in words for plan in choosable())
    assert found_by(FLAGSHIP)[1] in words
    assert "not simulated" in words
    assert f"{found_by('ldn-open')[0]} judged by eye" in words


def test_every_protocol_is_shown_with_its_course_and_what_it_is_known_to_find(road):
    for plan in choosable():
        page = road.get("protocol", f"?of={plan.name}")
        assert page.status_code == 200
        assert heading_of(page).startswith("At most ")
        assert page.content.count(b"<rect class=") >= len(plan.phases)
        assert ("has not been simulated" in words_of(page)) == (not shipped_figures(plan)), plan.name


def test_a_protocol_that_is_not_offered_is_missing(road):
    for name in ("ab-crossover", "nothing", ""):
        assert road.get("protocol", f"?of={name}").status_code == 404


def test_an_unchanged_protocol_is_kept_byte_for_byte_and_not_simulated_again(road):
    assert road.choose(FLAGSHIP).headers["Location"] == road.address("consent")
    said = road.known.chosen.said
    assert said["protocol_text"].encode() == protocol_bytes(FLAGSHIP)
    assert said["differences"] == []
    assert road.kinds == ["screening", "protocol-chosen"]
    assert not DBTaskResult.objects.exists()


def test_changes_are_shown_without_being_chosen(road):
    page = road.choose(FLAGSHIP, do="show", **{"length-run-in": "28", "doses": ["0.5", "3"]})
    words = words_of(page)
    assert "Run-in without capsules: 28 days instead of 14 days" in words
    assert "Doses of 0.5, 3 mg instead of 0.5, 1.5, 3, 4.5 mg" in words
    assert "has not been simulated" in words
    assert found_by(FLAGSHIP)[1] not in words
    assert road.kinds == ["screening"]


def test_all_that_does_not_fit_is_said_at_once_beside_its_field_and_stays_as_typed(road):
    typed = {
        "mcid": "much",
        "doses": ["0.5"],
        "length-run-in": "2",
        "length-titration": "fourteen",
        "dose_time": "12:00",
        "primary": "itching",
    }
    page = road.choose(FLAGSHIP, **typed)
    form = page.context["form"]
    assert set(form.errors) == set(typed)
    assert form["mcid"].value() == "much"
    assert form["length-titration"].value() == "fourteen"
    assert "MOD-ENROL-04" in form.errors["doses"][0]
    assert "MOD-ENROL-05" in form.errors["length-run-in"][0]
    assert road.kinds == ["screening"]


def test_a_difference_of_ones_own_needs_a_reason(road):
    page = road.choose(FLAGSHIP, mcid="2")
    assert set(page.context["form"].errors) == {"reason"}
    assert road.choose(FLAGSHIP, mcid="2", reason="one point is not felt").status_code == 302
    assert "one point is not felt" in road.known.chosen.said["protocol_text"]


def test_a_changed_protocol_is_read_again_says_so_and_is_simulated_off_the_request(road, data, world):
    road.choose("ldn-crossover", **{"length-crossover": "21"})
    said = road.known.chosen.said
    plan = read_protocol(said["protocol_text"].encode())
    assert (plan.sha256, plan.name) == (said["protocol_sha256"], "ldn-crossover-adapted")
    assert road.kinds == ["screening", "protocol-chosen", "plan-asked"]
    [asked] = DBTaskResult.objects.all()
    assert asked.args_kwargs["kwargs"] == {"trial": world.ines.trial}
    assert road.known.computing
    assert "being computed" in words_of(road.get("consent"))
    assert "It takes some minutes" in words_of(road.get("plan"))


def test_the_workers_of_the_queue_compute_what_was_asked_for(road, monkeypatch):
    monkeypatch.setattr(planning, "PEOPLE", 1)
    road.choose("ldn-crossover", **{"length-crossover": "21"})
    work_off(DEFAULT)
    assert road.kinds[-1] == "planned"
    assert [one.status for one in DBTaskResult.objects.all()] == ["SUCCESSFUL"]


def test_a_plan_that_never_came_may_be_asked_for_again(road, monkeypatch, tmp_path):
    road.choose("ldn-crossover", **{"length-crossover": "21"})
    road.post("plan")
    assert road.kinds.count("plan-asked") == 1
    later = tmp_path / "clock"
    later.write_text((now() + planning.PATIENCE).isoformat())
    monkeypatch.setattr("django.conf.settings.MODICUM_CLOCK_FILE", str(later))
    assert "It takes some minutes" not in words_of(road.get("plan"))
    road.post("plan")
    assert road.kinds.count("plan-asked") == 2


def test_a_plan_is_kept_as_a_file_with_its_hash_and_computed_once(road, data, monkeypatch, world):
    monkeypatch.setattr(planning, "PEOPLE", 2)
    road.choose("ldn-crossover", **{"length-crossover": "21"})
    assert planning.compute(world.ines.trial, now())
    assert not planning.compute(world.ines.trial, now())
    told = road.known.planned.said
    document = json.loads(planning.plan_of(world.ines.trial, told["asked"]).read_text())
    assert document["protocols"][0]["protocol_sha256"] == told["protocol_sha256"]
    assert (told["own"], told["figures"][0]["lines"][0]["participants"]) == (False, 2)
    words = words_of(road.get("plan"))
    assert "From 2 virtual people of each kind" in words
    assert "They are typical people, not this person." in words
    assert "That needs 7 answered evenings before the first capsule; 0 are there." in words
    road.post("plan")
    road.post("plan")
    assert road.kinds.count("plan-asked") == 2  # while one is computed, another is not asked for


def planned_for_her(road, world, data, pains):
    """The page of a plan of usual practice, once a run-in was written."""
    road.choose("ldn-open-fast")
    with waiting_trials.place(data):
        trial = waiting_trials.begun(world.ines, "ldn-open-fast")
        waiting_trials.write_evenings(trial, range(len(pains)), data, pains)
        before = words_of(road.get("plan"))
        road.post("plan")
        assert planning.compute(trial, now())
        return before, words_of(road.get("plan"))


def test_a_plan_of_usual_practice_for_her_own_days_is_judged_by_eye_and_by_the_model(road, world, data, monkeypatch):
    monkeypatch.setattr(planning, "PEOPLE", 2)
    before, after = planned_for_her(road, world, data, [6, 7, 5, 6, 8, 6, 7])
    assert "the plan can be as noisy as this person's days" in before
    assert road.known.planned.said["own"] is True
    assert "What this trial can find for this person." in after
    assert "Judged by eye, as usual practice does" in after
    assert "Judged by the model, which knows of hope" in after
    assert after.count("They are as noisy as this run-in.") == 2
    assert "MOD-ASSUME-14" not in after


def test_a_run_in_of_equal_scores_is_said_to_tell_nothing_and_gets_a_plan_for_typical_people(
    road, world, data, monkeypatch
):
    monkeypatch.setattr(planning, "PEOPLE", 1)
    before, after = planned_for_her(road, world, data, [5] * 7)
    assert "The score is the same on all 7 answered evenings" in before
    assert "Plan it for typical people" in before
    assert road.known.planned.said["own"] is False
    assert "They are typical people, not this person." in after


def test_a_plan_for_somebody_with_little_to_gain_says_so_beside_its_figures(road, world, data, monkeypatch):
    monkeypatch.setattr(planning, "PEOPLE", 1)
    _, after = planned_for_her(road, world, data, [0, 1, 0, 2, 1, 0, 1])
    warned = [one["code"] for one in road.known.planned.said["warnings"]]
    assert "MOD-ASSUME-14" in warned
    assert "less than the smallest difference that matters" in after
    assert "[MOD-ASSUME-14]" in after


def test_the_computers_half_is_fixed_with_the_choice_and_told_by_its_hash(road, world):
    road.choose("ldn-crossover")
    first = road.known.chosen.said["half_sha256"]
    half = halves.kept(world.ines.trial, first)
    assert sha256(half).hexdigest() == first
    road.choose("ldn-crossover")
    assert road.known.chosen.said["half_sha256"] != first
    road.choose("ldn-open")
    assert road.known.chosen.said["half_sha256"] == ""
    assert half.hex() not in "".join(event.content for event in road.events)


def test_nothing_is_chosen_for_somebody_who_was_not_screened(world):
    road = Road(world.client("prescriber"), world.ines)
    assert road.get("protocols").status_code == 200
    assert "Choose this protocol" not in words_of(road.get("protocol"))
    assert road.choose().headers["Location"] == road.address("screen")
    assert road.kinds == []


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([0.0], "fewer than 1 in 100"),
        ([0.0099, 0.5], "fewer than 1 to 50 in 100"),
        ([0.0375], "4 in 100"),
        ([0.985], "99 in 100"),
        ([0.9, 0.995], "90 to more than 99 in 100"),
        ([1.0], "more than 99 in 100"),
        ([0.8049, 0.8], "80 in 100"),
    ],
)
def test_a_share_is_a_number_of_people_and_never_all_or_none(shares, words):
    assert chances.in_100(shares) == words


@pytest.mark.parametrize(
    ("counts", "people"), [((400, 400), "400"), ((20_000, 400), "at least 400"), ((20_000, 20_000), "20,000")]
)
def test_of_kinds_by_more_people_than_others_only_the_fewest_are_promised(counts, people):
    stored = shipped_figures(read_protocol(FLAGSHIP))[0]
    lines = tuple(replace(line, participants=count) for line, count in zip(stored.lines[:2], counts, strict=True))
    figures = replace(stored, lines=lines, made="2026-11-29")
    said = f"From {people} virtual people of each kind (2026-11-29). They are typical people, not you."
    assert chances.basis(figures, own=False, you=True) == said
    assert chances.cells(read_protocol(FLAGSHIP), figures)["people"] == people
