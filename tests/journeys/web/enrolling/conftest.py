"""A clinic that is served as it is in use, whose reviews are done elsewhere: it has their public key."""

import pytest
from django.conf import settings

from clinic_people import database, populate
from clinic_server import Clinic, free_port
from modicum.web import trials


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a clinic with people in it, and those people."""
    found = Clinic(tmp_path_factory.mktemp("clinic"), free_port(), settings={"MODICUM_CLOCK_FILE": ""})
    found.settings["MODICUM_SECRET_KEY"] = settings.SECRET_KEY
    with pytest.MonkeyPatch.context() as here:
        here.setenv(
            "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
        )  # the browser is driven from this thread, which then has a loop
        here.setattr(settings, "MODICUM_DATA", found.data)
        trials.make_key("review")
        try:
            found.start()
            with database(found.environment["MODICUM_DATABASE"]):
                yield found.url.replace("127.0.0.1", "localhost"), populate()
        finally:
            found.close()
