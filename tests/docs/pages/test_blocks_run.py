import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from modicum.cli.application import run
from page_blocks import PAGES, ROOT, Block, agrees, blocks, steps

MAKE = re.compile(r"^make (\w+)")
INSTALL = re.compile(r"^(?:pip|uv pip) install ")
AS_READERS_TYPE = ("README.md", "tutorial.md")  # their commands are run by a shell, each in a process of its own


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder that looks like the top of the project to whoever reads the bundled example."""
    for name in ("src", "docs", "examples"):
        if (ROOT / name).exists():
            (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def carry_out(command: str, folder: Path, *, may_refuse: bool, by_shell: bool) -> str:
    """The output of one shown command; a make target or an installation is only looked up.

    A page may show how bad input is refused, or a finding, but only with what it prints.
    """
    if made := MAKE.match(command):
        looked_up = ["make", "--dry-run", "--always-make", "-C", str(ROOT), *shlex.split(command)[1:]]
        assert subprocess.run(looked_up, capture_output=True, check=False).returncode == 0, f"no target {made[1]}"
        return ""
    if INSTALL.match(command):
        return ""
    plain = None if by_shell else plain_words(command)
    code, printed, beside = typed(command, folder) if plain is None else called(*plain)
    assert code in ((0, 1, 2) if may_refuse else (0,)), f"{command}: {beside}"
    return printed + beside


def typed(command: str, folder: Path) -> tuple[int, str, str]:
    """What a shell makes of a command: its exit code, standard output and standard error."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def plain_words(command: str) -> tuple[list[str], Path | None] | None:
    """The words behind ``modicum`` and the file its output goes to; None of what only a shell can carry out."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words, out = list(lexer), None
    if len(words) > 2 and words[-2] == ">":
        words, out = words[:-2], Path(words[-1])
    shell = any(set(word) & set("|&;<>()$`*?~\\") for word in words) or "\n" in command
    return None if words[:1] != ["modicum"] or shell else (words[1:], out)


def called(words: list[str], out: Path | None) -> tuple[int, str, str]:
    """The same of a plain command, by the function behind it: a process that starts for each would take minutes."""
    printed, beside = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(beside):
        code = run(words)
    if out is not None:
        out.write_text(printed.getvalue(), encoding="utf-8")
        printed = io.StringIO()
    return code, printed.getvalue(), beside.getvalue()


def run_console(block: Block, folder: Path) -> None:
    shell_only = re.sub(r"^(?=\S)", "$ ", block.text, flags=re.MULTILINE)
    listed = steps(block.text if block.language == "console" else shell_only)
    assert listed, f"{block}: no command; begin it with $"
    for step in listed:
        by_shell = block.page.name in AS_READERS_TYPE
        output = carry_out(step.command, folder, may_refuse=bool(step.shown), by_shell=by_shell)
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


def test_only_a_plain_command_is_carried_out_without_a_shell():
    assert plain_words("modicum verify --dir 'a b'") == (["verify", "--dir", "a b"], None)
    assert plain_words("modicum plan p --json > plan.json") == (["plan", "p", "--json"], Path("plan.json"))
    for command in ("modicum verify || echo no", "sed -i s/a/b/ x; modicum verify", "modicum list | head", "ls $HOME"):
        assert plain_words(command) is None


def test_a_plain_command_does_with_and_without_a_shell_the_same(folder):
    for command in ("modicum protocol check ldn-smallest-dose", "modicum verify --dir nowhere"):
        assert called(*plain_words(command)) == typed(command, folder)


def test_a_command_over_two_lines_is_one_step():
    listed = steps("$ modicum analyse \\\n    diary.csv\nout\n$ next\n")
    assert [(step.command, step.shown) for step in listed] == [("modicum analyse  diary.csv", ("out",)), ("next", ())]
