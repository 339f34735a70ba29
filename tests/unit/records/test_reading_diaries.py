import io
from types import SimpleNamespace

import numpy as np
import pytest

from modicum.foundation.errors import DiaryError, OptionsError
from modicum.records import read_diary
from modicum.records.problems import Code


def item(name, low=0.0, high=10.0, sum_of=(), kind="gaussian"):
    return SimpleNamespace(name=name, low=low, high=high, sum_of=sum_of, kind=kind)


def protocol(*items, covariates=(), primary=None, side_effects=()):
    drug = SimpleNamespace(ladder_mg=(1.0,), dose_time="22:00")
    asked = tuple(SimpleNamespace(name=name) for name in side_effects)
    return SimpleNamespace(outcomes=items, drug=drug, covariates=covariates, side_effects=asked, primary=primary)


def read(text, **options):
    return read_diary(io.StringIO(text), **options)


def refusals(text, error=DiaryError, **options):
    with pytest.raises(error) as raised:
        read(text, **options)
    return [(problem.code, problem.where) for problem in raised.value.problems]


def codes(found):
    return [problem.code for problem in found]


def test_every_column_lands_in_its_field():
    diary = read(
        "day,dose_mg,planned_mg,pain,steps,blinded,announced,guess,guess_reason,phase,rescue,side_effect:headache,"
        "opioid,stopped,red_flag,virtual\n"
        "0,0,0,6,1200,TRUE,0.5,0.25,Side-Effect,run-in,1,2,no,0,false,yes\n"
        "1,1,1,NA,null,,,,,,, ,,,,\n",
        outcomes=["pain"],
    )
    first = {
        "dose_mg": 0, "planned_mg": 0, "blinded": 1, "announced": 0.5, "guess": 0.25, "guess_reason": "side-effect",
        "phase": "run-in", "rescue": 1, "opioid": 0, "stopped": 0, "red_flag": 0,
    }  # fmt: skip
    assert {name: getattr(diary, name)[0] for name in first} == first
    assert diary.scores["pain"][0] == 6
    assert diary.covariates["steps"][0] == 1200
    assert diary.side_effects["headache"][0] == 2
    assert diary.virtual
    second = [
        diary.scores["pain"],
        diary.covariates["steps"],
        diary.blinded,
        diary.rescue,
        diary.side_effects["headache"],
    ]
    assert all(np.isnan(column[1]) for column in second)
    assert (diary.phase[1], diary.guess_reason[1]) == ("", "")


def test_columns_that_are_not_there_are_none():
    diary = read("day,dose_mg,pain\n0,0,6\n")
    absent = (diary.planned_mg, diary.blinded, diary.announced, diary.guess, diary.phase, diary.rescue, diary.opioid)
    assert absent == (None,) * 7
    assert not diary.virtual


@pytest.mark.parametrize("cell", ["abc", "1e999", "inf", "-Infinity", "1_000", "5.5.5", "٣", "0x10", "true", "--1"])
def test_an_outcome_that_is_no_finite_number_is_a_problem(cell):
    assert refusals(f"day,pain\n0,1\n1,{cell}\n", outcomes=["pain"]) == [
        (Code.NUMBER.value, "open file, line 3, column pain")
    ]


@pytest.mark.parametrize("cell", ["", " ", "NA", "na", "NaN", "null", "NULL"])
def test_missing_is_written_in_any_of_these_ways(cell):
    assert np.isnan(read(f"day,pain\n0,{cell}\n", outcomes=["pain"]).scores["pain"][0])


def test_numbers_are_read_in_every_plain_form():
    text = "day,pain\n" + "".join(f"0,{cell}\n" for cell in (" 5 ", "+5", "5.", ".5", "5e0", "-0.5E1"))
    assert read(text, outcomes=["pain"]).scores["pain"].tolist() == [5, 5, 5, 0.5, 5, -5]


def test_a_value_outside_the_range_is_a_problem_and_its_ends_are_not():
    text = "day,pain\n0,0\n1,10\n2,10.5\n3,-1\n"
    assert refusals(text, outcomes=["pain"], ranges={"pain": (0, 10)}) == [
        (Code.RANGE.value, "open file, line 4, column pain"),
        (Code.RANGE.value, "open file, line 5, column pain"),
    ]
    assert codes(read(text, ranges={"pain": (0, None)}, skip_bad_rows=True).refused) == [Code.RANGE.value]


