"""The browser killed while evenings are filled in without a network; the full count is a row of the verification."""

import os

import pytest

from journeys.web.diary.phones import CHROMIUM
from verification.counts import count
from verification.diary_kills import run_kills


def test_what_was_called_saved_survives_a_kill_and_arrives_once():
    if not CHROMIUM.exists():
        words = f"NOT CHECKED: {CHROMIUM} is not installed, and no browser was killed"
        pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)
    finding = run_kills(count("diary-kills"))
    assert finding.passed, finding.summary
