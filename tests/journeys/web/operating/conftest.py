"""A clinic that is served as it is in use, and windows that its staff are logged in with."""

import os

import pytest
from django.conf import settings

from clinic_people import database, populate
from clinic_server import Clinic, free_port
from journeys.web.accounts.looking import Look


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a clinic with people in it, and those people."""
    found = Clinic(tmp_path_factory.mktemp("clinic"), free_port(), settings={"MODICUM_CLOCK_FILE": ""})
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser is driven from this thread, which then has a loop
    found.settings["MODICUM_SECRET_KEY"] = settings.SECRET_KEY  # second factors of this process are read by that one
    try:
        found.start()
        with database(found.environment["MODICUM_DATABASE"]):
            yield found.url.replace("127.0.0.1", "localhost"), populate()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        found.close()


@pytest.fixture
def window(browser, served):
    """Windows by role, each of which notes every address that it asks."""
    opened = []

    def make(name="", **more):
        look = Look(browser, served[0], **more)
        look.asked = set()
        look.context.on("request", lambda request: look.asked.add(request.url))
        if name:
            key = served[1].client(name).cookies["modicum_staff"].value
            look.context.add_cookies([{"name": "modicum_staff", "value": key, "url": served[0]}])
        opened.append(look)
        return look

    yield make
    for one in opened:
        one.context.close()
