"""A whole enrolment in a real browser: refused, put right, signed, a protocol looked at, consented to, begun."""

import re

from enrolling_pages import WELL
from journeys.web.accounts.looking import FULL
from modicum.screening import questions
from modicum.services.enrolling import enrolment_of
from modicum.web.clinic.enrolling import looks_ahead
from modicum.web.jobs.queue import DEFAULT, work_off
from modicum.web.store.models import Event


def reads(look, heading):
    """Wait until a page says this first."""
    look.page.get_by_role("heading", level=1, name=heading).wait_for()


def looked_at(look, name):
    """A page whose parts all stand on others that are looked at: only in full."""
    if FULL:
        look.holds(name)


def answer(look, medications):
    """Fill in the list, and the history of somebody well."""
    look.page.get_by_label("Everything that is taken").fill(medications)
    for key, question in questions().items():
        if question.kind == "choice" and key in WELL:
            look.page.locator(f"input[name={key}][value={WELL[key]}]").check()


def printed_pages(look):
    """How many sheets of paper a page takes."""
    return len(re.findall(rb"/Type\s*/Page[^s]", look.page.pdf(prefer_css_page_size=True)))


def test_somebody_is_enrolled_with_the_patient_present(desk, served):
    _, world = served
    desk.go(f"/clinic/people/{world.ines.pk}/begin/")
    reads(desk, "May this person start?")  # whoever comes too early is led to what is missing
    looked_at(desk, "enrol-screen")
    desk.press("Screen this person")
    desk.reads("Nothing is screened without a list.")
    desk.holds("enrol-screen-empty")
    answer(desk, "Tylenol #3 prn\nZyzaxol 5 mg\nlevothyroxine 75 micrograms")
    desk.press("Screen this person")
    reads(desk, "Not yet. One thing stops this.")
    looked_at(desk, "enrol-stop")
    desk.page.get_by_role("link", name="Screen again").click()
    assert desk.page.locator("input[name=liver][value=healthy]").is_checked()
    desk.page.get_by_label("Everything that is taken").fill("Zyzaxol 5 mg\nlevothyroxine 75 micrograms")
    desk.press("Screen this person")
    reads(desk, "Perhaps. One thing needs your word.")
    desk.press("Sign this word")
    desk.reads("Tick this to sign.")
    desk.holds("enrol-sign-refused")
    desk.page.get_by_label("What you found, and what it is").fill("A herbal tea. No opioid in it.")
    desk.page.get_by_label("Why this person may start all the same").fill("I called the shop that sells it.")
    desk.page.get_by_label("I have looked at each of these").check()
    desk.press("Sign this word")
    reads(desk, "This person may start: you gave your word.")
    looked_at(desk, "enrol-signed")

    desk.page.get_by_role("link", name="Choose one").click()
    looked_at(desk, "enrol-protocols")
    desk.page.get_by_role("link", name=re.compile("Look at it.*ldn-smallest-dose")).click()
    reads(desk, "At most 56 weeks")
    desk.holds("enrol-protocol")
    desk.press("Choose this protocol")
    reads(desk, "Read this together, then decide.")
    desk.press("Record this consent")
    desk.reads("Without this there is no consent, and nothing is recorded.")
    desk.holds("enrol-consent-refused")
    desk.page.get_by_role("link", name="The sheet to print and sign").click()
    desk.holds("enrol-sheet")
    assert printed_pages(desk) == 1
    desk.page.get_by_role("link", name="Back").click()
    desk.page.get_by_label("The participant's half of the draw").fill("3 6 1 1 5 2 4")
    desk.page.get_by_label("The participant has read this").check()
    desk.page.get_by_label("The printed sheet is signed").check()
    desk.press("Record this consent")
    reads(desk, "Consent is given.")
    looked_at(desk, "enrol-consented")
    desk.page.get_by_role("link", name="On to the first day").click()
    looked_at(desk, "enrol-begin")
    desk.press("Begin this trial")
    reads(desk, "The trial has begun.")
    desk.holds("enrol-begun")
    desk.press("Make a link")
    reads(desk, "Let the phone open this.")
    known = enrolment_of(Event.objects.filter(trial=world.ines.trial).order_by("sequence"))
    assert known.begun_at is not None
    assert known.consented.said["contribution"] == "3 6 1 1 5 2 4"


def test_a_change_is_shown_while_it_is_made_and_by_a_button_without_script(browser, served, monkeypatch):
    monkeypatch.setattr(looks_ahead, "PEOPLE", 1)
    address, world = served
    key = world.client("foreign prescriber").cookies["modicum_staff"].value
    for script in (True, False):
        context = browser.new_context(base_url=address, java_script_enabled=script)
        context.add_cookies([{"name": "modicum_staff", "value": key, "url": address}])
        page = context.new_page()
        page.goto(f"/clinic/people/{world.jonas.pk}/protocol/one/?of=ldn-smallest-dose")
        assert page.locator("h1").inner_text().startswith("At most 56 weeks")
        page.get_by_label("Run-in without capsules: days in all").fill("28")
        page.get_by_label("1.5 mg").uncheck()
        if not script:
            page.get_by_role("button", name="Show what changes").click()
        page.get_by_text("Run-in without capsules: 28 days instead of 14 days.").wait_for()
        page.get_by_text("Doses of 0.5, 3, 4.5 mg instead of 0.5, 1.5, 3, 4.5 mg.").wait_for()
        assert page.locator("h1").inner_text().startswith("At most 53 weeks")
        if script:
            page.get_by_text("It is being simulated, roughly").wait_for()
        found = page.get_by_text("From 1 virtual people of each kind").first
        for _ in range(150):  # half a minute, in which the page looks for it by itself
            if found.is_visible():
                break
            work_off(DEFAULT)
            page.wait_for_timeout(200)
        assert found.is_visible()
        assert page.get_by_label("Run-in without capsules: days in all").input_value() == "28"
        page.get_by_label("Run-in without capsules: days in all").fill("three")
        page.get_by_role("button", name="Show what changes").click()
        assert "is not a number" in page.locator("main").inner_text()
        context.close()
    assert not Event.objects.filter(trial=world.jonas.trial, kind="protocol-chosen").exists()
