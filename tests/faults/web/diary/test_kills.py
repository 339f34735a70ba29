"""The browser killed while evenings are filled in without a network; the full count is a row of the verification."""

from browsers import require
from verification.counts import count
from verification.diary_kills import run_kills


def test_what_was_called_saved_survives_a_kill_and_arrives_once():
    require()
    finding = run_kills(count("diary-kills"))
    assert finding.passed, finding.summary
