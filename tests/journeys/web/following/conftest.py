"""A clinic that is served as it is in use, with a trial of forty-five evenings in it."""

import os

import pytest
from django.conf import settings

from clinic_databases import postgresql_template
from clinic_people import database, populate
from clinic_server import Clinic, free_port
from followed import following

__all__ = ["postgresql_template"]

DAYS, MISSED = 45, (7, 20, 21)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a clinic, its people, and a trial that is followed there; reviews are as a test decides."""
    found = Clinic(tmp_path_factory.mktemp("clinic"), free_port(), settings={"MODICUM_JOBS": "none"})
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser is driven from this thread, which then has a loop
    found.settings["MODICUM_SECRET_KEY"] = settings.SECRET_KEY  # second factors of this process are read by that one
    try:
        found.clock.write_text("2026-03-02T09:00:00+00:00")
        found.start()
        with database(found.environment["MODICUM_DATABASE"]):
            world = populate()
            with following(world.ines, found.data) as trial:
                trial.begin()
                trial.decide(DAYS - 1)
                trial.evenings(*(day for day in range(DAYS) if day not in MISSED), side_effects={"vivid_dreams": 1})
                trial.at(DAYS, 13)
                yield found.url.replace("127.0.0.1", "localhost"), world, trial
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        found.close()
