"""Planning: people as noisy as the writer of a diary."""

import json

import jsonschema
import numpy as np
import polars as pl
import pytest

import modicum
from modicum.foundation.errors import InputError
from modicum.services.documents import document_schema
from modicum.services.planning import _like


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
    drawn = {"intercept": np.array([80.0]), "sd": np.array([15.0]), "correlation_days": np.array([1.0])}
    (person,) = _like(asked, drawn | {"white_share": np.array([0.25])})
    assert dict(person) == pytest.approx(
        {"level": 2.0, "residual_sd": 1.5, "correlation": np.exp(-1.0), "white_share": 0.25}
    )


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
