"""Stores on real SQLite files, under an alias of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

import databases

assert databases  # it says where Django finds its settings
django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up first
from django.db import connections  # noqa: E402

from modicum.web.databases import configured  # noqa: E402


def migrated(file: Path) -> Path:
    """The file of an empty store."""
    with opened(file) as alias:
        call_command("migrate", "store", database=alias, verbosity=0)
    return file


@contextmanager
def opened(file: Path) -> Iterator[str]:
    """The alias under which Django has the store of a file."""
    alias = f"diary-{file.stem}"
    connections.databases[alias] = {**connections.databases["default"], **configured(str(file))}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]
