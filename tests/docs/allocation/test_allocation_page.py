"""docs/allocation.md names every file, every path and every kind of document of an allocation."""

from pathlib import Path

from modicum.allocation.keys import ROLES
from modicum.services import folders
from modicum.services.unblinding import PATHS

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "allocation.md").read_text(encoding="utf-8")


def test_every_file_of_the_folder_is_described():
    names = (folders.DOCUMENT, folders.PROTOCOL, folders.PAPERS, folders.BINDINGS, folders.RECORDS, folders.KEYS)
    assert [name for name in names if f"`{name}" not in PAGE] == []


def test_every_path_to_an_opening_is_described_with_its_key():
    for path, roles in PATHS.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `--for {path}`"))
        assert "any of the three" in row if roles == ROLES else f"| {roles[0]} |" in row
