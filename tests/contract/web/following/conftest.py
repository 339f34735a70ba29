"""A trial of forty-five days that is followed, in a world with two sites."""

import pytest

from clinic_databases import postgresql_template, shared_world, sqlite_template, world
from followed import following

__all__ = ["postgresql_template", "shared_world", "sqlite_template", "world"]

DAYS, MISSED = 45, (7, 20, 21)


@pytest.fixture
def trial(world, tmp_path):
    """Forty-five evenings of one participant, of which three are missing; it is noon of the day after."""
    with following(world.ines, tmp_path / "data") as found:
        found.begin()
        found.decide(DAYS - 1)
        found.evenings(*(day for day in range(DAYS) if day not in MISSED))
        found.at(DAYS, 13)
        yield found


@pytest.fixture
def prescriber(world, trial):
    return world.client("prescriber")


@pytest.fixture
def address(trial):
    """The address of a page on the participant."""
    return lambda page="": f"/clinic/people/{trial.participant.pk}/{page}"
