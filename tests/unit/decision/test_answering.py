import json
import re
from dataclasses import replace

import numpy as np
import pandas
import pytest

import modicum
from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Counts
from modicum.analysis.fitting import fit
from modicum.analysis.schedule import schedule_of
from modicum.decision.answering import answer
from modicum.decision.document import document
from modicum.decision.finding import facts_of, too_little_to_gain
from modicum.decision.sensitivity import BELIEF, sensitivity
from modicum.decision.side_effects import side_effects
from modicum.protocol import read_protocol
from virtual_diaries import CROSSOVER, TITRATION, Truth, diary, question

QUIET = Truth({4.5: -2.5}, sd=0.9, correlation_days=1.0, onset_days=3.0)


@pytest.fixture(scope="module")
def found():
    return answer(diary(QUIET, CROSSOVER, seed=1), question((4.5,)))


def changes(answered):
    return [row.change for row in answered.sensitivity]


def test_a_blinded_diary_without_schedule_and_guesses_has_the_rows_that_apply(found):
    assert changes(found) == [
        "no autocorrelation",
        "no white noise",
        "no trend",
        "no carry-over",
        "no expectation",
        "prior half",
        "prior double",
        "odds 1:3",
        "odds 3:1",
    ]


def test_a_schedule_adds_the_doses_taken_and_an_open_diary_puts_expectation_back():
    kept = diary(QUIET, CROSSOVER[:3], seed=2)
    planned = answer(replace(kept, planned_mg=kept.dose_mg), question((4.5,)))
    assert changes(planned)[0] == "dose as taken"
    open_label = answer(replace(kept, blinded=None), question((4.5,), expectation=False))
    assert "with expectation" in changes(open_label)
    assert "no expectation" not in changes(open_label)


def test_prior_odds_only_move_the_weight_of_no_effect(found):
    rows = {row.change: row for row in found.sensitivity}
    assert rows["odds 1:3"].p_no_effect < found.p_no_effect < rows["odds 3:1"].p_no_effect
    assert rows["odds 1:3"].doses[0].effect == found.doses[0].effect


def guessed(kept, reason, block_days=14):
    """Certain of the drug, for this reason, early in every block of it; told apart from placebo at once."""
    guess = np.full(len(kept), np.nan)
    reasons = [""] * len(kept)
    block = kept.dosing_day // block_days
    for b in np.unique(block[block > 0]):
        at = np.flatnonzero(block == b)[3]
        guess[at] = 0.98 if kept.dose_mg[at] > 0 else 0.02
        reasons[at] = reason
    return replace(kept, guess=guess, guess_reason=tuple(reasons))


def test_an_effect_that_belief_explains_is_qualified():
    """Certainty from side effects follows the drug wholly; in long blocks belief can stand for all of its effect."""
    truth = replace(QUIET, effect={4.5: -1.4}, sd=0.8)
    kept = diary(truth, CROSSOVER[:5], seed=3, block_days=42)
    belief = answer(guessed(kept, "side-effect", 42), question((4.5,)))
    assert belief.verdict.code == "works"
    assert belief.verdict.qualified
    assert "perhaps through having noticed the drug" in belief.verdict.sentence
    assert {row.change: row for row in belief.sensitivity}[BELIEF].verdict_code not in ("works", "works-smaller-too")


def test_certain_and_right_guesses_for_side_effects_qualify_in_short_blocks_too():
    """A belief that moves with the drug takes the onset of the drug: no other could be told from it."""
    kept = diary(replace(QUIET, effect={4.5: -1.6}), (0, *[4.5, 0, 0, 4.5] * 3), seed=5, block_days=7)
    found = answer(guessed(kept, "side-effect", 7), question((4.5,)))
    assert found.verdict.code == "works"
    assert found.verdict.qualified


def agreed(effect, block_days, p_agree):
    """The answer of a crossover with this threshold on a drug noticed by a side effect, and the belief-adjusted row."""
    protocol = read_protocol("ldn-crossover")
    protocol = protocol.model_copy(update={"rules": protocol.rules.model_copy(update={"p_agree": p_agree})})
    kept = diary(replace(QUIET, effect={4.5: effect}, sd=0.8), CROSSOVER, seed=3, block_days=block_days)
    answered = answer(guessed(kept, "side-effect", block_days), question((4.5,)), protocol=protocol)
    assert answered.verdict.code == "works"
    return answered, {row.change: row for row in answered.sensitivity}[BELIEF]


def test_p_agree_lowers_what_the_belief_adjusted_row_must_reach_and_nothing_else():
    strict, row = agreed(-2.0, 21, None)
    p_better = row.doses[0].p_better
    assert p_better < 0.975
    assert row.doses[0].p_mcid_given_effect > 0.5
    assert (row.verdict_code, strict.verdict.qualified) == ("cannot-tell", True)
    enough, agreeing = agreed(-2.0, 21, p_better - 1e-9)
    assert (agreeing.verdict_code, enough.verdict.qualified) == ("works", False)
    assert [other for other in enough.sensitivity if other.change != BELIEF] == [
        other for other in strict.sensitivity if other.change != BELIEF
    ]
    words = {name: getattr(strict.verdict, name) for name in ("sentence", "patient_sentence")}
    assert replace(enough.verdict, qualified=True, **words) == strict.verdict


