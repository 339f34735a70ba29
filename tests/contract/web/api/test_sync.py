"""The interface for phones, at a real server: receipts are signed, repeats are the same, nothing is a dead end."""

import base64
import datetime as dt
import json
from importlib.resources import files

import jsonschema
import pytest

import databases
from clinic_server import clinic
from diary_fixtures import uuid7, written
from modicum.records.chain import canonical, content_hash
from modicum.services.diary.signing import is_signed

START = dt.datetime.fromisoformat("2026-03-02T00:00:00+01:00")
EVENING = START + dt.timedelta(hours=20)


@pytest.fixture(scope="module")
def postgresql():
    with databases.postgresql() as address:
        yield address


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request, tmp_path_factory):
    database = request.getfixturevalue("postgresql") if request.param == "postgresql" else ""
    with clinic(tmp_path_factory.mktemp("clinic"), database=database) as found:
        yield found


@pytest.fixture
def phone(server):
    """Asks as one phone of a participant of her own, on the first evening."""
    server.set_clock(EVENING)
    token = server.joined(server.enrol())

    def ask(path, body=None, **headers):
        return server.ask(token, path, body, **headers)

    return ask


def schema(name):
    return json.loads((files("modicum.services") / "schemas" / f"{name}.schema.json").read_text())


def send(phone, *entries, at=EVENING, **headers):
    return phone("entries", {"sent_at": at.isoformat(), "entries": list(entries)}, **headers)


def receipts(document):
    return [json.loads(one["payload"]) for one in document["receipts"]]


def test_the_schedule_keeps_its_form_and_says_nothing_of_a_dose(phone):
    status, found = phone("schedule")
    assert status == 200
    jsonschema.validate(found, schema("schedule"))
    assert "placebo" not in json.dumps({name: found[name] for name in found if name != "card"})
    assert [day["capsule"] for day in found["days"][:35]] == [False] * 15 + [True] * 20  # none before the first capsule


def test_an_entry_gets_a_receipt_that_is_signed_and_of_its_content(phone):
    public = phone("schedule")[1]["key"]["public"]
    entry = written(0)
    status, found = send(phone, entry)
    assert status == 200
    jsonschema.validate(found, schema("sync"))
    [receipt] = receipts(found)
    jsonschema.validate(receipt, schema("receipt"))
    assert is_signed(found["receipts"][0], public)
    assert receipt["content_sha256"] == content_hash(canonical(entry))
    assert (receipt["id"], receipt["day"], receipt["marks"], receipt["repeated"]) == (entry["id"], 0, [], False)


def test_a_forged_receipt_is_not_signed(phone):
    public = phone("schedule")[1]["key"]["public"]
    [signed] = send(phone, written(0))[1]["receipts"]
    assert not is_signed({**signed, "payload": signed["payload"].replace('"day":0', '"day":1')}, public)
    assert not is_signed({**signed, "signature": base64.b64encode(bytes(64)).decode()}, public)


def test_the_same_entry_again_gets_the_same_receipt(phone):
    entry = written(0)
    first, again = receipts(send(phone, entry)[1])[0], receipts(send(phone, entry)[1])[0]
    assert again == {**first, "repeated": True}
    assert len(receipts(phone("receipts?since=0")[1])) == 1


def test_another_content_under_one_id_is_kept_flagged_and_counts_for_nothing(phone):
    send(phone, written(0))
    [receipt] = receipts(send(phone, written(0, answers={"pain": 9.0}))[1])
    assert receipt["conflict"]
    assert len(phone("schedule")[1]["answered"]) == 1


@pytest.mark.parametrize(
    "entry",
    [
        {"hello": "clinic"},
        {**written(0), "answers": {"pain": 40}},
        {**written(0), "answers": {"weather": 3}},
        {**written(0), "happened_at": "yesterday"},
        {**written(0), "id": "x" * 200},
        {**written(0), "took": True},
        ["not", "an", "object"],
        {"id": "\u0000", "text": "\ud800"},
        {"number": 2**70},
        None,
    ],
)
def test_what_is_not_of_the_form_is_kept_and_acknowledged_all_the_same(phone, entry):
    status, found = send(phone, entry, written(0))
    assert status == 200
    odd, plain = receipts(found)
    assert (odd["marks"], odd["day"]) == (["unread"], None)
    assert (plain["marks"], plain["day"]) == ([], 0)


def test_a_second_entry_of_an_evening_is_kept_and_the_first_counts(phone):
    first, second = written(0), written(0, number=2, answers={"pain": 9.0})
    one, two = receipts(send(phone, first, second)[1])
    assert (one["marks"], two["marks"]) == ([], ["second"])
    assert [found["id"] for found in phone("schedule")[1]["answered"]] == [first["id"]]


