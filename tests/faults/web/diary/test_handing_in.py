"""Handing in over networks that fail: the queue shrinks for a verified receipt, and for nothing else."""

import base64
import datetime as dt
import json

import pytest

from faults.web.diary import crooked_network as crooked
from modicum.web import assets

SCORES = {"pain": 4, "fatigue": 5, "sleep": 6, "mood": 7, "activity": 3}
MANY = """async ([prefix, count]) => {
  const [{ open }, { hand }] = [await import(prefix + "diary/outbox.js"), await import(prefix + "diary/draft.js")];
  const outbox = await open();
  const app = { outbox, schedule: await outbox.kept("schedule"), zone: "Europe/Berlin", now: () => Date.now() };
  for (let n = 0; n < count; n += 1) await hand(app, { medications: ["paracetamol " + n] }, { day: 2, about: "today" });
}"""
STATUSES = (400, 401, 403, 404, 409, 413, 418, 422, 429, 500, 502, 503, 507)


def answer(phone, day=2):
    """An evening, by taps; it is on this phone when this returns."""
    phone.page.evaluate("day => { location.hash = `#/e/${day}/1` }", day)
    phone.await_heading("How strong was your pain")
    phone.answer(SCORES)
    assert phone.page.locator(".ticks li").first.inner_text().startswith("On this phone")


def try_again(phone):
    """Try to hand in now, and wait until that has come to an end."""
    phone.page.evaluate("() => { location.hash = '#/unsent' }")
    button = phone.page.get_by_role("button", name="Try again now")
    button.click()
    phone.page.wait_for_timeout(60)
    phone.page.wait_for_function("() => !document.querySelector('#screen').innerText.includes('Handing in')")


def why(phone):
    """What the page says stands in the way."""
    return phone.page.locator("#screen").inner_text()


@pytest.fixture
def waiting(phone, network):
    """A phone on which one entry waits."""
    found = phone()
    network.fault = crooked.of_entries(crooked.reset)
    answer(found)
    found.await_unsent(1)
    return found


def deliver(phone, network, arrived):
    """The network is mended: the entry arrives once, with two ticks."""
    network.fault = None
    try_again_or_done(phone)
    phone.await_unsent(0)
    received = arrived(phone)
    assert len(received) == 1
    sent = phone.stores()["sent"]
    assert [one["receipt"]["sequence"] for one in sent] == [received[0]["sequence"]]
    assert [one["sha256"] for one in sent] == [received[0]["content_sha256"]]


def try_again_or_done(phone):
    phone.page.evaluate("() => { location.hash = '#/unsent' }")
    phone.come_back()


def test_no_status_of_http_loses_an_entry_and_each_says_what_to_do(waiting, network, arrived):
    said = {}
    for code in STATUSES:
        network.fault = crooked.status(code, **({"retry-after": "600"} if code in (429, 503, 507) else {}))
        try_again(waiting)
        assert len(waiting.stores()["outbox"]) == 1, code
        said[code] = why(waiting)
        assert "Nothing is lost." in said[code], code
        assert "MOD-TEST-01" in said[code], code
        assert waiting.line.startswith("1 answer waits on this phone."), code
    assert "Ask for a new link" in said[401]
    assert len(set(said.values())) > 9
    assert arrived(waiting) == []
    deliver(waiting, network, arrived)


def test_whoever_is_told_to_wait_waits(waiting, network):
    network.fault = crooked.status(429, **{"retry-after": "7200"})
    try_again(waiting)
    at = waiting.page.evaluate("() => Date.now()")
    hour = dt.datetime.fromtimestamp(at / 1000, dt.timezone(dt.timedelta(hours=1))).hour
    assert f"at {(hour + 2) % 24:02d}:" in why(waiting) or f"at {(hour + 3) % 24:02d}:" in why(waiting)


LOST = {
    "portal": "This network answered in place of the clinic.",
    "redirect": "The clinic cannot be reached.",
    "reset": "The clinic cannot be reached.",
    "lost_reply": "The clinic cannot be reached.",
    "half_reply": "The clinic cannot be reached.",
}


def test_a_reply_that_is_lost_cut_or_replaced_leaves_the_entry_and_it_arrives_once(waiting, network, arrived):
    for name, words in LOST.items():
        for fault in (getattr(crooked, name), crooked.of_entries(getattr(crooked, name))):
            network.fault = fault
            try_again(waiting)
            assert words in why(waiting), name
            assert len(waiting.stores()["outbox"]) == 1, name
    deliver(waiting, network, arrived)


def test_a_reply_that_stalls_keeps_nobody_from_answering(phone, network, server, arrived):
    found = phone()
    network.fault = crooked.of_entries(crooked.stalled(3))
    answer(found)
    assert found.page.locator(".ticks li").nth(1).inner_text().startswith("Handing in")
    found.page.get_by_role("link", name="To the start page").click()
    found.await_heading("Today’s diary is done.")
    network.fault = None
    found.await_unsent(0, seconds=30)
    assert len(arrived(found)) == 1


def forge_signature(document):
    for one in document["receipts"]:
        raw = bytearray(base64.b64decode(one["signature"]))
        raw[0] ^= 1
        one["signature"] = base64.b64encode(bytes(raw)).decode()
    return document


