"""Planning: people as noisy as the writer of a diary."""

import json

import jsonschema
import numpy as np
import polars as pl
import pytest

import modicum
from modicum.foundation.errors import InputError
from modicum.protocol.reading import protocol_bytes
from modicum.reports.simulation import render_simulation
from modicum.services.documents import document_schema
from modicum.services.likeness import FEWEST_ENTRIES, Noise, as_run_in, parameters


def run_in(sd, days=60, mean=6.0):
    score = np.clip(np.round(mean + sd * np.random.default_rng(1).standard_normal(days)), 0, 10)
    return pl.DataFrame({"day": range(days), "dose_mg": [0.0] * days, "pain": score})


def planned(diary, **change):
    return modicum.plan("ldn-crossover", diary, **({"participants": 40, "archetypes": ["threshold-0.5"]} | change))


@pytest.fixture(scope="module")
def calm():
    return planned(run_in(0.7))


def test_the_document_is_of_its_schema(calm):
    jsonschema.validate(json.loads(calm.to_json()), document_schema("plan"))


def test_the_noise_is_that_of_the_diary(calm):
    noise = calm.document["noise"]
    assert noise["level"]["mean"] == pytest.approx(6.0, abs=0.5)
    assert noise["sd"]["interval95"][0] < 0.76 < noise["sd"]["interval95"][1]
    assert noise["n_observed"] == 60


def test_the_same_drug_is_found_less_often_in_a_noisier_person(calm):
    noisy = planned(run_in(2.5))
    assert calm.archetypes[0]["declared"]["p"] > noisy.archetypes[0]["declared"]["p"] + 0.3


def test_a_short_diary_leaves_the_noise_uncertain(calm):
    short = planned(run_in(0.7, days=5), participants=1).document["noise"]["sd"]["interval95"]
    long = calm.document["noise"]["sd"]["interval95"]
    assert short[1] - short[0] > 2 * (long[1] - long[0])


def test_the_people_are_the_populations_in_all_that_the_diary_does_not_tell(calm):
    named = {one["name"] for one in calm.document["people"]["parameters"]}
    assert not named & {"level", "residual_sd", "correlation", "white_share"}
    assert {"hope", "missed_capsules"} <= named


def test_a_plan_can_be_looked_at_in_a_notebook_and_written_as_a_report(calm, tmp_path):
    assert "noise like this" in calm._repr_html_()
    assert len(calm.chart().to_dict(validate=False)["vconcat"]) == 5
    assert "What was read from the diary" in calm.report(tmp_path / "plan.html").read_text(encoding="utf-8")
    assert repr(calm) == "<Plan of ldn-crossover, 40 virtual people for each line>"
    assert [row["archetypes"] for row in calm.protocols] == [calm.archetypes]


def test_on_a_scale_where_more_is_better_the_level_is_mirrored_and_points_are_tenths_of_the_range():
    asked = modicum.analyse(
        pl.DataFrame({"day": range(20), "dose_mg": [0.0, 1.0] * 10, "mood": [60, 70] * 10}),
        outcome="mood", better="higher", range=(0, 100), mcid=10, kind="gaussian", onset="immediate",
    ).answer.question  # fmt: skip
    noise = Noise(
        np.array([80.0]), sd=np.array([15.0]), one_day_correlation=np.array([0.4]), white_share=np.array([0.25])
    )
    (person,) = parameters(asked, noise, of_diary=True)
    assert dict(person) == pytest.approx({"level": 2.0, "residual_sd": 1.5, "correlation": 0.4, "white_share": 0.25})
    assert parameters(asked, noise, of_diary=False) == ((("level", 2.0),),)


def low(days=14):
    return run_in(0.9, days=days, mean=1.0)


def test_a_person_below_all_of_the_population_is_simulated_where_she_lives():
    few = {"archetypes": ["threshold-4.5"], "participants": 60}
    at_6, at_1 = planned(run_in(0.9, days=14), **few), planned(low(), **few)
    assert at_1.document["noise"]["level"]["interval95"][1] < 3.0
    assert at_6.archetypes[0]["declared"]["p"] > 0.7
    assert at_1.archetypes[0]["declared"]["p"] < 0.5  # there is about a point to gain; at 4.5 it would be as at 6


def test_on_a_scale_turned_round_she_is_simulated_where_she_lives_too(tmp_path):
    source, labels = protocol_bytes("ldn-crossover").decode(), 'high_label = "as strong as pain can be"\n'
    turned = tmp_path / "turned.toml"
    turned.write_text(source.replace(f'{labels}better = "lower"', f'{labels}better = "higher"'), encoding="utf-8")
    mirrored = low().with_columns((10 - pl.col("pain")).alias("pain"))
    found = modicum.plan(turned, mirrored, participants=60, archetypes=["threshold-4.5"])
    assert found.document["noise"]["level"]["interval95"][0] > 7.0
    assert found.archetypes[0]["declared"]["p"] < 0.5


def test_an_open_climb_is_planned_as_it_judges_itself_and_as_modicum_judges_it():
    found = modicum.plan("ldn-open-fast", run_in(1.5, days=14), participants=20, archetypes=["none", "threshold-0.5"])
    jsonschema.validate(json.loads(found.to_json()), document_schema("plan"))
    eye, model = found.protocols
    assert [eye["judged_by"], model["judged_by"]] == ["eye", "modicum"]
    assert (found.document["judged_by"], found.archetypes) == ("modicum", model["archetypes"])
    assert [one["declared"]["p"] for one in model["archetypes"]] == [0.0, 0.0]
    assert eye["archetypes"][1]["declared"]["p"] > eye["archetypes"][0]["declared"]["p"] > 0.0
    assert found._repr_html_().count("by eye") == 2


