"""Take the pictures of README and docs from the running product: the reports on virtual people.

Run by ``make docs``; needs Chromium.
"""

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import modicum

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
DIARY = ROOT / "src" / "modicum" / "example" / "diary.csv"
KINDS = ["none", "threshold-1.5", "threshold-4.5"]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]


def photograph(browser: Browser, page: Path, anchor: str, size: tuple[int, int], name: str) -> None:
    """One picture of one part of a page, light, at double resolution."""
    width, height = size
    view = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=2, color_scheme="light")
    view.goto(f"{page.as_uri()}{anchor}")
    view.wait_for_timeout(300)
    view.screenshot(path=IMAGES / name)
    view.close()


def main() -> None:
    """Write the pictures."""
    IMAGES.mkdir(exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        report = modicum.analyse(DIARY, protocol="ldn-smallest-dose").report(Path(folder) / "report.html")
        found = modicum.simulate("ldn-open", "ldn-crossover", participants=400, archetypes=KINDS)
        simulation = found.report(Path(folder) / "simulation.html")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        photograph(browser, report, "#prescriber", (820, 1060), "report.png")
        photograph(browser, report, "#patient", (400, 860), "patient.png")
        photograph(browser, simulation, "", (820, 1060), "simulation.png")
        browser.close()


if __name__ == "__main__":
    main()
