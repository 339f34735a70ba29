"""A clinic that is served as it is in use, with a trial of forty-five evenings in it."""

import pytest

from followed import following
from journeys.web.serving import address_of, peopled, stopped_clinic

DAYS, MISSED = 45, (7, 20, 21)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a clinic, its people, and a trial that is followed there; reviews are as a test decides."""
    with stopped_clinic(tmp_path_factory.mktemp("clinic")) as found:
        found.clock.write_text("2026-03-02T09:00:00+00:00")
        with peopled(found) as world, following(world.ines, found.data) as trial:
            trial.begin()
            trial.decide(DAYS - 1)
            trial.evenings(*(day for day in range(DAYS) if day not in MISSED), side_effects={"vivid_dreams": 1})
            trial.at(DAYS, 13)
            yield address_of(found), world, trial
