"""A kit from the order to its return in a real browser, every page looked at: prescriber, pharmacist, key, recall."""

import pytest

from journeys.web.accounts.looking import Look
from modicum.supply.codes import say_code
from modicum.web import trials
from modicum.web.pharmacy.supplies import supplies_of


@pytest.fixture
def inside(browser, served):
    """Makes windows that one of the staff is logged in with."""
    found, world = served
    address, windows = found.url.replace("127.0.0.1", "localhost"), []

    def make(name):
        look = Look(browser, address)
        windows.append(look)
        key = world.client(name).cookies["modicum_staff"].value
        look.context.add_cookies([{"name": "modicum_staff", "value": key, "url": address}])
        return look

    yield make
    for one in windows:
        one.context.close()


def press(look, name):
    with look.page.expect_navigation():
        look.page.get_by_role("button", name=name, exact=True).click()


def reads(look, words):
    """Wait until the page says something."""
    look.page.get_by_text(words).first.wait_for()


def follow(look, name):
    with look.page.expect_navigation():
        look.page.get_by_role("link", name=name).first.click()


def test_from_the_order_to_the_return_and_a_recall(inside, served, tmp_path):
    found, world = served
    order = f"/clinic/people/{world.ines.pk}/order/"
    doctor = inside("prescriber")
    doctor.go(order)
    doctor.holds("order")
    press(doctor, "Order these kits")
    reads(doctor, "Choose the kits that the pharmacy is to make.")
    doctor.page.get_by_label("Blinded titration").check()
    press(doctor, "Order these kits")
    reads(doctor, "No further kits can be ordered now.")
    doctor.holds("ordered")

    secret = trials.key_of("pharmacist")
    brought = tmp_path / "pharmacist.key"
    secret.rename(brought)  # the pharmacist alone has it
    desk = inside("pharmacist")
    desk.go("/pharmacy/")
    reads(desk, "Six kits wait to be made.")
    desk.holds("pharmacy-orders")
    follow(desk, "See the kits")
    desk.holds("pharmacy-kits-to-make")
    follow(desk, "See what they hold")
    desk.holds("pharmacy-open")
    desk.page.get_by_label("Your key file").set_input_files(str(brought))
    press(desk, "Show what they hold")
    reads(desk, "6 kits, 106 capsules to make.")
    assert desk.page.locator("path[class^=f-dose]").count() == 4
    desk.holds("pharmacy-opened")
    brought.rename(secret)
    follow(desk, "Write down that they are made")
    desk.holds("pharmacy-made")
    desk.page.get_by_label("Numbers of the lots").fill("NX-17, MC-2291")
    press(desk, "Write down that they are made")
    reads(desk, "Six kits wait to be handed out.")

    code = next(iter(supplies_of(world.ines.trial).kits))
    follow(desk, "Hand out a kit")
    desk.page.get_by_label("Code on the label").fill(code[1] + code[0] + code[2:] if code[0] != code[1] else "777 777")
    press(desk, "Hand out this kit")
    reads(desk, "MOD-SUPPLY-19")
    desk.holds("pharmacy-wrong-code")
    desk.page.get_by_label("Code on the label").fill(say_code(code).lower())
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(f"**/pharmacy/{world.ines.pk}/")
    desk.holds("pharmacy-kits-handed-out")

    follow(desk, "Recall")
    desk.page.get_by_label("Number of the lot").fill("nx-17")
    desk.page.get_by_label("Why it is recalled").fill("Weight of filler out of range")
    press(desk, "Recall this lot")
    reads(desk, "One patient has to be told today.")
    desk.holds("pharmacy-recall")
    desk.go("/pharmacy/")
    desk.holds("pharmacy-orders-recalled")
    follow(desk, "See the kits")
    follow(desk, "Take a kit back")
    desk.page.get_by_label("Code on the label").fill(code)
    desk.page.get_by_label("Capsules left").fill("9")
    desk.holds("pharmacy-come-back")
    press(desk, "Take this kit back")
    reads(desk, "Returned, 9 left")
    follow(desk, "Counts")
    reads(desk, "All 96 capsules are accounted for.")
    desk.holds("pharmacy-counts")
    doctor.go(order)
    reads(doctor, "Returned")
    assert "9 left" not in doctor.page.content()
    assert found.answers()
