"""Take the pictures of the diary from the running product: a clinic is started, a virtual patient joins and answers.

Run as ``python docs/diary_screens.py``; needs Chromium.
"""

import datetime as dt
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT / "tests"))

from browsers import launched  # noqa: E402
from clinic_server import Clinic, clinic  # noqa: E402 - the tests' way to start the real server
from diary_fixtures import written  # noqa: E402
from journeys.web.diary.phones import COOKIE, Phone  # noqa: E402

TODAY, MISSED = 13, (4, 11)
START = dt.datetime.fromisoformat("2026-03-02T00:00:00+01:00")
NOW = (START + dt.timedelta(days=TODAY, hours=20, minutes=14)).isoformat()
PAGES = {"home": "#/", "question": f"#/e/{TODAY}/1", "effects": f"#/e/{TODAY}/6", "card": "#/card", "leave": "#/leave"}


def _before(server: Clinic) -> str:
    """A fortnight of evenings, two of them without an answer; the token of a phone."""
    token = server.joined(server.enrol())
    for day in range(TODAY):
        if day not in MISSED:
            evening = START + dt.timedelta(days=day, hours=20, minutes=5)
            server.set_clock(evening)
            server.ask(token, "entries", {"sent_at": evening.isoformat(), "entries": [written(day)]})
    server.set_clock(dt.datetime.fromisoformat(NOW))
    return token


def _phone(browser: Browser, server: Clinic, token: str, scheme: str) -> Phone:
    context = browser.new_context(
        viewport={"width": 360, "height": 780},
        device_scale_factor=2,
        color_scheme="dark" if scheme == "dark" else "light",
        timezone_id="Europe/Berlin",
        has_touch=True,
    )
    context.add_cookies([{"name": COOKIE, "value": token, "url": server.url}])
    phone = Phone(context, server.url, NOW)
    phone.open()
    phone.pass_install()
    return phone


def _photograph(page: Page, name: str) -> None:
    page.evaluate("() => { scrollTo(0, 0); document.activeElement?.blur() }")
    page.wait_for_timeout(200)
    page.screenshot(path=IMAGES / f"diary-{name}.png")


def _answer(phone: Phone) -> None:
    """Answer the evening without a network, so that the picture shows what waits; then hand it in."""
    phone.context.set_offline(True)
    phone.page.evaluate(f"() => {{ location.hash = '#/e/{TODAY}/1' }}")
    phone.await_heading("How strong was your pain")
    phone.answer({"pain": 4, "fatigue": 5, "sleep": 6, "mood": 7, "activity": 3})
    _photograph(phone.page, "offline")
    phone.context.set_offline(False)
    phone.await_unsent(0, seconds=30)
    _photograph(phone.page, "done")


def main() -> None:
    """Write the pictures."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, clinic(Path(folder) / "clinic", now=NOW) as server:
        token = _before(server)
        with sync_playwright() as playwright:
            browser = launched(playwright, "--hide-scrollbars")
            dark = _phone(browser, server, token, "dark")
            dark.open(PAGES["question"])
            _photograph(dark.page, "question-dark")
            phone = _phone(browser, server, token, "light")
            for name, at in PAGES.items():
                phone.open(at)
                _photograph(phone.page, name)
            _answer(phone)
            browser.close()


if __name__ == "__main__":
    main()
