"""Fixtures: a clinic with people in it, on SQLite or PostgreSQL, each test on a copy of its own."""

import itertools
from contextlib import contextmanager
from copy import deepcopy

import pytest

_COUNT = itertools.count(1)
once = pytest.fixture(scope="package")  # in a process, for no folder of tests is a package


@once
def sqlite_template(tmp_path_factory):
    from clinic_people import migrated

    path = tmp_path_factory.mktemp("clinic") / "template.sqlite3"
    migrated(str(path))
    return path


@once
def postgresql_template():
    import databases
    from clinic_people import migrated

    with databases.postgresql() as address:
        migrated(address)
        yield address


@once
def lives(sqlite_template, tmp_path_factory):
    """What tests begin with, lived at most once."""
    from lived_clinics import Lives

    return Lives(sqlite_template, tmp_path_factory.mktemp("lived"))


@pytest.fixture
def world(request, tmp_path):
    """Two sites and their people."""
    with _peopled(request, getattr(request, "param", "sqlite"), tmp_path) as found:
        yield found


on_both = pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_world(request, tmp_path_factory):
    """The same for all tests of a module, which only look."""
    with _peopled(request, request.param, tmp_path_factory.mktemp("shared")) as found:
        yield found


@pytest.fixture
def lived(world, tmp_path, request):
    """Brings the clinic of a test to where a life leaves it, and says where its folder of data is.

    On SQLite it is a copy of what was lived before; on a PostgreSQL it is lived there and then.
    """
    from django.db import connection

    from lived_clinics import go_on, live

    def brought(life, *told):
        data = tmp_path / "data"
        if connection.vendor == "sqlite":
            go_on(request.getfixturevalue("lives").of(life, *told), world, data)
        else:
            data.mkdir()
            live(life, world, data, *told)
        return data

    return brought


@contextmanager
def _peopled(request, engine, folder):
    from clinic_people import cheap_passwords, copy_of_postgresql, copy_of_sqlite, populate

    with cheap_passwords():
        if engine == "sqlite":
            people = request.getfixturevalue("lives").people
            with copy_of_sqlite(people.database, folder / "clinic.sqlite3"):
                yield deepcopy(people.world)
        else:
            server = request.getfixturevalue("postgresql_template")
            with copy_of_postgresql(server, "postgres", f"copy{next(_COUNT)}"):
                yield populate()
