"""Clinics for whose pharmacy there is something to do."""

import pytest

from contract.dispensing.desk import Desk, make, recall_first
from waiting_trials import place


@pytest.fixture
def clinic(world, tmp_path):
    with place(tmp_path):
        yield world


@pytest.fixture
def desk(world, lived):
    """Six kits of a titration are made."""
    with place(lived(make)):
        yield Desk(world.ines.trial)


@pytest.fixture
def recalled(world, lived):
    """The first of them is in use, and its lot is recalled."""
    with place(lived(recall_first)):
        yield Desk(world.ines.trial)
