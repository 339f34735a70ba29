"""Maintenance: the dose is kept, and a blinded second look is offered in time, or when the benefit fades."""

import datetime as dt
from dataclasses import replace

import pytest

from modicum.protocol import read_protocol
from modicum.records.events import Entry
from modicum.trial.block import Block
from modicum.trial.maintenance import MAINTENANCE, RECHALLENGE, Found, Rechallenge, course, standing

FLAGSHIP = read_protocol("ldn-smallest-dose")
SINCE = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
FOUND = Found(dose_mg=1.5, level=6.0, benefit=2.0, since=SINCE)
DAY = dt.timedelta(days=1)


def entry(day, pain=4.0, **more):
    at = SINCE + day * DAY + dt.timedelta(hours=20)
    scores = {} if pain is None else {"pain": pain}
    return Entry(id=f"week-{day}", happened_at=at, received_at=at, scores=scores, **more)


def weekly(days, pain=4.0):
    return [entry(day, pain) for day in range(0, days, 7)]


def stands(entries, day, rechallenges=(), protocol=FLAGSHIP, found=FOUND):
    return standing(found, protocol, entries, rechallenges, SINCE + day * DAY)


def test_a_dose_that_goes_on_working_is_kept():
    now = stands(weekly(60), 60)
    assert (now.stage, now.reason, now.mean) == ("kept", "", 4.0)


def test_an_entry_is_asked_for_once_a_week():
    due = [stands(weekly(day), day).next_entry for day in (0, 1, 7, 8)]
    assert [(moment - SINCE).days for moment in due] == [0, 7, 7, 14]
    assert {moment.hour for moment in due} == {20}


@pytest.mark.parametrize(("day", "stage", "reason"), [(181, "kept", ""), (182, "offered", "time")])
def test_a_blinded_second_look_is_offered_after_six_months(day, stage, reason):
    now = stands(weekly(day), day)
    assert (now.stage, now.reason) == (stage, reason)


@pytest.mark.parametrize(("pain", "stage"), [(4.9, "kept"), (5.0, "offered"), (6.5, "offered")])
def test_it_is_offered_at_once_when_four_weeks_have_lost_half_the_effect(pain, stage):
    now = stands(weekly(56) + [entry(day, pain) for day in range(56, 84, 7)], 84)
    assert (now.stage, now.mean) == (stage, pain)
    assert now.reason == ("effect lost" if stage == "offered" else "")


def test_where_more_is_better_a_benefit_is_lost_downwards():
    upward = FLAGSHIP.primary_outcome.model_copy(update={"better": "higher"})
    others = tuple(o for o in FLAGSHIP.outcomes if o.name != upward.name)
    protocol = FLAGSHIP.model_copy(update={"outcomes": (upward, *others)})
    found = replace(FOUND, level=4.0)
    assert stands(weekly(60, 6.0), 60, protocol=protocol, found=found).stage == "kept"
    assert stands(weekly(60, 5.0), 60, protocol=protocol, found=found).reason == "effect lost"


def test_four_weeks_that_are_not_over_lose_nothing():
    assert stands(weekly(27, 9.0), 27).mean is None
    assert stands(weekly(28, 9.0), 28).reason == "effect lost"


@pytest.mark.parametrize(("missed", "known"), [(1, True), (2, False)])
def test_one_entry_of_four_may_be_missing(missed, known):
    entries = [*weekly(56), *[entry(day, 9.0) for day in range(56 + 7 * missed, 84, 7)]]
    assert (stands(entries, 84).mean is not None) is known


def test_an_entry_without_an_answer_is_no_answer():
    assert stands([entry(day, None) for day in range(0, 60, 7)], 60).mean is None


def test_an_entry_that_has_not_arrived_is_not_known():
    late = replace(entry(49, 9.0), received_at=SINCE + 80 * DAY)
    assert stands([*weekly(49), late], 55).mean == 4.0


def test_a_corrected_entry_counts_as_corrected():
    wrong, at = entry(49, 9.0), SINCE + 50 * DAY
    right = Entry(id="again", corrects=wrong.id, happened_at=wrong.happened_at, received_at=at, scores={"pain": 5.0})
    assert stands([*weekly(49), wrong, right], 55).mean == pytest.approx((3 * 4.0 + 5.0) / 4)


def test_entries_of_the_trial_are_passed_over():
    assert stands([entry(day, 9.0) for day in range(-70, 0, 7)], 5).mean is None


@pytest.mark.parametrize("more", [{"stops": True}, {"side_effects": {"headache": 3}}])
def test_leaving_or_a_severe_side_effect_stops_it(more):
    now = stands([*weekly(60), entry(61, 4.0, **more)], 70)
    assert (now.stage, now.next_entry) == ("stopped", None)


def test_a_second_look_lasts_four_weeks_with_an_entry_a_day():
    begun = Rechallenge(SINCE + 182 * DAY, drug_first=False)
    stages = [stands(weekly(182), day, [begun]).stage for day in (182, 209, 210)]
    assert stages == ["re-challenge", "re-challenge", "kept"]
    due = stands(weekly(182), 190, [begun]).next_entry
    assert due == SINCE + 190 * DAY + dt.timedelta(hours=20)


def test_the_next_second_look_is_offered_six_months_after_the_last():
    begun = Rechallenge(SINCE + 182 * DAY, drug_first=True)
    entries = weekly(500)
    assert [stands(entries, day, [begun]).stage for day in (391, 392)] == ["kept", "offered"]


def test_what_placebo_did_in_a_second_look_is_no_loss_of_the_dose():
    begun = Rechallenge(SINCE + 182 * DAY, drug_first=True)
    bad = [entry(day, 9.0) for day in range(196, 210)]
    assert stands([*weekly(182), *bad], 215, [begun]).mean is None


@pytest.mark.parametrize("drug_first", [True, False])
def test_the_days_follow_one_another_as_blocks(drug_first):
    begun = Rechallenge(SINCE + 182 * DAY, drug_first=drug_first)
    blocks = course(FOUND, FLAGSHIP, [begun], SINCE + 240 * DAY)
    halves = [1.5, 0.0] if drug_first else [0.0, 1.5]
    assert [(b.phase, b.announced, b.capsule_mg, b.days) for b in blocks] == [
        (MAINTENANCE, 1.0, 1.5, 182),
        *[(RECHALLENGE, 0.5, dose, 14) for dose in halves],
        (MAINTENANCE, 1.0, 1.5, 30),
    ]


def test_a_second_look_under_way_ends_with_today():
    begun = Rechallenge(SINCE, drug_first=True)
    assert [b.days for b in course(FOUND, FLAGSHIP, [begun], SINCE + 20 * DAY)] == [14, 6]
    assert course(FOUND, FLAGSHIP, [], SINCE) == ()


def test_a_protocol_without_maintenance_says_so():
    with pytest.raises(ValueError, match="ldn-open has no maintenance"):
        stands([], 0, protocol=read_protocol("ldn-open"))


def test_a_block_that_is_cut_off_ends_in_no_look():
    from modicum.trial.block import until

    block = Block("titration", 0.5, 1.5, 14, look="posterior")
    assert [b.look for b in until([block, block], 20)] == ["posterior", ""]
    assert until([block], 0) == ()
