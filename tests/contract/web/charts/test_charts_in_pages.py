"""A chart of a page: two drawings, words and a table; no colour of a dose for who is blinded; an engine from here."""

import gzip
import json
import re

import pytest
from django.template.loader import render_to_string

from modicum.foundation.errors import InternalError
from modicum.reports import theme
from modicum.reports.blocks import Key
from modicum.reports.grammar import at, drawing, marks, panel, text
from modicum.reports.tables import Table
from modicum.web.assets import files
from modicum.web.charts import engine
from modicum.web.charts.drawing import draw, tokens, uncoloured
from modicum.web.charts.grids import Grid

TABLE = Table("Entries", ("Day", "Pain"), (("1", "4"), ("2", "5")), best=frozenset({1}))


def spec(named="act"):
    """A chart of two dots, in a colour."""

    def of(width):
        rows = [{"day": 1, "y": 4, "c": theme.colour(named)}, {"day": 2, "y": 5, "c": theme.colour(named)}]
        dots = marks("point", rows, {"x": "day", "y": "y", "color": "c"})
        words = text([{"t": "Pain"}], {"x": at(4), "y": at(-4), "text": "t"})
        return drawing([panel([dots, words], width - 40, 100)])

    return of


def shown(chart):
    return render_to_string("charts/figure.html", {"chart": chart})


def test_a_chart_is_two_drawings_that_say_the_same_and_a_table():
    page = shown(draw("entries", spec(), "Four, then five.", grid=Grid(TABLE), caption="Two evenings."))
    assert re.findall(r'<svg class="chart (\w+)"', page) == ["wide", "narrow"]
    assert page.count('role="img" aria-label="Four, then five."') == 2
    assert "Two evenings.</figcaption>" in page
    assert re.search(r'<tr class="best"><th scope="row">2</th><td class="r num">5</td></tr>', page)
    assert " style=" not in page
    assert "<button" not in page


def test_the_words_of_a_chart_are_no_markup():
    page = shown(draw("entries", spec(), "<b>five</b>", caption="<i>", told=lambda row: "</script>"))
    assert "<b>" not in page
    assert "<i>" not in page
    assert page.count("</script>") == 1


@pytest.mark.parametrize("token", ["dose-1", "dose-soft", "placebo"])
def test_a_chart_for_who_is_blinded_is_refused_in_a_colour_of_a_dose(token):
    with pytest.raises(InternalError, match=token):
        draw("entries", spec(token), "Four, then five.", blinded=True)
    assert "dose" not in draw("entries", spec(), "Four, then five.", blinded=True).drawings


def test_a_key_for_who_is_blinded_holds_no_dose_either():
    with pytest.raises(InternalError, match="placebo"):
        draw("entries", spec(), "Four.", key=[Key("placebo", "placebo")], blinded=True)


@pytest.mark.parametrize("token", ["dose-1", "dose-6", "dose-soft", "placebo"])
def test_a_chart_without_its_colours_of_a_dose_is_fit_for_who_is_blinded(token):
    plain = uncoloured(spec(token)(740))
    assert not [one for one in tokens(plain) if one.startswith(("dose", "placebo"))]
    draw("entries", lambda width: uncoloured(spec(token)(width)), "Four, then five.", blinded=True)


def test_a_table_for_who_is_blinded_has_no_tinted_row():
    page = render_to_string("charts/table.html", {"grid": Grid(TABLE, blinded=True)})
    assert "best" not in page


def test_a_colour_that_is_no_token_is_refused():
    def loud(width):
        return drawing(
            [
                panel(
                    [{**marks("point", [{"x": 1}], {"x": "x"}), "mark": {"type": "point", "color": "#ff0000"}}],
                    width,
                    50,
                )
            ]
        )

    with pytest.raises(InternalError, match="#ff0000"):
        draw("loud", loud, "Loud.")


def test_what_is_read_in_the_browser_names_its_colours_and_says_a_sentence_of_each_mark():
    chart = draw(
        "entries", spec(), "Four, then five.", told=lambda row: f"Day {row['day']}: {row['y']}" if "day" in row else ""
    )
    page = shown(chart)
    held = json.loads(re.search(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)[1])
    dots, words = held["layer"]
    assert [row["told"] for row in dots["data"]["values"]] == ["Day 1: 4", "Day 2: 5"]
    assert dots["encoding"]["tooltip"] == {"field": "told", "type": "nominal"}
    assert "tooltip" not in words["encoding"]
    assert {row["c"] for row in dots["data"]["values"]} == {"--act"}
    assert not re.search(r"#[0-9a-f]{6}", json.dumps(held))
    assert not re.search(r"dose|placebo", json.dumps(held))
    assert f'data-engine="{engine.address()}"' in page


def test_every_colour_of_the_look_has_its_classes_in_the_style_of_charts():
    sheet = files()["web/charts.css"].read_text()
    unused = {"act-hover", "on-act", "stop-soft", "on-stop", "focus"}
    for token in set(theme.palette()) - unused:
        assert f".f-{token}{{fill:var(--{token})}}" in sheet
        assert f".s-{token}{{stroke:var(--{token})}}" in sheet


def test_the_engine_comes_from_here_packed_and_for_ever(world, settings_folder):
    client = world.client("prescriber")
    packed = client.get(engine.address(), headers={"Accept-Encoding": "gzip"})
    plain = client.get(engine.address())
    assert packed["Content-Type"] == plain["Content-Type"] == "text/javascript"
    assert gzip.decompress(packed.content) == plain.content
    assert "immutable" in packed["Cache-Control"]
    assert b"expressionInterpreter" in plain.content
    assert b"vegaEmbed" in plain.content
    assert len(packed.content) < 400_000
    assert engine.made().parent == settings_folder / "charts"


@pytest.fixture
def settings_folder(tmp_path, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "MODICUM_DATA", tmp_path)
    return tmp_path
