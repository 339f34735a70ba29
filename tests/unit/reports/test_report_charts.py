import json
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pytest

from modicum.analysis.estimate import DoseBlock
from modicum.foundation.errors import InternalError
from modicum.reports import charts, theme, wording
from modicum.reports.charts import diary, dose_effect, own_scale, sensitivity, smallest_dose
from modicum.reports.grammar import steps
from modicum.reports.tongue import ENGLISH
from unit.reports.synthetic_answers import build, gallery, question

GALLERY = gallery()
NAMES = tuple(GALLERY)
WIDTHS = (740, 324)


def drawable(answer):
    """The charts that have something to show for this answer."""
    out = []
    if len(diary.observed(answer)[0]):
        out.append(diary)
    if wording.taken(answer):
        out += [dose_effect, smallest_dose]
    if len(sensitivity.effects(answer)) > 1:
        out.append(sensitivity)
    if own_scale.levels(answer):
        out.append(own_scale)
    return out


@cache
def drawn(name, module, width):
    return theme.web_svg(module.spec(GALLERY[name], width), module.alternative(GALLERY[name]))


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314  (drawn here)


def texts(svg):
    return [element.text for element in parsed(svg).iter() if element.tag == "text" and element.text]


def short(spec):
    """A specification with one row of data in each layer: validation does not look at rows."""
    if isinstance(spec, list):
        return [short(part) for part in spec]
    if isinstance(spec, dict):
        return {key: value[:1] if key == "values" else short(value) for key, value in spec.items()}
    return spec


@pytest.mark.parametrize("module", [diary, dose_effect, smallest_dose, sensitivity, own_scale])
def test_every_chart_is_a_valid_specification(module):
    alt.Chart.from_dict(short(module.spec(GALLERY["works"], 324)), validate=True)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_every_chart_fits_its_frame_and_says_its_finding(name, width):
    for module in drawable(GALLERY[name]):
        root = parsed(drawn(name, module, width))
        assert float(root.get("width")) <= width + 1, module.__name__
        assert root.get("role") == "img"
        assert len(root.get("aria-label")) > 20


