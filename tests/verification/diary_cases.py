"""The diary in a browser, all cases of every table: pages, widths, themes, networks and clocks."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from verification.finding import Finding

TESTS = Path(__file__).resolve().parents[1]
_WORDS = ("passed", "failed")
FOLDERS = ("unit/web/diary", "journeys/web/diary", "faults/web/diary")


def run_cases(_count: int, _progress: Callable[[int, int], None] | None = None) -> Finding:
    """Every test of the diary with its full tables; kills have a row of their own."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "not survives_a_kill"]
    done = subprocess.run(
        [*command, *(str(TESTS / folder) for folder in FOLDERS)],
        capture_output=True,
        text=True,
        check=False,
        cwd=TESTS.parent,
        env={**os.environ, "MODICUM_COUNTS": "full", "CI": "true"},
    )
    passed, failed = (int(found[1]) if (found := re.search(rf"(\d+) {word}", done.stdout)) else 0 for word in _WORDS)
    return Finding(
        passed=done.returncode == 0 and passed > 0,
        bound="no test fails",
        summary=f"{passed} tests pass, {failed} fail",
        figures={"passed": passed, "failed": failed},
    )
