"""Every page for everybody: contrast, names, targets, narrow screens, large text, and a policy that nothing breaks."""

import pytest

from browsers import OVERFLOW, accessible, launched
from journeys.web.diary.phones import Phone
from journeys.web.diary.written_clinic import HOST, ITEMS, KINDS, ZONE, WrittenClinic, days
from verification.counts import some

AT = "2026-03-20T20:14:00+01:00"
PAGES = (
    "#/",
    "#/e/18/1",
    "#/e/18/7",
    "#/e/18/8",
    "#/e/18/9",
    "#/e/18/10",
    "#/e/18/11",
    "#/e/18/12",
    "#/note/e18",
    "#/help",
    "#/card",
    "#/medicine",
    "#/reminder",
    "#/install",
    "#/lock",
    "#/data",
    "#/leave",
    "#/forget",
    "#/unsent",
)
SMALL_TARGETS = """() => {
  const pressed = "a, button, textarea, summary, label:has(input), input:not([type=radio]):not([type=checkbox])";
  const boxes = [...document.querySelectorAll("#main :is(" + pressed + ")")].filter((one) => one.checkVisibility())
    .map((one) => [one.textContent.trim() || one.id, one.getBoundingClientRect()]);
  const small = boxes.filter(([, box]) => box.height < 43.9 || box.width < 43.9);
  return small.map(([name, box]) => [name, box.width, box.height]);
}"""
MOVING = """() => [...document.querySelectorAll("*")]
  .filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0).length"""
STYLED = """() => {
  const one = document.createElement("div");
  one.setAttribute("style", "color: red");
  document.body.append(one);
}"""
OF_THE_DRUG = """() => {
  const found = getComputedStyle(document.documentElement);
  const names = [1, 2, 3, 4, 5, 6].map((number) => "--dose-" + number).concat("--placebo");
  const shown = (value) => {
    const one = document.createElement("i");
    one.style.color = value;
    document.body.append(one);
    const is = getComputedStyle(one).color;
    one.remove();
    return is;
  };
  const drug = new Set(names.map((name) => shown(found.getPropertyValue(name))));
  const keys = ["color", "backgroundColor", "borderTopColor", "fill", "stroke"];
  return [...document.querySelectorAll("*")].filter((one) => {
    const is = getComputedStyle(one);
    return keys.some((key) => drug.has(is[key]));
  }).map((one) => one.outerHTML.slice(0, 80));
}"""
CHANGES = {
    "items": [*ITEMS, *KINDS[:2]],
    "days": days(40, guess=(18,)),
    "halted": {"words": ["Codeine: take no further capsule."]},
}
THROUGH_STATES = ("offline", "rather", "severe", "problem", "done", "change", "locked", "forget-blocked", "left")


def walk(phone, look):
    """Look at every page, then at every state that only an action leads to."""
    for at in PAGES:
        phone.open(at)
        look(at)
    for state in THROUGH_STATES:
        STATES[state](phone)
        look(state)


def _offline(phone):
    phone.context.unroute_all()
    phone.context.set_offline(True)
    phone.open("#/e/18/1")
    phone.page.locator(".line a").wait_for()


def _rather(phone):
    phone.page.get_by_role("button", name="I’d rather not say").click()


def _severe(phone):
    phone.open("#/e/18/10")
    phone.page.get_by_label("Low mood").check()
    phone.page.get_by_role("group", name="How bad: Low mood").get_by_text("severe").click()
    phone.page.locator(".flag").first.wait_for()


def _problem(phone):
    phone.open("#/e/18/1")
    phone.page.get_by_role("button", name="Next").click()


def _done(phone):
    phone.page.evaluate("() => { location.hash = '#/e/18/1' }")
    for _ in range(6):
        before = phone.heading
        phone.tap_score(5)
        phone.page.wait_for_function("before => document.querySelector('h1').innerText !== before", arg=before)
    phone.tap_row("no")
    phone.await_heading("How many binges")
    phone.page.get_by_role("button", name="One less").click()
    phone.page.get_by_role("button", name="Next").click()
    phone.await_heading("Did you take")
    phone.tap_row("not sure")
    phone.await_heading("Did you notice")
    phone.page.get_by_role("button", name="Next").click()
    phone.await_heading("Do you think")
    phone.tap_row("I cannot tell")
    phone.await_heading("What makes you")
    phone.tap_row("Nothing")
    phone.await_heading("Done")