def test_the_range_of_the_protocol_holds_unless_another_is_given():
    text = "day,pain\n0,50\n"
    assert [code for code, _ in refusals(text, protocol=protocol(item("pain")))] == [Code.RANGE.value]
    assert read(text, protocol=protocol(item("pain")), ranges={"pain": (0, 100)}).scores["pain"].tolist() == [50]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("announced", "1.2", Code.RANGE),
        ("guess", "-0.1", Code.RANGE),
        ("guess", "60", Code.RANGE),
        ("side_effect:headache", "4", Code.RANGE),
        ("side_effect:headache", "1.5", Code.RANGE),
        ("blinded", "maybe", Code.FLAG),
        ("opioid", "2", Code.FLAG),
        ("guess_reason", "dream", Code.WORD),
        ("rescue", "some", Code.NUMBER),
        ("received_at", "soon", Code.TIME),
    ],
)
def test_a_cell_that_its_column_cannot_hold_is_a_problem(column, cell, code):
    assert refusals(f"day,{column}\n0,\n1,{cell}\n") == [(code.value, f"open file, line 3, column {column}")]


def test_all_problems_are_said_at_once_in_the_order_of_the_file():
    text = 'day,dose_mg,pain\n0,-1,99\n1,0,x\n2,0\n?,0,1\n4,0,"5,5"\n3,0,1\n'
    assert refusals(text, outcomes=["pain"], ranges={"pain": (0, 10)}) == [
        (Code.NEGATIVE_DOSE.value, "open file, line 2, column dose_mg"),
        (Code.RANGE.value, "open file, line 2, column pain"),
        (Code.NUMBER.value, "open file, line 3, column pain"),
        (Code.RAGGED.value, "open file, line 4"),
        (Code.TIME.value, "open file, line 5, column day"),
        (Code.DECIMAL_COMMA.value, "open file, line 6, column pain"),
        (Code.BACKWARDS.value, "open file, line 7"),
    ]


def test_a_row_with_two_problems_is_refused_once_and_says_both():
    diary = read("day,dose_mg,pain\n0,-1,99\n1,0,5\n", ranges={"pain": (0, 10)}, skip_bad_rows=True)
    (refused,) = diary.refused
    assert (refused.code, Code.RANGE.value in refused.message) == (Code.NEGATIVE_DOSE.value, True)
    assert (diary.rows_read, len(diary)) == (2, 1)


def test_line_numbers_hold_after_empty_lines_and_quoted_line_breaks():
    text = 'day,note,pain\n\n0,"two\nlines",1\n\n1,,x\n'
    assert refusals(text, outcomes=["pain"]) == [(Code.NUMBER.value, "open file, line 6, column pain")]


def test_a_sum_is_made_of_its_parts_and_missing_where_one_is():
    plan = protocol(item("total", 0, 20, ("a", "b")), item("a"), item("b"))
    diary = read("day,a,b\n0,1,2\n1,3,\n", protocol=plan)
    assert np.array_equal(diary.scores["total"], [3, np.nan], equal_nan=True)
    assert sorted(diary.scores) == ["a", "b", "total"]


def test_a_sum_of_parts_that_are_no_items_themselves_is_made_too():
    assert read("day,a,b\n0,1,2\n", protocol=protocol(item("total", 0, 20, ("a", "b")))).scores["total"].tolist() == [3]


def test_a_sum_outside_its_range_is_a_problem():
    plan = protocol(item("total", 0, 12, ("a", "b")), item("a"), item("b"))
    assert refusals("day,a,b\n0,1,2\n1,9,9\n", protocol=plan) == [(Code.RANGE.value, "open file, line 3")]


def test_a_sum_in_the_file_that_differs_from_its_parts_is_warned_of():
    plan = protocol(item("total", 0, 20, ("a", "b")), item("a"), item("b"))
    diary = read("day,a,b,total\n0,1,2,3\n1,1,2,4\n", protocol=plan)
    assert diary.scores["total"].tolist() == [3, 3]
    assert codes(diary.warnings).count(Code.SUM.value) == 1


