"""A clinic that is served as it is in use, with a trial that has begun; time stands still in it."""

import pytest

from journeys.web.serving import address_of, peopled, stopped_clinic
from waiting_trials import at, begun, place


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a clinic, its people, and the clinic."""
    with stopped_clinic(tmp_path_factory.mktemp("clinic")) as found:
        found.set_clock(at(0))
        with peopled(found) as world, place(found.data):
            begun(world.ines)
            yield address_of(found), world, found
