"""docs/protocols.md describes every field, every shipped protocol and every public name."""

import importlib.util
from pathlib import Path

import modicum.protocol
from modicum.protocol import library
from modicum.protocol.notes import TABLES

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "protocols.md").read_text(encoding="utf-8")


def test_every_field_of_the_schema_is_described():
    fields = {field.alias or name for model in TABLES.values() for name, field in model.model_fields.items()}
    assert sorted(field for field in fields if f"| `{field}` |" not in PAGE) == []


def test_the_field_reference_is_current():
    specification = importlib.util.spec_from_file_location("protocols_page", DOCS / "protocols.py")
    assert specification is not None
    assert specification.loader is not None
    writer = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(writer)
    assert writer.page() == PAGE


def test_every_shipped_protocol_is_listed():
    assert [name for name in library() if f"| `{name}` |" not in PAGE] == []


def test_every_public_name_of_the_package_occurs():
    quiet = {"PROBLEMS", "Outcome", "Phase", "Protocol", "Row", "examine_protocol"}
    assert [name for name in modicum.protocol.__all__ if name not in quiet and name not in PAGE] == []