def test_a_sum_without_its_parts_is_read_itself():
    plan = protocol(item("total", 0, 20, ("a", "b")), item("a"), item("b"))
    diary = read("day,total\n0,3\n", protocol=plan)
    assert diary.scores["total"].tolist() == [3]
    assert Code.ITEM_ABSENT.value in codes(diary.warnings)


def test_the_primary_item_must_be_there_unless_another_is_asked_for():
    plan = protocol(item("total", 0, 20, ("a", "b")), item("a"), item("b"), primary="total")
    with pytest.raises(OptionsError) as error:
        read("day,dose_mg,a\n0,0,1\n", protocol=plan)
    (problem,) = error.value.problems
    assert "parts: b" in problem.message
    assert read("day,a\n0,1\n", protocol=plan, outcomes=["a"]).scores["a"].tolist() == [1]


def test_a_binary_item_takes_yes_and_no():
    plan = protocol(item("episode", 0, 1, kind="binary"))
    assert read("day,episode\n0,yes\n1,No\n2,1\n", protocol=plan).scores["episode"].tolist() == [1, 0, 1]


def test_other_numeric_columns_are_covariates_and_the_rest_is_named():
    diary = read("day,pain,steps,flare,note,blank\n0,1,10,yes,ok,\n1,2,,no,,\n", outcomes=["pain"])
    assert diary.covariates["flare"].tolist() == [1, 0]
    assert diary.covariates["steps"][0] == 10
    (warning,) = [w for w in diary.warnings if w.code == Code.IGNORED.value]
    assert warning.value == "note, blank"


def test_without_outcomes_and_protocol_every_numeric_column_is_an_outcome():
    diary = read("day,pain,fatigue,note\n0,1,2,x\n")
    assert (sorted(diary.scores), diary.covariates) == (["fatigue", "pain"], {})


def test_a_covariate_that_is_asked_for_must_be_valid():
    text = "day,pain,diet\n0,1,good\n1,1,2\n"
    assert refusals(text, outcomes=["pain"], covariates=["diet"]) == [
        (Code.NUMBER.value, "open file, line 2, column diet")
    ]


def test_covariates_made_from_dates_need_no_column():
    assert len(read("time,pain\n2026-02-18,1\n", outcomes=["pain"], covariates=["weekend", "cycle"])) == 1


def test_columns_are_mapped_to_fields_outcomes_and_side_effects():
    diary = read(
        "study_day,melatonin,vas,head\n1,0,5,2\n",
        outcomes=["pain"],
        mapping={"day": "study_day", "dose_mg": "melatonin", "pain": "vas", "side_effect:headache": "head"},
    )
    assert (diary.scores["pain"][0], diary.side_effects["headache"][0], diary.covariates) == (5, 2, {})


def test_a_column_replaced_by_an_option_is_named():
    diary = read("day,dose_mg,pain,vas,mg\n0,x,9,5,1\n", outcomes=["pain"], mapping={"pain": "vas", "dose_mg": "mg"})
    assert (diary.scores["pain"].tolist(), diary.dose_mg.tolist(), diary.covariates) == ([5], [1], {})
    assert [w.value for w in diary.warnings if w.code == Code.IGNORED.value] == ["dose_mg, pain"]


@pytest.mark.parametrize(
    "options",
    [
        {"outcomes": ["Pain"]},
        {"covariates": ["stpes"]},
        {"mapping": {"dose_mg": "dose"}},
        {"mapping": {"dose": "dose_mg"}},
        {"where": {"person": "a"}},
    ],
)
def test_an_option_that_names_what_is_not_there_lists_what_is(options):
    with pytest.raises(OptionsError) as error:
        read("day,dose_mg,pain,steps\n0,0,1,2\n", **options)
    fix = error.value.problems[0].fix
    assert "pain" in fix or "dose_mg" in fix


def test_the_nearest_name_is_suggested():
    with pytest.raises(OptionsError) as error:
        read("day,dose_mg,pain\n0,0,1\n", outcomes=["Pian"])
    assert 'Did you mean "pain"?' in error.value.problems[0].fix


def test_options_are_all_checked_at_once():
    found = refusals("day,pain\n0,1\n", OptionsError, outcomes=["x"], covariates=["y"], mapping={"dose_mg": "z"})
    assert len(found) == 3


