"""A phone in a test: a page of Chromium with a clock, and what a person does on it."""

import datetime as dt
from typing import Any

COOKIE = "modicum_device"

_STORES = """async () => {
  const open = indexedDB.open("modicum-diary");
  const db = await new Promise((done, fail) => { open.onsuccess = () => done(open.result); open.onerror = fail });
  const read = (name, how) => new Promise((done) => { const asked = db.transaction(name).objectStore(name)[how]();
    asked.onsuccess = () => done(asked.result) });
  const found = { outbox: await read("outbox", "getAll"), sent: await read("sent", "getAll"), kept: {} };
  const [keys, values] = [await read("kept", "getAllKeys"), await read("kept", "getAll")];
  keys.forEach((key, at) => { found.kept[key] = values[at] });
  db.close();
  return found;
}"""


class Phone:
    """A page that is a phone's, with everything that it complained of.

    Args:
        context: of the browser.
        url: of the clinic, without a slash at its end.
        at: what the phone's clock shows when it is opened.
    """

    def __init__(self, context: Any, url: str, at: str = ""):
        self.context, self.url = context, url
        self.page = context.pages[0] if context.pages else context.new_page()
        self.complaints: list[str] = []
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if at:
            self.page.clock.install(time=dt.datetime.fromisoformat(at))

    def _note(self, message: Any) -> None:
        expected = (
            "Failed to load resource",
            "blocked by Playwright",
        )  # answers of the clinic, and a setting of the test
        if message.type in ("error", "warning") and not any(words in message.text for words in expected):
            self.complaints.append(message.text)

    def open(self, hash_: str = "") -> None:
        self.page.goto(f"{self.url}/diary/{hash_}")
        self.page.wait_for_selector("h1")

    def pass_install(self) -> None:
        """The pages after joining: how to put the diary on the home screen, and a PIN for whoever wants one."""
        self.await_install()
        self.page.evaluate("() => { location.hash = '#/' }")
        self.page.wait_for_function(
            "() => document.querySelector('h2') && !document.querySelector('#screen a[href=\"#/lock\"].btn')"
        )

    def await_install(self) -> None:
        self.page.wait_for_function("() => location.hash === '#/install' && document.querySelector('#screen a.btn')")

    def set_clock(self, at: str) -> None:
        self.page.clock.set_system_time(dt.datetime.fromisoformat(at))

    def come_back(self) -> None:
        """Look at the page again, as after another app."""
        self.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def line(self) -> str:
        return self.page.locator("#line").inner_text()

    def await_heading(self, text: str) -> None:
        self.page.locator("h1", has_text=text).wait_for()

    def tap_score(self, score: int) -> None:
        self.page.locator(f".scale label:has(input[value='{score}'])").click()

    def tap_row(self, text: str) -> None:
        self.page.locator(".rows label", has_text=text).click()

    def tap_choice(self, value: str) -> None:
        """The row of a value, whose words may stand in those of another row too."""
        self.page.locator(f".rows label:has(input[value='{value}'])").click()

    def answer(self, scores: dict[str, int], *, took: str = "Yes") -> int:
        """Answer an evening from its first question on by taps alone; how many it took."""
        taps = 0
        while not self.page.locator(".ticks").count():
            before = self.heading
            if self.page.locator(".scale").count():
                self.tap_score(list(scores.values())[taps % len(scores)])
            elif self.page.locator(".rows").count():
                self.tap_row(took)
            else:
                self.page.get_by_role("button", name="None of these").click()
            taps += 1
            self.page.wait_for_function("before => document.querySelector('h1').innerText !== before", arg=before)
        return taps

    def stores(self) -> dict[str, Any]:
        """Everything in the phone's database."""
        return self.page.evaluate(_STORES)

    def await_unsent(self, count: int, seconds: float = 10) -> None:
        """Wait until so many entries wait in the outbox."""
        until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
        while len(self.stores()["outbox"]) != count:
            assert dt.datetime.now(dt.UTC) < until, (len(self.stores()["outbox"]), count, self.line)
            self.page.wait_for_timeout(50)
