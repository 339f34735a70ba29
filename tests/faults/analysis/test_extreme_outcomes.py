"""Diaries at the edge whose outcome is not Gaussian: every figure is finite, every chance a chance, every run alike."""

import resource
import warnings
from itertools import pairwise

import numpy as np
import pytest

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.outcomes.fitting import fit_points
from modicum.analysis.outcomes.link import link_priors
from modicum.analysis.outcomes.link_posterior import LinkPosterior
from modicum.analysis.question import Question
from modicum.analysis.schedule import schedule_of
from modicum.analysis.side_effects import model_side_effect, step_design
from modicum.decision.answering import answer
from modicum.decision.document import document
from modicum.records.diary import Diary

KINDS = ("binary", "poisson", "negative-binomial", "ordinal")
TOP = {"binary": 1.0, "poisson": 1e6, "negative-binomial": 1e6, "ordinal": 4.0}
ENTRIES, POINTS = 28, 1024
EVENING = 20.0 / 24.0
LADDER = np.array([1.5, 4.5])


def question(kind, high=None):
    high, mcid = high or TOP[kind], 0.15 if kind == "binary" else 0.5
    return Question(
        outcome="score",
        label="Score",
        unit="points",
        better="lower",
        low=0.0,
        high=high,
        mcid=mcid,
        ladder_mg=(4.5,),
        priors=link_priors(kind, 0.0, high, mcid, np.zeros(0)),
        kind=kind,
    )


def diary(score, time=None, **columns):
    time = np.arange(len(score)) + EVENING if time is None else np.asarray(time, float)
    day = np.floor(time + 2 / 24).astype(int)
    block = (day - day[0]) // 14
    return Diary(
        time_days=time,
        received_days=time,
        dosing_day=day,
        dose_mg=np.where(block % 2 == 1, 4.5, 0.0),
        blinded=(block > 0).astype(float),
        scores={"score": np.asarray(score, float)},
        virtual=True,
        **columns,
    )


def usual(kind, entries=ENTRIES):
    rng = np.random.default_rng(20240611)
    if kind == "binary":
        return (rng.random(entries) < 0.3).astype(float)
    return rng.integers(0, 5, entries).astype(float) if kind == "ordinal" else rng.poisson(2.0, entries).astype(float)


def fitted(kind, score, time=None, points=POINTS, high=None):
    kept = diary(score, time)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        found = fit_points(question(kind, high), kept, schedule_of(kept), Assumptions(), points)
        return found, figures(found)


def figures(found: LinkPosterior):
    """Everything that is reported of a dose, checked for what holds whatever the diary."""
    out = []
    for one in (found.effect(0), found.effect(0, expectation=True), found.link_effect(0), found.level_without_drug()):
        assert one.sd >= 0
        for interval in (one.interval50, one.interval80, one.interval95):
            assert interval[0] <= interval[1]
            out += interval
        out += [one.mean, one.sd]
    chances = [found.p_no_effect(), found.p_benefit(0.0, 0), found.p_benefit(found.question.mcid, 0)]
    first, none = found.first_to_reach(np.array([True]))
    assert first.sum() + none == pytest.approx(1.0)
    for chance in (*chances, *first, none):
        assert 0.0 <= chance <= 1.0
    noise = found.noise
    times = [noise.onset_days, noise.correlation_days, noise.sd, noise.overdispersion]
    out += [value for one in times if one is not None for value in (one.mean, one.sd, *one.interval95)]
    out = np.array([*out, *chances, *first, none, *found.standard_error()])
    assert np.isfinite(out).all()
    return out


@pytest.mark.parametrize("kind", KINDS)
def test_all_answers_at_the_bottom(kind):
    found, _ = fitted(kind, np.zeros(ENTRIES))
    assert abs(found.link_effect(0).mean) < found.link_effect(0).sd


@pytest.mark.parametrize("kind", KINDS)
def test_all_answers_at_the_top(kind):
    found, _ = fitted(kind, np.full(ENTRIES, TOP[kind]))
    assert abs(found.link_effect(0).mean) < found.link_effect(0).sd


