"""A browser for every test that opens a page."""

import os
import warnings

import pytest

from journeys.reports.browsing import ARGUMENTS, CHROMIUM


@pytest.fixture(scope="module")
def playwright():
    if not CHROMIUM.exists():
        words = f"{CHROMIUM} is not installed: NO report was opened in a browser"
        if os.environ.get("CI"):
            pytest.fail(words)
        warnings.warn(words, stacklevel=1)
        pytest.skip(words)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright):
    opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
    yield opened
    opened.close()
