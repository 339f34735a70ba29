"""Plans: for typical people, or as noisy as the evenings before the first capsule; never from later ones."""

import datetime as dt
from types import SimpleNamespace

import pytest

from modicum.protocol import read_protocol
from modicum.protocol.reading import protocol_bytes
from modicum.services.enrolling.figures import Figures, shipped_figures
from modicum.services.enrolling.planning import FEWEST_EVENINGS, foresee, is_told, kinds_of, run_in

CROSSOVER = protocol_bytes("ldn-crossover").decode()
MADE = dt.date(2026, 3, 2)


def evenings(number):
    return [{"day": day, "dose_mg": 0.0, "pain": float(3 + day % 4)} for day in range(number)]


@pytest.mark.parametrize(("number", "own"), [(0, False), (FEWEST_EVENINGS - 1, False), (FEWEST_EVENINGS, True)])
def test_a_plan_is_ones_own_from_a_week_of_evenings_on(number, own):
    found = foresee(CROSSOVER, evenings(number), people=2, made=MADE, processes=1)
    assert found.own == own
    assert found.document["schema"] == ("modicum.plan/1" if own else "modicum.simulation/1")
    [figures] = found.figures
    assert [line.archetype for line in figures.lines] == list(kinds_of(read_protocol("ldn-crossover")))
    assert {line.participants for line in figures.lines} == {2}
    assert Figures.of(figures.to_content()) == figures


def test_the_same_plan_comes_again():
    first, second = (foresee(CROSSOVER, evenings(9), people=2, made=MADE, processes=1) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("number", "own"), [(0, False), (FEWEST_EVENINGS, True)])
def test_usual_practice_has_figures_by_eye_and_by_the_model(number, own):
    text = protocol_bytes("ldn-open-fast").decode()
    found = foresee(text, evenings(number), people=1, made=MADE, processes=1)
    assert found.own == own
    assert [one.judged_by for one in found.figures] == ["eye", "modicum"]


def test_evenings_that_are_all_alike_tell_no_noise_so_the_plan_is_for_typical_people():
    alike = [{**evening, "pain": 5.0} for evening in evenings(14)]
    assert not is_told(read_protocol("ldn-crossover"), alike)
    found = foresee(CROSSOVER, alike, people=1, made=MADE, processes=1)
    assert (found.own, found.document["schema"]) == (False, "modicum.simulation/1")
    alike[3]["pain"] = 4.0
    assert is_told(read_protocol("ldn-crossover"), alike)


def story(days, blocks=()):
    """A story in which every one of some days is answered."""
    plan = read_protocol("ldn-crossover")
    kept = {day: SimpleNamespace(entry=SimpleNamespace(scores={"pain": 4.0})) for day in days}
    return SimpleNamespace(
        begun=SimpleNamespace(protocol=plan), by_day=kept, decided=[{"block": one} for one in blocks]
    )


def test_no_evening_counts_after_that_of_the_first_capsule():
    assert [row["day"] for row in run_in(story(range(40)))] == list(range(15))
    early = {"first_day": 9, "days": 14, "capsule": True}
    assert [row["day"] for row in run_in(story(range(40), [early, None]))] == list(range(10))


def test_an_evening_that_does_not_answer_what_decides_counts_for_nothing():
    found = story(range(3))
    found.by_day[1].entry.scores = {"mood": 4.0}
    found.by_day[2].entry = None
    assert [row["day"] for row in run_in(found)] == [0]
    assert run_in(SimpleNamespace(begun=None)) == []


def test_stored_figures_belong_to_protocols_as_they_ship():
    flagship = read_protocol("ldn-smallest-dose")
    [figures] = shipped_figures(flagship)
    assert figures.useless is not None
    assert figures.useless.archetype == "none"
    assert [line.archetype for line in figures.helped] == [f"threshold-{dose}" for dose in ("0.5", "1.5", "3", "4.5")]
    assert shipped_figures(flagship.model_copy(update={"version": "9"})) == ()
    assert shipped_figures(flagship.model_copy(update={"name": "mine"})) == ()
    assert [one.judged_by for one in shipped_figures(read_protocol("ldn-open"))] == ["eye", "modicum"]
