import os
import re
import subprocess

import pytest

from architecture.tree import ROOT, relative, tracked


@pytest.mark.parametrize("target", ["run", "example", "test", "verify", "check", "bench", "docs", "lock"])
def test_make_knows_every_target(target):
    command = ["make", "--dry-run", "--directory", str(ROOT), target]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_make_alone_runs_the_main_job():
    done = subprocess.run(["make", "--dry-run", "-C", str(ROOT)], capture_output=True, text=True, check=True)
    assert "modicum demo" in done.stdout


@pytest.mark.parametrize("name", ["run", "dev", "bench"])
def test_every_locked_package_has_a_hash(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    pinned = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(pinned) > 10
    assert [part.splitlines()[0] for part in pinned if "==" not in part or "--hash=sha256:" not in part] == []


def test_requirements_name_no_address():
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in path.read_text(encoding="utf-8")


def test_what_runs_is_a_part_of_what_is_tested():
    def pins(name):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        return set(re.findall(r"^([a-z0-9._-]+==\S+)", text, flags=re.MULTILINE))

    assert pins("run.txt") - pins("dev.txt") == set()


def test_the_gate_is_a_program():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_change_is_told_in_a_sentence_or_two():
    fragments = [path for path in tracked() if path.parent.name == "changes" and path.name != "README.md"]
    assert fragments
    for path in fragments:
        text = path.read_text(encoding="utf-8").strip()
        assert text.endswith("."), relative(path)
        assert not text.startswith("#"), relative(path)


def test_every_decision_is_one_numbered_page():
    pages = [path for path in tracked() if path.parent.name == "decisions"]
    numbers = [path.name[:4] for path in pages]
    assert len(numbers) == len(set(numbers))
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]}"), relative(path)
        assert len(text.split()) < 900, relative(path)