def test_p_agree_is_asked_of_the_belief_adjusted_row_alone():
    """Where no probability reaches p_better, "works" is said by the one row that p_agree is for, if it reaches that."""
    kept = guessed(
        diary(replace(QUIET, effect={4.5: -2.0}, sd=0.8), CROSSOVER, seed=3, block_days=21), "side-effect", 21
    )
    posterior = fit(question((4.5,)), kept, schedule_of(kept), Assumptions(), Counts().scaled(0.5))
    facts = facts_of(posterior, kept, None)

    def working(p_agree):
        rules = facts.rules.model_copy(update={"p_better": 2.0, "p_agree": p_agree})
        rows = sensitivity(posterior, kept, replace(facts, rules=rules))
        return [row.change for row in rows if row.verdict_code == "works"], rows

    p_better = {row.change: row for row in working(None)[1]}[BELIEF].doses[0].p_better
    assert [working(p)[0] for p in (None, p_better - 1e-9, p_better + 1e-9)] == [[], [BELIEF], []]


def test_a_benefit_that_matters_is_asked_of_the_belief_adjusted_row_all_the_same():
    found, row = agreed(-1.4, 42, 0.1)
    assert row.doses[0].p_better > 0.1
    assert row.doses[0].p_mcid_given_effect < 0.5
    assert found.verdict.qualified


def test_guesses_that_were_given_for_benefit_change_nothing():
    kept = diary(QUIET, CROSSOVER, seed=3)
    benefit = answer(guessed(kept, "benefit"), question((4.5,)))
    row = {row.change: row for row in benefit.sensitivity}[BELIEF]
    assert row.doses[0].effect.mean == pytest.approx(benefit.doses[0].effect.mean, abs=0.02)
    assert not benefit.verdict.qualified


def test_without_guesses_the_reader_is_told_that_belief_could_not_be_checked(found):
    assert found.verdict.code == "works"
    assert any("No guess" in reason for reason in found.verdict.reasons)


def test_cannot_tell_says_what_would_tell_and_how_that_was_computed():
    short = answer(diary(Truth({4.5: -1.0}), CROSSOVER[:3], seed=4), question((4.5,)))
    assert short.verdict.code == "cannot-tell"
    assert "more weeks of 4.5 mg against placebo" in short.verdict.what_would_tell
    assert "closed form" in short.verdict.what_would_tell


def test_what_blinded_weeks_would_tell_is_foreseen_for_the_drug_without_hope():
    """Where the term of expectation is off an open effect may be all hope, and the outlook may not count on it."""
    kept = diary(replace(QUIET, effect={4.5: -3.0}), (0, 4.5, 4.5, 4.5), seed=4, blinded=False)
    verdicts = [
        answer(replace(kept, blinded=None), question((4.5,), expectation=expectation)).verdict
        for expectation in (False, True)
    ]
    assert verdicts[0].code == "open-label"
    working = [int(re.search(r"\((\d) that it works", verdict.what_would_tell)[1]) for verdict in verdicts]
    assert abs(working[0] - working[1]) <= 1
    assert working[0] < 9


def test_other_outcomes_are_estimated_and_get_no_verdict():
    kept = diary(QUIET, CROSSOVER, seed=5)
    kept = replace(kept, scores=kept.scores | {"sleep": 10 - kept.scores["pain"]})
    both = answer(kept, question((4.5,)), secondary=[question((4.5,), outcome="sleep", better="higher")])
    assert both.outcomes_looked_at == 2
    assert both.secondary[0].doses[0].effect.mean > 0
    assert not hasattr(both.secondary[0], "verdict")


def test_side_effects_are_counted_by_the_dose_in_force():
    kept = diary(QUIET, CROSSOVER[:2], seed=6, missing=0.0)
    severity = np.where(kept.dose_mg > 0, 1.0, 0.0)
    severity[0] = np.nan
    counted = answer(replace(kept, side_effects={"vivid_dreams": severity}), question((4.5,))).side_effects[0]
    assert (counted.asked, counted.events, counted.severe) == (27, 14, 0)
    assert counted.by_dose == ((0.0, 13, 0), (4.5, 14, 14))


def test_with_less_to_gain_than_matters_the_diary_cannot_tell_and_says_why():
    kept = diary(Truth({}, level=0.3, sd=0.6), CROSSOVER, seed=4, rounded=False)
    kept = replace(kept, scores={"pain": np.abs(kept.scores["pain"])})
    verdict = answer(kept, question((4.5,))).verdict
    assert verdict.code == "cannot-tell"
    assert verdict.sentence.endswith("cannot tell: there is less to gain than the smallest difference that matters.")
    assert re.match(
        r"Without the drug there is 0\.\d+ points to gain on average, less than 1 point,", verdict.reasons[0]
    )
    assert verdict.what_would_tell == ""


