"""Many people at once: their trials run side by side from review to review, each review one batch."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np

from modicum.analysis.estimation import fit
from modicum.analysis.inference import Inference
from modicum.decision.finding import Facts, agreeing, facts_of
from modicum.decision.judging import WORKING, Judgement, agrees, judge, works
from modicum.foundation.streams import stream
from modicum.participants.population import Population
from modicum.participants.virtual import Virtual
from modicum.protocol.schema import Protocol
from modicum.records.diary import Diary
from modicum.simulation.posterior import ONE_PERSON, NotInBatch, posteriors
from modicum.simulation.scenario import VERDICTS, Outcome, Scenario
from modicum.trial.block import Look
from modicum.trial.reviewing import look_by_eye, look_of
from modicum.trial.roles import draw_roles
from modicum.trial.running import Life, Trial

START = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)  # of every virtual trial: no date enters any result


def virtual_life(
    protocol: Protocol,
    population: Population,
    *,
    seed: int,
    person: int,
    archetype: str = "none",
    effect_in_mcid: float = 1.5,
) -> Life:
    """One virtual trial, before its first day.

    Args:
        protocol: of the trial.
        population: that the person is drawn from.
        seed: of the whole run.
        person: number; the same person, with the same luck, in every protocol.
        archetype: how the effect depends on the dose, in truth.
        effect_in_mcid: full benefit, in MCIDs, in truth.
    """
    body = Virtual.of(
        protocol, population, seed=seed, person=person, archetype=archetype, effect_in_mcid=effect_in_mcid
    )
    roles = draw_roles(protocol, stream(seed, "roles", protocol.name, person))
    return Life(Trial(protocol, roles, START, virtual=True), body)


def _life(scenario: Scenario, seed: int, person: int) -> Life:
    return virtual_life(
        scenario.protocol,
        scenario.people(person),
        seed=seed,
        person=person,
        archetype=scenario.archetype,
        effect_in_mcid=scenario.effect_in_mcid,
    )


def simulate_people(
    scenario: Scenario, seed: int, people: Iterable[int], *, threads: int | None = None
) -> list[Outcome]:
    """The virtual trials of some people.

    Args:
        scenario: what is simulated.
        seed: of the whole run. Nobody's trial depends on who else is in the call.
        people: their numbers.
        threads: for the posteriors; None for one a core.

    Returns:
        One outcome a person, in their order.
    """
    numbers = list(people)
    lives = [_life(scenario, seed, person) for person in numbers]
    waiting = [(life, kind) for life in lives if (kind := life.to_next_look())]
    while waiting:
        looks = _looks(scenario, [life.trial.known() for life, _ in waiting], [kind for _, kind in waiting], threads)
        for (life, _), look in zip(waiting, looks, strict=True):
            life.trial.review(look)
        waiting = [(life, kind) for life, _ in waiting if (kind := life.to_next_look())]
    trials = [life.trial for life in lives]
    diaries = [trial.everything() for trial in trials]
    last = _by_eye(trials) if scenario.judged_by == "eye" else _by_model(scenario, diaries, threads)
    return [
        _outcome(number, trial, diary, found)
        for number, trial, diary, found in zip(numbers, trials, diaries, last, strict=True)
    ]


def _looks(scenario: Scenario, diaries: Sequence[Diary], kinds: Sequence[str], threads: int | None) -> list[Look]:
    modelled = [i for i, kind in enumerate(kinds) if kind == "posterior"]
    found = posteriors(scenario.question, [diaries[i] for i in modelled], threads=threads) if modelled else []
    looks = {i: look_of(posterior) for i, posterior in zip(modelled, found, strict=True)}
    return [looks[i] if i in looks else look_by_eye(diary, scenario.protocol) for i, diary in enumerate(diaries)]


_Found = tuple[str, float | None, bool, float | None]


def _by_eye(trials: Sequence[Trial]) -> list[_Found]:
    """A response is a drug that works, in the eye of usual practice."""
    found = list[_Found]()
    for trial in trials:
        ending = trial.state.ending
        responded = ending is not None and ending.code == "responded"
        found.append((VERDICTS[responded], ending.dose_mg if responded and ending else None, responded, None))
    return found


def _by_model(scenario: Scenario, diaries: Sequence[Diary], threads: int | None) -> list[_Found]:
    """The verdict on the whole diary, and where it is "works" whether the belief-adjusted analysis agrees."""
    last = partial(posteriors, scenario.question, counts=ONE_PERSON, threads=threads)
    primary = last(diaries)
    facts = [facts_of(p, d, scenario.protocol) for p, d in zip(primary, diaries, strict=True)]
    judged = [_judged(scenario, p, f, d) for p, f, d in zip(primary, facts, diaries, strict=True)]
    declared = [i for i, judgement in enumerate(judged) if judgement.code in WORKING]
    again = last([diaries[i] for i in declared], belief_adjusted=True)
    unqualified = {i: _agrees(p, facts[i], judged[i]) for i, p in zip(declared, again, strict=True)}
    ladder = scenario.question.ladder_mg
    return [
        (
            j.code,
            ladder[j.dose] if i in unqualified and j.dose is not None else None,
            unqualified.get(i, False),
            p.p_no_effect(),
        )
        for i, (j, p) in enumerate(zip(judged, primary, strict=True))
    ]


def _judged(scenario: Scenario, posterior: Inference, facts: Facts, diary: Diary) -> Judgement:
    """By the rules of the verdict; a question that no batch answers goes to the readable form."""
    try:
        return judge(posterior, facts)
    except NotInBatch:
        alone = fit(scenario.question, diary, posterior.schedule, posterior.assumptions)
        return judge(alone, facts)


def _agrees(adjusted: Inference, facts: Facts, found: Judgement) -> bool:
    again = works(adjusted, agreeing(facts))
    return again is not None and again.code in WORKING and agrees(again.dose, found.dose)


def _outcome(number: int, trial: Trial, diary: Diary, found: _Found) -> Outcome:
    verdict, dose_mg, unqualified, p_none = found
    complaints = np.zeros(len(diary))
    for severity in diary.side_effects.values():
        complaints = np.maximum(complaints, np.nan_to_num(severity))
    blocks, ending = trial.state.blocks, trial.state.ending
    return Outcome(
        person=number,
        verdict=verdict,
        dose_mg=dose_mg,
        unqualified=unqualified,
        ending="" if ending is None else ending.code,
        days=trial.days,
        side_effect_days=int((complaints > 0).sum()),
        p_no_effect=p_none,
        decisions=tuple((block.phase, block.why, block.days) for block in blocks),
        arms=tuple(block.capsule_mg > 0 for block in blocks),
    )
