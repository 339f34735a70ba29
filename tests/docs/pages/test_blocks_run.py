import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from page_blocks import PAGES, ROOT, Block, agrees, blocks, steps

MAKE = re.compile(r"^make (\w+)")
INSTALL = re.compile(r"^(?:pip|uv pip) install ")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder that looks like the top of the project to whoever reads the bundled example."""
    for name in ("src", "docs", "examples"):
        if (ROOT / name).exists():
            (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def carry_out(command: str, folder: Path, *, may_refuse: bool) -> str:
    """The output of one shown command; a make target or an installation is only looked up.

    A page may show how bad input is refused, or a finding, but only with what it prints.
    """
    if made := MAKE.match(command):
        looked_up = ["make", "--dry-run", "--always-make", "-C", str(ROOT), *shlex.split(command)[1:]]
        assert subprocess.run(looked_up, capture_output=True, check=False).returncode == 0, f"no target {made[1]}"
        return ""
    if INSTALL.match(command):
        return ""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in ((0, 1, 2) if may_refuse else (0,)), f"{command}: {done.stderr}"
    return done.stdout + done.stderr


def run_console(block: Block, folder: Path) -> None:
    shell_only = re.sub(r"^(?=\S)", "$ ", block.text, flags=re.MULTILINE)
    listed = steps(block.text if block.language == "console" else shell_only)
    assert listed, f"{block}: no command; begin it with $"
    for step in listed:
        output = carry_out(step.command, folder, may_refuse=bool(step.shown))
        assert agrees(step.shown, output), f"{block}: {step.command}\nprints\n{output}"


def run_python(block: Block, names: dict[str, object]) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block.text, str(block), "exec"), names)  # noqa: S102 - that is what the test is for
    shown = re.findall(r"^# prints (.*)$", block.text, flags=re.MULTILINE)
    if shown:
        assert [line.rstrip() for line in printed.getvalue().splitlines()] == shown, str(block)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_of_a_page_runs_in_order_and_prints_what_is_shown(page, folder):
    names: dict[str, object] = {"__name__": "__page__"}
    for block in blocks(page, "console", "sh", "bash", "python"):
        if block.language == "python":
            run_python(block, names)
        else:
            run_console(block, folder)


def test_the_readme_and_the_pages_are_found():
    assert {"README.md", "errors.md", "command-line.md", "python.md", "tutorial.md"} <= {page.name for page in PAGES}


def test_output_that_differs_is_noticed():
    assert agrees(("a", "...", "d"), "a\nb\nc\nd\n")
    assert agrees(("a", "..."), "a\nb\n")
    assert agrees((), "anything\n")
    assert not agrees(("a", "c"), "a\nb\nc\n")
    assert not agrees(("a",), "a\nb\n")
    assert not agrees(("...", "x"), "a\nb\n")


def test_a_command_over_two_lines_is_one_step():
    listed = steps("$ modicum analyse \\\n    diary.csv\nout\n$ next\n")
    assert [(step.command, step.shown) for step in listed] == [("modicum analyse  diary.csv", ("out",)), ("next", ())]
