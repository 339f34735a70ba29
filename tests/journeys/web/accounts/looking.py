"""Looking at a page of the staff as people do: small, dark, with large letters, and with a screen reader's eye."""

import os
from pathlib import Path

from browsers import OVERFLOW, accessible

SHOWN = os.environ.get("MODICUM_SCREENSHOTS", "")
FULL = bool(SHOWN) or os.environ.get("MODICUM_COUNTS") == "full"
SCHEMES = ("light", "dark")
NARROW, WIDE = 320, 1280
LARGE = {"fontSizes": {"standard": 32, "fixed": 26}}
NORMAL = {"fontSizes": {"standard": 16, "fixed": 13}}


class Look:
    """One browser window, all that its pages complained of, and every address that they asked."""

    def __init__(self, browser, address, *, width=WIDE, height=900):
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=address, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.chromium = self.context.new_cdp_session(self.page)
        self.width = width
        self.complaints, self.asked = [], set()
        self.context.on("request", lambda request: self.asked.add(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, address):
        """Open an address."""
        self.page.goto(address)

    def heading(self):
        """What the page says first."""
        return self.page.locator("h1").inner_text()

    def press(self, name):
        """Press a button; a page that comes of it has begun to come."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name):
        """Follow a link, whose name may go on after these words, to its page."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()

    def reads(self, words):
        """Wait until the page says something."""
        self.page.get_by_text(words).first.wait_for()

    def holds(self, name):
        """The page as it is now is accessible and within its edges at 320 px, light or dark, and at 200 % text.

        In full (MODICUM_COUNTS=full) it is looked at in both themes, else in one that its name tells.
        """
        page, wrong = self.page, []
        for scheme in SCHEMES if FULL else (SCHEMES[len(name) % 2],):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": NARROW, "height": 800})
            wrong += [(name, scheme, found) for found in accessible(page)]
            self._shoot(f"{name}-{scheme}-narrow")
        wrong += [(name, "narrow", page.evaluate(OVERFLOW))] if page.evaluate(OVERFLOW) > 0 else []
        self.chromium.send("Page.setFontSizes", LARGE)
        for width in (NARROW * 2, WIDE):
            page.set_viewport_size({"width": width, "height": 800})
            wrong += [(name, "200 %", width)] if page.evaluate(OVERFLOW) > 0 else []
        self.chromium.send("Page.setFontSizes", NORMAL)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": WIDE, "height": 900})
        self._shoot(f"{name}-wide")
        page.set_viewport_size({"width": self.width, "height": 900})
        assert wrong == [], wrong
        assert self.complaints == [], self.complaints

    def _shoot(self, name):
        if SHOWN:
            self.page.screenshot(path=str(Path(SHOWN) / f"{name}.png"), full_page=True)