@pytest.mark.parametrize("span", [(10, 0), (float("nan"), 1), (1,), "ab", 5])
def test_a_range_that_is_none_is_a_problem(span):
    assert refusals("day,pain\n0,1\n", OptionsError, ranges={"pain": span})[0][0] == Code.OPTION.value


def test_rows_are_chosen_by_value_and_the_others_are_not_read():
    text = "who,day,pain\na,5,1\nb,0,2\na,6,3\nb,1,x\n"
    diary = read(text, outcomes=["pain"], where={"who": "a"})
    assert (diary.rows_read, diary.scores["pain"].tolist()) == (2, [1, 3])


@pytest.mark.parametrize("value", ["c", "", "A"])
def test_a_value_that_no_row_has_is_a_problem_that_lists_the_values(value):
    with pytest.raises(DiaryError) as error:
        read("who,day,pain\na,5,1\nb,0,2\n", where={"who": value})
    (problem,) = error.value.problems
    assert (problem.code, "who: a, b" in problem.fix) == (Code.NONE_CHOSEN.value, True)


def test_a_timed_copy_is_set_aside_and_two_equal_days_are_two_entries():
    timed = read("day,pain\n0.5,1\n0.5,1\n0.5,2\n0.75,1\n0.5,1\n")
    assert (timed.rows_read, len(timed), codes(timed.refused)) == (5, 3, [Code.DUPLICATE.value] * 2)
    assert len(read("day,pain\n0,1\n0,1\n")) == 2
    assert len(read("time,pain\n2026-02-18,1\n2026-02-18,1\n")) == 2


def test_a_row_with_a_time_and_nothing_else_is_a_row():
    assert len(read("day,dose_mg,pain\n0,0,1\n1,,\n")) == 2


def test_one_row_and_a_diary_of_missing_answers_are_read():
    assert len(read("day,dose_mg,pain\n0,0,\n", outcomes=["pain"])) == 1


def test_semicolons_and_tabs_separate_and_decimal_commas_are_warned_of_once():
    for mark in ";\t":
        diary = read(f"day{mark}dose_mg{mark}pain\n0{mark}0,5{mark}5,5\n1{mark}0,5{mark}6.5\n", outcomes=["pain"])
        assert (diary.dose_mg.tolist(), diary.scores["pain"].tolist()) == ([0.5, 0.5], [5.5, 6.5])
        assert codes(diary.warnings) == [Code.COMMAS_READ.value]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_byte_order_marks_are_understood(encoding):
    mark = "\ufeff" if encoding.endswith(("-le", "-be")) else ""
    diary = read_diary((mark + "day,größe\r\n0,1\r\n").encode(encoding))
    assert list(diary.scores) == ["größe"]


