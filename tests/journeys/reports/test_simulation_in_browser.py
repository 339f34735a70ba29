"""The page on virtual people in a real browser: policy, access, overflow, tables that are opened, and paper."""

import pytest

from browsers import OVERFLOW, accessible, launched
from journeys.reports.browsing import Written, assert_opens_within_its_edges, opened
from modicum.reports import write_simulation
from unit.reports.virtual_documents import gallery

NAMES = tuple(gallery())


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulations")
    documents = gallery()
    return Written(lambda name: write_simulation(*documents[name], folder / f"{name}.html"))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_without_a_complaint_without_the_network_and_runs_over_no_edge(browser, files, name):
    assert_opens_within_its_edges(browser, files[name])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["few", "plan-warned"])
def test_a_page_is_accessible_at_every_width_and_in_both_themes(browser, files, name, width, scheme):
    page, _ = opened(browser, files[name], width=width, scheme=scheme)
    page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
    assert accessible(page) == []
    page.context.close()


@pytest.mark.parametrize("name", ["long-names", "only-none", "one-line"])
def test_every_shape_of_it_is_accessible_on_a_phone_in_the_dark(browser, files, name):
    page, _ = opened(browser, files[name], width=360, scheme="dark")
    assert accessible(page) == []
    page.context.close()


def test_nothing_runs_over_the_edge_with_text_twice_as_large(playwright, files):
    large = launched(playwright, "--blink-settings=defaultFontSize=32")
    for name in ("few", "long-names", "plan"):
        for width in (1280, 640):
            page, _ = opened(large, files[name], width=width)
            assert page.evaluate(OVERFLOW) <= 0, (name, width)
            page.context.close()
    large.close()


def test_a_folded_table_opens_without_a_script(browser, files):
    page, _ = opened(browser, files["few"])
    table = page.get_by_role("region", name="What was said in the end, people counted")
    assert not table.is_visible()
    page.get_by_text("What was said, as a table").click()
    assert table.is_visible()
    page.context.close()


def test_the_table_of_all_numbers_fits_a_desk(browser, files):
    page, _ = opened(browser, files["usual"])
    over = "e => e.scrollWidth - e.clientWidth"
    assert page.get_by_role("region", name="People out of 100").evaluate(over) <= 0
    assert page.get_by_role("region", name="What the virtual people are like").evaluate(over) <= 0
    page.context.close()


def test_on_a_phone_the_mark_of_an_assumption_is_seen_without_scrolling(browser, files):
    page, _ = opened(browser, files["usual"], width=390)
    mark = page.locator("td .tag").first.bounding_box()
    assert mark["x"] + mark["width"] <= 390
    page.context.close()


def test_the_command_can_be_copied_as_it_is(browser, files):
    page, _ = opened(browser, files["few"], width=390)
    assert page.locator(".command code").inner_text().replace("\n", " ") == gallery()["few"][0]["command"]
    page.context.close()


def test_paper_is_light_even_where_the_screen_is_dark(browser, files):
    page, _ = opened(browser, files["few"], scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("() => getComputedStyle(document.querySelector('h1')).color") == "rgb(21, 37, 43)"
    page.context.close()
