import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import modicum
from modicum.services import analysing_many
from virtual_diaries import CROSSOVER, TITRATION, Truth, diary

ASKED = {"outcome": "pain", "kind": "gaussian", "better": "lower", "range": (0, 10), "mcid": 1.0}
KEPT = [
    diary(Truth({4.5: -1.5}), CROSSOVER, seed=1, block_days=6),
    diary(Truth({1.5: -1.0, 4.5: -1.5}), TITRATION, seed=2, block_days=5),
    diary(Truth({4.5: 0.0}), CROSSOVER, seed=3, block_days=6),
]


def many(diaries=KEPT, **options):
    return modicum.analyse_many(diaries, **(ASKED | options))


def test_every_diary_gets_what_analysing_it_alone_gives():
    found = many()
    for i, kept in enumerate(KEPT):
        alone = modicum.analyse(kept, **ASKED).answer
        for k, dose in enumerate(alone.doses):
            assert found.fits.effect_mean[i, k] == pytest.approx(dose.effect.mean, abs=0.03 * dose.effect.sd)
            assert found.fits.p_mcid[i, k] == pytest.approx(dose.p_mcid, abs=0.02)
        assert found.diaries[i].dose_mg == tuple(dose.dose_mg for dose in alone.doses)
        assert found.diaries[i].n_observed == alone.n_observed


def test_a_protocol_serves_many_diaries_as_it_serves_one():
    given = [replace(KEPT[1], dose_mg=KEPT[1].dose_mg)]
    found = modicum.analyse_many(given, protocol="ldn-smallest-dose", outcome="pain")
    assert found.diaries[0].dose_mg == (0.5, 1.5, 3.0, 4.5)
    assert found.diaries[0].mcid == modicum.read_protocol("ldn-smallest-dose").primary_outcome.mcid


def test_a_diary_that_cannot_be_used_is_set_aside_with_all_its_problems_and_its_position():
    broken = replace(KEPT[0], dose_mg=np.zeros(len(KEPT[0])))
    found = many([KEPT[0], "no such file.csv", broken, KEPT[2]])
    assert [one.position for one in found.diaries] == [0, 3]
    assert [one.position for one in found.refused] == [1, 2]
    assert [problem.where.split(",")[0] for problem in found.problems] == ["diary 1 (no such file.csv)", "diary 2"]


def test_what_concerns_all_diaries_is_said_at_once_and_before_any_is_read():
    def unread():
        raise AssertionError("a diary was read")
        yield

    with pytest.raises(modicum.InputError) as refusal:
        many(unread(), better="down", mcid=-1.0)
    assert {problem.where for problem in refusal.value.problems} == {"--better", "--mcid"}


def test_another_kind_of_outcome_in_one_diary_is_refused_by_name():
    events = replace(KEPT[0], scores={"pain": (KEPT[0].scores["pain"] > 5).astype(float)})
    found = many([events], kind=None, range=(0, 1), mcid=0.1)
    assert [problem.code for problem in found.problems] == ["MOD-OPT-23"]


def test_another_kind_for_all_is_refused_once_and_before_any_diary_is_read():
    with pytest.raises(modicum.OptionsError) as refusal:
        many(["no such file.csv"] * 3, kind="count")
    assert [(p.code, p.where, p.value) for p in refusal.value.problems] == [("MOD-OPT-23", "--kind", "count")]


def test_another_kind_in_the_protocol_is_refused_once():
    plan = modicum.read_protocol("ldn-smallest-dose")
    items = tuple(item.model_copy(update={"kind": "count"}) for item in plan.outcomes)
    with pytest.raises(modicum.OptionsError, match="MOD-OPT-23"):
        modicum.analyse_many(KEPT, protocol=plan.model_copy(update={"outcomes": items}))


@pytest.mark.parametrize(
    "given", [None, 5, "diary.csv", Path("diary.csv"), KEPT[0], {"a": KEPT[0]}, pl.DataFrame({"day": [0]}), b"day\n0\n"]
)
def test_one_diary_in_the_place_of_several_is_one_clear_problem(given):
    with pytest.raises(modicum.OptionsError) as refusal:
        many(given)
    assert [problem.code for problem in refusal.value.problems] == ["MOD-OPT-25"]


