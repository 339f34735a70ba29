import re

import numpy as np
import pytest

import modicum
from modicum.pharmacology import CLAIMS
from modicum.reports import pharmacology_tables
from modicum.reports.charts import pharmacology as chart
from modicum.reports.pharmacology import render_pharmacology
from unit.reports.html_pages import (
    assert_colours_are_known,
    assert_headings_have_no_gap,
    assert_needs_nothing,
    assert_policy_holds,
    words,
)


@pytest.fixture(scope="module", params=["days", "hours"])
def found(request):
    return modicum.pharmacology(compare=(0.5, 4.5, 50), scenario=request.param)


def texts(spec):
    return [
        row["t"]
        for panel in spec["vconcat"]
        for layer in panel["layer"]
        for row in layer["data"]["values"]
        if "t" in row
    ]


@pytest.mark.parametrize("width", [chart.WIDE, chart.NARROW])
def test_every_panel_names_every_dose(found, width):
    assert texts(chart.spec(found.courses, width)) == ["0.5 mg", "4.5 mg", "50 mg"] * 3


def test_the_panel_of_the_rebound_calls_it_a_hypothesis(found):
    for width in (chart.WIDE, chart.NARROW):
        assert "hypothesis" in chart.spec(found.courses, width)["vconcat"][2]["title"]["text"]


def test_tradition_is_called_tradition():
    title = chart.spec(modicum.pharmacology(4.5, scenario="hours").courses, chart.WIDE)["vconcat"][1]["title"]["text"]
    assert "tradition, not measured" in title


def test_names_at_the_ends_of_lines_stand_apart_and_in_the_panel(found):
    for panel in chart.spec(found.courses, chart.WIDE)["vconcat"]:
        places = sorted(layer["encoding"]["y"]["value"] for layer in panel["layer"] if layer["mark"]["type"] == "text")
        assert (np.diff(places) >= 14.9).all()
        assert -1 <= places[0] <= places[-1] <= panel["height"]


def test_the_page_needs_no_script_and_no_network_and_holds_the_sentences(found):
    html = render_pharmacology(found.document, found.courses)
    assert_needs_nothing(html)
    assert_policy_holds(html)
    assert_colours_are_known(html)
    assert_headings_have_no_gap(html)
    assert all(sentence in words(html) for sentence in found.explanation)
    assert html.count('role="img"') == 2


def test_the_heading_of_the_page_is_what_tells_the_doses_apart(found):
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", render_pharmacology(found.document, found.courses), re.DOTALL)[1]
    assert "hardly a receptor free" in heading or "more than half of the receptors" in heading


@pytest.mark.parametrize("doses", [(4.5,), (4.5, 4.6)])
def test_the_heading_of_one_dose_or_of_doses_that_hardly_differ_is_what_they_occupy(doses):
    few = modicum.pharmacology(doses[0]) if len(doses) == 1 else modicum.pharmacology(compare=doses)
    assert "occupies at its peak 45" in words(render_pharmacology(few.document, few.courses))


def test_every_number_of_the_chart_stands_in_a_table_of_the_page_with_every_claim_and_every_source(found):
    shown = words(render_pharmacology(found.document, found.courses))
    assert all(cell in shown for cells in pharmacology_tables.figures(found.courses).rows for cell in cells)
    assert all(part in shown for claim in CLAIMS for part in (claim.claim, claim.finding, claim.grade))
    assert all(one["sentence"] in shown for one in found.document["parameters"])


def test_a_notebook_shows_the_sentences_and_the_chart(found):
    html = found._repr_html_()
    assert "another drug" in html
    assert "<svg" in html


def test_the_altair_chart_has_three_panels(found):
    assert len(found.chart().to_dict()["vconcat"]) == 3


def test_the_words_for_the_chart_give_its_numbers(found):
    said = chart.alternative(found.courses)
    assert said.count("ng/mL") == 3
    assert "if the hypothesis holds" in said
