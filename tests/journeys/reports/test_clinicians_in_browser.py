"""The page on clinicians in a real browser: policy, access, overflow, and the drawing that fits."""

import pytest

from browsers import accessible
from journeys.reports.browsing import assert_opens_within_its_edges, opened
from modicum.reports.clinicians import write_chart
from unit.reports.clinician_documents import gallery

NAMES = tuple(gallery())


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clinicians")
    for name, given in gallery().items():
        write_chart(given, folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_without_a_complaint_without_the_network_and_runs_over_no_edge(browser, files, name):
    assert_opens_within_its_edges(browser, files[name])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_accessible_at_every_width_and_in_both_themes(browser, files, width, scheme):
    page, _ = opened(browser, files["both"], width=width, scheme=scheme)
    page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
    assert accessible(page) == []
    page.context.close()


@pytest.mark.parametrize("name", ["many", "long-names", "one-clinician"])
def test_every_shape_of_it_is_accessible_on_a_phone_in_the_dark(browser, files, name):
    page, _ = opened(browser, files[name], width=360, scheme="dark")
    assert accessible(page) == []
    page.context.close()


@pytest.mark.parametrize(("width", "drawing"), [(390, "narrow"), (1280, "wide")])
def test_the_drawing_that_fits_is_the_one_that_is_seen(browser, files, width, drawing):
    page, _ = opened(browser, files["both"], width=width)
    seen = [svg.get_attribute("class") for svg in page.locator("svg.chart").all() if svg.is_visible()]
    assert seen == [f"chart {drawing}"]
    page.context.close()
