"""A clinic that is served as it is in use, whose reviews are done elsewhere: it has their public key."""

import pytest
from django.test import override_settings

from journeys.web.serving import address_of, peopled, stopped_clinic
from modicum.web import trials


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a clinic with people in it, and those people."""
    with (
        stopped_clinic(tmp_path_factory.mktemp("clinic"), MODICUM_CLOCK_FILE="") as found,
        override_settings(MODICUM_DATA=found.data),
        peopled(found) as world,
    ):
        trials.make_key("review")
        yield address_of(found), world
