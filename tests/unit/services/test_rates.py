"""What is said of a drug that ends most events, and of one that does nothing, at every usual rate."""

import numpy as np
import pytest

import modicum
from modicum.analysis.assumptions import Assumptions
from modicum.analysis.estimation import fit, level_without_drug
from modicum.analysis.schedule import schedule_of
from modicum.decision.finding import facts_of
from modicum.decision.judging import judge
from modicum.records.diary import Diary
from modicum.services.asking import ask
from modicum.services.options import Options

DAYS = 140


def kept(kind, usual, factor, seed):
    """Four blinded pairs after a run-in; the drug multiplies the usual rate."""
    rng = np.random.default_rng(seed)
    day = np.arange(DAYS)
    dose = np.where((day // 14) % 2 == 1, 4.5, 0.0)
    rate = np.where(dose > 0, usual * factor, usual)
    score = rng.poisson(rate) if kind == "count" else rng.random(DAYS) < rate
    return Diary(
        time_days=day + 20 / 24,
        received_days=day + 20 / 24,
        dosing_day=day,
        dose_mg=dose,
        blinded=np.where(day < 14, 0.0, 1.0),
        scores={"attacks": score.astype(float)},
        virtual=True,
    )


def asked(kind, usual):
    return {"outcome": "attacks", "kind": kind, "better": "lower", "mcid": usual / 4}


def judged(kind, usual, factor, seed=1):
    """Verdict, effect and P(no effect), without the table and the outlook, which say nothing of these."""
    diary, options = kept(kind, usual, factor, seed), asked(kind, usual)
    question = ask(Options(outcomes=(options.pop("outcome"),), **options), None, diary).questions[0]
    found = fit(question, diary, schedule_of(diary), Assumptions(expectation=question.expectation))
    level = level_without_drug(found).mean
    code = judge(found, facts_of(found, diary, None, level=level)).code
    return code, found.doses[0].effect.mean, found.p_no_effect()


RATES = [("count", 0.2), ("count", 1.0), ("count", 20.0), ("binary", 0.3), ("binary", 0.9)]


@pytest.mark.parametrize(("kind", "usual"), RATES)
def test_a_drug_that_ends_most_events_works(kind, usual):
    code, mean, _ = judged(kind, usual, 0.1)
    assert code == "works"
    assert mean == pytest.approx(-0.9 * usual, abs=0.35 * usual)


@pytest.mark.parametrize(("kind", "usual"), RATES)
def test_a_useless_drug_is_not_said_to_work(kind, usual):
    code, _, p_no_effect = judged(kind, usual, 1.0)
    assert code in {"cannot-tell", "nothing-that-matters"}
    assert p_no_effect > 0.3


@pytest.mark.parametrize(("kind", "usual", "factor"), [("count", 0.2, 1.0), ("binary", 0.3, 0.1)])
def test_the_whole_answer_says_the_same(kind, usual, factor):
    whole = modicum.analyse(kept(kind, usual, factor, 1), **asked(kind, usual)).document
    code, mean, p_no_effect = judged(kind, usual, factor)
    assert whole["verdict"]["code"] == code
    assert whole["doses"][0]["mean"] == pytest.approx(mean, abs=0.1 * whole["doses"][0]["sd"])
    assert whole["p_no_effect"] == pytest.approx(p_no_effect, abs=0.01)
