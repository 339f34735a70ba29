import html
import json
import re
import subprocess
import sys
from functools import cache
from typing import get_args

import jsonschema
import pytest

from modicum.decision.answer import VerdictCode
from modicum.participants.archetypes import ARCHETYPES
from modicum.reports import paper, render_simulation, simulation_html, simulation_tables, write_simulation
from modicum.reports import simulation_words as spoken
from modicum.reports.charts import simulation as charts
from modicum.reports.sides import ARCHETYPE_WORDS, ENDING_WORDS, sides
from modicum.reports.simulation import print_simulation, view
from modicum.services.documents import document_schema
from modicum.trial.block import EndingCode
from unit.reports.html_pages import (
    assert_colours_are_known,
    assert_headings_have_no_gap,
    assert_needs_nothing,
    assert_policy_holds,
    words,
)
from unit.reports.pdf_files import catalogue, sheets, squashed
from unit.reports.virtual_documents import LONG, WARNING, gallery, opened, plan, row, simulation

GALLERY = gallery()
NAMES = tuple(GALLERY)
PLANS = tuple(name for name in NAMES if name.startswith("plan"))


@cache
def page(name):
    return render_simulation(*GALLERY[name])


@pytest.mark.parametrize("name", NAMES)
def test_the_documents_of_these_tests_have_the_form_of_their_schema(name):
    document, _ = GALLERY[name]
    kind = document["schema"].removeprefix("modicum.").removesuffix("/1")
    jsonschema.validate(json.loads(json.dumps(document)), document_schema(kind))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_needs_no_network_no_script_and_no_style_of_its_own(name):
    assert_needs_nothing(page(name))
    assert_policy_holds(page(name))
    assert_colours_are_known(page(name))
    assert_headings_have_no_gap(page(name))


def test_the_same_document_gives_the_same_bytes():
    assert render_simulation(*gallery()["usual"]) == render_simulation(*gallery()["usual"])


@pytest.mark.parametrize("name", NAMES)
def test_the_page_opens_with_the_finding_and_is_marked_as_virtual(name):
    (h1,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page(name))
    assert words(h1).strip() == spoken.sentence(*GALLERY[name])
    assert "Virtual people" in words(page(name).split("<h1")[0])


@pytest.mark.parametrize("name", NAMES)
def test_what_the_product_is_for_is_said_once(name):
    assert words(page(name)).count("It does not prescribe") == 1


@pytest.mark.parametrize("name", NAMES)
def test_no_number_is_missing_or_endless(name):
    assert not re.search(r"\b(nan|inf|NaN|None)\b", words(page(name)))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_wears_amber_since_no_dose_of_anybody_is_shown(name):
    body = page(name).split("</style>")[1]
    assert not re.search(r'class="[^"]*(?:dose-|placebo)', body)


@pytest.mark.parametrize("name", NAMES)
def test_there_is_one_page_and_no_link_to_another(name):
    assert 'id="patient"' not in page(name)
    assert "<nav" not in page(name)


