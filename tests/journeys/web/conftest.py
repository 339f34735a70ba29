"""A clinic that is served as it is in use, and windows to look at it; folders that need another serve their own."""

import pytest

from journeys.web.accounts.looking import Look
from journeys.web.serving import address_of, peopled, stopped_clinic


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a clinic with people in it, and those people."""
    with stopped_clinic(tmp_path_factory.mktemp("clinic"), MODICUM_CLOCK_FILE="") as found, peopled(found) as world:
        yield address_of(found), world


@pytest.fixture
def window(browser, served):
    """Makes windows: of one of the staff by name, who is logged in, or of nobody."""
    opened = []

    def make(name="", **more):
        address, world = served[:2]
        look = Look(browser, address, **more)
        opened.append(look)
        if name:
            key = world.client(name).cookies["modicum_staff"].value
            look.context.add_cookies([{"name": "modicum_staff", "value": key, "url": address}])
        return look

    yield make
    for one in opened:
        one.context.close()


@pytest.fixture
def desk(window):
    """The prescriber's window."""
    return window("prescriber")
