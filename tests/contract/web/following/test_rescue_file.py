"""A rescue file that a phone saved is put in by the prescriber: kept and counted as if the phone had sent it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clinic_databases import on_both
from contract.web.following.test_pages import heading, text

MISSED = (20, 21)


@pytest.fixture
def put_in(prescriber, address):
    """Hands a file in on the page of the participant."""

    def hand_in(content):
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        return prescriber.post(address("rescue/"), {"file": SimpleUploadedFile("modicum-rescue.json", content)})

    return hand_in


@pytest.fixture
def saved(trial):
    """What the phone saved: two evenings that never arrived, and one that did."""
    entries = [trial._written(day, note="<b>later</b>") for day in MISSED] + [trial._written(22, took="yes")]
    trial_name = trial.participant.trial
    return {"schema": "modicum.rescue/1", "trial": trial_name, "made_at": "", "entries": entries, "unfinished": []}


@on_both
def test_a_rescue_file_is_kept_once_on_the_evenings_on_which_it_was_written(trial, prescriber, address, put_in, saved):
    assert address("rescue/") in prescriber.get(address()).content.decode()
    assert prescriber.get(address("rescue/")).status_code == 200
    assert heading(put_in(saved)) == "Two answers of the file are new."
    story = trial.story()
    assert {story.by_day[day].event.actor.split(":")[0] for day in MISSED} == {"staff"}
    assert story.by_day[22].event.actor == "device:1"
    before = story.sequence
    assert heading(put_in(saved)) == "Nothing in the file is new."
    assert trial.story().sequence == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"trial": "another"}, "of the diary of somebody else"),
        ({"schema": "modicum.phone-data/1"}, "no rescue file"),
        ({"entries": None}, "no rescue file"),
        ({"entries": [{}] * 501}, "no rescue file"),
        (b"[" * 100_000, "no rescue file"),
        (b"\xff\xfe", "no rescue file"),
        (b"[]", "no rescue file"),
    ],
)
def test_what_is_no_rescue_file_of_this_diary_is_refused_and_keeps_nothing(trial, put_in, saved, change, words):
    before = trial.story().sequence
    answer = put_in(change if isinstance(change, bytes) else saved | change)
    assert answer.status_code == 200
    assert words in text(answer)
    assert trial.story().sequence == before
