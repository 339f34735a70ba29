"""Both pages in a real browser: policy, access, overflow at every width, and paper."""

import re

import pytest

from browsers import OVERFLOW, accessible, launched
from journeys.reports.browsing import Written, opened
from modicum.reports import write_report
from modicum.services.patient_words import words_in
from unit.reports.synthetic_answers import gallery

VIEWS = ("prescriber", "patient")
CODES = ("works", "works-smaller-too", "nothing-that-matters", "harm", "futile", "open-label", "cannot-tell")
SHAPES = ("works-probable", "twelve-doses", "no-dose-unit", "zero-to-one", "one-row", "ten-years", "empty")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    answers = gallery()
    return Written(lambda name: write_report(answers[name], folder / f"{name}.html"))


@pytest.mark.parametrize("name", CODES + SHAPES)
def test_a_report_opens_without_a_complaint_and_without_the_network(browser, files, name):
    for view in VIEWS:
        page, complaints = opened(browser, files[name], view)
        page.evaluate("() => document.fonts.ready.then(() => true)")
        fonts = page.evaluate("() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
        assert complaints == []
        assert any("Source Serif 4" in family for family in fonts)
        page.context.close()


def test_one_page_is_shown_at_a_time_and_the_links_lead_across(browser, files):
    page, _ = opened(browser, files["works"])
    assert page.locator("#prescriber h1").is_visible()
    assert not page.locator("#patient h1").is_visible()
    page.locator("#prescriber nav").get_by_text("For the patient").click()
    assert page.locator("#patient h1").is_visible()
    assert not page.locator("#prescriber h1").is_visible()
    page.locator("#patient .skip").focus()
    page.keyboard.press("Enter")
    assert page.locator("#patient h1").is_visible()
    page.locator("#patient nav").get_by_text("For the prescriber").click()
    assert page.locator("#prescriber h1").is_visible()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360, 320])
def test_both_pages_are_accessible_at_every_width_and_in_both_themes(browser, files, width, scheme):
    for view in VIEWS:
        page, _ = opened(browser, files["works"], view, width=width, scheme=scheme)
        assert accessible(page) == []
        page.context.close()


@pytest.mark.parametrize("name", ["open-label", "harm", "cannot-tell", "no-dose-unit", "empty"])
def test_every_answer_is_accessible_on_a_phone_in_the_dark(browser, files, name):
    for view in VIEWS:
        page, _ = opened(browser, files[name], view, width=360, scheme="dark")
        assert accessible(page) == []
        page.context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_a_german_report_is_accessible_and_runs_over_no_edge(browser, tmp_path, width):
    place = write_report(gallery()["cannot-tell"], tmp_path / "bericht.html", "de", words_in("de"))
    for view in VIEWS:
        page, complaints = opened(browser, place, view, width=width, scheme="dark")
        assert accessible(page) == []
        assert page.evaluate(OVERFLOW) <= 0
        assert complaints == []
        page.context.close()


def test_the_check_of_access_finds_a_fault_that_is_put_in(browser, files):
    page, _ = opened(browser, files["empty"])
    page.evaluate("() => document.documentElement.removeAttribute('lang')")
    assert [rule for rule, _ in accessible(page)] == ["html-has-lang"]
    page.context.close()


@pytest.mark.parametrize("name", CODES + SHAPES)
def test_nothing_runs_over_the_edge_of_a_small_screen(browser, files, name):
    page, _ = opened(browser, files[name], width=320)
    for view in VIEWS:
        page.goto(f"{files[name].as_uri()}#{view}")
        for width in (320, 800, 1000):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(OVERFLOW) <= 0, (view, width)
    page.context.close()


def test_nothing_runs_over_the_edge_with_text_twice_as_large(playwright, files):
    large = launched(playwright, "--blink-settings=defaultFontSize=32")
    for name in ("works", "open-label", "cannot-tell", "twelve-doses"):
        for view in VIEWS:
            for width in (1280, 640):
                page, _ = opened(large, files[name], view, width=width)
                assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "32px"
                assert page.evaluate(OVERFLOW) <= 0, (name, view, width)
                page.context.close()
    large.close()


def test_the_drawing_that_fits_is_the_one_shown(browser, files):
    for width, shown, hidden in ((1280, "wide", "narrow"), (900, "wide", "narrow"), (360, "narrow", "wide")):
        page, _ = opened(browser, files["works"], width=width)
        assert page.locator(f"#prescriber .chart.{shown}").first.is_visible()
        assert not page.locator(f"#prescriber .chart.{hidden}").first.is_visible()
        scale = page.evaluate(
            "name => { const c = document.querySelector(`#prescriber .chart.${name}`);"
            " return c.getBoundingClientRect().width / c.getAttribute('width') }",
            shown,
        )
        assert scale > 0.97
        page.context.close()


def sheets(page):
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("name", CODES + SHAPES)
def test_the_patients_page_is_one_sheet_of_paper(browser, files, name):
    page, _ = opened(browser, files[name], "patient")
    assert sheets(page) == 1
    page.context.close()


def test_the_whole_report_prints_the_patients_page_on_a_sheet_of_its_own(browser, files):
    page, _ = opened(browser, files["works"])
    whole = sheets(page)
    page.evaluate("() => document.getElementById('patient').remove()")
    assert whole == sheets(page) + 1
    page.context.close()


def test_paper_is_light_even_where_the_screen_is_dark(browser, files):
    page, _ = opened(browser, files["works"], scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("() => getComputedStyle(document.querySelector('h1')).color") == "rgb(21, 37, 43)"
    page.context.close()


def test_the_page_follows_the_theme_of_the_system(browser, files):
    colours = {}
    for scheme in ("light", "dark"):
        page, _ = opened(browser, files["works"], scheme=scheme)
        colours[scheme] = page.evaluate(
            "() => [getComputedStyle(document.body).backgroundColor,"
            " getComputedStyle(document.querySelector('.chart .s-course')).stroke]"
        )
        page.context.close()
    assert colours["light"] == ["rgb(248, 248, 245)", "rgb(13, 82, 101)"]
    assert colours["dark"] == ["rgb(13, 22, 25)", "rgb(155, 213, 227)"]
