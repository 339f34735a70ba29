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


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    """A file that stands for a module of the kernel."""
    path = tmp_path_factory.mktemp("toy") / "toy.py"
    path.write_text(TOY)
    return path


@pytest.fixture(scope="module")
def toy(script):
    """Runs a small entry in a process of its own."""

    def run(cache, script=script):
        environment = {**os.environ, "MODICUM_CACHE": str(cache)}
        command = [sys.executable, str(script)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "42\n"
        return done.stderr

    return run


@pytest.fixture(scope="module")
def compiled(toy, tmp_path_factory):
    """A cache that the first process has filled; it has said so."""
    cache = tmp_path_factory.mktemp("compiled") / "cache"
    assert SAID in toy(cache)
    return cache


@pytest.fixture
def cache(compiled, tmp_path):
    """A copy of that cache."""
    return shutil.copytree(compiled, tmp_path / "cache")


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_second_process_compiles_nothing(toy, cache):
    assert SAID not in toy(cache)


def test_a_folder_that_cannot_be_made_only_costs_time(toy, tmp_path):
    (tmp_path / "file").write_text("")
    assert SAID in toy(tmp_path / "file")
    assert SAID in toy(tmp_path / "file")


@pytest.mark.parametrize("rubbish", [b"", b"\x00" * 100, b"not a pickle"], ids=["empty", "zeros", "text"])
def test_a_damaged_cache_is_compiled_over(toy, cache, rubbish):
    for path in files(cache):
        path.write_bytes(rubbish)
    assert SAID in toy(cache)
    assert SAID not in toy(cache)


def test_a_cache_without_its_code_is_compiled_over(toy, cache):
    for path in files(cache):
        if path.suffix == ".nbc":
            path.unlink()
    assert SAID in toy(cache)


def test_a_disk_that_is_full_only_costs_time(toy, tmp_path):
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
    limited += "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    script = tmp_path / "toy.py"
    script.write_text(limited + TOY)
    assert SAID in toy(tmp_path / "cache", script)


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
