"""Two tabs, two phones, a new version of the app, and clocks and zones that are not the clinic's."""

import datetime as dt
import json

import pytest

from faults.web.diary import crooked_network as crooked
from faults.web.diary.test_handing_in import SCORES, answer, evenings, try_again_or_done
from journeys.web.diary.phones import Phone
from modicum.web import assets
from verification.counts import some


def second_tab(phone):
    """Another tab of the same browser."""
    page = phone.context.new_page()
    tab = Phone.__new__(Phone)
    tab.__dict__.update(phone.__dict__, page=page, complaints=[])
    tab.open()
    return tab


def test_two_tabs_hand_an_entry_in_once(phone, network, arrived):
    found = phone()
    network.fault = crooked.reset
    answer(found)
    other = second_tab(found)
    network.seen.clear()
    network.fault = None
    for one in (found, other):
        one.page.evaluate("() => dispatchEvent(new Event('online'))")
    found.await_unsent(0)
    other.page.wait_for_timeout(500)
    assert len(network.posts) == 1
    assert len(arrived(found)) == 1


def test_an_evening_that_is_finished_in_two_tabs_at_once_becomes_one_entry(phone, arrived):
    found = phone()
    found.page.evaluate("() => { location.hash = '#/e/2/1' }")
    for score in SCORES.values():
        before = found.heading
        found.tap_score(score)
        found.page.wait_for_function("before => document.querySelector('h1').innerText !== before", arg=before)
    other = second_tab(found)
    other.page.evaluate("() => { location.hash = '#/e/2/6' }")
    other.await_heading("Did you notice any")
    for one in (found, other):
        one.page.evaluate("() => { setTimeout(() => document.querySelector('.answer > .btn').click(), 500) }")
    for one in (found, other):
        one.await_heading("Done. Thank you.")
    found.await_unsent(0)
    assert len(arrived(found)) == 1
    assert [one["number"] for one in found.stores()["sent"]] == [1]


KEPT_TOO_LATE = """async (prefix) => {
  const { open } = await import(prefix + "diary/outbox.js");
  const outbox = await open();
  await outbox.keepDraft("draft/e2", { id: "e2", slot: "e2" });
  await outbox.keepDraft("draft/e3", { id: "e3", slot: "e3" });
  return [(await outbox.kept("draft/e2")) ?? null, (await outbox.kept("draft/e3")).slot];
}"""


def test_a_tap_that_another_tab_keeps_after_the_evening_was_handed_in_brings_its_draft_not_back(phone):
    found = phone()
    answer(found)
    assert found.page.evaluate(KEPT_TOO_LATE, assets.prefix()) == [None, "e3"]


HOLD = """() => {
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...asked) {
    window.held = this;
    return begin.apply(this, asked);
  };
}"""


def test_a_database_that_the_browser_closed_while_nobody_looked_is_opened_again(phone, arrived):
    found = phone()
    found.page.evaluate(HOLD)
    found.page.evaluate("() => { location.hash = '#/e/2/1' }")
    found.await_heading("How strong was your pain")
    found.tap_score(4)
    found.await_heading("How tired or worn out")
    found.page.evaluate("() => window.held.close()")
    found.tap_score(5)
    found.await_heading("How well did you sleep")
    found.page.evaluate("() => window.held.close()")
    found.answer(SCORES)
    found.await_unsent(0)
    received = arrived(found)
    assert [one["day"] for one in received] == [2]
    assert json.loads(found.stores()["sent"][0]["text"])["answers"].items() >= {"pain": 4, "fatigue": 5}.items()
    assert found.complaints == []


def test_two_phones_on_one_evening_are_both_kept_and_one_counts(phone, arrived):
    first = phone()
    second = phone(first.enrolled, token=first.token)
    second.context.set_offline(True)
    answer(first)
    first.await_unsent(0)
    answer(second)
    second.await_unsent(1)
    second.context.set_offline(False)
    second.await_unsent(0, seconds=30)
    assert [one["marks"] for one in arrived(first)] == [[], ["second"]]
    second.page.get_by_text("is kept at the clinic, but does not count").wait_for()
    first.open()
    assert "does not count" not in first.page.locator("main").inner_text()


def test_a_new_version_of_the_app_finds_a_full_outbox_and_hands_it_in(phone, network, server, arrived):
    found = phone(workers="allow")
    found.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    network.fault = crooked.reset
    evenings(found, 3)
    found.await_unsent(3)
    before = found.stores()["outbox"]
    old = found.page.evaluate("() => caches.keys()")

    async def newer(crossing):
        reply = await crossing.forward()
        body = reply.body
        if crossing.asked.path == "/diary/sw.js":
            body = body.replace(b'const VERSION = "', b'const VERSION = "new-')
        return crooked.Reply(reply.status, {**reply.headers, "etag": '"new"'}, body).to_bytes()

    network.of_all = newer
    found.page.evaluate("() => { location.hash = '#/' }")
    found.page.evaluate(
        "() => navigator.serviceWorker.getRegistration('/diary/').then((one) => one.update()).then(() => true)"
    )
    found.page.wait_for_function(
        "old => caches.keys().then((names) => names.length === 1 && names[0] !== old[0])", arg=old
    )
    found.page.wait_for_function("() => document.querySelector('h1')")
    assert found.stores()["outbox"] == before
    found.page.reload()
    found.page.wait_for_selector("h1")
    assert found.stores()["outbox"] == before
    server.set_clock(dt.datetime.fromisoformat("2026-03-06T20:21:00+01:00"))
    network.fault = None
    try_again_or_done(found)
    found.await_unsent(0)
    assert sorted(one["day"] for one in arrived(found)) == [2, 3, 4]