@pytest.mark.parametrize("kind", KINDS)
def test_one_entry_alone(kind):
    _, one = fitted(kind, [1.0])
    assert len(one)


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_at_all_gives_the_prior_back(kind):
    found, _ = fitted(kind, np.full(ENTRIES, np.nan))
    assert found.p_no_effect() == pytest.approx(0.5, abs=0.01)
    assert found.link_effect(0).mean == pytest.approx(0.0, abs=0.1 * found.link_effect(0).sd)
    assert found.link_effect(0).sd == pytest.approx(found.question.priors.top_dose_sd, rel=0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_one_answer_of_each(kind):
    score = np.full(ENTRIES, np.nan)
    score[[5, 20]] = 0.0, 1.0
    fitted(kind, score)


@pytest.mark.parametrize("kind", KINDS)
def test_two_entries_at_one_moment(kind):
    time = np.repeat(np.arange(ENTRIES // 2) + EVENING, 2)
    fitted(kind, usual(kind), time)


@pytest.mark.parametrize("kind", KINDS)
def test_all_entries_at_one_moment(kind):
    fitted(kind, usual(kind, 12), np.full(12, EVENING))


@pytest.mark.parametrize("kind", KINDS)
def test_huge_and_tiny_gaps(kind):
    time = EVENING + np.cumsum(np.tile([1e-6, 400.0], 6))
    fitted(kind, usual(kind, 12), time)


@pytest.mark.parametrize("kind", ["poisson", "negative-binomial"])
def test_one_count_of_a_million(kind):
    score = usual(kind)
    score[20] = 1e6
    fitted(kind, score)


@pytest.mark.parametrize("high", [2.0, 10.0])
def test_an_ordinal_scale_of_which_one_category_is_used(high):
    found, _ = fitted("ordinal", np.ones(ENTRIES), high=high)
    assert found.link_effect(0).mean == pytest.approx(0.0, abs=found.link_effect(0).sd)


@pytest.mark.parametrize("entries", [31, 62])
def test_an_ordinal_scale_of_thirty_one_categories_each_used_once_or_twice(entries):
    score = np.random.default_rng(1).permutation(np.arange(entries) % 31).astype(float)
    found, _ = fitted("ordinal", score, high=30.0, points=1024)
    assert found.points.effective > 20


def test_scores_that_nobody_gave_are_not_said_of_days_without_drug():
    score = np.where(np.arange(ENTRIES) // 14 % 2 == 1, 1.0, np.arange(ENTRIES) % 4)
    found, _ = fitted("ordinal", score, high=30.0)
    raw = score[np.arange(ENTRIES) // 14 % 2 == 1].mean() - score[np.arange(ENTRIES) // 14 % 2 == 0].mean()
    assert found.effect(0).mean == pytest.approx(raw, abs=0.7)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_diary_gives_the_same_answer_bit_for_bit(kind):
    once, again = (fitted(kind, usual(kind))[1] for _ in range(2))
    assert once.tobytes() == again.tobytes()


def test_entries_that_are_far_from_day_0_change_nothing():
    time = np.arange(ENTRIES) + EVENING
    (near, _), (far, _) = fitted("binary", usual("binary"), time), fitted("binary", usual("binary"), time + 20_000)
    assert far.effect(0).mean == pytest.approx(near.effect(0).mean, abs=1e-6)


@pytest.mark.parametrize("kind", ["binary", "poisson"])
def test_four_hundred_days_take_little_memory_and_keep_enough_points(kind):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found, _ = fitted(kind, usual(kind, 400), points=4096)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kilobytes
    assert found.points.effective > 100
    assert found.effect(0).interval95[0] < 0.0 < found.effect(0).interval95[1]


@pytest.mark.parametrize(("kind", "value"), [("binary", 0.0), ("binary", 1.0), ("ordinal", 4.0), ("poisson", 0.0)])
def test_a_diary_that_is_always_the_same_gets_no_verdict(kind, value):
    tree = document(answer(diary(np.full(ENTRIES, value)), question(kind)), version="0")
    assert tree["verdict"]["code"] == "cannot-tell"
    assert "Every answer is the same" in tree["verdict"]["reasons"][0]
    assert sum(tree["smallest_effective_dose"]["probabilities"].values()) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("event", [0.0, 1.0])
def test_a_side_effect_that_is_always_or_never_there(event):
    found = side_effect(np.full(ENTRIES, event))
    assert found.usual.mean < 0.2 if event == 0 else found.usual.mean > 0.5
    assert found.ahead is None or 0.0 <= found.ahead.any_in_week.mean <= 1.0


@pytest.mark.parametrize("entries", [1, 2])
def test_a_side_effect_asked_once_or_twice(entries):
    side_effect(np.ones(entries))


def side_effect(event):
    kept = diary(event)
    design = step_design(LADDER, schedule_of(kept), kept.time_days, kept.dosing_day, event)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        found = model_side_effect(design, LADDER, 1.5)
        again = model_side_effect(design, LADDER, 1.5)
    assert found == again
    for one in (found.usual, found.fading_days, *(dose.attributable for dose in found.doses)):
        assert np.isfinite([one.mean, one.sd, *one.interval95]).all()
    assert all(
        -1.0 <= dose.attributable.interval95[0] <= dose.attributable.interval95[1] <= 1.0 for dose in found.doses
    )
    if found.ahead is not None:
        assert all(0.0 <= p <= 1.0 for p in found.ahead.nights)
        assert all(np.isfinite(pair).all() for pair in pairwise(found.ahead.nights))
    return found
