"""``modicum demo`` makes its folder anew, and never one that holds something else. CI serves it: .ci/check_demo.py."""

import subprocess
import sys


def demo(*words):
    command = [sys.executable, "-m", "modicum", "demo", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    done = demo("--data", str(tmp_path))
    assert done.returncode == 2
    assert "MOD-OPT-32" in done.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_port_that_there_is_not_is_refused(tmp_path):
    done = demo("--data", str(tmp_path / "new"), "--port", "70000")
    assert done.returncode == 2
    assert not (tmp_path / "new").exists()
