"""The words: what is said is a probability of the thing stated, never that "the result is true"."""

import re
from dataclasses import replace

import pytest

from modicum.decision.answering import answer
from modicum.decision.words import amount, chances_in_10, in_100, nights_in_100
from modicum.protocol import read_protocol
from virtual_diaries import CROSSOVER, TITRATION, Truth, diary, question

FORBIDDEN = re.compile(r"true|significan|p-value|p =|confiden|effective|%\s*(sure|certain)|we are|!", re.IGNORECASE)


@pytest.fixture(scope="module")
def answers():
    quiet = Truth({4.5: -2.5}, sd=0.9, correlation_days=1.0, onset_days=3.0)
    severe = diary(quiet, CROSSOVER[:4], seed=1)
    return {
        "works": answer(diary(quiet, CROSSOVER, seed=1), question((4.5,))),
        "nothing-that-matters": answer(diary(Truth({}, sd=0.9), CROSSOVER, seed=4), question((4.5,))),
        "open-label": answer(
            diary(Truth({4.5: -4.0}, sd=0.9), CROSSOVER, seed=8, blinded=False), question((4.5,), expectation=False)
        ),
        "cannot-tell": answer(diary(Truth({4.5: -1.0}), TITRATION[:4], seed=10), question()),
        "harm": answer(diary(Truth({4.5: 3.0}, sd=0.9, level=4.0), CROSSOVER, seed=5), question((4.5,))),
        "any": answer(severe, question((4.5,))),
    }


def test_the_verdicts_are_the_ones_asked_for(answers):
    for code, found in answers.items():
        assert code in (found.verdict.code, "any")


def test_nothing_is_said_that_a_probability_does_not_mean(answers):
    for found in answers.values():
        verdict = found.verdict
        for text in (verdict.sentence, verdict.patient_sentence, verdict.what_would_tell, *verdict.reasons):
            assert not FORBIDDEN.search(text), text


def test_each_sentence_is_one_sentence_with_a_capital_and_a_stop(answers):
    for found in answers.values():
        for text in (found.verdict.sentence, found.verdict.patient_sentence):
            assert text[0].isupper() or text[0].isdigit()
            assert text.endswith(".")
            assert re.search(r"\.\s", text) is None


def test_works_names_its_dose_and_says_works(answers):
    assert answers["works"].verdict.sentence == "4.5 mg works."
    assert answers["works"].verdict.patient_sentence == "4.5 mg works for you."


def test_before_its_look_a_crossover_says_that_it_does_not_end_at_one():
    quiet = Truth({4.5: -2.5}, sd=0.9, correlation_days=1.0, onset_days=3.0)
    protocol = read_protocol("ldn-crossover")
    early = answer(diary(quiet, CROSSOVER[:7], seed=1), question((4.5,)), protocol=protocol).verdict
    assert early.code == "cannot-tell"
    assert "this diary does not end there" in early.reasons[-1]


def harmed(odds=1.0):
    """A moderate worsening, judged at these prior odds of no effect; harm stops by its rule whatever they are."""
    kept = diary(Truth({4.5: 2.0}, sd=0.9, level=4.0), CROSSOVER[:5], seed=5)
    asked = question((4.5,))
    return answer(kept, replace(asked, priors=replace(asked.priors, odds_no_effect=odds)))


def test_the_reason_of_harm_says_which_probability_the_rule_looked_at():
    found = harmed()
    dose = found.doses[0]
    assert found.verdict.code == "harm"
    averaged, given = in_100((1 - found.p_no_effect) * dose.p_harm), in_100(dose.p_harm)
    said = f"The chance that 4.5 mg makes it worse by at least 1 point is {averaged}; if the drug does anything, it is"
    assert found.verdict.reasons == (f"{said} {given}. The rule stops from 80 in 100 of these on.",)


def test_harm_is_only_probable_where_its_averaged_chance_is_below_one_half():
    assert harmed().verdict.sentence == "Stop: 4.5 mg makes pain worse."
    doubted = harmed(odds=1e4)
    assert (doubted.verdict.code, doubted.verdict.strength) == ("harm", "probable")
    assert doubted.verdict.sentence == "Stop: 4.5 mg probably makes pain worse."
    assert doubted.verdict.patient_sentence == "Stop: 4.5 mg probably makes you worse."