def test_a_rare_event_that_no_drug_could_lessen_by_the_mcid_is_warned_of():
    """Attacks on 5 of 84 nights without, on none of 56 with, and a difference of 1 in 10 asked for."""
    nights = (*CROSSOVER, 0)
    dose = np.repeat(nights, 14)
    attack = np.zeros(140)
    attack[np.flatnonzero(dose == 0)[[3, 20, 37, 54, 71]]] = 1.0
    rows = {"day": range(140), "dose_mg": dose, "attack": attack, "blinded": np.arange(140) >= 14}
    found = modicum.analyse(pandas.DataFrame(rows), outcome="attack", kind="binary", better="lower", mcid=0.1)
    assert found.answer.verdict.code == "cannot-tell"
    assert "MOD-ASSUME-14" in [warning.code for warning in found.answer.warnings]
    said = found.answer
    facts = facts_of(said.posterior, said.diary, None, level=said.level_without_drug.mean)
    assert too_little_to_gain(said.question, facts)
    assert not too_little_to_gain(replace(said.question, mcid=0.02), facts), "a fiftieth could be gained"


def next_step(blocks, ladder, **change):
    """The dose of the next step up after these blocks; None where the last was the top of the ladder."""
    kept = diary(QUIET, blocks, seed=6, missing=0.0)
    kept = replace(kept, side_effects={"headache": (np.arange(len(kept)) % 5 == 0).astype(float)})
    kept = replace(kept, **{name: value(kept) for name, value in change.items()})
    posterior = fit(question(ladder), kept, schedule_of(kept), Assumptions(), Counts().scaled(0.5))
    ahead = side_effects(kept, posterior, None)[0].model.ahead
    return None if ahead is None else ahead.dose_mg


def test_the_next_step_starts_from_the_last_dose_assigned():
    def forgotten(kept):
        return np.where(np.arange(len(kept)) == len(kept) - 1, 0.0, kept.dose_mg)

    assert next_step((0, 0.5, 1.5), (0.5, 1.5, 3.0)) == 3.0
    assert next_step((0, 1.5, 3.0), (0.5, 1.5, 3.0), planned_mg=lambda kept: kept.dose_mg, dose_mg=forgotten) is None
    assert next_step((0, 4.5, 0), (4.5,)) is None
    assert next_step((0, 0), (4.5,)) == 4.5


def test_no_step_is_taken_from_a_dose_assigned_after_an_opioid():
    def opioid(kept):
        return (kept.dosing_day == 30).astype(float)

    assert next_step((0, 0.5, 0.5, 4.5), (0.5, 1.5, 4.5), opioid=opioid) == 1.5


def test_the_document_is_strict_json_of_the_agreed_form(found):
    tree = document(found, version="0")
    text = json.dumps(tree, allow_nan=False)
    assert json.loads(text) == tree
    assert tree["schema"] == "modicum.result/1"
    assert set(tree["smallest_effective_dose"]["probabilities"]) == {"none", "4.5"}
    assert "components" not in tree["likelihood"]


def test_the_document_lists_doses_never_taken_as_never_the_smallest():
    tree = document(answer(diary(QUIET, CROSSOVER[:3], seed=9), question()), version="0")
    chances = tree["smallest_effective_dose"]["probabilities"]
    assert set(chances) == {"none", "0.5", "1.5", "3.0", "4.5"}
    assert chances["0.5"] == chances["3.0"] == 0.0
    assert chances["4.5"] > 0


def test_the_document_lists_at_most_64_components_when_asked():
    asked = answer(diary(QUIET, TITRATION, seed=7), question(), likelihood_components=True)
    tree = document(asked, version="0", with_components=True)
    assert 1 < len(tree["likelihood"]["components"]) <= 64
    assert tree["likelihood"]["components_error_sd"] < 0.02


def test_a_diary_under_a_protocol_without_phase_column_takes_its_announcements_by_time():
    protocol = read_protocol("ldn-crossover")
    kept = replace(diary(QUIET, CROSSOVER, seed=8), blinded=None)
    found = answer(kept, question((4.5,)), protocol=protocol)
    assert found.blinded_drug_free
    assert found.blocks[0].announced == 0.0
    assert {block.announced for block in found.blocks[1:]} == {0.5}


def test_the_course_lies_in_its_bands_and_ends_with_the_diary(found):
    course = found.course
    assert np.all((course.low95 <= course.low50) & (course.low50 <= course.high50) & (course.high50 <= course.high95))
    assert np.all((course.low95 < course.mean) & (course.mean < course.high95))
    assert course.time_days[-1] == pytest.approx(found.diary.time_days[-1])
    assert course.without_drug[-1] > course.mean[-1]
