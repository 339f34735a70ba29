"""The corpus: no opioid is missed in silence, next to nothing harmless is stopped, and nonsense clears nobody."""

import pytest

from modicum.screening import clear
from screening_corpus import TODAY, rows

CAUGHT, HARMLESS, STRANGE = rows("caught"), rows("harmless"), rows("unrecognisable")

# Sold with and without an opioid: a question, where the corpus asks for a stop (decision 0016).
SOLD_BOTH_WAYS = {"Syndol", "Phensedyl cough linctus", "Corex syrup from India"}


def result(row):
    return clear(row["line"], TODAY)


def test_the_corpus_is_as_large_as_was_promised():
    assert len(CAUGHT) >= 400
    assert len(HARMLESS) >= 200
    assert len(STRANGE) >= 100


@pytest.mark.parametrize("row", CAUGHT, ids=lambda row: row["line"])
def test_a_line_that_has_to_be_caught_is_caught(row):
    found = result(row)
    if row["line"] in SOLD_BOTH_WAYS:
        assert [finding.rule for finding in found.findings] == ["sometimes-opioid"]
    else:
        assert found.findings[0].severity == row["expected"]


def test_no_opioid_is_missed_in_silence():
    silent = [row["line"] for row in CAUGHT if result(row).result == "may-start"]
    assert silent == []


def test_at_most_one_harmless_line_in_a_hundred_is_stopped_or_asked_about():
    flagged = [row["line"] for row in HARMLESS if any(one.severity != "note" for one in result(row).findings)]
    assert len(flagged) <= 0.01 * len(HARMLESS), flagged


def test_at_most_one_harmless_line_in_a_hundred_is_handed_back():
    unread = [row["line"] for row in HARMLESS if result(row).not_recognised]
    assert len(unread) <= 0.01 * len(HARMLESS), unread


@pytest.mark.parametrize("row", STRANGE, ids=lambda row: row["line"])
def test_a_line_that_nobody_can_recognise_is_handed_back_and_clears_nobody(row):
    found = result(row)
    assert found.not_recognised == (row["line"],)
    assert found.result != "may-start"
