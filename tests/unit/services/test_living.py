"""With what virtual people are simulated is looked at before anybody is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import modicum
from modicum.foundation.errors import InputError, OptionsError
from modicum.services.living import Means

DIARY = Path(modicum.__file__).parent / "example" / "diary.csv"
FEW = {"participants": 1, "archetypes": ["none"]}
NO_ADDRESSES = ("bogus", "", "foo://host:8786", "tcp://127.0.0.1", "127.0.0.1:port", "nobody.invalid:8786", "x" * 300)


def codes(call):
    with pytest.raises(InputError) as caught:
        call()
    return [one.code for one in caught.value.problems]


@pytest.fixture
def nobody_is_simulated(monkeypatch):
    """A sweep that begins is a failure."""
    monkeypatch.setattr("modicum.simulation.sweep.spread", lambda *_, **__: pytest.fail("somebody was simulated"))


def in_the_way(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    return tmp_path / "file"


PLACES = {
    "a file": in_the_way,
    "a folder in a file": lambda tmp_path: in_the_way(tmp_path) / "kept",
    "a folder that nobody can make": lambda _: "/proc/kept",
    "a folder that nobody can write to": lambda _: "/proc/self",
    "a name that is too long": lambda tmp_path: tmp_path / ("k" * 300),
    "a name with a null": lambda tmp_path: tmp_path / "a\0b",
}


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="no /proc on this system")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("verb", ["simulate", "clinicians", "plan"])
def test_a_place_where_nothing_can_be_kept_is_refused_before_anybody_is_simulated(
    nobody_is_simulated, tmp_path, place, verb
):
    kept = PLACES[place](tmp_path)
    asked = {"simulate": lambda: modicum.simulate("ldn-open-fast", **FEW, kept=kept)}
    asked["clinicians"] = lambda: modicum.clinicians(1, patients=1, kept=kept)
    asked["plan"] = lambda: modicum.plan("ldn-open-fast", DIARY, **FEW, kept=kept)
    assert codes(asked[verb]) == ["MOD-OPT-34"]


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_address_is_refused_before_a_cluster_is_asked(nobody_is_simulated, address):
    assert codes(lambda: modicum.simulate("ldn-open-fast", **FEW, scheduler=address)) == ["MOD-OPT-27"]


def test_both_are_said_with_all_else_that_is_wrong(nobody_is_simulated, tmp_path):
    asked = {"participants": 0, "archetypes": ["none"], "scheduler": "bogus", "kept": in_the_way(tmp_path)}
    assert codes(lambda: modicum.simulate("ldn-open-fast", **asked)) == ["MOD-OPT-27", "MOD-OPT-34", "MOD-OPT-26"]


def test_means_that_cannot_be_used_are_refused_by_whoever_uses_them(nobody_is_simulated, tmp_path):
    with pytest.raises(OptionsError, match="MOD-OPT-34"):
        Means(kept=in_the_way(tmp_path)).live([], 1, 1, None)


def test_looking_at_a_place_leaves_nothing_there(tmp_path):
    (tmp_path / "there").mkdir()
    assert Means(kept=tmp_path / "new" / "newer").problems() == Means(kept=tmp_path / "there").problems() == []
    assert [one.name for one in tmp_path.iterdir()] == ["there"]
    assert list((tmp_path / "there").iterdir()) == []


def test_no_traceback_follows_the_problem_on_the_command_line(tmp_path):
    command = [sys.executable, "-m", "modicum", "simulate", "ldn-open-fast", "--participants", "1"]
    asked = [*command, "--scheduler", "bogus", "--kept", str(in_the_way(tmp_path))]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "MOD-OPT-27" in done.stderr
    assert "MOD-OPT-34" in done.stderr
    assert "Traceback" not in done.stderr
