"""The first page after log-in: a prescriber sees who needs her, everybody else the rooms in which her work is."""

import re

import pytest

ROOMS = {
    "pharmacist": ["/pharmacy/", "/pharmacy/counts/", "/pharmacy/recall/"],
    "analyst": ["/research/"],
    "operator": ["/clinic/phones/", "/clinic/sites/", "/operate/"],
}


@pytest.mark.parametrize("role", ROOMS)
def test_who_does_not_prescribe_is_led_to_her_rooms_and_told_nothing_of_patients(world, role):
    page = world.client(role).get("/").content.decode()
    heading = "Nothing is to be made or handed out." if role == "pharmacist" else "Your work is here."
    assert f"<h1>{heading}</h1>" in page
    assert re.findall(r'<a class="btn[^"]*" href="([^"]+)"', page) == ROOMS[role]
    assert "HALLORAN" not in page
    assert "needs you" not in page


def test_who_prescribes_sees_somebody_on_the_way_in_by_what_is_missing(world):
    page = world.client("prescriber").get("/").content.decode()
    assert "One person needs you today." in page
    assert "Not screened yet" in page
    assert "Your work is here." not in page
