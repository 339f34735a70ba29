"""A clinic that is served as it is in use, with a trial that has begun; time stands still in it."""

import os

import pytest
from django.conf import settings

from clinic_people import database, populate
from clinic_server import Clinic, free_port
from waiting_trials import at, begun, place


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a clinic, and its people."""
    found = Clinic(tmp_path_factory.mktemp("clinic"), free_port())
    found.set_clock(at(0))
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser is driven from this thread, which then has a loop
    found.settings["MODICUM_SECRET_KEY"] = settings.SECRET_KEY  # log-ins of this process are read by that one
    try:
        found.start()
        with database(found.environment["MODICUM_DATABASE"]), place(found.data):
            world = populate()
            begun(world.ines)
            yield found, world
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        found.close()