def forge_payload(**changes):
    def change(document):
        for one in document["receipts"]:
            one["payload"] = json.dumps(
                {**json.loads(one["payload"]), **changes}, separators=(",", ":"), sort_keys=True
            )
        return document

    return change


FORGERIES = {
    "signature": forge_signature,
    "another id": forge_payload(id="019d0cab-3a26-7cab-a0e7-bca186f5c9bf"),
    "another hash": forge_payload(content_sha256="0" * 64),
    "another number": forge_payload(sequence=999),
    "no receipts": lambda document: {**document, "receipts": []},
    "no signature": lambda document: {
        **document,
        "receipts": [{"payload": one["payload"]} for one in document["receipts"]],
    },
    "another form": lambda document: {"status": "ok"},
}


def test_no_forged_receipt_takes_an_entry_off_the_phone(waiting, network, arrived):
    for name, change in FORGERIES.items():
        network.fault = crooked.altered(change)
        try_again(waiting)
        assert len(waiting.stores()["outbox"]) == 1, name
        assert waiting.stores()["sent"] == [], name
        expected = (
            "answered in place of the clinic" if name == "another form" else "did not carry the clinic’s signature"
        )
        assert expected in why(waiting), name
    deliver(waiting, network, arrived)


def test_a_true_receipt_of_another_entry_takes_none_off_the_phone(phone, network, server, arrived):
    first, second = phone(), phone()
    answer(first)
    first.await_unsent(0)
    stolen = server.ask(first.token, "receipts?since=0")[1]["receipts"]
    network.fault = crooked.altered(lambda document: {**document, "receipts": stolen})
    answer(second)
    try_again(second)
    assert len(second.stores()["outbox"]) == 1
    deliver(second, network, arrived)


def test_another_key_is_not_believed_until_a_person_has_asked(waiting, network, server, arrived):
    def other_key(document):
        return {**document, "key": {"id": "0123456789abcdef", "public": base64.b64encode(bytes(31) + b"\1").decode()}}

    async def fault(crossing):
        if crossing.asked.path.endswith("entries"):  # of a try that began before, with the true key
            return await crooked.reset(crossing)
        reply = await crossing.forward()
        changed = (
            other_key(json.loads(reply.body)) if crossing.asked.path.endswith("schedule") else json.loads(reply.body)
        )
        return crooked.Reply(reply.status, reply.headers, json.dumps(changed).encode()).to_bytes()

    network.fault = fault
    try_again_or_done(waiting)  # by itself the phone may have tried already, and then offers no other try
    waiting.page.get_by_text("0123456789abcdef").wait_for()
    assert len(waiting.stores()["outbox"]) == 1
    deliver(waiting, network, arrived)


def evenings(phone, count, first=2):
    """So many evenings without a network, one after another."""
    start = dt.datetime.fromisoformat("2026-03-02T20:20:00+01:00")
    for day in range(first, first + count):
        phone.set_clock((start + dt.timedelta(days=day)).isoformat())
        answer(phone, day)


def test_what_is_too_much_at_once_is_handed_in_by_halves(phone, network, server, arrived):
    found = phone()
    network.fault = crooked.reset
    evenings(found, 5)
    found.await_unsent(5)
    network.seen.clear()
    server.set_clock(dt.datetime.fromisoformat("2026-03-08T20:21:00+01:00"))
    network.fault = crooked.where(lambda asked: len(asked.entries) > 2, crooked.status(413))
    try_again_or_done(found)
    found.await_unsent(0)
    assert [len(one.entries) for one in network.posts] == [5, 2, 3, 1, 2]
    received = arrived(found)
    assert sorted(one["day"] for one in received) == [2, 3, 4, 5, 6]


def test_one_entry_that_is_refused_keeps_no_other_back_and_comes_by_the_rescue_file(phone, network, server, arrived):
    found = phone()
    network.fault = crooked.reset
    evenings(found, 4)
    found.await_unsent(4)
    bad = json.loads(found.stores()["outbox"][0]["text"])
    server.set_clock(dt.datetime.fromisoformat("2026-03-07T20:21:00+01:00"))
    network.fault = crooked.where(lambda asked: bad["id"] in {one["id"] for one in asked.entries}, crooked.status(422))
    try_again_or_done(found)
    found.await_unsent(1)
    found.page.get_by_text("could not read one of the answers").wait_for()  # the page follows what is on the phone
    assert len(arrived(found)) == 3
    with found.page.expect_download() as waiting:
        found.page.get_by_role("button", name="Save a rescue file").click()
    rescue = json.loads(waiting.value.path().read_text())
    assert rescue["entries"] == [bad]
    status, _ = server.ask(
        found.token, "entries", {"sent_at": "2026-03-07T20:21:00+01:00", "entries": rescue["entries"]}
    )
    assert status == 200
    try_again(found)
    found.await_unsent(0)
    assert len(arrived(found)) == 4


def test_fifty_is_the_most_that_is_handed_in_at_once(phone, network, server, arrived):
    found = phone()
    network.fault = crooked.reset
    found.page.evaluate(MANY, [assets.prefix(), 52])
    found.await_unsent(52)
    network.seen.clear()
    network.fault = None
    try_again_or_done(found)
    found.await_unsent(0, seconds=30)
    assert [len(one.entries) for one in network.posts] == [50, 2]
    assert len(arrived(found)) == 52