def test_latin_1_is_read_with_a_warning():
    diary = read_diary("day,größe\n0,1\n".encode("latin-1"))
    assert (list(diary.scores), diary.warnings[0].code) == (["größe"], Code.LATIN.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_is_one(end):
    assert len(read_diary(f"day,pain{end}0,1{end}1,2{end}".encode())) == 2


def test_columns_that_options_name_and_columns_that_every_diary_needs_are_missed_together():
    with pytest.raises(OptionsError) as caught:
        read("when,treat,score\n1,a,5\n", outcomes=["pain"], covariates=["weather"])
    found = [problem.code for problem in caught.value.problems]
    assert found == ["MOD-DIARY-10", "MOD-DIARY-46", "MOD-DIARY-24", "MOD-DIARY-24"]


def test_a_column_that_an_option_names_in_vain_is_missed_once():
    with pytest.raises(OptionsError) as caught:
        read("when,treat,pain\n1,a,5\n", outcomes=["pain"], mapping={"day": "date", "dose_mg": "dose"})
    assert [problem.value for problem in caught.value.problems] == ["date", "dose"]


def test_without_a_time_the_doses_are_missed_as_well():
    with pytest.raises(DiaryError) as caught:
        read("when,treat,pain\n1,a,5\n", outcomes=["pain"])
    assert [problem.code for problem in caught.value.problems] == ["MOD-DIARY-10", "MOD-DIARY-46"]


def test_a_file_that_is_not_there_is_said_without_words_of_python():
    with pytest.raises(DiaryError) as caught:
        read_diary("none.csv", outcomes=["pain"])
    assert "io." not in caught.value.problems[0].fix


@pytest.mark.parametrize(
    "title", ["side effect: nausea", "Side_Effect:nausea", "SIDE-EFFECTS :nausea", "sideeffect:nausea"]
)
def test_a_side_effect_in_another_spelling_is_read_with_its_severe_grades_and_said(title):
    diary = read(f"day,dose_mg,y,{title}\n0,0,1,3\n1,1,0,0\n", outcomes=["y"])
    assert diary.side_effects["nausea"].tolist() == [3, 0]
    assert [(one.code, one.value) for one in diary.warnings] == [(Code.NEAR_TITLE, title)]


def test_a_side_effect_is_known_by_the_spelling_of_the_protocol():
    text = "day,dose_mg,y,side_effect:Dry Mouth\n0,0,1,3\n"
    diary = read(text, protocol=protocol(item("y"), primary="y", side_effects=["dry_mouth"]))
    assert list(diary.side_effects) == ["dry_mouth"]


@pytest.mark.parametrize(
    "titles",
    ["side_effect:", "Side effect: ", "side_effect:nausea,side effect: nausea"],
)
def test_a_side_effect_without_a_name_or_named_twice_refuses_the_file(titles):
    cells = ",".join("0" for _ in titles.split(","))
    assert refusals(f"day,dose_mg,y,{titles}\n0,0,1,{cells}\n", outcomes=["y"]) == [(Code.HEADER, "open file, header")]


def test_side_effects_are_compared_with_those_that_the_protocol_asks_about():
    plan = protocol(item("y"), primary="y", side_effects=["nausea", "vivid_dreams"])
    diary = read("day,dose_mg,y,side_effect:nausea,side_effect:foo\n0,0,1,0,0\n", protocol=plan)
    assert [(one.code, one.value) for one in diary.warnings] == [
        (Code.NOT_ASKED, "foo"),
        (Code.ITEM_ABSENT, "vivid_dreams"),
    ]


@pytest.mark.parametrize(
    ("title", "field"),
    [("Planned mg", "planned_mg"), ("RED FLAG", "red_flag"), ("side_effect_nausea", "side_effect:NAME"), ("Y", "y")],
)
def test_a_column_with_nearly_the_title_of_a_field_is_not_dropped_in_silence(title, field):
    plan = protocol(item("y"), item("x"), primary="x")
    diary = read(f"day,dose_mg,x,{title}\n0,0,1,0\n", protocol=plan)
    said = [one for one in diary.warnings if one.code == Code.NEAR_TITLE]
    assert [one.value for one in said] == [title]
    assert field in said[0].message


def test_a_day_of_the_week_beside_times_is_not_taken_for_a_near_miss():
    diary = read("time,Day,dose_mg,y\n2026-02-18,3,0,1\n", outcomes=["y"])
    assert diary.warnings == ()


@pytest.mark.parametrize("words", [("yes", "No"), ("TRUE", "FALSE"), ("true", "no")])
def test_an_outcome_whose_answers_are_all_yes_or_no_is_read_as_1_and_0(words):
    diary = read(f"day,dose_mg,y\n0,0,{words[0]}\n1,0,{words[1]}\n2,1,\n", outcomes=["y"], ranges={"y": (0, 1)})
    assert diary.scores["y"][:2].tolist() == [1, 0]


@pytest.mark.parametrize("answers", [("yes", "0.5"), ("yes", "0"), ("ja", "nein"), ("maybe", "1")])
def test_other_words_for_an_answer_are_refused_with_what_to_write(answers):
    with pytest.raises(DiaryError) as raised:
        read(f"day,dose_mg,y\n0,0,{answers[0]}\n1,0,{answers[1]}\n", outcomes=["y"])
    assert raised.value.problems[0].code == Code.NUMBER
    assert ("1 and 0" in raised.value.problems[0].fix) == (answers[1] != "0.5")


def test_a_share_in_percent_is_refused_with_the_number_to_write():
    with pytest.raises(DiaryError) as raised:
        read("day,dose_mg,y\n0,0,75%\n", outcomes=["y"])
    assert raised.value.problems[0].fix.startswith("Write 75 without the sign, or 0.75")


def test_yes_outside_the_range_of_a_scale_is_not_a_score():
    assert [code for code, _ in refusals("day,y\n0,no\n", outcomes=["y"], ranges={"y": (1, 5)})] == [Code.RANGE]