@pytest.mark.parametrize("hours", some("diary-cases", [48, -48]))
def test_a_clock_that_is_two_days_off_loses_no_evening(phone, server, arrived, hours):
    true = dt.datetime.fromisoformat("2026-03-04T20:14:00+01:00")
    found = phone(at=(true + dt.timedelta(hours=hours)).isoformat())
    found.open("#/")
    found.await_heading("Your diary is open.")
    answer(found)
    found.await_unsent(0)
    received = arrived(found)
    assert [(one["day"], one["marks"]) for one in received] == [(2, ["clock"])]
    assert json.loads(found.stores()["sent"][0]["text"])["happened_at"].startswith(
        (true + dt.timedelta(hours=hours)).isoformat()[:13]
    )


@pytest.mark.parametrize(
    "evenings_at",
    some(
        "diary-cases",
        [
            (
                "2026-03-27T20:00:00+01:00",
                "2026-03-29T01:30:00+01:00",
                "2026-03-29T20:00:00+02:00",
                "2026-03-31T03:30:00+02:00",
            ),
            (
                "2026-10-23T20:00:00+02:00",
                "2026-10-25T02:30:00+01:00",
                "2026-10-25T20:00:00+01:00",
                "2026-10-27T03:30:00+01:00",
            ),
        ],
    ),
)
def test_both_changes_of_the_clocks_leave_every_evening_its_day(phone, network, server, arrived, evenings_at):
    server.set_clock(dt.datetime.fromisoformat(evenings_at[0]))
    found = phone(server.enrol(first_day=evenings_at[0][:10]), at=evenings_at[0])
    network.fault = crooked.reset
    for day, at in enumerate(evenings_at):
        found.set_clock(at)
        answer(found, day)
    server.set_clock(dt.datetime.fromisoformat(evenings_at[-1]))
    network.fault = None
    try_again_or_done(found)
    found.await_unsent(0)
    assert sorted(one["day"] for one in arrived(found)) == [0, 1, 2, 3]
    assert all(one["marks"] == [] for one in arrived(found))


def test_a_traveller_answers_in_the_evening_of_where_she_is(phone, network, server, arrived):
    found = phone(zone=None, cdp_zone="Europe/Berlin")
    network.fault = crooked.reset
    answer(found, 2)
    found.cdp.send("Emulation.setTimezoneOverride", {"timezoneId": "America/New_York"})
    found.set_clock("2026-03-05T19:30:00-05:00")
    found.page.reload()
    found.page.wait_for_selector("h1")
    answer(found, 3)
    entry = json.loads(found.stores()["outbox"][1]["text"])
    assert (entry["zone"], entry["happened_at"][-6:]) == ("America/New_York", "-05:00")
    server.set_clock(dt.datetime.fromisoformat("2026-03-06T01:31:00+01:00"))
    network.fault = None
    try_again_or_done(found)
    found.await_unsent(0)
    assert sorted((one["day"], tuple(one["marks"])) for one in arrived(found)) == [(2, ()), (3, ())]


def test_saved_is_said_only_after_the_disk_has_it(phone):
    found = phone()
    found.open("#/e/2/1")
    found.page.evaluate(
        """() => {
          window.order = [];
          const begin = IDBDatabase.prototype.transaction;
          IDBDatabase.prototype.transaction = function (names, mode, options) {
            const made = begin.call(this, names, mode, options);
            if (mode === "readwrite") {
              window.order.push("write " + (options && options.durability));
              made.addEventListener("complete", () => window.order.push("complete"));
            }
            return made;
          };
          new MutationObserver(() => document.querySelector(".saved")?.textContent && window.order.push("saved"))
            .observe(document.querySelector("#screen"), { subtree: true, childList: true });
        }"""
    )
    found.page.locator("input[value='5']").focus()
    found.page.keyboard.press("Space")
    found.page.get_by_text("Saved on this phone").wait_for()
    order = found.page.evaluate("() => window.order")
    assert order[:3] == ["write strict", "complete", "saved"]
    assert {one for one in order if one.startswith("write")} == {"write strict"}


def test_an_evening_from_a_future_that_a_clock_has_left_counts_for_none_and_is_asked_when_it_comes(
    phone, network, server, arrived
):
    found = phone()
    network.fault = crooked.reset
    found.set_clock("2026-03-06T20:14:00+01:00")
    answer(found, 4)
    found.set_clock("2026-03-04T20:20:00+01:00")
    server.set_clock(dt.datetime.fromisoformat("2026-03-04T20:20:00+01:00"))
    network.fault = None
    try_again_or_done(found)
    found.await_unsent(0)
    for day, at in ((2, "2026-03-04T20:21:00+01:00"), (4, "2026-03-06T20:21:00+01:00")):
        found.set_clock(at)
        server.set_clock(dt.datetime.fromisoformat(at))
        found.open("#/")
        found.await_heading("Your diary is open.")
        answer(found, day)
        found.await_unsent(0)
    assert [(one["day"], one["marks"]) for one in arrived(found)] == [(None, ["outside"]), (2, []), (4, [])]
