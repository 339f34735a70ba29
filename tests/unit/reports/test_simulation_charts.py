import re
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree

import altair as alt
import pytest

from modicum.reports import theme
from modicum.reports.charts import NARROW, WIDE
from modicum.reports.charts import simulation as charts
from modicum.reports.sides import archetypes, sides
from unit.reports.virtual_documents import gallery, opened, row

GALLERY = {name: rows for name, (_, rows) in gallery().items()}
NAMES = tuple(GALLERY)
WIDTHS = (WIDE, NARROW)


@cache
def drawn(name, chart, width):
    one = charts.drawable(GALLERY[name])[chart]
    return theme.web_svg(one.spec(GALLERY[name], width), one.alternative(GALLERY[name]))


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314  (drawn here)


def texts(svg):
    return [element.text for element in parsed(svg).iter() if element.tag == "text" and element.text]


def layers(spec, kind):
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def rows_of(spec, kind, *fields):
    """Data of the layers of one kind of mark that have all of these fields."""
    values = [row for layer in layers(spec, kind) for row in layer["data"]["values"]]
    return [row for row in values if all(field in row for field in fields)]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_every_chart_fits_its_frame_in_legible_type_and_says_its_finding(name, width):
    for chart in charts.drawable(GALLERY[name]):
        svg = drawn(name, chart, width)
        root = parsed(svg)
        assert float(root.get("width")) <= width + 1, chart
        assert root.get("role") == "img"
        assert len(root.get("aria-label")) > 20
        assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)) >= 12
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb\(| style=", re.sub(r'aria-label="[^"]*"', "", svg))


@pytest.mark.parametrize("chart", ["declared", "right_dose", "weeks", "verdicts"])
def test_every_chart_is_a_valid_specification(chart):
    for width in WIDTHS:
        alt.Chart.from_dict(charts.drawable(GALLERY["few"])[chart].spec(GALLERY["few"], width), validate=True)


@pytest.mark.parametrize("name", NAMES)
def test_there_is_a_mark_for_every_protocol_under_every_kind_of_response(name):
    spec = charts.DECLARED.spec(GALLERY[name], WIDE)
    marks = rows_of(spec, "point", "v")
    assert len(marks) == len(GALLERY[name]) * len(archetypes(GALLERY[name]))
    assert len({mark["y"] for mark in marks}) == len(marks)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("chart", [charts.DECLARED, charts.RIGHT_DOSE, charts.WEEKS])
def test_every_mark_lies_within_its_interval_and_both_within_the_axis(name, chart):
    if not chart.drawable(GALLERY[name]):
        return
    spec = chart.spec(GALLERY[name], WIDE)
    low, high = layers(spec, "point")[0]["encoding"]["x"]["scale"]["domain"]
    ends = {bar["y"]: (bar["v"], bar["end"]) for bar in rows_of(spec, "rule", "v", "end") if bar["end"] <= high}
    for mark in rows_of(spec, "point", "v"):
        assert low <= mark["v"] <= high
        if mark["y"] in ends:
            assert ends[mark["y"]][0] <= mark["v"] <= ends[mark["y"]][1]


def test_a_share_of_nobody_has_a_bar_all_the_same():
    rows = [row("ldn-crossover", ("none",), 20, p=0.0)]
    (bar,) = [bar for bar in rows_of(charts.DECLARED.spec(rows, WIDE), "rule", "end") if bar["v"] != bar["end"]][:1]
    assert bar["v"] == 0
    assert bar["end"] == pytest.approx(16.1, abs=0.1)


def test_one_person_tells_nothing_of_how_lengths_vary():
    spec = charts.WEEKS.spec(GALLERY["one-line"], WIDE)
    assert len(rows_of(spec, "point", "v")) == 1
    assert len([bar for bar in layers(spec, "rule") if "x2" in bar["encoding"]]) == 0


def test_a_trial_in_which_everybody_knew_is_hollow_and_a_blinded_one_filled():
    hollow, filled = theme.colour("ground"), theme.colour("act")
    marks = rows_of(charts.DECLARED.spec(GALLERY["usual"], WIDE), "point", "v")[:3]
    assert [mark["fill"] for mark in marks] == [hollow, hollow, filled]
    assert marks[0]["stroke"] != marks[1]["stroke"]


def test_eight_protocols_have_eight_marks_and_both_judges_of_one_share_theirs():
    shapes = [side.shape for side in sides(GALLERY["eight-protocols"])]
    assert len(set(shapes)) == 8
    assert shapes[0] == shapes[1]
    assert shapes[2] == shapes[3]


@pytest.mark.parametrize("chart", ["declared", "verdicts"])
def test_lines_are_named_where_there_is_room_and_explained_by_a_key_where_there_is_none(chart):
    wide, narrow = (texts(drawn("usual", chart, width)) for width in WIDTHS)
    assert wide.count("ldn-open by eye") == 8
    assert narrow.count("ldn-open by eye") == 1


def test_one_protocol_needs_no_name_beside_its_lines():
    for width in WIDTHS:
        assert "ldn-crossover" not in texts(drawn("one-protocol", "declared", width))
        assert "Does nothing" in texts(drawn("one-protocol", "declared", width))


def test_long_names_are_told_apart_by_what_is_left_of_them():
    for width in WIDTHS:
        shown = [text for text in texts(drawn("long-names", "declared", width)) if "…" in text]
        assert len(set(shown)) == 3
        assert any(text.endswith("by eye") for text in shown)


@pytest.mark.parametrize("name", NAMES)
def test_the_parts_of_a_bar_make_100_and_leave_no_gap(name):
    spec = charts.CHARTS[-1].spec(GALLERY[name], WIDE)
    bars = {}
    for part in rows_of(spec, "rect", "v"):
        bars.setdefault(part["heart"], []).append(part)
    assert len(bars) == len(GALLERY[name]) * len(archetypes(GALLERY[name]))
    for parts in bars.values():
        parts.sort(key=lambda part: part["v"])
        assert parts[0]["v"] == 0
        assert parts[-1]["end"] == pytest.approx(100)
        assert all(a["end"] == pytest.approx(b["v"]) for a, b in pairwise(parts))


def test_red_is_for_a_stop_alone():
    assert [code for code, (fill, _) in charts.VERDICTS.items() if fill == "stop"] == ["harm"]


def test_numbers_on_a_chart_are_people_of_100_or_weeks():
    said = charts.DECLARED.said
    assert [said(value) for value in (0, 0.3, 12.5, 99.7, 100)] == ["0", "<1", "13", ">99", "100"]
    assert charts.WEEKS.said(0.3) == "0"


def test_the_finding_in_words_has_every_number_of_a_small_chart():
    words = charts.DECLARED.alternative(GALLERY["few"])
    assert "Does nothing: ldn-open by eye 45 (26 to 66); ldn-open by the model 0 (0 to 16); ldn-crossover 5" in words
    assert "ldn-crossover works 80, cannot tell 10, nothing that matters 10" in charts.CHARTS[-1].alternative(
        GALLERY["few"]
    )


def test_the_finding_in_words_of_a_large_chart_leads_to_the_table():
    words = charts.DECLARED.alternative(GALLERY["eight-protocols"])
    assert words.endswith(
        "for 10 protocols and judges and 8 kinds of response. The table on this page has every number."
    )


def test_nobody_who_is_only_helped_too_little_has_a_right_dose():
    assert list(charts.drawable(GALLERY["too-little"])) == ["declared", "weeks", "verdicts"]
    assert list(charts.drawable(GALLERY["usual"])) == ["declared", "right_dose", "weeks", "verdicts"]


@pytest.mark.parametrize("name", ["usual", "only-none", "one-line", "plan"])
def test_all_charts_and_the_key_of_the_last_stand_under_each_other_in_a_notebook(name):
    chart = charts.chart(GALLERY[name])
    assert isinstance(chart, alt.VConcatChart)
    document = chart.to_dict(validate=False)
    assert len(document["vconcat"]) == len(charts.drawable(GALLERY[name])) + 1
    assert theme.web_svg(document, "All charts.").startswith("<svg")


def test_a_dark_notebook_keeps_no_light_colour():
    spec = theme.dark_spec(charts.CHARTS[-1].spec(opened("ldn-open"), WIDE))
    light = set(re.findall(r"#[0-9a-f]{6}", str(spec))) - set(theme.palette(dark=True).values())
    assert not light
