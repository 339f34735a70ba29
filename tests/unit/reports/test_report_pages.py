import html
import re
import subprocess
import sys
import time
from dataclasses import replace
from functools import cache

import pytest

from modicum.decision.answer import SmallestDose
from modicum.foundation.errors import Problem
from modicum.reports import notebook_html, render, tables, wording, write_report
from modicum.reports.tongue import ENGLISH
from unit.reports.html_pages import (
    assert_colours_are_known,
    assert_headings_have_no_gap,
    assert_needs_nothing,
    assert_policy_holds,
    words,
)
from unit.reports.synthetic_answers import build, gallery, question

GALLERY = gallery()
NAMES = tuple(GALLERY)
VERDICTS = ("works", "works-smaller-too", "nothing-that-matters", "harm", "futile", "open-label", "cannot-tell")


@cache
def document(name):
    return render(GALLERY[name])


def page(name, which):
    """One of the two pages: "prescriber" or "patient"."""
    first, second = document(name).split('<div class="view" id="patient">')
    return second if which == "patient" else first.split('<div class="view" id="prescriber">')[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_report_needs_no_network_and_no_script(name):
    assert_needs_nothing(document(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_policy_names_the_one_style_sheet_and_nothing_else_has_style(name):
    assert_policy_holds(document(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_class_of_a_drawing_has_its_colour(name):
    assert_colours_are_known(document(name))


def test_the_same_answer_gives_the_same_bytes():
    assert render(build("works")) == render(build("works"))


@pytest.mark.parametrize("name", NAMES)
def test_each_page_opens_with_its_sentence(name):
    verdict = GALLERY[name].verdict
    for which, sentence in (("prescriber", verdict.sentence), ("patient", verdict.patient_sentence)):
        (h1,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page(name, which))
        assert words(h1).strip() == sentence


@pytest.mark.parametrize("name", NAMES)
def test_what_the_product_is_for_is_said_once(name):
    assert words(document(name)).count("It does not prescribe") == 1


@pytest.mark.parametrize("name", NAMES)
def test_no_number_on_a_page_is_missing_or_endless(name):
    assert not re.search(r"\b(nan|inf|NaN)\b|\bNone\b(?! of|:)", words(document(name)))


@pytest.mark.parametrize("name", NAMES)
def test_headings_have_no_gap(name):
    for which in ("prescriber", "patient"):
        assert_headings_have_no_gap(page(name, which))


@pytest.mark.parametrize("code", VERDICTS)
def test_the_patient_is_sent_to_the_prescriber_and_told_no_dose_to_take(code):
    text = words(page(code, "patient"))
    assert "your prescriber" in text
    assert not re.search(r"\b(you should|we recommend|we advise|take \d)", text, flags=re.IGNORECASE)


def test_a_patient_who_was_harmed_is_not_told_to_go_on():
    text = words(page("harm", "patient"))
    assert "Do not start, stop or change" not in text
    assert "Talk to your prescriber now" in text


@pytest.mark.parametrize("code", ["works", "works-smaller-too", "cannot-tell", "futile", "nothing-that-matters"])
def test_the_patient_reads_the_other_side_of_the_chance(code):
    text = words(page(code, "patient"))
    assert re.search(r"For the other(s| \d+)", text)


def test_people_who_are_helped_and_the_others_make_100():
    text = words(page("works", "patient"))
    helped, others = re.search(r"for (\d+) of 100 people.*?For the other (\d+)", text).groups()
    assert int(helped) + int(others) == 100


def test_the_prescriber_reads_how_much_and_how_sure():
    answer = GALLERY["works"]
    dose = wording.focus(answer)
    text = words(page("works", "prescriber"))
    assert "about 1.7 points lower (95 % interval −2.6 to −0.8)" in text
    assert f"is {ENGLISH.chance(dose.p_mcid)}" in text


def test_the_effect_table_has_every_dose_and_tints_the_one_that_is_named():
    table = tables.effects(GALLERY["works"])
    assert [row[0] for row in table.rows] == ["0.5\u00a0mg", "1.5\u00a0mg", "3\u00a0mg", "4.5\u00a0mg"]
    assert table.best == {1}
    assert table.rows[3][2] == "not taken"
    assert all(len(row) == len(table.head) for row in table.rows)


@pytest.mark.parametrize("name", NAMES)
def test_every_row_of_every_table_is_as_long_as_its_head(name):
    answer = GALLERY[name]
    builders = [tables.effects, tables.periods, tables.side_effects, tables.variants, tables.secondary, tables.noise]
    for builder in [*builders, tables.priors]:
        table = builder(answer)
        assert {len(row) for row in table.rows} <= {len(table.head)}, builder.__name__


OPEN = tuple(name for name in NAMES if not GALLERY[name].blinded_drug_free)


@pytest.mark.parametrize("name", OPEN)
def test_open_label_names_no_smallest_dose_and_says_drug_or_hope(name):
    for which in ("prescriber", "patient"):
        text = words(page(name, which))
        assert "smallest dose that helps by at least" not in text
        assert "How sure is the smallest dose" not in text
        assert "does nothing at all" not in text
        assert "would do nothing" not in text
        assert "No effect at all" not in text.replace("No effect at all against some effect", "")
        assert "hope" in text
    assert "Is the smallest" not in words(page(name, "prescriber"))


@pytest.mark.parametrize("name", ["open-label-no-term", "open-cannot-tell-no-term", "open-harm-no-term"])
def test_without_a_blinded_comparison_no_effect_is_that_of_neither_drug_nor_hope(name):
    chance = ENGLISH.chance(GALLERY[name].p_no_effect)
    assert f"Neither drug nor the hope of it does anything {chance}" in words(page(name, "prescriber"))


@pytest.mark.parametrize("name", ["open-label", "open-cannot-tell"])
def test_where_hope_has_a_term_of_its_own_no_effect_is_that_the_drug_adds_nothing_to_it(name):
    text = words(page(name, "prescriber"))
    assert f"The drug adds nothing to the hope of it {ENGLISH.chance(GALLERY[name].p_no_effect)}" in text
    assert "does anything" not in text
    assert "Expectation alone" not in text


def test_a_treatment_without_a_dose_keeps_its_own_word_without_a_blinded_comparison():
    text = words(render(replace(GALLERY["no-dose-unit"], blinded_drug_free=False)))
    assert "Neither treatment nor the hope of it does anything 55 in 100" in text
    assert "Treatment or hope together" in text


@pytest.mark.parametrize("name", OPEN)
def test_the_patient_reads_of_hope_before_any_chance(name):
    text = words(page(name, "patient"))
    assert text.index("the drug and the hope of it together") < text.index("of 100 people")


@pytest.mark.parametrize("name", ["constant", "empty"])
def test_a_diary_that_says_nothing_is_shown_with_its_verdict_and_no_number_about_a_dose(name):
    without_periods = re.sub(r"<details>.*?</details>", "", document(name), flags=re.DOTALL)
    text = words(without_periods)
    assert GALLERY[name].verdict.sentence in text
    assert "How this was computed" in text
    assert not re.search(r"\d in 100|of 100 people|95 % interval|helps by|If the model were different", text)
    for head in ("What each dose does", "How sure", "varies from day to day", "Other outcomes", "fitted course"):
        assert head not in text


def test_entries_that_are_all_the_same_are_still_drawn():
    first, second = document("constant").split('<div class="view" id="patient">')
    assert first.count('role="img"') == 2
    assert "fitted course" not in first
    assert 'role="img"' not in second
    assert "Every answer in your diary is the same" in words(second)


def test_the_chance_of_harm_stands_averaged_beside_the_chance_of_help():
    answer = build("harm", effects={0.5: 0.4, 1.5: 0.9, 3.0: 1.9}, p_no_effect=0.4)
    table = tables.effects(answer)
    row = dict(zip(table.head, table.rows[2], strict=True))
    dose = wording.focus(answer)
    assert dose.p_harm > 0.97
    assert row["Worse by 1 or more"] == ENGLISH.chance_short(0.6 * dose.p_harm)
    assert f"is {ENGLISH.chance(0.6 * dose.p_harm)}" in words(render(answer))


def test_both_pages_speak_of_the_dose_that_the_answer_points_to():
    answer = replace(GALLERY["cannot-tell"], focus_mg=1.5, sensitivity=())
    first, second = render(answer).split('<div class="view" id="patient">')
    assert "On 1.5 mg pain is about 0.7 points lower" in words(first)
    assert "With 1.5 mg your pain may have been" in words(second)


def test_the_column_of_the_smallest_dose_rounds_each_chance_by_itself():
    given = {"none": 0.434, "0.5": 0.054, "1.5": 0.434, "3.0": 0.078}
    answer = replace(GALLERY["works"], smallest_dose=SmallestDose(1.5, given))
    column = [row[-1] for row in tables.effects(answer).rows]
    assert column == ["5 in 100", "43 in 100", "8 in 100", ""]


def test_what_was_announced_is_shown_only_where_the_model_looks_at_it():
    assert "Announced chance of the drug" in tables.periods(GALLERY["works"]).head
    assert not any("in 100" in cell for row in tables.periods(GALLERY["no-dose-unit"]).rows for cell in row)


def test_a_variant_with_a_term_for_hope_gives_no_chance_of_neither_drug_nor_hope():
    answer = GALLERY["open-cannot-tell-no-term"]
    hoping = tuple(replace(d, with_expectation=d.effect) for d in answer.sensitivity[0].doses)
    rows = (answer.sensitivity[1], replace(answer.sensitivity[0], change="with expectation", doses=hoping))
    table = tables.variants(replace(answer, sensitivity=rows))
    column = table.head.index("Neither drug nor the hope of it does anything")
    assert [row[column] for row in table.rows] == ["38 in 100", ENGLISH.chance_short(rows[0].p_no_effect), ""]


def test_a_prior_of_one_point_is_singular():
    rows = dict(tables.priors(build("works", asked=question(planned_days=None), sensitivity=())).rows)
    assert rows["Trend over the planned length"] == "normal, mean 0, sd 1\u00a0point"


def test_a_warning_says_what_it_is_about_and_how_much():
    warning = Problem("MOD-ASSUME-08", "dose_mg", "5 days", "no dose is said", "Write 0.")
    assert "dose_mg (5 days)" in words(render(build("works", sensitivity=(), warnings=(warning,))))


def test_one_day_and_one_entry_are_singular():
    text = words(document("one-row"))
    assert "1 entry in 1 day" in text
    assert not re.search(r"\b1 (days|entries|answers|rows|outcomes|variants)\b", text)


def test_without_an_expectation_term_every_page_says_drug_and_hope_together():
    answer = replace(build("cannot-tell", hope=None, p_no_effect=0.4), blinded_drug_free=False)
    first, second = render(answer).split('<div class="view" id="patient">')
    assert "drug and hope together" in words(first)
    assert "the drug and the hope of it together" in words(second)


def test_a_probable_answer_parts_what_is_missing_into_nothing_and_too_little():
    text = words(page("works-probable", "prescriber"))
    assert "the drug would do nothing at all in 31" in text
    assert "something, but too little at every dose, in 15" in text
    assert "through having been noticed" in text


def test_side_effects_are_counted_and_not_attributed():
    text = words(page("works", "prescriber"))
    assert "Counted, not attributed" in text
    assert "11 of 150" in text
    assert "11 of 150 answers, 2 of them moderate or worse" in words(page("works", "patient"))


def test_all_priors_are_printed():
    text = " ".join(" ".join(row) for row in tables.priors(GALLERY["works"]).rows)
    priors = GALLERY["works"].question.priors
    for value in vars(priors).values():
        assert re.search(rf"(?<![\d.]){re.escape(f'{value:.4g}')}(?![\d.])", text), value


def test_rows_refused_are_all_listed_with_their_reason():
    answer = build("works")
    refused = tuple(
        Problem("MOD-DIARY-07", f"row {row}", "x", "the score is not a number", "Give a number.") for row in range(200)
    )
    text = words(render(replace(answer, diary=replace(answer.diary, refused=refused))))
    assert all(f"row {row} (x)" in text for row in range(200))
    assert text.count("The score is not a number.") == 1


def test_what_was_read_can_be_traced():
    text = words(page("works", "prescriber"))
    assert "5f" * 32 in text
    assert "a1" * 32 in text
    assert "diary.csv" in text
    assert "example/" not in text
    assert "the dose of 2 days is not known" in text.lower()
    assert "Roychoudhury" in text


def test_other_outcomes_get_no_verdict_and_are_counted():
    text = words(page("works", "prescriber"))
    assert "2 outcomes were looked at" in text
    assert "get no verdict" in text


def test_a_changed_answer_is_counted_among_the_variants():
    same, other = tables.agreement(GALLERY["works"])
    assert (same, [row.change for row in other]) == (10, ["no autocorrelation"])
    assert "stays the same in 10 of 11 variants" in words(page("works", "prescriber"))


def test_a_virtual_patient_is_marked_and_a_real_one_is_not():
    assert document("works").count('class="tag virtual"') == 2
    assert "Virtual patient" not in words(render(build("works", virtual=False, sensitivity=())))


def test_what_a_file_says_cannot_become_markup():
    answer = build("works", asked=question(label="<b>Pain</b>"), title="<script>alert(1)</script>", sensitivity=())
    text = render(answer)
    assert "<script" not in text
    assert "<b>Pain" not in text
    assert "&lt;script&gt;" in text


def test_amber_is_worn_only_where_a_dose_was_taken():
    nothing = build("cannot-tell", schedule=(("run-in", 20, 0.0, 0.0),), effects={}, sensitivity=())
    body = render(nothing).split("</style>")[1]
    assert not re.search(r'class="[^"]*(dose-|best)', body)


def test_a_report_is_written_where_it_was_asked_for(tmp_path):
    path = write_report(GALLERY["one-row"], tmp_path / "report.html")
    assert path.read_text(encoding="utf-8") == document("one-row")


def test_a_report_takes_at_most_3_seconds_of_work():
    render(GALLERY["one-row"])
    start = time.process_time()
    render(GALLERY["works"])
    assert time.process_time() - start <= 3.0


def test_importing_reports_loads_nothing_heavy():
    code = "import modicum.reports, sys; print([m for m in ('altair', 'vl_convert', 'jinja2') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_drawing_a_report_does_not_load_altair():
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from unit.reports.synthetic_answers import one_row\n"
        "from modicum.reports import render\n"
        "render(one_row()); print('altair' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_shows_the_sentence_and_the_doses(name):
    text = notebook_html(GALLERY[name])
    assert GALLERY[name].verdict.sentence in html.unescape(text)
    assert text.count("<tr") == (0 if GALLERY[name].uninformative else 1 + len(GALLERY[name].doses))
    assert "<script" not in text
    assert " style=" not in text


def test_ten_years_make_a_file_of_less_than_a_megabyte():
    assert len(document("ten-years").encode()) < 1_000_000
