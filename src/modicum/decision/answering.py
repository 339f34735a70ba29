"""Answering: a diary and a question to everything that is said about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.estimate import Summary
from modicum.analysis.estimation import course, fit, fit_checked, foreseen, level_without_drug
from modicum.analysis.fitting import NumericalError
from modicum.analysis.inference import Inference
from modicum.analysis.preposterior import Outlook
from modicum.analysis.question import Question
from modicum.analysis.schedule import blocks_of, schedule_of
from modicum.decision.announcements import announcements
from modicum.decision.answer import Answer, Secondary, SensitivityRow, SideEffect, Verdict
from modicum.decision.citations import citations
from modicum.decision.finding import Facts, facts_of, in_view, most_promising, too_little_to_gain
from modicum.decision.judging import WORKING, Judgement, agrees, judge
from modicum.decision.sensitivity import BELIEF, sensitivity, smallest_dose
from modicum.decision.sentences import (
    patient_sentence,
    prescriber_sentence,
    reasons,
    side_effect_reasons,
    what_would_tell,
)
from modicum.decision.sharing import shared_likelihood
from modicum.decision.side_effects import side_effects
from modicum.decision.words import amount, drug_word
from modicum.foundation.errors import Problem
from modicum.protocol.schema import Protocol
from modicum.records.diary import Diary

Progress = Callable[[str, float], None]
_TELLING = 0.8  # "would tell": the fewest further weeks with this chance of an answer
_WEEKS = (4, 6, 8, 12, 16, 24, 32)
_LONGEST_HALF_DAYS = 28
_ONSETS_A_HALF = 3  # after three time constants 95 % of an effect is there
_STEPS = 15  # shown to a waiting person: the fit, about ten rows of the table, the rest


@dataclass(frozen=True)
class _Fitted:
    """A diary with its primary analysis and the facts of its trial."""

    diary: Diary
    posterior: Inference
    error: NumericalError
    facts: Facts
    level: Summary


def answer(
    diary: Diary,
    question: Question,
    *,
    protocol: Protocol | None = None,
    secondary: Sequence[Question] = (),
    likelihood_components: bool = False,
    progress: Progress | None = None,
) -> Answer:
    """Analyse a diary and judge it.

    Args:
        diary: at least one entry.
        question: the primary outcome and its priors.
        protocol: whose rules judge; without one the defaults of docs/model.md, What is decided.
        secondary: other outcomes, estimated alike, without a verdict.
        likelihood_components: whether the likelihood is given in components, and not only as one term.
        progress: called with the name of a step and the share done, 0 to 1.

    Returns:
        The answer.
    """
    tell = _steps(progress)
    tell("fitting the diary")
    fitted = _fit(diary, question, protocol)
    table = sensitivity(fitted.posterior, diary, fitted.facts, tell)
    tell("what would tell")
    found = judge(fitted.posterior, fitted.facts, _planned_outlook(fitted, protocol))
    ahead = _telling_outlook(fitted, protocol) if found.code in ("cannot-tell", "open-label") else None
    tell("side effects")
    effects, posterior, facts = side_effects(diary, fitted.posterior, protocol), fitted.posterior, fitted.facts
    tell("the fitted course")
    return Answer(
        question=question,
        diary=diary,
        **_headings(question, protocol),
        **_numerical_errors(fitted.error),
        **_counts(fitted),
        p_no_effect=posterior.p_no_effect(),
        blinded_drug_free=facts.blinded_drug_free,
        doses=posterior.doses,
        smallest_dose=smallest_dose(posterior, found),
        verdict=_verdict(fitted, found, table, ahead, effects),
        noise=posterior.noise,
        expectation=posterior.expectation,
        level_without_drug=fitted.level,
        course=course(posterior, diary),
        blocks=blocks_of(posterior.schedule),
        side_effects=effects,
        secondary=tuple(_secondary(one, diary, fitted) for one in secondary),
        sensitivity=table,
        likelihood=shared_likelihood(posterior, with_components=likelihood_components),
        citations=citations(posterior),
        warnings=_warnings(question, facts),
        posterior=posterior,
        uninformative=_uninformative(facts),
        focus_mg=_focus(posterior, facts, found),
        candidate_mg=_at(facts.candidate, question),
        outcomes_looked_at=1 + len(secondary),
    )


def _uninformative(facts: Facts) -> bool:
    return facts.constant or facts.n_observed == 0


def _warnings(question: Question, facts: Facts) -> tuple[Problem, ...]:
    if _uninformative(facts) or not too_little_to_gain(question, facts):
        return ()
    return (
        Problem(
            "MOD-ASSUME-14",
            f"--mcid ({question.outcome})",
            amount(question.mcid, question),
            f"Without the {drug_word(question)} there is {amount(facts.room, question)} to gain on average, less than"
            " the smallest difference that matters, which no dose could reach",
            "Give a difference that this person could gain, fixed before the first dose, or ask about another outcome.",
        ),
    )


def _headings(question: Question, protocol: Protocol | None) -> dict[str, str]:
    if protocol is None:
        return {"title": question.label, "protocol_name": "", "protocol_sha256": ""}
    name = f"{protocol.name} {protocol.version}"
    return {"title": protocol.title, "protocol_name": name, "protocol_sha256": protocol.sha256}


def _counts(fitted: _Fitted) -> dict[str, Any]:
    first, last = np.floor(fitted.diary.time_days[[0, -1]])
    return {
        "n_observed": fitted.facts.n_observed,
        "n_days": int(last - first) + 1,
        "n_dose_unknown": int(fitted.posterior.schedule.unknown.sum()),
        "n_censored": int(fitted.diary.censored.sum()),
    }


def _steps(progress: Progress | None) -> Callable[[str], None]:
    done = 0

    def tell(name: str) -> None:
        nonlocal done
        if progress is not None:
            progress(name, min(done / _STEPS, 1.0))
        done += 1

    return tell


def _fit(diary: Diary, question: Question, protocol: Protocol | None) -> _Fitted:
    phased, told = announcements(diary, protocol)
    schedule = schedule_of(phased, told)
    posterior, error = fit_checked(question, diary, schedule, Assumptions(expectation=question.expectation))
    level = level_without_drug(posterior)
    return _Fitted(diary, posterior, error, facts_of(posterior, diary, protocol, level=level.mean), level)


def _verdict(
    fitted: _Fitted,
    found: Judgement,
    table: tuple[SensitivityRow, ...],
    ahead: Outlook | None,
    effects: tuple[SideEffect, ...],
) -> Verdict:
    belief = next((row for row in table if row.change == BELIEF), None)
    posterior, facts = fitted.posterior, fitted.facts
    named = _at(found.dose, posterior.question)
    qualified = found.code in WORKING and belief is not None and not agrees(belief.smallest_dose.dose_mg, named)
    return Verdict(
        code=found.code,
        dose_mg=named,
        strength=found.strength,
        qualified=qualified,
        sentence=prescriber_sentence(posterior, facts, found, qualified=qualified),
        patient_sentence=patient_sentence(posterior, facts, found, qualified=qualified),
        reasons=(
            *reasons(posterior, facts, found, belief_checked=belief is not None),
            *side_effect_reasons(found, posterior, effects),
        ),
        what_would_tell=what_would_tell(posterior, ahead),
    )


def _focus(posterior: Inference, facts: Facts, found: Judgement) -> float | None:
    return _at(found.dose if found.dose is not None else in_view(posterior, facts), posterior.question)


def _at(rung: int | None, question: Question) -> float | None:
    return None if rung is None else question.ladder_mg[rung]


def _numerical_errors(error: NumericalError) -> dict[str, Any]:
    return {"numerical_error": (error.mean_in_sd, error.sd_relative), "numerical_error_p": error.p_no_effect}


def _half_days(fitted: _Fitted, protocol: Protocol | None) -> int:
    """Length of a half: the protocol's, else the usual run of one dose in the diary."""
    planned = [int(phase.half_days) for phase in protocol.phases if phase.half_days] if protocol is not None else []
    if planned:
        return planned[0]
    runs = [block.end_days - block.start_days for block in blocks_of(fitted.posterior.schedule)]
    onset = fitted.posterior.question.onset
    shortest = 1 if onset.kind == "immediate" else min(_ONSETS_A_HALF * onset.median_days, _LONGEST_HALF_DAYS)
    return int(np.clip(np.median(runs), shortest, _LONGEST_HALF_DAYS))