def nothing(effect, blocks=(0, 4.5, 0, 0, 4.5), ladder=(4.5,), **change):
    found = answer(diary(Truth(effect, sd=0.9, level=4.0), blocks, seed=5), question(ladder, **change))
    assert found.verdict.code == "nothing-that-matters"
    return found


def test_nothing_that_matters_does_not_hide_a_worsening():
    found = nothing({4.5: 1.0}, CROSSOVER)
    dose = found.doses[0]
    chance = in_100((1 - found.p_no_effect) * dose.p_harm)
    assert 0.05 < (1 - found.p_no_effect) * dose.p_harm < 0.8
    ending = f"worse (by 1 point or more: {chance})."
    assert found.verdict.sentence == f"The drug does not help, and may make pain {ending}"
    assert found.verdict.patient_sentence == f"The drug does not help you, and may make you {ending}"
    assert re.search(r"Effect of 4.5 mg against no drug: \+\d", found.verdict.reasons[1])
    assert found.verdict.reasons[2].startswith(
        f"The chance that 4.5 mg makes it worse by at least 1 point is {chance};"
    )


def test_of_several_doses_the_one_that_may_make_it_worse_is_named():
    found = nothing({0.5: 0.0, 4.5: 1.1}, (0, 0.5, 4.5, 0, 4.5, 0.5, 0, 4.5, 0, 4.5, 0.5), (0.5, 4.5))
    assert found.verdict.sentence.startswith("No dose tried helps enough to matter, and 4.5 mg may make pain worse (by")
    assert found.verdict.patient_sentence.startswith("No dose tried helps you enough to matter, and 4.5 mg may make")


def test_an_effect_that_is_surely_harmful_is_told_though_it_is_small():
    found = nothing({4.5: 1.4}, CROSSOVER, mcid=3.0)
    assert found.doses[0].effect.interval95[0] > 0
    assert "may make pain worse (by 3 points or more: fewer than 1 in 100)" in found.verdict.sentence


def test_without_sign_of_a_worsening_the_drug_does_nothing_and_its_top_dose_is_told_all_the_same():
    found = nothing({}, CROSSOVER)
    assert found.verdict.sentence == "The drug does nothing that matters."
    assert found.verdict.patient_sentence == "The drug does nothing for you that matters."
    assert len(found.verdict.reasons) == 3
    assert "4.5 mg makes it worse by at least 1 point is" in found.verdict.reasons[2]


def test_open_label_says_that_hope_is_not_told_apart(answers):
    assert "cannot be told from hope" in answers["open-label"].verdict.sentence
    assert any("drug and hope together" in reason for reason in answers["open-label"].verdict.reasons)


def test_chances_are_natural_frequencies(answers):
    assert any(re.search(r"\b\d+ in 100\b", reason) for reason in answers["works"].verdict.reasons)


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "fewer than 1 in 100"),
        (0.0099, "fewer than 1 in 100"),
        (0.01, "1 in 100"),
        (0.495, "50 in 100"),
        (0.99, "99 in 100"),
        (0.9901, "more than 99 in 100"),
        (1.0, "more than 99 in 100"),
    ],
)
def test_a_probability_is_said_in_100_and_never_as_certainty(probability, said):
    assert in_100(probability) == said


def test_chances_to_come_are_said_in_10():
    assert [chances_in_10(p) for p in (0.0, 0.1, 0.84, 0.97)] == [
        "less than 1 chance in 10",
        "about 1 chance in 10",
        "about 8 chances in 10",
        "more than 9 chances in 10",
    ]


def test_one_point_is_singular():
    assert amount(1.0, question()) == "1 point"
    assert amount(-2.0, question()) == "2 points"
    assert amount(250_000.0, question()) == "250,000 points"


def test_amounts_of_chance_are_said_in_100():
    chances = replace(question(), kind="binary", unit="in chance", mcid=0.1)
    assert amount(-0.1, chances) == "10 in 100"
    assert amount(0.025, chances) == "2.5 in 100"


@pytest.mark.parametrize(
    ("chance", "said"), [(-0.0004, "0"), (0.0, "0"), (-0.004, "−0.4"), (0.05, "5"), (-0.228, "−23")]
)
def test_nights_in_100_have_no_minus_before_nothing(chance, said):
    assert nights_in_100(chance) == said
