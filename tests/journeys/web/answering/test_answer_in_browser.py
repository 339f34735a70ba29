"""The answer in a real browser, on PostgreSQL: signed, revealed, proved, and read mark by mark."""

import re
import time

import pytest

import databases
from answered_trials import live
from browsers import accessible
from clinic_people import PASSWORD, database, migrated, populate
from journeys.web.serving import address_of, stopped_clinic
from modicum.web.accounts.models import Person
from modicum.web.clinic.answering.giving import answer_trial
from waiting_trials import place

OF_A_DOSE = re.compile(r"[fs]-dose-|[fs]-placebo|--dose|--placebo|class=\"best")
PATIENCE_SECONDS = 30
VIOLATIONS = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.violatedDirective));
"""


@pytest.fixture
def served(tmp_path):
    """The address of a clinic in which one trial was answered, and its people."""
    data = tmp_path / "data"
    data.mkdir()
    with databases.postgresql() as address, stopped_clinic(data, address, MODICUM_JOBS="all") as found:
        migrated(address)
        with database(address), place(data):
            world = populate()
            over = live(world.ines, tmp_path, "lived-in-a-browser")
            answer_trial(world.ines.trial, over)
            found.set_clock(over)
            found.start()
            yield address_of(found), world


@pytest.fixture
def desk(window):
    """The prescriber's window, which notes what the policy refuses."""
    look = window("prescriber")
    look.context.add_init_script(VIOLATIONS)
    return look


def test_an_answer_is_signed_revealed_and_read_in_a_browser(desk, served):
    base = f"/clinic/people/{served[1].ines.pk}"
    desk.go(f"{base}/answer/")
    sentence = desk.heading()
    assert "mg works" in sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert not OF_A_DOSE.search(desk.page.content())
    desk.holds("answer")
    desk.press("Sign this answer")
    desk.page.get_by_label("Password").fill(PASSWORD)
    desk.press("Go on")
    assert desk.heading() == "The order is still sealed."
    desk.holds("still-sealed")
    desk.press("Open the sealed order")
    until = time.monotonic() + PATIENCE_SECONDS
    while "being opened" in desk.heading():
        assert time.monotonic() < until, "the jobs did not open it"
        time.sleep(0.3)
    assert desk.heading() == "The seal is intact."
    desk.holds("revealed")
    desk.page.get_by_role("link", name="The answer, with the diary").click()
    assert desk.heading() == sentence
    assert OF_A_DOSE.search(desk.page.content())
    desk.holds("answer-revealed")
    _read_marks(desk)
    desk.page.get_by_role("link", name="What was checked").click()
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Download the papers").click()
    assert download.value.suggested_filename == f"modicum-{served[1].ines.label}.zip"
    for name in ("report", "report/patient"):
        desk.go(f"{base}/{name}/")
        assert desk.page.locator("h1").first.is_visible()
        assert desk.page.evaluate("window.refused") == []
    _read_in_german(desk, base, served[1].people["prescriber"])
    assert desk.complaints == []


def _read_in_german(desk, base, prescriber):
    """The same page and report, for who reads German: in German to the last mark."""
    Person.objects.filter(pk=prescriber.pk).update(language="de")
    desk.go(f"{base}/answer/")
    desk.holds("answer-in-german")
    chart = desk.page.locator("#chart-effect")
    chart.get_by_role("button", name="Einzelne Werte lesen").click()
    mark = chart.locator(".live .mark-symbol path").first
    mark.wait_for(state="visible")
    mark.hover(force=True)
    told = chart.get_by_role("status").inner_text()
    assert re.search(r"^[\d,]+.mg: .\d,\d \(95-%-Intervall .*Chance, dass es hilft", told), told
    desk.go(f"{base}/report/")
    assert desk.page.locator("html").get_attribute("lang") == "de"
    assert accessible(desk.page) == []
    assert desk.page.evaluate("window.refused") == []


def _read_marks(desk):
    """Point at an evening and at a dose, in light and dark: each says what it is, and nothing is refused."""
    page = desk.page
    for name, mark, says in (
        ("diary", ".mark-symbol path", r"^Day \d+: \d\.\d$"),
        ("effect", ".mark-symbol path", r"^[\d.]+.mg: .\d\.\d \(95 % interval .*chance that it helps"),
    ):
        chart = page.locator(f"#chart-{name}")
        chart.get_by_role("button", name="Read single values").click()
        chart.locator(f".live {mark}").first.wait_for(state="visible")
        chart.locator(f".live {mark}").first.hover(force=True)
        told = chart.get_by_role("status")
        assert re.search(says, told.inner_text()), told.inner_text()
    amber = "() => document.querySelector('#chart-diary .live .mark-rect path').getAttribute('fill')"
    light = page.evaluate(amber)
    page.emulate_media(color_scheme="dark")
    until = time.monotonic() + PATIENCE_SECONDS
    while page.evaluate(amber) == light:
        assert time.monotonic() < until, "the chart does not follow the theme"
        time.sleep(0.1)
    page.emulate_media(color_scheme="light")
    assert page.evaluate("window.refused") == []
    assert accessible(page) == []
