"""Chromium killed while evenings are filled in without a network: what was called saved is there, and arrives once."""

import contextlib
import datetime as dt
import json
import os
import random
import signal
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from browsers import ARGUMENTS, CHROMIUM
from clinic_server import Clinic, clinic
from journeys.web.diary.phones import COOKIE, Phone
from verification.finding import Finding

EVENINGS, FEW_EVENINGS = 14, 3
KILLS_IN_A_ROUND = 7
FIRST = dt.datetime.fromisoformat("2026-03-02T20:00:00+01:00")
NAMES = ("pain", "fatigue", "sleep", "mood", "activity")
_LONGEST_WAIT_MS = 400


def run_kills(count: int, progress: Callable[[int, int], None] | None = None, script: str = "") -> Finding:
    """So many kills, in rounds: a phone joins, goes offline, is filled in and killed, and hands in at the end.

    Args:
        count: of kills.
        progress: called with the kills so far, and all of them.
        script: run in every page before the last kill; to show that a phone that forgets would be found.
    """
    chance, tally = random.Random(20261129), {"kills": 0, "shown": 0, "saved": 0, "lost": 0, "twice": 0, "forgotten": 0}
    from playwright.sync_api import sync_playwright

    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory(prefix="modicum-phones-")))
        server = stack.enter_context(clinic(place / "clinic", now=FIRST.isoformat()))
        playwright = stack.enter_context(sync_playwright())
        for number in range(-(-count // KILLS_IN_A_ROUND)):
            kills = min(KILLS_IN_A_ROUND, count - tally["kills"])
            evenings = EVENINGS if count > KILLS_IN_A_ROUND else FEW_EVENINGS
            one = _Round(playwright, server, place / f"phone-{number}", chance, tally)
            one.script = script
            one.run(kills, evenings)
            if progress:
                progress(tally["kills"], count)
    bad = tally["lost"] + tally["twice"] + tally["forgotten"]
    return Finding(
        passed=bad == 0 and tally["kills"] == count,
        bound="0 lost, 0 twice, 0 answers forgotten that were called saved",
        summary=f"{tally['lost']} of {tally['shown']} evenings lost, {tally['twice']} twice, {tally['forgotten']} of "
        f"{tally['saved']} saved answers forgotten, {tally['kills']} kills",
        figures=dict(tally),
    )


class _Round:
    """One phone from its joining until everything is handed in."""

    def __init__(self, browsers: Any, server: Clinic, profile: Path, chance: random.Random, tally: dict[str, int]):
        self.browsers, self.server, self.profile = browsers, server, profile
        self.chance, self.tally, self.script = chance, tally, ""
        self.shown: set[int] = set()
        self.said: dict[int, dict[str, int]] = {}  # by day: what the page went on from, so that it was saved
        self.at, self.token, self.until = FIRST, "", 0

    def run(self, kills: int, evenings: int) -> None:
        server, self.until = self.server, self.tally["kills"] + kills
        server.set_clock(FIRST)
        self.token = server.joined(server.enrol(first_day=FIRST.date().isoformat()))
        phone = self.open()
        phone.open()
        phone.pass_install()
        phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        phone.context.set_offline(True)
        killed = sorted(self.chance.choices(range(evenings), k=kills))
        for day in range(evenings):
            self.at = FIRST + dt.timedelta(days=day)
            for _ in range(killed.count(day)):
                phone = self.fill_and_kill(phone, day)
            self.fill(phone, day, taps=99)
        self.hand_in(phone)

    def open(self) -> Phone:
        """The browser with this phone's profile, as it was left."""
        context = self.browsers.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=str(CHROMIUM),
            args=ARGUMENTS,
            viewport={"width": 360, "height": 800},
            timezone_id="Europe/Berlin",
        )
        cookie = {"name": COOKIE, "value": self.token, "url": self.server.url, "httpOnly": True, "sameSite": "Strict"}
        context.add_cookies([cookie])  # Chromium writes cookies to the disk by and by; a phone joins long before
        if self.script and self.tally["kills"] < self.until:
            context.add_init_script(self.script)
        return Phone(context, self.server.url, self.at.isoformat())

    def fill(self, phone: Phone, day: int, taps: int) -> None:
        """Answer an evening from where it stands, at most so many taps."""
        phone.set_clock(self.at.isoformat())
        phone.page.evaluate("day => { location.hash = `#/e/${day}`; dispatchEvent(new Event('hashchange')) }", day)
        for _ in range(taps):
            if phone.page.locator(".ticks").count():
                break
            before, said = phone.heading, {}
            if phone.page.locator(".scale").count():
                item = NAMES[int(phone.page.locator("#top").inner_text().split()[1]) - 1]
                said = {item: self.chance.randint(0, 10)}
                phone.tap_score(said[item])
            else:
                none = phone.page.get_by_role("button", name="None of these")
                assert none.count(), phone.page.locator("#main").inner_text()
                none.click()
            changed = "before => document.querySelector('h1').innerText !== before"
            phone.page.wait_for_function(changed, arg=before)
            self.said.setdefault(day, {}).update(said)
        self.note_shown(phone, day)

    def note_shown(self, phone: Phone, day: int) -> None:
        ticks = phone.page.locator(".ticks li")
        if ticks.count() and ticks.first.inner_text().startswith("On this phone"):
            self.shown.add(day)

    def fill_and_kill(self, phone: Phone, day: int) -> Phone:
        """Answer some questions, begin another one, and kill the browser without letting it finish."""
        self.fill(phone, day, self.chance.randint(0, 6))
        with contextlib.suppress(Exception):
            phone.page.evaluate(
                """() => { setTimeout(() => { const one = document.querySelector(".scale label, .answer > .btn");
                  if (!one) return;
                  one.dispatchEvent(new PointerEvent("pointerup", { bubbles: true })); one.click() }, 5) }"""
            )
            phone.page.wait_for_timeout(self.chance.uniform(0, _LONGEST_WAIT_MS))
        self.kill()
        with contextlib.suppress(Exception):
            phone.context.close()
        self.tally["kills"] += 1
        fresh = self.open()
        fresh.context.set_offline(True)
        fresh.open()
        self.compare(fresh)
        return fresh

    def compare(self, phone: Phone) -> None:
        """Every answer that the page went on from is there, in a draft or in an entry; every evening shown is one."""
        stores = phone.stores()
        entries = {one["day"]: json.loads(one["text"])["answers"] for one in stores["outbox"]}
        for day, said in self.said.items():
            kept = entries.get(day) or stores["kept"].get(f"draft/e{day}", {}).get("answers", {})
            self.tally["saved"] += len(said)
            self.tally["forgotten"] += sum(kept.get(item) != score for item, score in said.items())
        self.tally["lost"] += len(self.shown - set(entries))

    def kill(self) -> None:
        """End every process of this browser, found by the profile that it was started with, at once."""
        named = f"--user-data-dir={self.profile}".encode()
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    if named in (folder / "cmdline").read_bytes().split(b"\0"):
                        os.kill(int(folder.name), signal.SIGKILL)

    def hand_in(self, phone: Phone) -> None:
        """The network is back: everything that was shown is at the clinic, once."""
        self.server.set_clock(self.at)
        phone.context.set_offline(False)
        phone.come_back()
        phone.await_unsent(0, seconds=60)
        receipts = self.server.ask(self.token, "receipts?since=0")[1]["receipts"]
        days = [json.loads(one["payload"])["day"] for one in receipts]
        self.tally["shown"] += len(self.shown)
        self.tally["lost"] += len(self.shown - set(days))
        self.tally["twice"] += len(days) - len(set(days))
        phone.context.close()