def _dual_criterion(facts: Facts) -> dict[str, float]:
    """The thresholds that "works" would have to meet: those of the confirmation, where there is one."""
    rules = facts.rules if facts.rules.confirmation is None else facts.rules.confirmation
    return {"p_better": rules.p_better, "p_mcid": rules.p_mcid}


def _planned_outlook(fitted: _Fitted, protocol: Protocol | None) -> Outlook | None:
    """What the rest of the planned trial would tell, if it were blinded pairs of the most promising dose."""
    left, dose = fitted.facts.days_left, most_promising(fitted.posterior, fitted.facts.rules.p_mcid)
    half = _half_days(fitted, protocol)
    pairs = 0 if left is None else int(left // (2 * half))
    if dose is None or pairs < 1 or fitted.facts.n_observed == 0:
        return None
    return foreseen(fitted.posterior, fitted.diary, dose, pairs=pairs, half_days=half, **_dual_criterion(fitted.facts))


def _telling_outlook(fitted: _Fitted, protocol: Protocol | None) -> Outlook | None:
    """The fewest further weeks that would tell with good chance, else the most that are looked at."""
    dose = in_view(fitted.posterior, fitted.facts)
    empty = _uninformative(fitted.facts) or too_little_to_gain(fitted.posterior.question, fitted.facts)
    if dose is None or empty:
        return None
    found, half, of_the_drug = None, _half_days(fitted, protocol), _hope_set_apart(fitted)
    for weeks in _WEEKS:
        pairs = max(1, round(weeks * 7 / (2 * half)))
        found = foreseen(of_the_drug, fitted.diary, dose, pairs=pairs, half_days=half, **_dual_criterion(fitted.facts))
        if found.p_tells >= _TELLING:
            break
    return found


def _hope_set_apart(fitted: _Fitted) -> Inference:
    """The posterior of the drug alone: a blinded trial to come would show no more than that."""
    posterior = fitted.posterior
    if posterior.assumptions.expectation:
        return posterior
    assumptions = posterior.assumptions.but(expectation=True)
    return fit(posterior.question, fitted.diary, posterior.schedule, assumptions, "table", near=posterior)


def _secondary(question: Question, diary: Diary, fitted: _Fitted) -> Secondary:
    assumptions = Assumptions(expectation=question.expectation)
    found = fit(question, diary, fitted.posterior.schedule, assumptions, "table")
    return Secondary(
        outcome=question.outcome,
        label=question.label,
        unit=question.unit,
        better=question.better,
        mcid=question.mcid,
        n_observed=len(found.design),
        p_no_effect=found.p_no_effect(),
        doses=found.doses,
    )
