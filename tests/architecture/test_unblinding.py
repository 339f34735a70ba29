import ast
from pathlib import Path

import pytest

from architecture.test_layers import copy, lint_imports
from architecture.tree import SOURCE, modules, relative, syntax

OPENING = "modicum.allocation.opening"
ALLOWED = {"src/modicum/services/unblinding.py"}
DECRYPT = {
    "src/modicum/allocation/opening.py": "sealed allocations, for the service of unblinding",
    "src/modicum/services/diary/looks.py": "what reviews saw, for the process that computes them and has their key",
    "src/modicum/web/accounts/adapters.py": "secrets of second factors",
}


def imports(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def decrypts(tree: ast.Module) -> bool:
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return any("decrypt" in name.lower() for name in names - {"DecryptError"} | imports(tree))


def test_only_the_service_of_unblinding_imports_what_opens_a_seal():
    assert {relative(module) for module in modules() if OPENING in imports(syntax(module))} == ALLOWED


def test_only_modules_with_a_reason_decrypt():
    assert {relative(module) for module in modules() if decrypts(syntax(module))} == set(DECRYPT)


@pytest.mark.parametrize("text", ["import pyrage\npyrage.decrypt(b'', [])", "from pyrage import decrypt_file"])
def test_a_module_that_decrypts_by_itself_is_found(text):
    assert decrypts(ast.parse(text))


@pytest.mark.parametrize(
    "name", ["cli/allocation.py", "services/allocating.py", "analysis/posterior.py", "reports/page.py"]
)
def test_a_module_that_opens_a_seal_elsewhere_breaks_the_contract(tmp_path, name):
    module = copy(tmp_path) / "src" / "modicum" / name
    module.write_text(
        module.read_text(encoding="utf-8") + f"\nfrom {OPENING} import open_allocation\n", encoding="utf-8"
    )
    run = lint_imports(tmp_path)
    assert run.returncode == 1
    assert f"modicum.{name.removesuffix('.py').replace('/', '.')} -> {OPENING}" in " ".join(run.stdout.split())


def test_the_draw_has_no_clock_and_no_chance_of_its_own():
    own = {"random", "secrets", "time", "datetime.datetime.now", "os", "numpy"}
    found = {
        relative(module): imports(syntax(module)) & own
        for module in modules()
        if module.is_relative_to(SOURCE / "allocation") or Path(module).name in ("allocating.py", "unblinding.py")
    }
    assert {name for name, used in found.items() if used} == set()
    calls = [
        f"{relative(module)}: {node.attr}"
        for module in modules()
        if module.is_relative_to(SOURCE / "allocation")
        for node in ast.walk(syntax(module))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today", "urandom", "token_bytes")
    ]
    assert calls == []
