"""A browser for every test that opens a page: Debian's Chromium, which asks nobody on the network for anything.

Where it is not installed these tests are skipped loudly, and fail in CI.
"""

import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def require() -> None:
    """Chromium; without it the test is skipped loudly, and in CI it fails."""
    if CHROMIUM.exists():
        return
    words = f"NOT CHECKED: {CHROMIUM} is not installed, and no page was opened in a browser"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    warnings.warn(words, stacklevel=2)
    pytest.skip(words)


def launched(playwright: Any, *arguments: str) -> Any:
    """Chromium, with some more arguments."""
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *arguments])


def accessible(page: Any) -> list[tuple[str, list[str]]]:
    """What axe-core finds wrong with a page: the rule, and the first of the elements that break it."""
    from axe_playwright_python.sync_playwright import Axe

    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"runOnly": rules, "resultTypes": ["violations"]}  # of what is well it need not tell every element
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    """What drives a browser."""
    require()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Any) -> Iterator[Any]:
    """A browser that is open for the tests of one file."""
    opened = launched(playwright)
    yield opened
    opened.close()
