"""Sources: what code says, without its words, so that a number can be told from one that another code made."""

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]


@cache
def code_of(*packages: str) -> str:
    """Hash of the code of some packages of this installation, 16 hexadecimal digits.

    Args:
        packages: by name below ``modicum``, for example "analysis".
    """
    return hash_of(file for name in packages for file in (_ROOT / name).rglob("*.py"))


def hash_of(files: Iterable[Path]) -> str:
    """Hash of Python files by what they do: a comment, a docstring or a blank line changes nothing.

    Args:
        files: in any order.
    """
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode())
        digest.update(without_words(file.read_text(encoding="utf-8")).encode())
    return digest.hexdigest()[:16]


def without_words(text: str) -> str:
    """The syntax tree of Python code without its docstrings.

    Example:
        >>> without_words("x = 1  # one") == without_words("x = 1") != without_words("x = 2")
        True
    """
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return ast.dump(tree)
