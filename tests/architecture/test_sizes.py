import ast
from pathlib import Path
from statistics import median

from architecture.tree import modules, relative, syntax

LONGEST_MODULE, MEDIAN_MODULE, LONGEST_FUNCTION = 500, 150, 60


def lines(module: Path) -> int:
    return len(module.read_text(encoding="utf-8").splitlines())


def long_functions(tree: ast.Module, limit: int = LONGEST_FUNCTION) -> list[str]:
    return [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > limit
    ]


def test_no_module_is_longer_than_500_lines():
    assert [f"{relative(m)} ({lines(m)} lines)" for m in modules() if lines(m) > LONGEST_MODULE] == []


def test_the_median_module_has_at_most_150_lines():
    assert median(lines(module) for module in modules()) <= MEDIAN_MODULE


def test_no_function_is_longer_than_60_lines():
    offenders = [f"{relative(m)}: {name}" for m in modules() for name in long_functions(syntax(m))]
    assert offenders == []


def test_a_function_of_61_lines_is_found():
    body = "\n".join("    x = 1" for _ in range(60))
    assert long_functions(ast.parse(f"def long():\n{body}\n")) == ["long (61 lines)"]
