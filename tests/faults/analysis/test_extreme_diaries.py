"""Diaries at the edge: each has a defined, finite and strict result."""

import json
from dataclasses import replace

import numpy as np
import pytest

from modicum.decision.answering import answer
from modicum.decision.document import document
from modicum.records.diary import Diary
from virtual_diaries import CROSSOVER, LADDER, Truth, diary, question

QUIET = Truth({4.5: -2.0}, sd=1.0)


def solid(found):
    """The document is strict JSON, its probabilities are probabilities, and its intervals are in order."""
    tree = json.loads(json.dumps(document(found, version="0"), allow_nan=False))
    assert 0 <= tree["p_no_effect"] <= 1
    assert sum(tree["smallest_effective_dose"]["probabilities"].values()) == pytest.approx(1, abs=1e-9)
    for dose in tree["doses"]:
        low, high = dose["interval95"]
        assert low < dose["mean"] < high
        for chance in ("p_better", "p_mcid", "p_mcid_given_effect"):
            assert 0 <= dose[chance] <= 1
    return tree


def one(kept, at):
    return replace(
        kept,
        time_days=kept.time_days[at],
        received_days=kept.received_days[at],
        dosing_day=kept.dosing_day[at],
        dose_mg=kept.dose_mg[at],
        blinded=None if kept.blinded is None else kept.blinded[at],
        scores={name: column[at] for name, column in kept.scores.items()},
    )


def test_one_row():
    tree = solid(answer(one(diary(QUIET, CROSSOVER, seed=1), slice(20, 21)), question((4.5,))))
    assert tree["verdict"]["code"] == "cannot-tell"
    assert (tree["n_observed"], tree["n_days"]) == (1, 1)


def test_no_dose_ever():
    tree = solid(answer(diary(QUIET, (0, 0, 0), seed=2), question(LADDER)))
    assert tree["verdict"]["code"] == "cannot-tell"
    assert not any(dose["taken"] for dose in tree["doses"])
    assert tree["smallest_effective_dose"]["probabilities"] == {
        "none": 1.0,
        "0.5": 0.0,
        "1.5": 0.0,
        "3.0": 0.0,
        "4.5": 0.0,
    }


def test_all_scores_missing():
    kept = diary(QUIET, CROSSOVER, seed=3)
    tree = solid(answer(replace(kept, scores={"pain": np.full(len(kept), np.nan)}), question((4.5,))))
    assert tree["n_observed"] == 0
    assert tree["verdict"]["code"] == "cannot-tell"
    assert "no score" in tree["verdict"]["reasons"][0]


@pytest.mark.parametrize("value", [0.0, 5.0, 10.0])
def test_a_constant_outcome(value):
    kept = diary(QUIET, CROSSOVER, seed=4)
    tree = solid(answer(replace(kept, scores={"pain": np.full(len(kept), value)}), question((4.5,))))
    assert tree["verdict"]["code"] == "cannot-tell"
    assert "Every answer is the same" in tree["verdict"]["reasons"][0]


def test_a_scale_with_two_ends_only():
    kept = diary(QUIET, CROSSOVER, seed=5)
    ends = np.where(kept.scores["pain"] > 5, 10.0, 0.0)
    solid(answer(replace(kept, scores={"pain": ends}), question((4.5,))))


def test_ten_years_of_daily_entries():
    blocks = (0, *[4.5, 0] * 130)
    found = answer(diary(QUIET, blocks, seed=6), question((4.5,)))
    tree = solid(found)
    assert tree["n_days"] > 3640
    assert len(found.course.time_days) <= 400
    assert found.doses[0].effect.interval95[0] < -2.0 < found.doses[0].effect.interval95[1]


def test_fifty_entries_a_day():
    rng = np.random.default_rng(7)
    time = np.sort(rng.uniform(0, 28, 28 * 50))
    day = np.floor(time + 2 / 24).astype(int)
    dose = np.where((day // 7) % 2 == 1, 4.5, 0.0)
    kept = Diary(
        time_days=time,
        received_days=time,
        dosing_day=day,
        dose_mg=dose,
        blinded=np.ones(len(time)),
        scores={"pain": np.clip(6 - 0.4 * dose + rng.normal(size=len(time)), 0, 10)},
    )
    tree = solid(answer(kept, question((4.5,))))
    assert tree["n_observed"] == 1400


def test_days_that_start_far_from_zero():
    kept = diary(QUIET, CROSSOVER, seed=8)
    far = replace(kept, time_days=kept.time_days + 20_000, dosing_day=kept.dosing_day + 20_000)
    solid(answer(far, question((4.5,))))
    before = replace(kept, time_days=kept.time_days - 400, dosing_day=kept.dosing_day - 400)
    solid(answer(before, question((4.5,))))


def test_a_gap_of_a_year():
    kept = diary(QUIET, CROSSOVER, seed=9)
    later = kept.time_days > 60
    gapped = replace(
        kept,
        time_days=kept.time_days + 365 * later,
        received_days=kept.received_days + 365 * later,
        dosing_day=kept.dosing_day + 365 * later,
    )
    tree = solid(answer(gapped, question((4.5,))))
    assert tree["n_dose_unknown"] >= 365


def test_twelve_rungs():
    ladder = tuple(np.round(np.linspace(0.5, 6.0, 12), 2).tolist())
    truth = Truth(dict.fromkeys(ladder, -1.5))
    tree = solid(answer(diary(truth, (0, 0, *ladder), seed=10), question(ladder)))
    assert len(tree["doses"]) == 12


def test_scores_outside_what_the_priors_expect():
    kept = diary(QUIET, CROSSOVER, seed=11)
    solid(answer(replace(kept, scores={"pain": kept.scores["pain"] * 1e-6}), question((4.5,))))
    solid(answer(replace(kept, scores={"pain": kept.scores["pain"] * 1e4}), question((4.5,))))
