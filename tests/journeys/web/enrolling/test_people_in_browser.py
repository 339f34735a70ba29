"""A person in a real browser: added once by two quick presses, put right, taken off the worklist and taken up again."""

from modicum.web.accounts.models import Participant
from modicum.web.store.models import Event


def reads(look, heading):
    """Wait until a page says this first."""
    look.page.get_by_role("heading", level=1, name=heading).wait_for()


def fill(look, **given):
    """Fill in fields by their names."""
    for name, value in given.items():
        look.page.locator(f"[name={name}]").fill(value)


def test_a_person_is_added_put_right_and_does_not_take_part_until_she_does(desk, served):
    who = {"surname": "Adeyemi", "given": "Tola", "born": "1971-02-03", "zone": "Europe/London"}
    desk.go("/clinic/people/add/")
    fill(desk, **who)
    desk.page.get_by_role("button", name="Add this person").dblclick()
    reads(desk, "No phone keeps this diary yet.")
    assert Participant.objects.filter(surname="Adeyemi").count() == 1
    desk.go("/clinic/people/add/")
    fill(desk, **who)
    desk.press("Add this person")
    desk.reads("is here already as no.")
    desk.holds("person-again")
    someone = Participant.objects.get(surname="Adeyemi")
    desk.go(f"/clinic/people/{someone.pk}/")
    desk.holds("person-registered")
    desk.page.get_by_role("link", name="Correct the particulars").click()
    reads(desk, "What is to be put right?")
    fill(desk, surname="Adeyemi-Cole", born="1971-03-02")
    desk.press("Save the correction")
    desk.page.get_by_text("ADEYEMI-COLE").wait_for()
    desk.page.get_by_role("link", name="Correct the particulars").click()
    desk.reads("Adeyemi-Cole")
    desk.holds("person-corrected")
    desk.page.get_by_role("link", name="Back").click()
    desk.page.get_by_role("link", name="Does not take part").click()
    reads(desk, "Why does this person not take part?")
    desk.holds("person-close")
    fill(desk, reason="Moves to another town.")
    desk.press("Close this enrolment")
    reads(desk, "Does not take part.")
    desk.holds("person-closed")
    desk.press("Takes part after all")
    reads(desk, "No phone keeps this diary yet.")
    told = Event.objects.filter(trial=someone.trial).order_by("sequence").values_list("kind", flat=True)
    assert list(told) == ["person-changed", "closed", "reopened"]
