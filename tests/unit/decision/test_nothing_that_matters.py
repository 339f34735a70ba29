"""The chance that no dose matters: worked out where its cheap bounds leave it open, and of one verdict with them."""

from dataclasses import replace

import numpy as np
import pytest

from judged_diaries import judged, quiet
from modicum.analysis.assumptions import Assumptions
from modicum.analysis.inference import Inference
from modicum.analysis.outcomes.fitting import fit_points
from modicum.analysis.outcomes.link import link_priors
from modicum.analysis.schedule import schedule_of
from modicum.decision.finding import facts_of, tried_doses, were_tried
from modicum.decision.judging import judge
from virtual_diaries import CROSSOVER, LADDER, Truth, diary, question


def yes_or_no():
    """A posterior of few answers, about one half of them yes."""
    kept = diary(quiet({}), CROSSOVER, seed=4)
    kept = replace(kept, scores={"pain": (kept.scores["pain"] > 6).astype(float)})
    priors = link_priors("binary", 0.0, 1.0, 0.1, np.zeros(0))
    asked = question((4.5,), kind="binary", high=1.0, mcid=0.1, priors=priors)
    return fit_points(asked, kept, schedule_of(kept), Assumptions(), 1024), kept


def weighed():
    """Posteriors of one dose and of several, of drugs that do nothing, little and much, with their diaries."""
    blocks = (0, 0.5, 0, 1.5, 3.0, 0, 4.5)
    trials = [
        (quiet({}), CROSSOVER, (4.5,)),
        (quiet({}), blocks, LADDER),
        (Truth({}, sd=3.0), blocks, LADDER),
        (quiet({1.5: -0.5, 4.5: -1.2}), blocks, LADDER),
        (quiet({0.5: 0.8, 1.5: -0.9, 3.0: 0.8}), blocks, LADDER),
    ]
    for seed, (truth, given, ladder) in enumerate(trials):
        kept = diary(truth, given, seed=20 + seed)
        yield judged(kept, question(ladder))[1], kept
    yield yes_or_no()


ASIDE = 1e-5  # of the weight of a posterior, which the chance of all doses together leaves out


def test_the_chance_of_all_doses_lies_between_its_two_bounds_and_the_verdict_is_the_same():
    """The cheap questions that come first never change whether "nothing that matters" is said."""
    apart = []
    for posterior, kept in weighed():
        facts = replace(facts_of(posterior, kept, None), look_due=False)
        together = posterior.p_all_too_small(were_tried(posterior, facts.rules))
        chances = [dose.p_mcid for _, dose in tried_doses(posterior, facts.rules)]
        most, least = 1 - max(chances), 1 - sum(chances)
        apart.append((most - together, together - least))
        assert least - ASIDE <= together <= most + ASIDE
        between = (together + most) / 2, (together + least) / 2
        for enough in (together - 2 * ASIDE, together + 2 * ASIDE, *between, most + 2 * ASIDE, least - 2 * ASIDE):
            found = judge(posterior, replace(facts, rules=facts.rules.model_copy(update={"p_nothing": enough})))
            if abs(enough - together) > ASIDE:
                assert (found.code == "nothing-that-matters") == (together >= enough)
    assert min(max(one) for one in zip(*apart, strict=True)) > 0.01


class AskedError(Exception):
    """The chance of all doses together was worked out."""


def test_the_chance_of_all_doses_is_worked_out_only_where_its_bounds_leave_it_open(monkeypatch):
    def ask(*_):
        raise AskedError

    posteriors = list(weighed())
    monkeypatch.setattr(Inference, "p_all_too_small", ask)
    for posterior, kept in posteriors:
        facts = replace(facts_of(posterior, kept, None), look_due=False)
        chances = [dose.p_mcid for _, dose in tried_doses(posterior, facts.rules)]
        most, least = 1 - max(chances), 1 - sum(chances)
        asking = {
            enough: facts.rules.model_copy(update={"p_nothing": enough}) for enough in (most + 1e-3, least - 1e-3)
        }
        codes = [judge(posterior, replace(facts, rules=rules)).code for rules in asking.values()]
        assert [code == "nothing-that-matters" for code in codes] == [False, True]
        if len(chances) > 1:
            between = facts.rules.model_copy(update={"p_nothing": (most + least) / 2})
            with pytest.raises(AskedError):
                judge(posterior, replace(facts, rules=between))
