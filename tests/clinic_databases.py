"""Fixtures: a clinic with people in it, on SQLite or PostgreSQL, each test on a copy of its own."""

import itertools

import pytest

import databases
from clinic_people import cheap_passwords, copy_of_postgresql, copy_of_sqlite, migrated, populate

_COUNT = itertools.count(1)


@pytest.fixture(scope="package")
def sqlite_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("clinic") / "template.sqlite3"
    migrated(str(path))
    return path


@pytest.fixture(scope="package")
def postgresql_template():
    with databases.postgresql() as address:
        migrated(address)
        yield address


@pytest.fixture
def world(request, tmp_path):
    """Two sites and their people."""
    engine = getattr(request, "param", "sqlite")
    with cheap_passwords(), copied(request, engine, tmp_path):
        yield populate()


on_both = pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_world(request, tmp_path_factory):
    """The same for all tests of a module, which only look."""
    with cheap_passwords(), copied(request, request.param, tmp_path_factory.mktemp("shared")):
        yield populate()


def copied(request, engine, folder):
    if engine == "sqlite":
        return copy_of_sqlite(request.getfixturevalue("sqlite_template"), folder / "clinic.sqlite3")
    server = request.getfixturevalue("postgresql_template")
    return copy_of_postgresql(server, "postgres", f"copy{next(_COUNT)}")
