"""Take the pictures of the clinic's pages from the running product: the demo is served, and its staff log in.

Run as ``python docs/clinic_screens.py [NAME ...]``; needs Chromium. Everybody in the pictures is virtual, and the
clinic's time stands still. Each page is taken on a desk and on a phone, in light and dark.
"""

import io
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT / "tests"))

from browsers import launched  # noqa: E402
from clinic_server import Clinic, free_port  # noqa: E402 - the tests' way to start the real server

NOW = "2026-11-23T14:20:00+00:00"
SCHEMES = ("light", "dark")
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
DENSITY = {"desk": 1.25, "phone": 1.75}
LOG_IN = re.compile(r"(\S+)@example\.org, password (\S+), second factor .*?\) (\S+)")


@dataclass(frozen=True)
class Scene:
    """One page: who sees it, how she comes there from the start, and how much of it is shown.

    Args:
        name: of the pictures.
        role: of the staff.
        come: goes there.
        heights: CSS pixels of page on a desk and on a phone.
    """

    name: str
    role: str
    come: Callable[[Page], None]
    heights: tuple[int, int] = (900, 844)


def _follow(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("link", name=re.compile(name)).first.click()
        page.wait_for_load_state()


def _press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def _person(surname: str, *further: str) -> Callable[[Page], None]:
    """Somebody's page, and on from there."""
    return lambda page: _follow(page, "^People$", f"^{surname.upper()}", *further)


def _pharmacy(page: Page) -> None:
    _follow(page, "^Orders$", "^See the kits", "^See what they hold")
    _press(page, "Show what they hold")


SCENES = (
    Scene("worklist", "prescriber", lambda _: None),
    Scene("person", "prescriber", _person("Dogwood"), (1000, 844)),
    Scene("review", "prescriber", _person("Dogwood", "^Review")),
    Scene("rechallenge", "prescriber", _person("Juniper", "^Re-challenge"), (860, 960)),
    Scene("answer", "prescriber", _person("Gorse", "^Read the answer"), (1400, 1150)),
    Scene("pharmacy", "pharmacist", _pharmacy),
    Scene("screening", "prescriber", _person("Nettle", "^Go on with the enrolment")),
)


@contextmanager
def demo(folder: Path) -> Iterator[tuple[str, dict[str, tuple[str, str, str]]]]:
    """The demo, served at a moment that stands still; its address, and for each role email, password and code."""
    found = Clinic(folder, free_port())
    found.clock.write_text(NOW)
    environment = {**found.environment, "MODICUM_JOBS": "all"}
    command = [sys.executable, "-m", "modicum.web", "demo"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            log_ins = dict[str, tuple[str, str, str]]()
            for line in process.stdout or ():
                if known := LOG_IN.search(line):
                    log_ins[known[1]] = (f"{known[1]}@example.org", known[2], known[3])
                if "/join/" in line:
                    break
            while not found.answers():
                if process.poll() is not None:
                    raise SystemExit("The demo ended early.")
            yield found.url.replace("127.0.0.1", "localhost"), log_ins
        finally:
            process.send_signal(signal.SIGTERM)


def _log_in(browser: Browser, url: str, known: tuple[str, str, str]) -> list[dict[str, object]]:
    """Log in with password and code, as somebody does who walks through the demo; the cookies."""
    context = browser.new_context(base_url=url)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(known[0])
    page.get_by_label("Password").fill(known[1])
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_label("Code").fill(known[2])
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(f"{url}/")
    cookies = context.cookies()
    context.close()
    return cookies  # pyright: ignore[reportReturnType]


def _take(context: BrowserContext, scene: Scene, size: str, scheme: str) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)  # pyright: ignore[reportArgumentType]
    page.goto("/")
    scene.come(page)
    page.set_viewport_size({"width": SIZES[size][0], "height": scene.heights[size == "phone"]})
    page.evaluate("() => { scrollTo(0, 0); document.activeElement?.blur() }")
    page.wait_for_timeout(200)
    name = IMAGES / f"clinic-{scene.name}-{size}-{scheme}.webp"
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    taken.save(name, lossless=True, quality=100, method=6)  # letters and colours stay as they are
    page.close()


def main(names: list[str]) -> None:
    """Write the pictures, of all pages or of those that are named."""
    scenes = [one for one in SCENES if not names or one.name in names]
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as (url, log_ins), sync_playwright() as playwright:
        browser = launched(playwright, "--hide-scrollbars")
        cookies = {role: _log_in(browser, url, log_ins[role]) for role in {one.role for one in scenes}}
        for size, (width, height) in SIZES.items():
            for role, known in cookies.items():
                context = browser.new_context(
                    base_url=url,
                    viewport={"width": width, "height": height},
                    device_scale_factor=DENSITY[size],
                    reduced_motion="reduce",
                )
                context.add_cookies(known)  # pyright: ignore[reportArgumentType]
                for scene in scenes:
                    for scheme in SCHEMES if scene.role == role else ():
                        _take(context, scene, size, scheme)
                context.close()
        browser.close()


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main(sys.argv[1:])