NOTHING, HELPED = "Of 100 people for whom the drug does nothing,", "Of 100 people whom the drug helps"
SENTENCES = {
    "usual": f"{NOTHING} usual practice calls it a success in 45; the blinded trial in 4.",
    "one-protocol": f"{NOTHING} ldn-crossover calls it a success in 4.",
    "one-archetype": f"{HELPED}, usual practice calls it a success in 90; the blinded trial in 80.",
    "too-little": f"{HELPED} too little to matter, ldn-smallest-dose calls it a success in 4.",
    "one-person": "One virtual person is too few to tell how often a protocol is right.",
    "eight-protocols": f"{NOTHING} usual practice calls it a success in 45; the blinded trials in 4.",
    "same-names": f"{NOTHING} mine 1.0 (1) calls it a success in 4; mine 1.0 (2) in 4; mine 2.0 in 4.",
    "nobody-declared": f"{NOTHING} ldn-crossover calls it a success in none.",
    "plan": "Of 100 people with noise like this, the trial calls a drug that does nothing a success in 4, and one that "
    "helps in 80.",
    "plan-open": "Of 100 people with noise like this, usual practice calls a drug that does nothing a success in 45, "
    "and one that helps in 90.",
    "level-only": "Of 100 people at this level, the trial calls a drug that does nothing a success in 4, and one that "
    "helps in 80.",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_the_finding_is_said_in_plain_words(name):
    assert spoken.sentence(*GALLERY[name]) == SENTENCES[name]


@pytest.mark.parametrize(
    ("archetypes", "ends"),
    [(("none",), "a drug that does nothing a success in 4."), (("emax",), "a drug that helps a success in 80.")],
)
def test_a_plan_of_one_kind_of_response_says_only_that(archetypes, ends):
    one = row("ldn-crossover", archetypes)
    assert spoken.sentence(plan(one), [one]) == f"Of 100 people with noise like this, the trial calls {ends}"


def test_trials_of_different_length_and_success_are_said_from_least_to_most():
    rows = [*opened("usual"), *(row(f"blinded-{k}", p=k / 10, weeks=10.0 * k) for k in range(1, 6))]
    document = simulation(*rows)
    assert spoken.sentence(document, rows).endswith("the blinded trials in 1 to 3.")
    assert "in 10 to 50 by the blinded trials (mean of 7 kinds of response)" in spoken.lead(document, rows)
    assert "12 weeks in usual practice and 10 to 50 in the blinded trials." in spoken.lead(document, rows)


def test_a_reader_is_told_how_far_few_people_can_be_trusted():
    assert "up to 22 in 100 lower or higher" in spoken.note(*GALLERY["few"])
    assert "up to 7 in 100 lower or higher" in spoken.note(*GALLERY["usual"])
    assert "can only be 0 or 100" in spoken.note(*GALLERY["one-line"])


def test_a_share_below_one_in_100_is_not_said_to_be_none():
    one = row("ldn-crossover", ("none",), 1000, p=0.06)
    assert spoken.sentence(simulation(one), [one]).endswith("in fewer than 1.")


@pytest.mark.parametrize("name", NAMES)
def test_every_row_of_every_table_is_as_long_as_its_head(name):
    document, rows = GALLERY[name]
    made = [simulation_tables.numbers(rows), simulation_tables.said(rows), simulation_tables.endings(rows)]
    for table in [*made, simulation_tables.people(document)]:
        assert {len(cells) for cells in table.rows} == {len(table.head)}


@pytest.mark.parametrize("name", ["usual", "eight-protocols", "same-names", "one-protocol"])
def test_the_table_has_a_row_for_each_protocol_and_kind_of_response(name):
    _, rows = GALLERY[name]
    table, archetypes = simulation_tables.numbers(rows), rows[0]["archetypes"]
    assert len(table.rows) == len(rows) * len(archetypes)
    assert list(table.groups) == ([] if len(rows) == 1 else [k * len(rows) for k in range(len(archetypes))])
    assert len({cells[0] for cells in table.rows}) == (len(archetypes) if len(rows) == 1 else len(rows))


def test_every_number_of_the_table_has_its_standard_error():
    _, rows = GALLERY["usual"]
    first = simulation_tables.numbers(rows).rows[0]
    shown = rows[0]["archetypes"][0]
    assert first[1].replace("\u00a0", " ") == f"45.0 ± {100 * shown['declared']['mcse']:.1f}"
    assert first[3] == ""
    assert first[6].replace("\u00a0", " ") == "12.0 ± 0.3"


def test_half_a_week_is_rounded_alike_in_the_chart_and_in_the_table():
    rows = [row("trial", archetypes=("none",))]
    rows[0]["archetypes"][0]["weeks"]["median"] = 34.5
    assert simulation_tables.numbers(rows).rows[0][7] == "35"
    assert charts.WEEKS.said(34.5) == "35"


def test_verdicts_and_endings_are_counted_in_words():
    _, rows = GALLERY["few"]
    assert simulation_tables.said(rows).head[1:] == ("Works", "Cannot tell", "Nothing that matters")
    assert simulation_tables.said(rows).rows[0][1:] == ("9", "11", "0")
    assert simulation_tables.endings(rows).rows[2][1:] == ("20", "0", "0")


def test_every_parameter_of_the_people_has_value_unit_meaning_grade_and_source():
    document, _ = GALLERY["usual"]
    table = simulation_tables.people(document)
    assert len(table.rows) == len(document["people"]["parameters"])
    for cells, one in zip(table.rows, document["people"]["parameters"], strict=True):
        assert cells[1].startswith(f"{one['value']:g} {one['unit']}")
        assert cells[1].endswith(one["says"])
        assert cells[2:] == (one["grade"], "none found" if one["source"] == "assumption" else one["source"])


def test_how_people_differ_in_a_parameter_is_said_with_its_ends():
    cells = {row[0]: row[1] for row in simulation_tables.people(GALLERY["usual"][0]).rows}
    assert cells["Level"] == "6 points (sd 0.7, 4.5 to 8): level without drug"
    assert cells["Hope"].startswith("0.8 points of improvement (sd 0.6, at least 0)")
    assert cells["Onset"].startswith("5 days (sd of its logarithm 0.4)")


@pytest.mark.parametrize("name", ["usual", "plan"])
def test_every_assumption_is_marked_and_counted(name):
    document, _ = GALLERY[name]
    assumed = sum(one["grade"] == "assumption" for one in document["people"]["parameters"])
    assert page(name).count('<span class="tag virtual">assumption</span>') == assumed > 20
    assert f"{assumed} of these {len(document['people']['parameters'])} numbers are assumptions" in words(page(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_page_names_seed_version_and_the_command_that_gives_it_again(name):
    document, _ = GALLERY[name]
    (command,) = re.findall(r"<code>(.*?)</code>", page(name))
    assert html.unescape(re.sub("<[^>]+>", "", command)) == document["command"]
    assert "Seed 1" in words(page(name))
    assert document["version"] in words(page(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_protocol_is_named_with_its_checksum(name):
    for one in GALLERY[name][1]:
        assert one["protocol_sha256"] in page(name)
        assert one["name"] in words(page(name))


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_says_what_was_read_from_the_diary_with_its_intervals(name):
    text = words(page(name))
    assert "Pain, last 24 hours: 14 entries over 14 days." in text
    assert "Sd of what nothing explains 1.25 points 0.50 to 2.00" in text
    assert "What the diary tells of the noise takes the place" in text


def test_a_plan_of_an_open_climb_shows_both_judges_of_the_same_people():
    text = words(page("plan-open"))
    assert "200 virtual people for each kind of response." in text
    assert "ldn-open by eye" in text
    assert "ldn-open by the model" in text
    assert spoken.OPEN in text
    assert spoken.BY_EYE in text


def test_a_plan_of_a_level_alone_says_that_the_noise_is_the_populations():
    text = words(page("level-only"))
    assert "Level without drug, last evening 1.25 points 0.50 to 2.00" in text
    assert "Sd of what nothing explains 1.25 points of the population" in text
    assert spoken.UNREAD in text
    assert spoken.READ not in text
    assert spoken.REPLACED not in text


def test_a_plan_lists_what_to_know_about_the_diary():
    assert WARNING["code"] in words(page("plan-warned"))
    assert f"{WARNING['message']}." in words(page("plan-warned"))
    assert "What to know about this diary" not in words(page("plan"))


def test_where_no_dose_is_right_the_page_says_so_instead_of_drawing():
    assert "No dose truly helps" in words(page("too-little"))
    assert "No dose truly helps" in words(page("only-none"))
    assert "right_dose" not in charts.drawable(GALLERY["only-none"][1])


def test_what_an_open_trial_can_never_show_is_said_only_where_there_is_one():
    assert "drug and hope cannot be told apart" in words(page("usual"))
    assert "drug and hope cannot be told apart" not in words(page("one-protocol"))
    assert "By eye means" not in words(page("one-protocol"))


def test_words_of_others_are_text_and_no_markup():
    rows = [row("<b>bold</b>", ("none",)), row("sound", ("none",))]
    document = simulation(*rows) | {"command": "modicum simulate '<b>bold</b>.toml'", "population": "<i>"}
    text = render_simulation(document, rows)
    assert "<b>bold" not in text
    assert "<i>" not in text


@pytest.mark.parametrize(
    ("known", "codes"),
    [(charts.VERDICTS, get_args(VerdictCode)), (ENDING_WORDS, get_args(EndingCode)), (ARCHETYPE_WORDS, ARCHETYPES)],
)
def test_every_verdict_ending_and_kind_of_response_has_words(known, codes):
    assert set(known) == set(codes)


def test_a_code_without_words_is_shown_as_it_is():
    one = row("ldn-crossover", ("none",), 10)
    one["archetypes"][0] |= {"archetype": "new", "verdicts": {"odd": 10}, "endings": {"strange": 10}}
    text = words(render_simulation(simulation(one), [one]))
    assert "Odd" in text
    assert "Strange" in text
    assert "new" in text


def test_sides_of_one_name_are_told_apart():
    labels = [side.label for side in sides(GALLERY["same-names"][1])]
    assert labels == ["mine 1.0 (1)", "mine 1.0 (2)", "mine 2.0"]
    assert [side.label for side in sides(opened("ldn-open"))] == ["ldn-open by eye", "ldn-open by the model"]
    assert [side.label for side in sides([row("ldn-crossover")])] == ["ldn-crossover"]


@pytest.mark.parametrize("most", [20, 27, 43])
def test_a_long_name_is_cut_in_its_middle_and_keeps_its_judge(most):
    for side in sides(opened(LONG)):
        short = side.label_within(most)
        assert len(short) <= most
        assert short.startswith("a")
        assert short.endswith(side.judge)
    assert sides(opened("short"))[0].label_within(most) == "short by eye"


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_shows_the_finding_and_every_line(name):
    text = simulation_html(*GALLERY[name])
    assert html.unescape(text).count(spoken.sentence(*GALLERY[name])) == 1
    table = simulation_tables.numbers(GALLERY[name][1])
    assert text.count("<tr") == 1 + len(table.rows) + len(table.groups)
    assert "Virtual people" in text
    assert "<script" not in text


@pytest.mark.parametrize("name", ["usual", "plan-warned", "long-names", "one-person"])
def test_on_paper_the_same_is_said_in_a_tagged_pdf(name):
    document, rows = GALLERY[name]
    specs = {key: chart.spec(rows, paper.CHART) for key, chart in charts.drawable(rows).items()}
    pdf, warnings = paper.printed(view(document, rows), specs)
    assert warnings == ()
    assert catalogue(pdf)["/MarkInfo"]["/Marked"].value is True
    whole = squashed(" ".join(sheets(pdf)))
    assert squashed(spoken.sentence(document, rows)) in whole
    assert squashed(spoken.lead(document, rows)) in whole
    for cells in simulation_tables.numbers(rows).rows[:3]:
        assert squashed(cells[1]) in whole
    assert whole.count(squashed("It does not prescribe")) == 1


def test_the_end_of_the_name_says_the_form(tmp_path):
    given = GALLERY["one-line"]
    assert write_simulation(*given, tmp_path / "a.PDF").read_bytes() == print_simulation(*given)
    assert write_simulation(*given, tmp_path / "a.html").read_text(encoding="utf-8") == page("one-line")


def test_writing_the_page_does_not_load_altair_or_typst():
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from unit.reports.virtual_documents import gallery\n"
        "from modicum.reports import render_simulation\n"
        "render_simulation(*gallery()['one-line']); print([m for m in ('altair', 'typst') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