def test_rows_that_were_skipped_are_reported_with_their_diary():
    rows = [f"{day},{1.5 * (day // 7 % 2)},{5 + day % 3}" for day in range(42)]
    rows[3] = "3,0,99"
    text = io.StringIO("\n".join(["day,dose_mg,pain", *rows]))
    found = many([text], skip_bad_rows=True)
    one = found.diaries[0]
    assert (one.n_observed, one.rows_read, [problem.code for problem in one.refused]) == (41, 42, ["MOD-DIARY-15"])
    assert [problem.where for problem in found.problems] == ["diary 0, open file, line 5, column pain"]
    told = json.loads(found.to_json())["diaries"][0]
    assert (told["n_rows_read"], told["n_rows_refused"], told["refused"][0]["value"]) == (42, 1, "99")


def test_diaries_are_taken_as_they_are_needed(monkeypatch):
    monkeypatch.setattr(analysing_many, "CHUNK", 2)
    taken, fitted = [], []
    from modicum.analysis.batch import fitting

    true = fitting.fit_many
    monkeypatch.setattr(fitting, "fit_many", lambda *a, **k: fitted.append(len(taken)) or true(*a, **k))
    many(taken.append(i) or kept for i, kept in enumerate([*KEPT, *KEPT]))
    assert fitted == [2, 4, 6]


def test_chunks_of_different_ladders_are_one_population(monkeypatch):
    whole = many(intervals=True, smallest=True, numerical_error=True)
    monkeypatch.setattr(analysing_many, "CHUNK", 1)
    pieces = many(intervals=True, smallest=True, numerical_error=True)
    for name, column in vars(whole.fits).items():
        assert column is None or np.array_equal(column, getattr(pieces.fits, name), equal_nan=True), name


def test_the_frame_has_a_row_a_diary_and_dose():
    frame = many(intervals=True, smallest=True).to_frame()
    assert frame.height == 1 + 4 + 1
    assert frame["position"].to_list() == [0, 1, 1, 1, 1, 2]
    assert (frame["low95"] < frame["mean"]).all()
    assert frame.filter(frame["position"] == 1)["p_smallest"].sum() <= 1.0


def test_the_document_is_plain_json():
    found = json.loads(many([*KEPT, "nothing.csv"]).to_json())
    assert found["schema"] == "modicum.population/1"
    assert [len(one["doses"]) for one in found["diaries"]] == [1, 4, 1]
    assert found["refused"][0]["position"] == 3


def test_no_diary_at_all_is_an_empty_population():
    found = many([])
    assert len(found) == 0
    assert found.to_frame().height == 0


def test_a_notebook_shows_a_table():
    assert many()._repr_html_().count("<tr>") == 7


def test_one_diary_of_scores_never_waits_for_the_compiler():
    code = (
        "import sys; sys.path.insert(0, 'tests'); import modicum; from virtual_diaries import CROSSOVER, Truth, diary;"
        "kept = diary(Truth({4.5: -1.0}), CROSSOVER, seed=1);"
        "modicum.analyse(kept, outcome=list(kept.scores)[0], better='lower', range=(0, 10), mcid=1.0, kind='gaussian');"
        "modicum.Population; print([m for m in ('numba', 'llvmlite') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_memory_does_not_grow_with_the_number_of_diaries():
    code = """
import resource, sys
sys.path.insert(0, "tests")
import modicum
from virtual_diaries import CROSSOVER, Truth, diary
kept = diary(Truth({4.5: -1.5}), CROSSOVER, seed=1, block_days=6)
def run(n):
    modicum.analyse_many(
        (kept for _ in range(n)), outcome="pain", kind="gaussian", better="lower", range=(0, 10), mcid=1.0
    )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
few = run(600)
print(run(2400) - few)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 8.0  # MB; 1,800 more results are 2 MB, 1,800 more diaries kept would be 40
