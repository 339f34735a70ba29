import dataclasses
import io

import pytest
from rich.console import Console

import modicum
import shells_fixtures
from modicum.cli.pairs import read_levels, read_names, read_pairs
from modicum.cli.summary import chance, days, dose_words, number, print_summary


def pairs(*given, commas=True):
    problems = []
    return read_pairs(given, "--map", commas=commas, problems=problems), [problem.value for problem in problems]


def test_pairs_are_read_from_one_use_or_several():
    assert pairs("day=d,dose_mg=x", "pain=p") == ({"day": "d", "dose_mg": "x", "pain": "p"}, [])


def test_a_value_may_hold_an_equals_sign_and_a_comma_where_commas_do_not_separate():
    assert pairs("person=a=b,c", commas=False) == ({"person": "a=b,c"}, [])


@pytest.mark.parametrize("text", ["day", "=d", "day=", "", "day=d,", "day=a,day=b"])
def test_what_is_no_pair_or_given_twice_is_a_problem(text):
    assert len(pairs(text)[1]) == 1


def test_levels_are_doses():
    problems = []
    assert read_levels(["Herbal tea=1,No tea=0"], problems) == {"Herbal tea": 1.0, "No tea": 0.0}
    assert problems == []


@pytest.mark.parametrize("dose", ["x", "-1", "nan", "inf"])
def test_a_level_that_is_no_dose_is_a_problem(dose):
    problems = []
    read_levels([f"tea={dose}"], problems)
    assert [problem.code for problem in problems] == ["MOD-OPT-01"]


def test_names_are_read_once_each_in_their_order():
    assert read_names(["b,a", " a , c,"]) == ("b", "a", "c")


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0, "fewer than 1 in 100"), (0.0049, "fewer than 1 in 100"), (0.5, "50 in 100"), (1, "more than 99 in 100")],
)
def test_a_chance_is_never_said_to_be_certain(probability, words):
    assert chance(probability) == words


def printed(answer) -> str:
    page = io.StringIO()
    print_summary(Console(file=page, width=100, highlight=False), answer)
    return page.getvalue()


@pytest.fixture(scope="module")
def answer():
    text = io.StringIO("\n".join(shells_fixtures.rows()))
    return modicum.analyse(text, outcome="pain", better="lower", range=(0, 10), mcid=1).answer


def test_the_summary_begins_with_the_verdict_and_ends_with_who_decides(answer):
    lines = [line for line in printed(answer).splitlines() if line.strip()]
    assert lines[0].strip() == answer.verdict.sentence
    assert lines[-1].strip() == "Modicum supports the prescriber's decision. It does not prescribe."


def test_a_virtual_patient_is_marked_before_anything_else(answer):
    virtual = dataclasses.replace(answer, diary=dataclasses.replace(answer.diary, virtual=True))
    assert printed(virtual).splitlines()[0].strip() == "Virtual patient"


def test_brackets_in_a_name_are_printed_and_not_taken_for_style(answer):
    odd = dataclasses.replace(answer, question=dataclasses.replace(answer.question, label="Pain [red] [/]"))
    assert "Pain [red] [/]" in printed(odd)


def test_a_treatment_without_a_dose_is_taken_or_not(answer):
    tea = dataclasses.replace(answer.question, dose_unit="", ladder_mg=(1.0,))
    assert dose_words(1.0, tea) == "taken"
    assert dose_words(1.5, answer.question) == "1.5 mg"


def test_where_nobody_was_blinded_effects_are_drug_and_hope_together_and_no_dose_is_the_smallest():
    text = io.StringIO("\n".join(shells_fixtures.rows(blinded=None)))
    open_label = modicum.analyse(text, outcome="pain", better="lower", range=(0, 10), mcid=1).answer
    assert open_label.verdict.code == "open-label"
    assert "drug and hope together" in " ".join(printed(open_label).split())
    assert "Smallest dose" not in printed(open_label)


def test_where_there_was_a_blinded_stretch_effects_are_those_of_the_drug(answer):
    assert "hope" not in printed(answer)
    assert "Smallest dose" in printed(answer)


@pytest.fixture(scope="module")
def unblinded():
    text = io.StringIO("\n".join(shells_fixtures.rows(blinded=None)))
    return modicum.analyse(text, outcome="pain", better="lower", range=(0, 10), mcid=1).answer


@pytest.mark.parametrize("code", ["open-label", "cannot-tell", "harm"])
def test_without_a_blinded_comparison_no_verdict_brings_a_smallest_dose_or_a_drug_that_does_nothing(unblinded, code):
    verdict = dataclasses.replace(unblinded.verdict, code=code)
    text = " ".join(printed(dataclasses.replace(unblinded, verdict=verdict)).split())
    assert "Smallest dose" not in text
    assert "does nothing at all" not in text
    assert "Neither drug nor the hope of it does anything: " in text
    assert "drug and hope together" in text


