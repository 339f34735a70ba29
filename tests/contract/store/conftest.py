"""The store on a real SQLite file and on a real PostgreSQL."""

import django
import pytest

import databases

django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up first
from django.db import connections  # noqa: E402

from modicum.web.databases import configured  # noqa: E402


@pytest.fixture(scope="package")
def server():
    with databases.postgresql() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    """The alias of an empty store."""
    engine, alias = request.param, f"store-{request.param}"
    where = str(tmp_path / "store.sqlite3") if engine == "sqlite" else request.getfixturevalue("server")
    connections.databases[alias] = {**connections.databases["default"], **configured(where)}
    if engine == "postgresql":
        _empty(alias)
    call_command("migrate", "store", database=alias, verbosity=0)
    yield alias
    connections[alias].close()
    del connections[alias]
    del connections.databases[alias]


def _empty(alias):
    with connections[alias].cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
