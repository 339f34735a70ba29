"""A whole trial on the phone's page, on SQLite and on PostgreSQL: it decides and answers as the same trial elsewhere.

In ``make test`` the trial is a short one; the flagship is lived by ``make verify``.
"""

from dataclasses import replace
from pathlib import Path

import pytest

import databases
from clinic_server import clinic
from modicum.protocol.reading import protocol_bytes
from verification.phone_trials import START, answer_a_trial, differences

SHORTER = {
    "max_days = 7\n": "max_days = 2\n",
    "max_days = 112": "max_days = 8",
    "pairs = 4": "pairs = 2",
    "half_days = 14": "half_days = 2",
    "sequences = 16": "sequences = 4",
    "looks = [4]": "looks = [2]",
    'name = "ab-crossover"': 'name = "short"',
}


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request, tmp_path):
    if request.param == "sqlite":
        with clinic(tmp_path / "clinic", now=START.isoformat()) as found:
            yield found
        return
    with (
        databases.postgresql() as address,
        clinic(tmp_path / "clinic", database=address, now=START.isoformat()) as found,
    ):
        yield found


@pytest.fixture
def short(tmp_path) -> str:
    """The crossover of two treatments, shortened to a few days."""
    text = protocol_bytes("ab-crossover").decode()
    for long, few in SHORTER.items():
        assert long in text
        text = text.replace(long, few)
    file: Path = tmp_path / "short.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_trial_on_the_page_decides_and_answers_as_the_same_trial_anywhere_else(browser, server, short, tmp_path):
    found = answer_a_trial(browser, server, short, seed=1, folder=tmp_path)
    assert differences(found) == []
    assert len(found.trial.entries) >= 5
    # The sabotage twin: what is compared is compared to the last letter.
    other = {**found.clinic, "diary": found.clinic["diary"].replace(",5,", ",6,", 1), "result": {}}
    assert differences(replace(found, clinic=other, decided=found.decided[1:])) == ["decisions", "diary", "answer"]
