"""Diaries that other tools exported, read as they came with the options they need."""

import csv
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from modicum.foundation.errors import DiaryError
from modicum.records import diary_csv, read_diary
from modicum.records.problems import Code

FOLDER = os.environ.get("MODICUM_REFERENCE_DATA")
pytestmark = pytest.mark.skipif(
    not FOLDER, reason="NOT CHECKED: MODICUM_REFERENCE_DATA is not set, so no real export was read"
)
DATA = Path(FOLDER or ".")
MELATONIN = {
    "outcomes": ["mood"],
    "ranges": {"mood": (0, 100)},
    "mapping": {"day": "study_day", "dose_mg": "melatonin"},
}


def plain_rows(name):
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


def reference(name):
    return json.loads((DATA / "refs" / f"{name}.json").read_text())


def test_the_melatonin_diary_has_its_published_means():
    diary = read_diary(DATA / "nof1_melatonin_daily.csv", **MELATONIN)
    found = {str(int(dose)): diary.scores["mood"][diary.dose_mg == dose].mean() for dose in (0.0, 1.0)}
    assert found == pytest.approx(reference("nof1_melatonin")["recomputed"]["means"], abs=1e-9)
    assert (diary.rows_read, len(diary), diary.refused) == (70, 70, ())


def test_several_entries_of_a_day_share_its_dose():
    diary = read_diary(DATA / "nof1_melatonin_ema.csv", **MELATONIN)
    assert len(diary) == len(plain_rows("nof1_melatonin_ema.csv")) == 193
    assert set(diary.dose_mg.tolist()) == {0.0, 1.0}


def test_clock_times_are_read_with_dosing_days_that_are_calendar_days():
    options = {**MELATONIN, "mapping": {"time": "datetime", "dose_mg": "melatonin"}}
    diary = read_diary(DATA / "nof1_melatonin_ema.csv", **options, dose_hour=24)
    assert (len(diary), diary.start.isoformat()) == (193, "2026-02-18")
    rows = plain_rows("nof1_melatonin_ema.csv")
    clock = [pd.Timestamp(row["datetime"]) - pd.Timestamp("2026-02-18") for row in rows]
    assert diary.time_days == pytest.approx([step / pd.Timedelta(days=1) for step in clock], abs=1e-9)


def test_bedtime_dosing_would_make_the_doses_of_a_day_disagree_and_says_so():
    options = {**MELATONIN, "mapping": {"time": "datetime", "dose_mg": "melatonin"}}
    with pytest.raises(DiaryError) as error:
        read_diary(DATA / "nof1_melatonin_ema.csv", **options)
    assert {problem.code for problem in error.value.problems} == {Code.DAYS_DISAGREE.value}


def test_a_gap_between_study_days_and_dates_is_warned_of():
    mapping = {"day": "study_day", "time": "date", "dose_mg": "melatonin"}
    diary = read_diary(DATA / "nof1_melatonin_daily.csv", outcomes=["mood"], mapping=mapping)
    assert Code.DAY_AND_TIME.value in {warning.code for warning in diary.warnings}


def test_the_ten_classroom_trials_are_read_one_by_one():
    published = reference("nof1_classroom")["per_participant"]
    people = {
        f"{row['trial']}|{row['participant_id'][:8]}": row["participant_id"]
        for row in plain_rows("nof1_classroom_sleep.csv")
    }
    assert people.keys() == published.keys()
    read = 0
    for key, person in people.items():
        first, second = published[key]["levels"]
        diary = read_diary(
            DATA / "nof1_classroom_sleep.csv",
            outcomes=["sleep_quality"],
            ranges={"sleep_quality": (1, 10)},
            mapping={"dose_mg": "intervention"},
            levels={first: 1, second: 0},
            where={"participant_id": person},
        )
        assert len(diary) == diary.rows_read == published[key]["n"]
        assert set(diary.dose_mg.tolist()) == {0.0, 1.0}
        read += diary.rows_read
    assert read == 192


def test_the_classroom_file_as_a_whole_is_refused_with_the_way_to_choose_a_person():
    with pytest.raises(DiaryError) as error:
        read_diary(DATA / "nof1_classroom_sleep.csv", outcomes=["sleep_quality"], mapping={"dose_mg": "intervention"})
    fixes = " ".join(problem.fix for problem in error.value.problems)
    assert "--where" in fixes
    assert "--levels" in fixes


def test_the_export_of_the_app_with_the_newest_row_first_says_how_to_sort():
    frame = pd.read_csv(DATA / "nof1_classroom_sleep.csv").query("trial == 'herbal'").sort_values("row_in_file")
    with pytest.raises(DiaryError) as error:
        read_diary(frame, outcomes=["sleep_quality"], mapping={"time": "measurement_time", "dose_mg": "intervention"})
    assert Code.NEWEST_FIRST.value in {problem.code for problem in error.value.problems}


def test_words_for_doses_and_numbered_rows_are_read():
    levels = {"Laughter": 1, "Usual Routine": 0}
    laughter = read_diary(
        DATA / "nof1_laughter.csv", outcomes=["y"], mapping={"day": "obs", "dose_mg": "treat"}, levels=levels
    )
    assert (len(laughter), laughter.dose_mg.sum()) == (18, 9)
    afib = read_diary(
        DATA / "nof1_afib_sample.csv",
        outcomes=["afib_episode"],
        mapping={"dose_mg": "treatment"},
        levels={"trigger": 1, "control": 0},
        day_from_row=True,
    )
    missing = sum(row["afib_episode"] in {"", "NA"} for row in plain_rows("nof1_afib_sample.csv"))
    assert (len(afib), int(np.isnan(afib.scores["afib_episode"]).sum())) == (42, missing)


def test_the_blocks_of_the_nof1ins_example_are_read():
    mapping = {"day": "Day", "dose_mg": "Treat"}
    diary = read_diary(DATA / "nof1ins_readme_example.csv", outcomes=["Y"], mapping=mapping, levels={"1": 0, "2": 1})
    assert (len(diary), diary.dose_mg.sum()) == (28, 14)


@pytest.mark.parametrize("path", sorted(DATA.glob("nof1*.csv")), ids=lambda path: path.name)
def test_every_export_is_read_alike_from_a_file_pandas_and_parquet(path, tmp_path):
    pd.read_csv(path).to_parquet(tmp_path / "diary.parquet")
    sources = [path, pd.read_csv(path), tmp_path / "diary.parquet"]
    texts = {diary_csv(read_diary(source, day_from_row=True, outcomes=[])) for source in sources}
    assert len(texts) == 1
