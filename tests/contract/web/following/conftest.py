"""A trial of forty-five days that is followed, in a world with two sites."""

import pytest

from followed import following

DAYS, MISSED = 45, (7, 20, 21)


def follow(world, data):
    """Forty-five evenings of one participant, of which three are missing; it is noon of the day after."""
    with following(world.ines, data) as trial:
        trial.begin()
        trial.decide(DAYS - 1)
        trial.evenings(*(day for day in range(DAYS) if day not in MISSED))
        trial.at(DAYS, 13)


@pytest.fixture
def trial(world, lived):
    """The trial that was followed for so long."""
    data = lived(follow)
    with following(world.ines, data) as found:
        yield found


@pytest.fixture
def prescriber(world, trial):
    return world.client("prescriber")


@pytest.fixture
def address(trial):
    """The address of a page on the participant."""
    return lambda page="": f"/clinic/people/{trial.participant.pk}/{page}"
