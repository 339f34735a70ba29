"""Judging: the first rule of docs/model.md, What is decided, that holds, in its order."""

from dataclasses import dataclass, replace
from typing import Literal

from modicum.analysis.estimate import DoseEffect
from modicum.analysis.inference import Inference
from modicum.analysis.preposterior import Outlook
from modicum.decision.answer import VerdictCode
from modicum.decision.finding import Facts, last_in_force, taken_doses, too_little_to_gain, tried_doses, were_tried
from modicum.decision.worsening import p_worse

WORKING: tuple[VerdictCode, ...] = ("works", "works-smaller-too")


@dataclass(frozen=True)
class Judgement:
    """Which rule fired, for which dose.

    Args:
        code: of the verdict.
        dose: position on the ladder of the dose the verdict names, or None.
        compared: position of the larger dose that is no better, for works-smaller-too.
        strength: "clear", or "probable" where the averaged chance of what is said is below one half.
    """

    code: VerdictCode
    dose: int | None
    compared: int | None = None
    strength: Literal["clear", "probable"] = "clear"


def judge(posterior: Inference, facts: Facts, foreseen: Outlook | None = None) -> Judgement:
    """The first rule that holds.

    Args:
        posterior: under the assumptions judged.
        facts: of the trial.
        foreseen: what the rest of the planned trial would tell, where there is a rest; only "futile" needs it.

    Returns:
        The judgement.

    Source: docs/model.md; dual criterion after Roychoudhury, Scheuer & Neuenschwander (2018), Clin Trials 15.
    """
    found = (
        works(posterior, facts)
        or _too_little_to_gain(posterior, facts)
        or _nothing(posterior, facts)
        or _futile(posterior, facts, foreseen)
        or Judgement("cannot-tell", None)
    )
    return replace(found, strength=_strength(posterior, facts, found))


def works(posterior: Inference, facts: Facts) -> Judgement | None:
    """The rules up to "works", which look at each dose alone: harm, nothing to see, open-label, works; else None.

    Args:
        posterior: under the assumptions judged.
        facts: of the trial.
    """
    return _harm(posterior, facts) or _uninformative(facts) or _open_label(posterior, facts) or _works(posterior, facts)


def agrees(again: float | None, named: float | None) -> bool:
    """Whether the belief-adjusted analysis says "works" too, and of the dose named or of a smaller one.

    Args:
        again: dose that it names, or None where it does not say "works".
        named: dose that the primary analysis names, in the same unit.
    """
    return again is not None and named is not None and again <= named


def _strength(posterior: Inference, facts: Facts, found: Judgement) -> Literal["clear", "probable"]:
    """The rules look at probabilities given that the drug does anything; what is said is averaged over both."""
    if found.dose is None or (found.code == "harm" and facts.severe):
        return "clear"
    dose = posterior.doses[found.dose]
    averaged = p_worse(posterior, dose) if found.code == "harm" else dose.p_mcid
    return "probable" if averaged < 0.5 else "clear"


def passes(dose: DoseEffect, p_better: float, p_mcid: float) -> bool:
    """The dual criterion for a dose."""
    return dose.p_better >= p_better and dose.p_mcid_given_effect >= p_mcid


def _harm(posterior: Inference, facts: Facts) -> Judgement | None:
    last = last_in_force(posterior)
    if facts.severe:
        return Judgement("harm", last)
    if last is not None and facts.n_observed and posterior.taken[last]:
        return Judgement("harm", last) if posterior.doses[last].p_harm >= facts.rules.p_harm else None
    return None


def _uninformative(facts: Facts) -> Judgement | None:
    """Scores that never change cannot be told from a scale that does not move (docs/decisions/0004)."""
    return Judgement("cannot-tell", None) if facts.constant or facts.n_observed == 0 else None


def _open_label(posterior: Inference, facts: Facts) -> Judgement | None:
    rules = facts.rules
    if facts.blinded_drug_free:
        return None
    for _, dose in taken_doses(posterior):
        if dose.p_better_with_expectation >= rules.p_better and dose.p_mcid_with_expectation >= rules.p_mcid:
            return Judgement("open-label", None)
    return None


def _works(posterior: Inference, facts: Facts) -> Judgement | None:
    if not facts.blinded_drug_free or not facts.look_due:
        return None
    if facts.confirmation:
        return _confirmed(posterior, facts)
    rules, tried = facts.rules, tried_doses(posterior, facts.rules)
    passing = [k for k, dose in tried if passes(dose, rules.p_better, rules.p_mcid)]
    if not passing:
        return None
    last = last_in_force(posterior)
    if last in passing:
        for k, dose in tried:
            if k < last and dose.p_mcid_given_effect >= rules.p_smaller_mcid and _as_good(posterior, last, k, facts):
                return Judgement("works-smaller-too", k, compared=last)
    return Judgement("works", passing[0])


def _as_good(posterior: Inference, larger: int, smaller: int, facts: Facts) -> bool:
    """P(the larger dose is less than half an MCID better than the smaller one) reaches the threshold."""
    return 1.0 - posterior.p_benefit(posterior.question.mcid / 2, larger, over=smaller) >= facts.rules.p_smaller


def _confirmed(posterior: Inference, facts: Facts) -> Judgement | None:
    confirmation = facts.rules.confirmation
    if facts.candidate is None or confirmation is None:
        return None
    p_better = confirmation.p_better_at(early=facts.early_look)
    if not passes(posterior.doses[facts.candidate], p_better, confirmation.p_mcid):
        return None
    answer = facts.rules.step_down.p_answer if facts.rules.step_down is not None else facts.rules.p_mcid
    for k, dose in tried_doses(posterior, facts.rules):
        if k <= facts.candidate and dose.p_mcid_given_effect >= answer:
            return Judgement("works", k)
    return Judgement("works", facts.candidate)


def _too_little_to_gain(posterior: Inference, facts: Facts) -> Judgement | None:
    """Where no drug could reach the MCID, "nothing that matters" and "futile" would be said of any."""
    return Judgement("cannot-tell", None) if too_little_to_gain(posterior.question, facts) else None


def _nothing(posterior: Inference, facts: Facts) -> Judgement | None:
    """The top of the ladder counts as reached once it was tried.

    All doses are too small together at most as often as the most promising one is, and at least as often as the chances
    of all to matter leave over (Bonferroni); these are asked first, being cheap.
    """
    tried, enough = were_tried(posterior, facts.rules), facts.rules.p_nothing
    chances = [dose.p_mcid for _, dose in tried_doses(posterior, facts.rules)]
    if not tried[-1] or 1.0 - max(chances) < enough:
        return None
    if 1.0 - sum(chances) >= enough or posterior.p_all_too_small(tried) >= enough:
        return Judgement("nothing-that-matters", None)
    return None


def _futile(posterior: Inference, facts: Facts, foreseen: Outlook | None) -> Judgement | None:
    """A titration has its own rule, at its end; else nothing is futile while a planned dose waits to be tried."""
    titration = facts.rules.titration
    if titration is not None:
        best = max((dose.p_mcid_given_effect for _, dose in taken_doses(posterior)), default=1.0)
        return Judgement("futile", None) if facts.titration_over and best < titration.p_futile else None
    all_tried = bool(were_tried(posterior, facts.rules).all())
    if foreseen is not None and all_tried and facts.blinded_drug_free and foreseen.p_works < facts.rules.p_futile:
        return Judgement("futile", None)
    return None
