"""How long the diary takes to open without a network, in a browser that was just started, on a slow phone."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from browsers import ARGUMENTS, CHROMIUM
from clinic_server import clinic
from journeys.web.diary.phones import COOKIE, Phone
from verification.finding import Finding

NOW = "2026-03-04T20:14:00+01:00"
THROTTLE, MOST_SECONDS = 6, 1.5
_WATCH = """new MutationObserver(() => {
  if (!window.headingAt && document.querySelector("h1")) {
    requestAnimationFrame(() => { window.headingAt = window.headingAt || performance.now() });
  }
}).observe(document, { subtree: true, childList: true })"""


def run_cold_start(count: int, progress: Callable[[int, int], None] | None = None) -> Finding:
    """So many cold starts; from the start of the navigation until the first question is drawn, by the page's clock."""
    from playwright.sync_api import sync_playwright

    seconds = list[float]()
    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory(prefix="modicum-start-")))
        server = stack.enter_context(clinic(place / "clinic", now=NOW))
        playwright = stack.enter_context(sync_playwright())
        _join(playwright, server, place / "phone")
        for number in range(count):
            seconds.append(_start(playwright, server.url, place / "phone"))
            if progress:
                progress(number + 1, count)
    middle = median(seconds)
    return Finding(
        passed=middle <= MOST_SECONDS,
        bound=f"median at most {MOST_SECONDS:g} s with the processor slowed {THROTTLE} times",
        summary=f"median {middle:.2f} s, slowest {max(seconds):.2f} s of {count}",
        figures={"seconds": [round(one, 3) for one in seconds], "throttle": THROTTLE},
    )


def _opened(playwright: Any, profile: Path) -> Any:
    return playwright.chromium.launch_persistent_context(
        str(profile), executable_path=str(CHROMIUM), args=ARGUMENTS, viewport={"width": 360, "height": 800}
    )


def _join(playwright: Any, server: Any, profile: Path) -> None:
    context = _opened(playwright, profile)
    token = server.joined(server.enrol())
    context.add_cookies([{"name": COOKIE, "value": token, "url": server.url, "httpOnly": True}])
    phone = Phone(context, server.url, NOW)
    phone.open()
    phone.pass_install()
    phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    context.close()


def _start(playwright: Any, url: str, profile: Path) -> float:
    context = _opened(playwright, profile)
    context.set_offline(True)
    page = context.pages[0]
    page.add_init_script(_WATCH)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    page.goto(f"{url}/diary/")
    page.wait_for_function("() => window.headingAt")
    seconds = page.evaluate("() => window.headingAt") / 1000
    context.close()
    return seconds
