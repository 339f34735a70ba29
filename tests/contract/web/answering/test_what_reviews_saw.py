"""Every decision of a review has words, and what one by eye compared is told without chances."""

import datetime as dt
import re
from typing import get_args

import pytest

from modicum.protocol import read_protocol
from modicum.services.revealing import Held, Seen
from modicum.trial.block import EndingCode
from modicum.web.clinic.answering.held import reviews_of
from modicum.web.clinic.answering.tasks import read_opened

DAY = dt.date(2026, 3, 2)
BY_RULES = ("continue", "step up", "leave for confirmation", "choose again", "confirmed")
PROTOCOL = read_protocol("ldn-open-fast")
RESULT = {"doses": [{"dose_mg": 0.5}, {"dose_mg": 1.5}]}


def held(**seen):
    return Held("titration", DAY, DAY + dt.timedelta(days=13), 14, 0.5, None, **seen)


@pytest.mark.parametrize("code", [*BY_RULES, *get_args(EndingCode)])
def test_every_decision_and_every_ending_has_words(code):
    assert reviews_of([held(then=code)], RESULT, PROTOCOL)[0].then


def test_a_review_by_eye_tells_what_it_compared_and_no_chance():
    found = reviews_of([held(by_eye=(6.25, None), then="step up")], RESULT, PROTOCOL)[0]
    assert (found.chances, found.then) == ((), "A step up")
    assert found.by_eye == (
        "Pain, last 24 hours (0 to 10), mean of 7 days: before the first dose 6.2, "
        "at the end of this step nothing written"
    )


def test_chances_near_an_end_are_never_a_round_none_or_all():
    found = reviews_of([held(seen=(Seen(0.5, 0.996, 0.425, 0.004),), then="continue")], RESULT, PROTOCOL)[0]
    assert [(one.words, one.mcid, one.better, one.harm) for one in found.chances] == [("0.5 mg", "43", ">99", "<1")]


def test_a_stretch_without_a_review_is_none():
    assert reviews_of([held()], RESULT, PROTOCOL) == []


def test_each_kind_of_chance_has_a_column_of_its_own(room):
    room.sign()
    room.reveal()
    page = room.text("reveal").partition("What each review saw")[2]
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)[:4]
    assert heads == ["After, and each dose tried", "Helps by what matters", "Helps at all", "Harms by what matters"]
    seen = next(one for one in read_opened(room.trial).held if one.then).seen[0]
    row = re.search(r"mg</th>(.*?)</tr>", page, re.DOTALL)[1]
    shown = [int(value) for value in re.findall(r">(?:&[lg]t;)?(\d+)<", row)]
    assert shown == pytest.approx([100 * chance for chance in (seen.p_mcid, seen.p_better, seen.p_harm)], abs=1)
