"""Two processes at once, and a process that is killed between any two steps: one whole allocation, or none."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from allocation_fixtures import FLAGSHIP, NOW, PUBLIC, chance, drawn, key_file, reveal
from modicum.services.allocating import verify_folder
from modicum.services.binding import bind

RACING = Path(__file__).with_name("racing.py")
SLOTS = 60


def race(root, mode, request=""):
    """How many of two processes won each slot; both begin each at the same moment."""
    command = [sys.executable, str(RACING), str(root), str(SLOTS), ",".join(PUBLIC.values()), request, mode]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    both = [subprocess.Popen(command, **pipes) for _ in range(2)]
    assert [one.stdout.readline() for one in both] == ["ready\n"] * 2
    won = []
    for _ in range(SLOTS):
        for one in both:
            one.stdin.write("go\n")
            one.stdin.flush()
        won.append(sum(int(one.stdout.readline()) for one in both))
    for one in both:
        one.stdin.close()
        assert one.wait(timeout=60) == 0
        one.stdout.close()
    return won


def test_two_processes_never_take_one_slot(tmp_path):
    assert race(tmp_path, "sealed") == [1] * SLOTS
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(f"slot-{number}" for number in range(SLOTS))
    for folder in tmp_path.iterdir():
        assert verify_folder(folder)["result"] == "sound"


def test_two_processes_with_the_same_request_get_the_same_allocation(tmp_path):
    assert race(tmp_path, "sealed", "mail 17") == [1] * SLOTS


def test_a_tool_that_looks_before_it_writes_takes_a_slot_twice(tmp_path):
    assert 2 in race(tmp_path, "naive")


CRASH = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from allocation_fixtures import drawn

root = Path(sys.argv[1])

def counted(inner):
    def step(*arguments, **options):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return inner(*arguments, **options)
    return step

for steps in range(200):
    folder = root / f"p{steps}" / "slot"
    folder.parent.mkdir()
    process = os.fork()
    if not process:
        left = steps
        for name in ("fsync", "open", "mkdir", "rename", "link"):
            setattr(os, name, counted(getattr(os, name)))
        drawn(folder)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    print(code, flush=True)
    if code == 0:
        break
"""


def crashes(root):
    """Draw again and again, each time in a process that dies one step later, until one is done; their exit codes."""
    tests = str(Path(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", CRASH, str(root), tests], capture_output=True, text=True, check=True)
    return [int(code) for code in done.stdout.split()]


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of POSIX")
def test_a_process_killed_at_any_step_leaves_a_whole_allocation_or_none(tmp_path):
    codes, outcomes = crashes(tmp_path), []
    assert codes == [-signal.SIGKILL] * (len(codes) - 1) + [0]
    for steps in range(len(codes)):
        folder = tmp_path / f"p{steps}" / "slot"
        outcomes.append(folder.exists())
        if folder.exists():
            assert verify_folder(folder)["result"] == "sound"
        else:
            assert verify_folder(drawn(folder, seed=2))["result"] == "sound"
    assert outcomes == sorted(outcomes)
    assert outcomes[-1]
    assert outcomes.count(False) > 10


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Exception, match="No space left") as caught:
        drawn(tmp_path / "p")
    assert [one.code for one in caught.value.problems] == ["MOD-ALLOC-08"]
    assert list(tmp_path.iterdir()) == []


def test_an_opening_that_cannot_be_kept_tells_nothing(tmp_path, monkeypatch):
    folder = drawn(tmp_path / "p")
    key_file(tmp_path, "review")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Exception, match="No space left") as caught:
        reveal(folder, "review", "review")
    assert [one.code for one in caught.value.problems] == ["MOD-ALLOC-15"]
    assert list((folder / "openings").iterdir()) == []


def test_bindings_and_records_that_meet_take_the_next_number(tmp_path, monkeypatch):
    """Another process takes the number between the look and the write."""
    folder = drawn(tmp_path / "p", name=FLAGSHIP)
    rename, link, met = os.rename, os.link, []

    def meeting(inner, other):
        def step(*arguments, **options):
            if not met:
                met.append(True)
                other()
            return inner(*arguments, **options)

        return step

    monkeypatch.setattr(os, "link", meeting(link, lambda: reveal(folder, "supply", "pharmacist", seed=21)))
    assert reveal(folder, "review", "review", seed=22).record.number == 2
    met.clear()
    other = lambda: bind(folder, "step-down", [0.5], now=NOW, randomness=chance(23))  # noqa: E731
    monkeypatch.setattr(os, "rename", meeting(rename, other))
    assert bind(folder, "confirmation", [1.5], now=NOW, randomness=chance(24)).document.head.number == 2
    assert verify_folder(folder)["result"] == "sound"
