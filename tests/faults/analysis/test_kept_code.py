"""Compiled code is kept where that can be done, and nothing fails where it cannot."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import modicum

TOY = """
import sys
from modicum.analysis.compiled.compilation import entry
from modicum.analysis.compiled.waiting import announced_to
def double(x):
    return 2 * x
double = entry(double)
with announced_to(lambda text: print(text, file=sys.stderr)):
    print(double(21))
"""
SAID = "compiling, once on this machine"


@pytest.fixture
def toy(tmp_path):
    """Runs a small entry in a process of its own; the file stands for a module of the kernel."""
    script = tmp_path / "toy.py"
    script.write_text(TOY)

    def run(cache, **more):
        environment = {**os.environ, "MODICUM_CACHE": str(cache), **more}
        command = [sys.executable, str(script)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "42\n"
        return done.stderr

    return run


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_second_process_compiles_nothing(toy, tmp_path):
    assert SAID in toy(tmp_path / "cache")
    assert SAID not in toy(tmp_path / "cache")


def test_a_folder_that_cannot_be_made_only_costs_time(toy, tmp_path):
    (tmp_path / "file").write_text("")
    assert SAID in toy(tmp_path / "file")
    assert SAID in toy(tmp_path / "file")


@pytest.mark.parametrize("rubbish", [b"", b"\x00" * 100, b"not a pickle"], ids=["empty", "zeros", "text"])
def test_a_damaged_cache_is_compiled_over(toy, tmp_path, rubbish):
    toy(tmp_path / "cache")
    for path in files(tmp_path / "cache"):
        path.write_bytes(rubbish)
    assert SAID in toy(tmp_path / "cache")
    assert SAID not in toy(tmp_path / "cache")


def test_a_cache_without_its_code_is_compiled_over(toy, tmp_path):
    toy(tmp_path / "cache")
    for path in files(tmp_path / "cache"):
        if path.suffix == ".nbc":
            path.unlink()
    assert SAID in toy(tmp_path / "cache")


def test_a_disk_that_is_full_only_costs_time(toy, tmp_path):
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
    limited += "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    script = tmp_path / "toy.py"
    script.write_text(limited + TOY)
    assert SAID in toy(tmp_path / "cache")


def test_an_installation_that_cannot_be_written_to_keeps_its_code_elsewhere(tmp_path):
    source = Path(modicum.__file__).parent
    installed = tmp_path / "site"
    shutil.copytree(source, installed / "modicum", ignore=shutil.ignore_patterns("__pycache__"))
    for path in (installed / "modicum", *(installed / "modicum").rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    script = tmp_path / "toy.py"
    script.write_text(TOY)
    environment = {**os.environ, "PYTHONPATH": str(installed), "MODICUM_CACHE": str(tmp_path / "cache")}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "42\n"
    assert files(tmp_path / "cache")
    assert not list(installed.rglob("*.nb?"))
    for path in (installed / "modicum", *(installed / "modicum").rglob("*")):
        path.chmod(0o755)


def test_the_folder_changes_with_the_source_and_with_the_compiler(monkeypatch, tmp_path):
    from modicum.analysis.compiled import compilation

    monkeypatch.setenv("MODICUM_CACHE", str(tmp_path))
    before = compilation.cache_folder()
    monkeypatch.setattr(compilation.numba, "__version__", "0.0")
    assert compilation.cache_folder() != before
