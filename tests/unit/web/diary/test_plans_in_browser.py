"""What a schedule means on a day, and how often a PIN may be tried."""

import datetime as dt

from journeys.web.diary.written_clinic import FLAGS, WrittenClinic, days

ZONE = "Europe/Berlin"


def ms(text):
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


def record(day, number=1, **values):
    return {
        "id": f"r{number}",
        "number": number,
        "day": day,
        "evening": True,
        "late": False,
        "corrects": None,
        "made_ms": 0,
        "receipt": None,
        **values,
    }


def test_advice_is_for_what_was_noticed_and_the_nearer_comes_first(call, phone_signer):
    schedule = WrittenClinic(phone_signer).schedule
    rows = [
        {},
        {"headache": 2},
        {"headache": 3},
        {"low_mood": 3},
        {"low_mood": 2, "headache": 3},
        {"headache": 3, "vivid_dreams": 3},
        {"headache": 3, "low_mood": 3},
    ]
    found = call("schedule", "redFlags", [[schedule, one] for one in rows])
    named, any_ = FLAGS[0]["heading"], FLAGS[1]["heading"]
    assert [[flag["heading"] for flag in one] for one in found] == [
        [],
        [],
        [any_],
        [named],
        [any_],
        [any_],
        [named, any_],
    ]


def test_days_past_the_last_are_like_the_last_but_ask_no_guess(call, phone_signer):
    schedule = WrittenClinic(phone_signer, days=days(5, guess=(4,))).schedule
    found = call("schedule", "planOf", [[schedule, 4], [schedule, 9], [schedule, -1]])
    assert [one and (one["day"], one["capsule"], one["guess"]) for one in found] == [
        (4, True, True),
        (9, True, False),
        None,
    ]


def test_a_day_is_done_by_an_entry_here_or_at_the_clinic_and_not_by_a_message(call, phone_signer):
    answered = [{"day": 17, "id": "x", "sequence": 3}, {"day": 18, "id": "m", "sequence": 4}]
    schedule = WrittenClinic(phone_signer, answered=answered).schedule
    message = record(18, evening=False, id="m")
    at = ms("2026-03-20T20:00:00+01:00")
    rows = [
        [schedule, [message], at, ZONE],
        [schedule, [message, record(18)], at, ZONE],
        [schedule, [], at - 86_400_000, ZONE],
    ]
    assert [one["state"] for one in call("schedule", "situation", rows)] == ["open", "done", "done"]


def test_a_day_is_that_under_which_the_clinic_keeps_the_entry(call, phone_signer):
    schedule = WrittenClinic(phone_signer).schedule
    at = ms("2026-03-20T20:00:00+01:00")
    receipts = [None, {"day": 18, "marks": []}, {"day": 17, "marks": ["clock"]}, {"day": None, "marks": ["outside"]}]
    rows = [[schedule, [record(18, receipt=one)], at, ZONE] for one in receipts]
    assert [one["state"] for one in call("schedule", "situation", rows)] == ["done", "done", "open", "open"]


def test_the_entry_that_stands_for_a_day_is_the_last_of_its_corrections(call):
    first, second, third = record(3), record(3, 2, corrects="r1"), record(3, 3, corrects="r2")
    rows = [[[first], 3], [[first, second], 3], [[third, first, second], 3], [[first], 4]]
    assert [one and one["id"] for one in call("schedule", "standing", rows)] == ["r1", "r2", "r3", None]


def test_what_the_clinic_set_aside_does_not_stand_for_a_day(call):
    first, late = record(3), record(3, 2, corrects="r1", receipt={"day": None, "marks": ["outside"]})
    other = record(3, 3, receipt={"day": 3, "marks": ["clock", "second"]})
    counting = record(3, 4, corrects="r1", receipt={"day": 3, "marks": ["late"]})
    rows = [[[first, late], 3], [[other], 3], [[first, other], 3], [[first, late, counting], 3]]
    assert [one and one["id"] for one in call("schedule", "standing", rows)] == ["r1", None, "r1", "r4"]


def test_an_entry_may_be_corrected_for_24_hours(call, phone_signer):
    schedule = WrittenClinic(phone_signer).schedule
    made = ms("2026-03-20T20:00:00+01:00")
    one = record(18, made_ms=made)
    hours = [0, 7, 9, 23.9, 24.1]
    found = call("schedule", "correctable", [[schedule, one, made + hour * 3_600_000, ZONE, [one]] for hour in hours])
    assert found == ["today", "today", "yesterday", "yesterday", None]
    again = record(18, 2, made_ms=made + 20 * 3_600_000, corrects="r1")
    rows = [[schedule, again, made + hour * 3_600_000, ZONE, [one, again]] for hour in (21, 25)]
    assert call("schedule", "correctable", rows) == ["yesterday", None], "a correction of a correction is no later"


def test_a_day_that_is_not_asked_is_passed_over(call, phone_signer):
    plan = [{**one, "asked": one["day"] not in (19, 20)} for one in days(30)]
    schedule = WrittenClinic(phone_signer, days=plan).schedule
    found = call("schedule", "nextAsked", [[schedule, ms("2026-03-20T20:00:00+01:00"), ZONE]])
    assert found == ["2026-03-23"]


def test_after_five_wrong_pins_each_try_waits_longer(call):
    rows = [[{"tries": tries, "last_ms": 0}, 0] for tries in (0, 4, 5, 6, 50)]
    assert call("lock", "pause", rows) == [0, 0, 30_000, 60_000, 1_920_000]
    assert call("lock", "pause", [[{"tries": 5, "last_ms": 0}, 30_000], [{"tries": 5, "last_ms": 10**12}, 0]]) == [
        0,
        30_000,
    ]


def test_a_pin_is_kept_as_a_salted_hash_alone(call):
    first, second = call("lock", "made", [["2468"], ["2468"]])
    assert first["hash"] != second["hash"]
    assert "2468" not in str(first)
    tried = call("lock", "tried", [[first, "2468", 5], [first, "2469", 5]])
    assert [(one["open"], one["lock"]["tries"]) for one in tried] == [(True, 0), (False, 1)]