def test_where_hope_has_a_term_of_its_own_it_is_not_said_to_do_nothing(unblinded):
    with_term = dataclasses.replace(unblinded, expectation=unblinded.doses[0].effect)
    text = " ".join(printed(with_term).split())
    assert "The drug adds nothing to the hope of it: " in text
    assert "if they do anything" in text


def test_where_nothing_is_known_only_verdict_and_counts_are_printed(answer):
    text = printed(dataclasses.replace(answer, uninformative=True))
    assert answer.verdict.sentence in text
    assert "48 rows read; 48 entries used over 48 days." in text
    assert not any(words in text for words in ("Better than", "Smallest dose", "Entries vary", "come and go"))


def test_better_than_none_is_averaged_over_no_effect_like_the_cell_beside_it(answer):
    sure = dataclasses.replace(answer.doses[0], p_better=1.0, p_mcid=0.4)
    row = printed(dataclasses.replace(answer, p_no_effect=0.6, doses=(sure,))).split("1.5 mg    24", 1)[1]
    assert row.splitlines()[0].count("40 in 100") == 2


def test_a_treatment_without_a_dose_is_not_called_a_drug(answer):
    tea = dataclasses.replace(answer, question=dataclasses.replace(answer.question, dose_unit="", ladder_mg=(1.0,)))
    text = " ".join(printed(tea).split()).replace(answer.verdict.sentence, "")
    assert "effect of the treatment against no treatment" in text
    assert "The treatment does nothing at all: " in text
    assert "Smallest dose" not in text


def test_one_of_anything_is_singular(answer):
    one = dataclasses.replace(answer, n_observed=1, n_days=1, diary=dataclasses.replace(answer.diary, rows_read=1))
    assert "1 row read; 1 entry used over 1 day." in printed(one)


@pytest.mark.parametrize(("amount", "words"), [(0.71, "0.7"), (9.94, "9.9"), (9.96, "10"), (43.2, "43")])
def test_days_have_a_decimal_below_ten(amount, words):
    assert days(amount) == words


@pytest.fixture(scope="module")
def noticed():
    header, *rows = shells_fixtures.rows()
    nausea = [2 if row.split(",")[1] == "1.5" and day % 3 else 0 for day, row in enumerate(rows)]
    lines = [f"{row},{grade},0" for row, grade in zip(rows, nausea, strict=True)]
    text = io.StringIO("\n".join([f"{header},side_effect:nausea,side_effect:rash", *lines]))
    asked = {"outcome": ["pain", "sleep"], "primary": "pain", "better": "lower", "range": (0, 10), "mcid": 1}
    return modicum.analyse(text, **asked).answer


def test_side_effects_are_printed_by_dose_with_what_the_top_dose_adds(noticed):
    text = " ".join(printed(noticed).replace("\u00a0", " ").split())
    assert "Side effects: Nausea, entries with it: 0 of 24 without drug, 15 of 24 with 1.5 mg" in text
    assert "By the model, 1.5 mg instead of none: +" in text
    assert "nights in 100 (95 % interval " in text
    assert "Rash: none in 48 entries. Other outcomes:" in text


def test_every_other_outcome_is_printed_in_one_line_without_a_verdict(noticed):
    text = " ".join(printed(noticed).replace("\u00a0", " ").split())
    assert "Other outcomes: sleep (lower is better), 1.5 mg against none: " in text
    line = text.split("Other outcomes: ")[1].split("sleep", 2)[1]
    assert "The drug does nothing at all: " in line
    assert "95 % interval" in line


def test_a_diary_without_side_effects_and_other_outcomes_prints_no_heading_for_them(answer):
    assert "Side effects" not in printed(answer)
    assert "Other outcomes" not in printed(answer)


def test_effects_on_a_chance_are_printed_of_100(answer):
    asked = dataclasses.replace(answer.question, kind="binary", low=0.0, high=1.0, mcid=0.1, unit="in chance")
    text = " ".join(printed(dataclasses.replace(answer, question=asked)).replace("\u00a0", " ").split())
    assert "against no drug, in 100; lower is better, 10 in 100 matters" in text
    assert "Smallest dose that helps by at least 10 in 100: " in text
    assert number(-0.316, asked) == "−32"


def test_thousands_are_marked(answer):
    asked = dataclasses.replace(answer.question, high=1e6, mcid=223932.14)
    assert number(-259052.2, asked) == "−259,052"
    assert "223,932.1 matters" in " ".join(printed(dataclasses.replace(answer, question=asked)).split())
