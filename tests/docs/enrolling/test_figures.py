"""The figures that the clinic shows are those that are stored for the page of the numbers that matter."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_shipped_figures_are_the_stored_ones():
    spec = importlib.util.spec_from_file_location("figures_page", ROOT / "docs" / "figures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.SHIPPED.read_text(encoding="utf-8") == module.text(), "run: python docs/figures.py"
