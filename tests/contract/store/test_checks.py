"""A database that acknowledges before it has written is refused by the checks that run before it is used."""

import pytest
from django.core.checks import run_checks
from django.db import connections


def messages(store):
    return [one.id for one in run_checks(tags=["database"], databases=[store]) if one.id.startswith("modicum.E")]


def test_a_store_as_it_is_configured_forces_commits_to_disk(store):
    assert messages(store) == []


@pytest.mark.parametrize("level", ["NORMAL", "OFF"])
def test_a_store_that_was_weakened_is_refused(store, level):
    weaken = {"sqlite": f"PRAGMA synchronous = {level}", "postgresql": "SET synchronous_commit = off"}
    with connections[store].cursor() as cursor:
        cursor.execute(weaken[connections[store].vendor])
    assert messages(store) == ["modicum.E001"]
