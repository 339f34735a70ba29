"""docs/clinicians.md shows the runs that are kept, of the protocols that are shipped, and says what is assumed."""

import importlib.util
from pathlib import Path

import jsonschema
import pytest

from modicum.protocol import read_protocol
from modicum.services.documents import document_schema

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "clinicians.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def writer():
    specification = importlib.util.spec_from_file_location("clinicians_page", DOCS / "clinicians.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_findings_are_those_of_the_runs_that_are_kept(writer):
    assert writer.page(writer.kept()) == PAGE, "run: python docs/clinicians.py"


def test_the_runs_are_documents_of_the_protocols_that_are_shipped(writer):
    for name, found in writer.kept().items():
        jsonschema.validate(found, document_schema("clinicians"))
        for practice in found["practices"]:
            version = read_protocol(practice["name"]).version
            assert practice["protocol_version"] == version, f"run: python docs/clinicians.py --run {name}"


def test_every_number_has_its_command_and_its_seed(writer):
    for found in writer.kept().values():
        assert f"`{found['command']}`" in PAGE
        assert "--seed 1" in found["command"]


def test_the_page_says_that_both_spreads_are_assumptions():
    assert "both spreads are assumptions" in PAGE


def test_the_picture_is_the_chart_of_both_practices():
    picture = (DOCS / "images" / "clinicians.svg").read_text(encoding="utf-8")
    assert [name for name in ("ldn-open by eye", "ldn-smallest-dose", "truth", "nobody") if name not in picture] == []
