"""A store on a real SQLite file."""

import django
import pytest

import databases  # noqa: F401 - sets where Django finds its settings

django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up first
from django.db import connections  # noqa: E402

from modicum.web.databases import configured  # noqa: E402


@pytest.fixture
def sqlite_store(tmp_path):
    """The alias of an empty store."""
    alias = "diary-sqlite"
    connections.databases[alias] = {**connections.databases["default"], **configured(str(tmp_path / "store.sqlite3"))}
    call_command("migrate", "store", database=alias, verbosity=0)
    yield alias
    connections[alias].close()
    del connections[alias]
    del connections.databases[alias]
