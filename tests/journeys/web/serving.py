"""A clinic that is served as it is in use, for tests that look at its pages in a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from clinic_people import World, database, populate
from clinic_server import Clinic, free_port


@contextmanager
def stopped_clinic(folder: Path, address: str = "", **told: str) -> Iterator[Clinic]:
    """A clinic whose server was not started yet; log-ins and second factors of this process are good there.

    Args:
        folder: of its data.
        address: of a database, where it is not a file in that folder.
        told: further variables of its environment.
    """
    secrets = {"MODICUM_SECRET_KEY": settings.SECRET_KEY}
    found = Clinic(folder, free_port(), address, settings={**secrets, **told})
    with pytest.MonkeyPatch.context() as here:
        here.setenv(
            "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
        )  # the browser is driven from this thread, which has a loop then
        try:
            yield found
        finally:
            found.close()


@contextmanager
def peopled(found: Clinic) -> Iterator[World]:
    """Start its server, and fill it with staff and people."""
    found.start()
    with database(found.environment["MODICUM_DATABASE"]):
        yield populate()


def address_of(found: Clinic) -> str:
    """Where a browser finds it: by a name, as log-ins want."""
    return found.url.replace("127.0.0.1", "localhost")