@pytest.mark.parametrize("name", NAMES)
def test_no_drawing_carries_a_colour_or_a_style_of_its_own(name):
    for module in drawable(GALLERY[name]):
        svg = drawn(name, module, 740)
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb\(| style=", re.sub(r'aria-label="[^"]*"', "", svg))


@pytest.mark.parametrize("name", NAMES)
def test_no_type_in_a_chart_is_smaller_than_12_pixels(name):
    for module in drawable(GALLERY[name]):
        sizes = [float(s) for s in re.findall(r'font-size="([\d.]+)px"', drawn(name, module, 324))]
        assert min(sizes) >= 12


def test_a_colour_that_is_no_token_is_refused():
    spec = json.dumps(dose_effect.spec(GALLERY["works"], 740)).replace(theme.palette()["dose-1"], "#123456")
    with pytest.raises(InternalError, match="#123456"):
        theme.web_svg(json.loads(spec), "A chart in a foreign colour.")


def test_tokens_are_different_colours_so_that_each_has_its_own_class():
    for dark in (False, True):
        assert len(set(theme.palette(dark).values())) >= len(theme.palette(dark)) - (3 if dark else 0)
    assert len(set(theme.palette().values())) == len(theme.palette())
    assert set(theme.palette()) == set(theme.palette(dark=True))


def test_a_dark_chart_keeps_no_light_colour():
    text = str(theme.dark_spec(dose_effect.spec(GALLERY["works"], 740)))
    light = set(re.findall(r"#[0-9a-f]{6}", text)) - set(theme.palette(dark=True).values())
    assert not light


def test_the_theme_can_be_enabled_for_altair():
    theme.enable()
    assert alt.theme.active == "modicum"
    alt.theme.enable("default")


def test_a_ladder_keeps_the_order_of_the_ramp():
    for rungs in range(1, 13):
        tokens = list(theme.dose_tokens([float(d) for d in range(1, rungs + 1)]).values())
        assert tokens == sorted(tokens)
        assert len(set(tokens)) == min(rungs, 6)


def test_the_alternative_of_the_dose_effect_has_every_number():
    answer = GALLERY["works"]
    words = dose_effect.alternative(answer)
    for dose in wording.taken(answer):
        assert wording.dose(answer.question, dose.dose_mg) in words
        assert wording.signed(answer.question, dose.effect.mean) in words
        assert wording.span(answer.question, dose.effect.interval95) in words
        assert ENGLISH.chance(dose.p_mcid) in words


def test_the_alternative_of_the_smallest_dose_has_counts_that_add_up_to_100():
    for name in ("works", "cannot-tell", "twelve-doses", "harm"):
        counts = [int(c) for c in re.findall(r"(?:mg|dose) (\d+)", smallest_dose.alternative(GALLERY[name]))]
        assert sum(counts) == 100, name


def test_the_alternative_of_the_diary_says_what_was_taken_and_how_it_ran():
    words = diary.alternative(GALLERY["works"])
    assert "160 entries" in words
    assert "placebo from day 28" in words
    assert "1.5\u00a0mg from day 42" in words
    assert "6.0" in words


def test_the_patient_reads_both_numbers_of_the_scale():
    answer = GALLERY["works"]
    shown = own_scale.levels(answer)
    for width in WIDTHS:
        words = texts(drawn("works", own_scale, width))
        assert wording.plain(answer.question, shown.without) in words
        assert wording.plain(answer.question, shown.with_drug) in words


def test_an_answer_that_cannot_tell_shows_a_range_and_no_single_level():
    answer = GALLERY["cannot-tell"]
    shown = own_scale.levels(answer)
    words = texts(drawn("cannot-tell", own_scale, 294))
    assert wording.plain(answer.question, shown.with_drug) not in words
    assert any(" to " in word for word in words)


@pytest.mark.parametrize("width", [638, 294])
@pytest.mark.parametrize("level", [0.0, 0.4, 5.0, 9.7, 10.0])
@pytest.mark.parametrize("effect", [-3.0, -0.1, 0.0, 0.1, 3.0])
def test_labels_of_the_scale_stay_inside_the_frame(level, effect, width):
    answer = build("works", effects={0.5: effect, 1.5: effect, 3.0: effect}, level=level, sensitivity=())
    drawing = parsed(theme.web_svg(own_scale.spec(answer, width), "x"))
    assert float(drawing.get("width")) <= width + 1


def test_one_mark_is_one_of_100():
    for name in ("works", "cannot-tell", "twelve-doses"):
        spec = smallest_dose.spec(GALLERY[name], 740)
        ticks = [layer for layer in spec["layer"] if layer["mark"]["type"] == "point"]
        assert sum(len(layer["data"]["values"]) for layer in ticks) == 100


def test_a_dose_that_was_not_taken_has_no_interval():
    spec = dose_effect.spec(GALLERY["works"], 740)
    rules = [layer for layer in spec["layer"] if layer["mark"]["type"] == "rule" and "x2" in layer["encoding"]]
    assert rules
    assert all(
        {row["name"] for row in layer["data"]["values"]} == {"0.5\u00a0mg", "1.5\u00a0mg", "3\u00a0mg"}
        for layer in rules
    )
    assert "not taken" in texts(drawn("works", dose_effect, 740))


@pytest.mark.parametrize(("name", "words"), [("works", "1\u00a0point less"), ("zero-to-one", "0.1 more")])
def test_the_difference_that_matters_is_named_on_its_side(name, words):
    assert any(text.startswith(words) for text in texts(drawn(name, dose_effect, 740)))
    answer = GALLERY[name]
    rules = [layer for layer in dose_effect.spec(answer, 740)["layer"] if layer["mark"].get("strokeDash")]
    assert [row["v"] for row in rules[0]["data"]["values"]] == [answer.question.sign * answer.question.mcid]


def test_zero_and_the_difference_that_matters_are_always_in_view():
    for name in NAMES:
        if not wording.taken(GALLERY[name]):
            continue
        rule = next(la for la in dose_effect.spec(GALLERY[name], 740)["layer"] if la["mark"]["type"] == "rule")
        low, high = rule["encoding"]["x"]["scale"]["domain"]
        assert low < 0 < high
        assert low < GALLERY[name].question.sign * GALLERY[name].question.mcid < high


def test_blinded_days_without_drug_are_placebo_and_open_ones_are_no_drug():
    answer = GALLERY["works"]
    held = [diary.content(answer, block) for block in answer.blocks]
    assert held[0] == "no drug"
    assert held[2] == "placebo"
    opened = [diary.content(GALLERY["open-label"], block) for block in GALLERY["open-label"].blocks]
    assert opened[0] == "no drug"
    assert "placebo" not in texts(drawn("open-label", diary, 740))


def test_entries_marked_as_blinded_make_a_block_placebo():
    answer = GALLERY["works"]
    block = DoseBlock(start_days=-0.1, end_days=13.9, dose_mg=0.0, announced=0.0, phase="run-in")
    blinded = np.where(answer.diary.time_days < 13.9, 1.0, 0.0)
    assert not diary.is_placebo(answer, block)
    assert diary.is_placebo(replace(answer, diary=replace(answer.diary, blinded=blinded)), block)


def test_ten_years_are_shown_as_means_that_account_for_every_entry():
    answer = GALLERY["ten-years"]
    dots, days = diary.points(answer)
    times, scores = diary.observed(answer)
    assert days == 14
    assert len(dots) <= diary.MOST_POINTS
    assert min(dot["low"] for dot in dots) == scores.min()
    assert max(dot["high"] for dot in dots) == scores.max()
    assert len(times) == answer.n_observed


def test_a_short_diary_is_shown_entry_by_entry():
    dots, days = diary.points(GALLERY["works"])
    assert days == 0
    assert len(dots) == GALLERY["works"].n_observed


def test_a_gap_in_the_course_breaks_its_line():
    answer = GALLERY["works"]
    course = answer.course
    keep = (course.time_days < 40) | (course.time_days > 70)
    cut = {name: getattr(course, name)[keep] for name in vars(course)}
    layers = diary.spec(replace(answer, course=replace(course, **cut)), 740)["vconcat"][0]["layer"]
    line = next(la for la in layers if la["mark"]["type"] == "line")
    broken = [row for row in line["data"]["values"] if row["mean"] is None]
    assert [40 < row["day"] < 70 for row in broken] == [True]


def test_entries_that_were_set_aside_are_not_drawn():
    answer = GALLERY["works"]
    opioid = (answer.diary.time_days > 100).astype(float)
    cut = replace(answer, diary=replace(answer.diary, opioid=opioid))
    assert max(dot["day"] for dot in diary.points(cut)[0]) < 100


def test_a_band_ends_at_the_edge_of_the_scale_and_a_line_breaks_there():
    answer = build("works", level=9.9, effects={0.5: 0.6, 1.5: 0.6, 3.0: 0.6}, sensitivity=())
    layers = diary.spec(answer, 740)["vconcat"][0]["layer"]
    band = next(la for la in layers if la["mark"]["type"] == "area")["data"]["values"]
    line = next(la for la in layers if la["mark"]["type"] == "line")["data"]["values"]
    assert max(row["high"] for row in band) == 10
    assert any(row["mean"] is None for row in line)
    assert "clip" not in theme.web_svg(diary.spec(answer, 740), "x")


def test_scores_outside_the_instrument_widen_the_frame():
    answer = GALLERY["works"]
    scores = {"pain": np.where(answer.diary.time_days < 2, 14.0, answer.diary.scores["pain"])}
    spec = diary.spec(replace(answer, diary=replace(answer.diary, scores=scores)), 740)
    point = next(la for la in spec["vconcat"][0]["layer"] if la["mark"]["type"] == "point")
    assert point["encoding"]["y"]["scale"]["domain"] == [0, 14.0]


def test_only_doses_wear_amber():
    nothing = build("cannot-tell", schedule=(("run-in", 20, 0.0, 0.0),), effects={}, sensitivity=())
    for module in (diary, dose_effect):
        assert not re.search(r'class="[^"]*dose-', theme.web_svg(module.spec(nothing, 740), "x"))
    amber = re.findall(r'<text[^>]*class="[^"]*dose-', drawn("works", dose_effect, 740))
    assert not amber


def test_the_chart_of_an_answer_is_an_altair_chart_in_the_look():
    chart = charts.chart(GALLERY["one-row"])
    assert isinstance(chart, alt.VConcatChart)
    assert theme.web_svg(chart.to_dict(validate=False), "Both charts.").startswith("<svg")


@pytest.mark.parametrize(
    ("low", "high", "most"), [(0, 10, 6), (0, 100, 6), (0, 1, 6), (-3.2, 2.1, 8), (0, 7, 11), (1, 5, 11)]
)
def test_steps_are_round_and_few(low, high, most):
    got = steps(low, high, most)
    assert 2 <= len(got) <= most
    assert got[0] >= low - 1e-9
    assert got[-1] <= high + 1e-9
    assert len({round(b - a, 9) for a, b in pairwise(got)}) == 1


@pytest.mark.parametrize("doses", range(1, 13))
def test_one_to_twelve_doses_are_drawn(doses):
    ladder = tuple(float(d) for d in range(1, doses + 1))
    schedule = (("run-in", 7, 0.0, 0.0), *(("titration", 7, d, 0.5) for d in ladder))
    answer = build(
        "works",
        asked=question(ladder),
        schedule=schedule,
        effects=dict.fromkeys(ladder, -1.2),
        dose_mg=1.0,
        sensitivity=(),
    )
    rows = texts(theme.web_svg(dose_effect.spec(answer, 324), "x"))
    assert sum(text.endswith("mg") for text in rows) == doses


@pytest.mark.parametrize("width", WIDTHS)
def test_a_label_longer_than_its_chart_is_cut_and_said_in_full_beside_it(width):
    asked = question(label="w" * 300, unit="u" * 60, low_label="l" * 200, high_label="h" * 200)
    answer = build("works", asked=asked)
    for module in drawable(answer):
        root = parsed(theme.web_svg(module.spec(answer, width), module.alternative(answer)))
        assert float(root.get("width")) <= width + 1, module.__name__
    assert "w" * 300 in diary.alternative(answer)


def test_a_chart_of_many_doses_is_no_taller_than_it_must_be():
    def height(count):
        doses = tuple(round(0.1 * k, 1) for k in range(1, count + 1))
        schedule = tuple(("", 2, dose, 1.0) for dose in doses)
        answer = build("open-label", asked=question(doses), schedule=schedule, effects={}, dose_mg=None)
        return float(parsed(theme.web_svg(dose_effect.spec(answer, 740), "x")).get("height"))

    assert height(12) > 12 * 34
    assert 59 * 16 <= height(59) <= 59 * 16 + 80


def values_of(spec, key):
    """Every value of this name in the data of a specification."""
    if isinstance(spec, dict):
        return [spec.get(key)] + [found for item in spec.values() for found in values_of(item, key)]
    return [found for item in spec for found in values_of(item, key)] if isinstance(spec, list) else []


def test_charts_of_a_chance_are_drawn_of_100_like_their_words():
    asked = question(low=0.0, high=1.0, mcid=0.1, kind="binary", unit="in chance", label="Headache")
    answer = build("works", asked=asked)
    effect = wording.shown(answer, wording.focus(answer)).mean
    for module in (dose_effect, sensitivity):
        means = [mean for mean in values_of(module.spec(answer, 740), "mean") if isinstance(mean, float)]
        assert any(mean == pytest.approx(100 * effect) for mean in means)
        assert not any(mean == pytest.approx(effect) for mean in means)
    assert "in 100" in dose_effect.alternative(answer)
    assert own_scale.alternative(answer).startswith("On your scale from 0 to 100, the chance of headache was about ")
