"""A kit from the order to its return in a real browser, every page looked at: prescriber, pharmacist, key, recall."""

from clinic_people import PASSWORD
from modicum.supply.codes import say_code
from modicum.web import trials
from modicum.web.pharmacy.supplies import supplies_of


def test_from_the_order_to_the_return_and_a_recall(window, served, tmp_path):
    _, world, found = served
    order = f"/clinic/people/{world.ines.pk}/order/"
    doctor = window("prescriber")
    doctor.go(order)
    doctor.holds("order")
    doctor.press("Order these kits")
    doctor.reads("Choose the kits that the pharmacy is to make.")
    doctor.page.get_by_label("Blinded titration").check()
    doctor.press("Order these kits")
    doctor.reads("No further kits can be ordered now.")
    doctor.holds("ordered")

    secret = trials.key_of("pharmacist")
    brought = tmp_path / "pharmacist.key"
    secret.rename(brought)  # the pharmacist alone has it
    desk = window("pharmacist")
    desk.go("/pharmacy/")
    desk.reads("Six kits wait to be made.")
    desk.holds("pharmacy-orders")
    desk.follow("See the kits")
    desk.holds("pharmacy-kits-to-make")
    desk.follow("See what they hold")
    desk.page.get_by_label("Password").fill(PASSWORD)
    desk.press("Go on")
    desk.holds("pharmacy-open")
    desk.page.get_by_label("Your key file").set_input_files(str(brought))
    desk.press("Show what they hold")
    desk.reads("6 kits, 106 capsules to make.")
    assert desk.page.locator("path[class^=f-dose]").count() == 4
    desk.holds("pharmacy-opened")
    brought.rename(secret)
    desk.follow("Write down that they are made")
    desk.holds("pharmacy-made")
    desk.page.get_by_label("Numbers of the lots").fill("NX-17, MC-2291")
    desk.press("Write down that they are made")
    desk.reads("Six kits wait to be handed out.")

    code = next(iter(supplies_of(world.ines.trial).kits))
    desk.follow("Hand out a kit")
    desk.page.get_by_label("Code on the label").fill(code[1] + code[0] + code[2:] if code[0] != code[1] else "777 777")
    desk.press("Hand out this kit")
    desk.reads("MOD-SUPPLY-19")
    desk.holds("pharmacy-wrong-code")
    desk.page.get_by_label("Code on the label").fill(say_code(code).lower())
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(f"**/pharmacy/{world.ines.pk}/")
    desk.holds("pharmacy-kits-handed-out")

    desk.follow("Recall")
    desk.page.get_by_label("Number of the lot").fill("nx-17")
    desk.page.get_by_label("Why it is recalled").fill("Weight of filler out of range")
    desk.press("Recall this lot")
    desk.reads("One patient has to be told today.")
    desk.holds("pharmacy-recall")
    desk.go("/pharmacy/")
    desk.holds("pharmacy-orders-recalled")
    desk.follow("See the kits")
    desk.follow("Take a kit back")
    desk.page.get_by_label("Code on the label").fill(code)
    desk.page.get_by_label("Capsules left").fill("9")
    desk.holds("pharmacy-come-back")
    desk.press("Take this kit back")
    desk.reads("Returned, 9 left")
    desk.follow("Counts")
    desk.reads("All 96 capsules are accounted for.")
    desk.holds("pharmacy-counts")
    doctor.go(order)
    doctor.reads("Returned")
    assert "9 left" not in doctor.page.content()
    assert found.answers()
