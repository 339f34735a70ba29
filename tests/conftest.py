"""What holds for every test."""

from pathlib import Path

import pytest
from hypothesis import settings
from jaxtyping import config as shapes
from jaxtyping import install_import_hook

pytest_plugins = ("browsers", "clinic_databases")

# A loaded machine is no failure of the code: examples have no deadline, the suite as a whole has.
settings.register_profile("modicum", deadline=None, print_blob=True)
settings.load_profile("modicum")

# Shapes are annotated in the source and checked here: an axis that is called "dose" twice has one length.
install_import_hook(["modicum.analysis", "modicum.pharmacology"], "shape_checking.typed")

# Thousands of people are lived through functions whose shapes those tests have checked: it would take a third longer.
CHECKED = {"architecture", "unit", "contract"}
HERE = Path(__file__).parent


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """Check shapes from the first fixture of a test to the last, in the folders where they are checked."""
    folder = item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""
    shapes.update("jaxtyping_disable", folder not in CHECKED)
    try:
        return (yield)
    finally:
        shapes.update("jaxtyping_disable", False)