def _change(phone):
    phone.page.get_by_role("link", name="Change something").click()
    phone.await_heading("What do you want to change?")


def _locked(phone):
    phone.open("#/lock")
    phone.page.get_by_label("New PIN").fill("2468")
    phone.page.get_by_role("button", name="Set the PIN").click()
    phone.page.get_by_text("A PIN is set.").wait_for()
    phone.page.get_by_role("button", name="Take the PIN off").click()
    phone.page.get_by_text("No PIN is set.").wait_for()


def _forget_blocked(phone):
    phone.open("#/forget")
    phone.await_heading("Not yet")


def _left(phone):
    phone.open("#/left")


STATES = {
    "offline": _offline,
    "rather": _rather,
    "severe": _severe,
    "problem": _problem,
    "done": _done,
    "change": _change,
    "locked": _locked,
    "forget-blocked": _forget_blocked,
    "left": _left,
}


@pytest.mark.parametrize("scheme", some("diary-cases", ["light", "dark"]))
def test_every_page_and_state_is_accessible_on_the_narrowest_phone(written, scheme):
    phone = written(AT, width=320, scheme=scheme, **CHANGES)

    def look(where):
        assert accessible(phone.page) == [], where
        assert phone.page.evaluate(OVERFLOW) <= 0, where
        assert phone.page.evaluate(SMALL_TARGETS) == [], where

    walk(phone, look)


def test_the_check_of_access_finds_a_fault_that_is_put_in(written):
    phone = written(AT, hash_="#/e/18/1")
    phone.page.evaluate("() => document.querySelector('[role=radiogroup]').removeAttribute('aria-labelledby')")
    phone.page.evaluate("() => document.querySelector('h1').remove()")
    assert accessible(phone.page) != []


def test_nothing_runs_over_the_edge_with_text_twice_as_large(playwright, signer):
    large = launched(playwright, "--blink-settings=defaultFontSize=32")
    for width in some("diary-cases", (320, 360, 1280)):
        context = large.new_context(viewport={"width": width, "height": 800}, timezone_id=ZONE, service_workers="block")
        clinic = WrittenClinic(signer, **CHANGES)
        clinic.serve(context)
        phone = Phone(context, HOST, AT)
        phone.open()
        phone.pass_install()
        for at in PAGES:
            phone.open(at)
            assert phone.page.evaluate(OVERFLOW) <= 0, (width, at)
        if width == 360:
            phone.open("#/e/18/1")
            assert accessible(phone.page) == []
        context.close()
    large.close()


@pytest.mark.parametrize("language", some("diary-cases", ["de", "en"]))
def test_nothing_runs_over_the_edge_at_any_width(written, language):
    phone = written(AT, language=language, **CHANGES)
    for at in PAGES:
        phone.open(at)
        for width in (320, 390, 620, 800, 1280):
            phone.page.set_viewport_size({"width": width, "height": 800})
            assert phone.page.evaluate(OVERFLOW) <= 0, (at, width)


def test_the_focus_goes_to_the_heading_of_each_new_page(written):
    phone = written(AT)
    for at in ("#/help", "#/card", "#/e/18/2", "#/"):
        phone.open(at)
        assert phone.page.evaluate("() => document.activeElement.id") == "q", at
        assert phone.page.title() == f"{phone.heading} - Modicum"


def test_nothing_moves_for_whoever_wants_nothing_to_move(browser, signer):
    context = browser.new_context(reduced_motion="reduce", service_workers="block")
    WrittenClinic(signer).serve(context)
    phone = Phone(context, HOST, AT)
    phone.open()
    phone.pass_install()
    phone.open("#/e/18/7")
    assert phone.page.evaluate(MOVING) == 0
    context.close()


def test_a_page_that_breaks_the_policy_would_be_noticed(written):
    phone = written(AT)
    phone.page.evaluate(STYLED)
    phone.page.wait_for_timeout(100)
    assert any("Content Security Policy" in words for words in phone.complaints)
    phone.complaints.clear()


def test_no_page_before_the_reveal_holds_a_colour_of_the_drug(written):
    phone = written(AT, **CHANGES)
    for at in PAGES:
        phone.open(at)
        assert phone.page.evaluate(OF_THE_DRUG) == [], at
