"""A store on a real SQLite file."""

import shutil

import pytest

from contract.diary.stores import migrated, opened


@pytest.fixture(scope="package")
def empty_store(tmp_path_factory):
    """The file of an empty store, which every test has a copy of."""
    return migrated(tmp_path_factory.mktemp("store") / "empty.sqlite3")


@pytest.fixture
def sqlite_store(empty_store, tmp_path):
    """The alias of an empty store."""
    with opened(shutil.copy(empty_store, tmp_path / "store.sqlite3")) as alias:
        yield alias