def test_however_long_a_run_in_is_its_level_is_that_of_its_days():
    diary = run_in(1.5)
    found = modicum.plan("ldn-smallest-dose", diary, participants=1, archetypes=["none"])
    low, high = found.document["noise"]["level"]["interval95"]
    assert low < diary["pain"].mean() < high
    assert high - low < 2.0  # with hope in it, or at the middle of 350 days, it would be 3


def test_the_level_is_that_of_the_last_evening():
    days = np.arange(120)
    noise = 0.4 * np.random.default_rng(3).standard_normal(120)
    rising = pl.DataFrame({"day": days, "dose_mg": 0.0, "pain": 4.0 + 2.0 * days / 126 + noise})
    assert planned(rising, participants=1).document["noise"]["level"]["mean"] == pytest.approx(5.9, abs=0.4)
    ebbing = pl.DataFrame({"day": days, "dose_mg": 0.0, "pain": 4.0 + 3.0 * np.exp(-days / 14) + noise})
    assert planned(ebbing, participants=1).document["noise"]["level"]["mean"] == pytest.approx(4.0, abs=0.4)


def test_only_a_diary_without_drug_that_does_not_say_what_was_told_is_all_run_in():
    read = modicum.read_diary(run_in(1.0), outcomes=("pain",), ranges={"pain": (0, 10)})
    assert as_run_in(read).announced.tolist() == [0.0] * 60
    for column in ({"dose_mg": [0.0] * 59 + [4.5]}, {"announced": [0.5] * 60}, {"blinded": [True] * 60}):
        told = modicum.read_diary(
            run_in(1.0).with_columns(**{name: pl.Series(values) for name, values in column.items()}),
            outcomes=("pain",),
            ranges={"pain": (0, 10)},
        )
        assert as_run_in(told) is told


def scores(*values):
    return pl.DataFrame({"day": range(len(values)), "dose_mg": [0.0] * len(values), "pain": list(values)})


def codes(found):
    return [one["code"] for one in found.document["warnings"]]


def test_a_diary_without_a_score_is_refused_with_all_else_that_is_wrong():
    empty = scores(*[None] * 5).with_columns(pl.col("pain").cast(pl.Float64))
    with pytest.raises(InputError) as wrong:
        planned(empty, participants=0)
    assert [(one.code, one.where, one.value) for one in wrong.value.problems] == [
        ("MOD-OPT-26", "--participants", "0"),
        ("MOD-OPT-33", "--from-diary (pain)", "5 entries"),
    ]


@pytest.mark.parametrize(("entries", "warned"), [(1, True), (FEWEST_ENTRIES - 1, True), (FEWEST_ENTRIES, False)])
def test_a_diary_of_less_than_a_week_is_warned_of(entries, warned):
    found = planned(scores(*[5.0, 7.0, 6.0, 9.0, 8.0, 6.0, 7.0][:entries]), participants=1)
    assert ("MOD-ASSUME-18" in codes(found)) == warned
    assert found.document["noise"]["from"] == "diary"
    low, high = found.document["noise"]["level"]["interval95"]
    assert 0.0 <= low < high <= 10.0


@pytest.mark.parametrize("score", [0.0, 10.0])
def test_scores_that_never_change_give_a_level_and_no_noise(score):
    found = planned(scores(*[score] * 14), participants=1)
    assert "MOD-ASSUME-19" in codes(found)
    assert ("MOD-ASSUME-14" in codes(found)) == (score == 0.0)  # nothing to gain there
    noise = found.document["noise"]
    assert noise["from"] == "population"
    low, high = noise["level"]["interval95"]
    assert 0.0 <= low <= noise["level"]["mean"] <= high <= 10.0
    assert noise["level"]["mean"] == pytest.approx(score, abs=0.1)
    assert noise["sd"] == {"mean": 1.5, "interval95": [1.5, 1.5]}
    named = {one["name"] for one in found.document["people"]["parameters"]}
    assert {"residual_sd", "correlation", "white_share"} <= named
    assert "level" not in named
    assert "Every score is the same, which tells no noise" in render_simulation(found.document, found.protocols)


def test_finished_parts_of_a_plan_are_kept(tmp_path, monkeypatch):
    few = {"participants": 2, "kept": tmp_path, "processes": 1}
    first = planned(run_in(0.7, days=9), **few)
    monkeypatch.setattr("modicum.simulation.sweep.simulate_people", None)
    assert planned(run_in(0.7, days=9), **few) == first


def test_where_nothing_can_be_kept_and_what_is_no_address_are_said_with_what_is_wrong_with_the_diary(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError) as wrong:
        planned("no-such-file.csv", scheduler="bogus", kept=tmp_path / "file")
    assert [one.code for one in wrong.value.problems] == ["MOD-OPT-27", "MOD-OPT-34", "MOD-DIARY-01"]


def test_the_command_of_a_plan_from_a_frame_names_a_file_to_write_it_to(calm):
    assert "--from-diary diary.csv " in calm.document["command"]


def test_what_is_wrong_with_the_diary_is_said_with_all_else_that_is_wrong():
    with pytest.raises(InputError) as wrong:
        planned("no-such-file.csv", participants=0, population="nobody")
    assert [problem.code for problem in wrong.value.problems] == ["MOD-OPT-26", "MOD-SIM-01", "MOD-DIARY-01"]


def test_a_protocol_that_cannot_be_read_is_said_with_all_else_that_is_wrong():
    with pytest.raises(InputError) as wrong:
        modicum.plan("no-such", run_in(1.0), seed=-1)
    assert [problem.code for problem in wrong.value.problems] == ["MOD-PROTO-01", "MOD-OPT-26"]
