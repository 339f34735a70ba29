"""The tracked files of the project, and the syntax of its modules."""

import ast
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "modicum"


@cache
def modules() -> tuple[Path, ...]:
    return tuple(sorted(SOURCE.rglob("*.py")))


@cache
def syntax(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


@cache
def tracked() -> tuple[Path, ...]:
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, capture_output=True, check=False)
    if listing.returncode:
        pytest.skip("NOT CHECKED: this folder is not a git work tree, so nobody knows which files belong to it")
    names = [name for name in listing.stdout.decode().split("\0") if name]
    return tuple(path for name in sorted(set(names)) if (path := ROOT / name).is_file())


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))