def test_a_correction_counts_in_the_place_of_what_it_corrects_for_a_day(server, phone):
    first = written(0)
    send(phone, first)
    correction = written(0, number=2, hour=23, corrects=first["id"], answers={"pain": 2.0})
    [receipt] = receipts(send(phone, correction, at=EVENING + dt.timedelta(hours=3))[1])
    assert receipt["marks"] == [] or receipt["marks"] == ["clock"]
    assert [found["id"] for found in phone("schedule")[1]["answered"]] == [correction["id"]]
    late = written(0, number=3, hour=70, corrects=correction["id"])
    server.set_clock(EVENING + dt.timedelta(days=3))
    [receipt] = receipts(send(phone, late, at=EVENING + dt.timedelta(days=3))[1])
    assert receipt["marks"] == ["outside"]


@pytest.mark.parametrize("hours", [-48, 48])
def test_a_clock_that_is_off_by_two_days_is_put_right_and_marked(phone, hours):
    off = dt.timedelta(hours=hours)
    entry = written(0)
    entry["happened_at"] = (dt.datetime.fromisoformat(entry["happened_at"]) + off).isoformat()
    [receipt] = receipts(send(phone, entry, at=EVENING + off)[1])
    assert (receipt["day"], receipt["marks"]) == (0, ["clock"])


def test_yesterday_may_be_filled_in_until_noon_marked_late_and_nothing_older(server, phone):
    server.set_clock(START + dt.timedelta(days=1, hours=11))
    late = written(0, about="yesterday", hour=10)
    [receipt] = receipts(send(phone, late, at=START + dt.timedelta(days=1, hours=11))[1])
    assert (receipt["day"], receipt["marks"]) == (0, ["late"])
    server.set_clock(START + dt.timedelta(days=3, hours=13))
    older = written(2, about="yesterday", hour=13)
    [receipt] = receipts(send(phone, older, at=START + dt.timedelta(days=3, hours=13))[1])
    assert (receipt["day"], receipt["marks"]) == (None, ["outside"])


def test_fourteen_evenings_that_were_offline_arrive_each_on_its_day(server, phone):
    fortnight = START + dt.timedelta(days=14, hours=9)
    server.set_clock(fortnight)
    found = receipts(send(phone, *(written(day) for day in range(14)), at=fortnight)[1])
    assert [(one["day"], one["marks"]) for one in found] == [(day, []) for day in range(14)]


def test_an_opioid_stops_the_capsules_before_anybody_is_told(phone):
    status, found = send(phone, written(0, medications=["Tylenol #3"]))
    assert status == 200
    [advice] = found["advice"]
    assert advice["stop"]
    assert "Tylenol #3" in advice["words"][0]
    assert phone("schedule")[1]["halted"]["words"]


def test_naproxen_stops_nothing(phone):
    [advice] = send(phone, written(0, medications=["naproxen 500"]))[1]["advice"]
    assert not advice["stop"]
    assert phone("schedule")[1]["halted"] is None


def test_a_medicine_alone_takes_no_evening(phone):
    alone = written(0, number=2, answers={}, medications=["naproxen 500"])
    medicine, evening = receipts(send(phone, alone, written(0))[1])
    assert (medicine["marks"], evening["marks"]) == ([], [])
    assert [found["id"] for found in phone("schedule")[1]["answered"]] == [written(0)["id"]]


def test_leaving_is_never_lost_behind_an_entry_of_the_same_evening(phone):
    send(phone, written(0))
    send(phone, written(0, number=2, leaves=True, answers={}))
    assert phone("schedule")[1]["stage"] == "left"


def test_a_phone_that_is_not_known_is_told_so(server):
    status, found = server.ask("nobody", "schedule")
    assert (status, found["problems"][0]["code"]) == (401, "MOD-WEB-01")
    assert server.ask("nobody", "entries", {"sent_at": EVENING.isoformat(), "entries": []})[0] == 401


def test_a_form_of_another_place_is_refused(phone):
    for headers in ({"X-Modicum": "0"}, {"Origin": "https://elsewhere.example"}):
        status, found = send(phone, written(0), **headers)
        assert (status, found["problems"][0]["code"]) == (403, "MOD-WEB-02")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 400),
        (b"[" * 100_000, 400),
        (b"{}", 422),
        (json.dumps({"sent_at": "2026-03-02T20:00:00", "entries": []}).encode(), 422),
        (json.dumps({"sent_at": EVENING.isoformat(), "entries": [{}] * 51}).encode(), 422),
        (b" " * 3_300_000, 413),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused_with_the_reason(phone, body, status):
    found, document = phone("entries", body)
    assert found == status
    assert document["schema"] == "modicum.error/1"
    assert document["problems"][0]["fix"]


def test_ids_are_those_that_phones_make():
    assert uuid7(1)[14] == "7"
