"""docs/pharmacology.md shows every number, every scenario and every claim, and its picture is the command's."""

import importlib.util
from pathlib import Path

from modicum.pharmacology import CLAIMS, PARAMETERS, SCENARIOS

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "pharmacology.md").read_text(encoding="utf-8")


def test_the_tables_are_current():
    specification = importlib.util.spec_from_file_location("pharmacology_page", DOCS / "pharmacology.py")
    assert specification is not None
    assert specification.loader is not None
    writer = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(writer)
    assert writer.page() == PAGE, "run: python docs/pharmacology.py"


def test_every_number_scenario_and_claim_is_shown():
    names = [f"| `{name}` |" for name in (*PARAMETERS, *SCENARIOS)]
    assert [shown for shown in (*names, *(claim.claim for claim in CLAIMS)) if shown not in PAGE] == []


def test_the_4_to_6_hours_are_never_given_as_a_fact():
    lines = [line for line in PAGE.splitlines() if "4 to 6 h" in line]
    assert lines
    for line in lines:
        assert "radition" in line or "contradicted" in line


def test_the_picture_names_every_dose():
    picture = (DOCS / "images" / "pharmacology.svg").read_text(encoding="utf-8")
    assert [name for name in ("0.5 mg", "4.5 mg", "50 mg", "hypothesis") if name not in picture] == []
