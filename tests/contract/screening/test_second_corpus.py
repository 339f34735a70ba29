"""The second corpus: hostile lines, written after the first was mended and before the rules were read.

At its first run 1 of 268 opioids was missed in silence, 41 of 320 lines came back to be read by hand, and 3 of 283
harmless ones were flagged; what was missed stays in.
"""

import pytest

from modicum.screening import clear
from screening_corpus import TODAY, rows

CAUGHT, HARMLESS, STRANGE = (rows(name, "second") for name in ("caught", "harmless", "unrecognisable"))
SOLD_BOTH_WAYS = {"Phensedyl cough linctus", "222s from Canada"}


@pytest.mark.parametrize("row", CAUGHT, ids=lambda row: row["line"])
def test_a_line_that_has_to_be_caught_is_caught_or_handed_back(row):
    found = clear(row["line"], TODAY)
    if not found.findings:
        assert found.not_recognised == (row["line"],)
    elif row["line"] not in SOLD_BOTH_WAYS:
        assert found.findings[0].severity == row["expected"]
    assert found.result != "may-start"


def test_hardly_any_line_that_has_to_be_caught_is_handed_back_instead():
    unread = [row["line"] for row in CAUGHT if not clear(row["line"], TODAY).findings]
    assert len(unread) <= 0.02 * len(CAUGHT), unread


def test_at_most_one_harmless_line_in_a_hundred_is_stopped_or_asked_about():
    flagged = [
        row["line"] for row in HARMLESS if any(one.severity != "note" for one in clear(row["line"], TODAY).findings)
    ]
    assert len(flagged) <= 0.01 * len(HARMLESS), flagged


@pytest.mark.parametrize("row", STRANGE, ids=lambda row: row["line"])
def test_a_line_that_nobody_can_recognise_clears_nobody(row):
    found = clear(row["line"], TODAY)
    assert found.not_recognised == (row["line"],)
    assert found.result != "may-start"
