import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

from architecture.tree import ROOT, SOURCE, modules, relative, syntax

ORDER = [
    "foundation",
    "protocol",
    "records",
    "pharmacology",
    "screening",
    "supply",
    "allocation",
    "participants",
    "analysis",
    "evidence",
    "decision",
    "trial",
    "simulation",
    "exchange",
    "reports",
    "services",
    "cli",
    "web",
]
TRUTH_AND_DECISIONS = {"participants", "allocation", "decision", "trial", "simulation", "reports", "services", "cli"}


def rooms_imported(tree: ast.Module) -> set[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return {name.split(".")[1] for name in names if name.startswith("modicum.")}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def copy(folder: Path) -> Path:
    shutil.copytree(SOURCE, folder / "src" / "modicum", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_lower_rooms_never_import_higher_ones(tmp_path):
    run = lint_imports(copy(tmp_path))
    assert run.returncode == 0, run.stdout + run.stderr


def test_an_import_upwards_is_found(tmp_path):
    errors = copy(tmp_path) / "src" / "modicum" / "foundation" / "errors.py"
    errors.write_text(errors.read_text() + "\nimport modicum.cli\n")
    run = lint_imports(tmp_path)
    assert run.returncode == 1
    assert "modicum.foundation.errors -> modicum.cli" in run.stdout


def test_every_room_has_its_place_in_the_order():
    rooms = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert rooms <= set(ORDER)


def test_no_module_imports_a_room_above_its_own():
    upwards = []
    for module in modules():
        room = module.relative_to(SOURCE).parts[0]
        if room in ORDER:
            higher = set(ORDER[ORDER.index(room) + 1 :])
            upwards += [f"{relative(module)} imports {name}" for name in rooms_imported(syntax(module)) & higher]
    assert upwards == []


def test_the_analysis_cannot_see_the_truth_nor_the_verdict():
    seen = [
        f"{relative(module)} imports {name}"
        for module in modules()
        if module.relative_to(SOURCE).parts[0] == "analysis"
        for name in rooms_imported(syntax(module)) & TRUTH_AND_DECISIONS
    ]
    assert seen == []


def test_an_analysis_that_looks_at_the_truth_is_found():
    for sabotage in ("from modicum.participants import Virtual", "def f():\n    import modicum.participants.virtual"):
        assert rooms_imported(ast.parse(sabotage)) & TRUTH_AND_DECISIONS == {"participants"}
    assert rooms_imported(ast.parse("from modicum import participants")) == {"participants"}
