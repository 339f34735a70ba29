"""The chart and the page on clinicians: every number is that of the document, whatever its shape."""

import json

import jsonschema
import pytest

from modicum.reports import clinicians as page
from modicum.reports import clinicians_words as words
from modicum.reports.charts import clinicians as chart
from modicum.reports.theme import dark_spec, web_svg
from modicum.services.documents import document_schema
from unit.reports.clinician_documents import blinded, document, gallery, practice, usual

BOTH = document(usual(), blinded())
NAMES = tuple(gallery())


def layers(spec, kind):
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def texts(spec):
    return [row["t"] for layer in layers(spec, "text") for row in layer["data"]["values"]]


def bars(spec):
    return [row for layer in layers(spec, "rect") for row in layer["data"]["values"]]


@pytest.mark.parametrize("name", NAMES)
def test_a_document_made_for_these_tests_is_of_the_schema(name):
    jsonschema.validate(json.loads(json.dumps(gallery()[name])), document_schema("clinicians"))


@pytest.mark.parametrize("width", [chart.WIDE, chart.NARROW])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_drawn_beyond_the_frame(name, width):
    spec = chart.spec(gallery()[name], width)
    rows = [row for layer in spec["layer"] for row in layer["data"]["values"]]
    assert all(0 <= row["x"] <= spec["width"] and row.get("end", 0) <= spec["width"] for row in rows)
    assert all(0 <= row["y"] <= spec["height"] and row.get("foot", 0) <= spec["height"] for row in rows)
    assert spec["width"] <= width


@pytest.mark.parametrize("width", [chart.WIDE, chart.NARROW])
def test_every_panel_names_its_truth_and_its_numbers(width):
    said = texts(chart.spec(BOTH, width))
    assert said.count("truth") == 6
    for wanted in ("ldn-open by eye", "ldn-smallest-dose", "usual practice", "blinded, unqualified", "0", "50", "100"):
        assert wanted in said
    for truth in chart.TRUTHS:
        assert any(one.endswith(truth) for one in said)
    first = BOTH["practices"][0]["true_shares"][0]["declared"]
    assert any(f"{100 * first['mean']:.0f}" in one and f"{100 * first['range90'][1]:.0f}" in one for one in said)


def test_all_bars_have_one_scale_so_that_every_panel_covers_the_same_area():
    spec = chart.spec(BOTH, chart.WIDE)
    panels = {}
    for row in bars(spec):
        panels.setdefault((row["foot"], row["x"] > 400), []).append(row["foot"] - row["y"])
    assert len(panels) == 6
    areas = [sum(tall) for tall in panels.values()]
    assert max(areas) == pytest.approx(min(areas), rel=0.05)


def test_the_rule_stands_at_the_truth_and_a_bar_at_its_report():
    sure = practice("sure", (0.0, 0.0, 1.0), clinicians=5)
    spec = chart.spec(document(sure), chart.WIDE)
    rules = next(layer for layer in layers(spec, "rule") if "strokeDash" in layer["mark"])["data"]["values"]
    middles = [(row["x"] + row["end"]) / 2 for row in bars(spec)]
    assert middles[0] == pytest.approx(rules[0]["x"])
    assert middles[2] > rules[2]["x"] > rules[1]["x"] > rules[0]["x"]


def test_reports_on_very_many_patients_are_rounded_to_twentieths():
    spec = chart.spec(document(usual(patients=250, clinicians=400)), chart.WIDE)
    assert len({round(row["x"], 3) for row in bars(spec)}) <= chart.MOST_BINS + 1


def test_colour_is_never_the_only_sign_and_amber_is_not_used():
    shown = json.dumps(chart.spec(gallery()["many"], chart.WIDE))
    for spec in (shown, web_svg(json.loads(shown), "words")):
        assert "dose-" not in spec
    assert "open, by the model" in shown


def test_the_title_is_the_finding_and_breaks_before_the_edge():
    for width in (chart.WIDE, chart.NARROW):
        title = chart.titled(BOTH, width, words.sentence(BOTH))["title"]["text"]
        assert " ".join(title) == words.sentence(BOTH)
        assert len(title) > 1


def test_the_words_for_the_chart_give_every_number():
    said = chart.alternative(BOTH)
    assert said.count("90 % of clinicians") == 6
    for row in BOTH["practices"]:
        for one in row["true_shares"]:
            assert f"on average {int(100 * one['declared_unqualified']['mean'] + 0.5)}" in said


def test_the_finding_counts_pairs():
    p = BOTH["practices"][0]["pairs"]["declared"]["p"]
    assert words.sentence(BOTH) == (
        "In usual practice, a drug that helps nobody looks at least as good as one that helps two thirds in "
        f"{int(100 * p + 0.5)} of 100 pairs of clinicians; in the blinded trial in fewer than 1."
    )


def test_several_trials_of_a_kind_are_called_by_name():
    assert "in ldn-open-fast by eye" in words.sentence(gallery()["many"])
    assert "in ldn-crossover" in words.lead(gallery()["many"])


def test_one_clinician_disagrees_with_nobody():
    assert words.sentence(gallery()["one-clinician"]).startswith("One clinician is too few")


def test_assumptions_are_called_so_wherever_they_are_shown():
    html = page.render_clinicians(BOTH)
    assert "No source was found for how clinicians differ" in html
    assert html.count("assumption</span>") > 2
    assert "Clinicians who all have the same habits" in page.render_clinicians(gallery()["alike"])


@pytest.mark.parametrize("name", NAMES)
def test_the_page_needs_no_script_and_no_network_and_holds_both_drawings(name):
    html = page.render_clinicians(gallery()[name])
    assert "<script" not in html
    assert 'src="http' not in html
    assert "default-src 'none'" in html
    assert html.count('role="img"') == 2
    assert html == page.render_clinicians(gallery()[name])


def test_the_table_has_a_row_for_each_truth_and_protocol():
    table = page.reports(BOTH)
    assert len(table.rows) == 6
    assert list(table.groups.values()) == [f"The drug helps {truth}" for truth in chart.TRUTHS]
    assert len(page.reports(gallery()["many"]).rows) == 15


@pytest.mark.parametrize("name", ["chart.svg", "chart.png", "chart.pdf", "chart.html"])
def test_the_chart_is_written_in_every_form(tmp_path, name):
    page.write_chart(BOTH, tmp_path / name)
    start = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "html": b"<!doctype html>"}[name.split(".")[1]]
    assert (tmp_path / name).read_bytes().startswith(start)


def test_a_dark_notebook_has_the_same_chart_in_dark_colours():
    assert dark_spec(chart.spec(BOTH, chart.WIDE))["background"] == "#142025"


def test_a_notebook_shows_the_finding_and_the_table():
    html = page.clinicians_html(BOTH)
    assert "pairs of clinicians" in html
    assert html.count("<tr>") >= 6
