"""What waits for a pharmacist, and a kit that goes before the others, in a real browser."""

from contract.dispensing.desk import Desk
from modicum.services.dispensing.acting import dispense, order_kits, prepare_kits, recall, take_back


def test_a_kit_out_of_its_order_and_what_a_recall_leaves_to_do(window, served):
    _, world, found = served
    kits = Desk(world.ines.trial)
    order_kits(kits.deed(0), kits.plan(0), ["titration"])
    prepare_kits(kits.deed(0), kits.plan(0), "titration", "NX-17, MC-2291")
    dispense(kits.deed(0), kits.codes[0])
    desk = window("pharmacist")
    desk.go("/")
    assert desk.heading() == "Five kits wait to be handed out."
    desk.holds("pharmacist-start")
    desk.go(f"/pharmacy/{world.ines.pk}/hand-out/")
    desk.page.get_by_label("Code on the label").fill(kits.codes[4])
    desk.press("Hand out this kit")
    desk.reads("MOD-SUPPLY-38")
    desk.holds("pharmacy-out-of-order")
    desk.page.get_by_label("Hand it out before them").check()
    desk.page.get_by_label("Why it goes before them").fill("She goes abroad for ten weeks")
    desk.press("Hand out this kit")
    desk.page.wait_for_url(f"**/pharmacy/{world.ines.pk}/")
    desk.holds("pharmacy-kits-first-evenings")
    recall(kits.deed(0), "NX-17", "contaminated")
    for code in (kits.codes[0], kits.codes[4]):
        take_back(kits.deed(0), code, 16)
    for path, name in (("/", "start"), ("/pharmacy/", "orders"), (f"/pharmacy/{world.ines.pk}/", "kits")):
        desk.go(path)
        assert desk.heading() == "Six kits have to be replaced."
        desk.holds(f"pharmacy-to-replace-{name}")
    desk.follow("Replace a kit")
    desk.holds("pharmacy-replace-reasons")
    assert found.answers()
