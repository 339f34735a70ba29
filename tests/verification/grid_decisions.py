"""The decisions of the flagship on the grid of a batch, beside those on the finer grid that one person's answer has."""

from collections import Counter
from collections.abc import Callable, Sequence

from scipy import stats

from modicum.analysis.axes import Counts
from modicum.analysis.batch.fitting import BATCH_COUNTS
from modicum.analysis.question import Question
from modicum.decision.finding import agreeing, facts_of
from modicum.decision.judging import WORKING, agrees, judge, works
from modicum.participants.population import read_population
from modicum.protocol import Protocol
from modicum.records.diary import Diary
from modicum.simulation.people import virtual_life
from modicum.simulation.posterior import ONE_PERSON, BatchPosterior, posteriors
from modicum.trial.block import Look
from modicum.trial.reviewing import look_of
from modicum.trial.running import Life, Trial
from modicum.trial.state import State, stand
from verification.finding import Finding
from verification.flagship import ALONE, FLAGSHIP, SEED, asked
from verification.useless_drug import FALSE_ALARM

TRUTHS = ("none", "threshold-1.5")
LEAST_ALIKE = 0.999
Answer = tuple[str, int | None, bool]


def run_grid_decisions(
    count: int, progress: Callable[[int, int], None] | None = None, counts: Counts = BATCH_COUNTS
) -> Finding:
    """How many reviews go on alike, and beside them how many last words are alike, of so many people under each truth.

    Every trial goes on from what the finer grid saw, so that one decision that differs is counted once.
    """
    plan, question = asked(FLAGSHIP)
    people, found = read_population("typical"), Counter[str]()
    for truth in TRUTHS:
        for first in range(0, count, ALONE):
            numbers = range(first, min(first + ALONE, count))
            lives = [virtual_life(plan, people, seed=SEED, person=number, archetype=truth) for number in numbers]
            found += _reviews(lives, question, counts) + _answers(lives, plan, question, counts)
            if progress:
                progress(found["answers"], len(TRUTHS) * count)
    return _finding(found)


def _finding(found: Counter[str]) -> Finding:
    """Reviews alike enough: by the share where counted in full, else where chance could explain what is apart."""
    every, apart = found["reviews"], found["reviews apart"]
    surprise = float(stats.binom.sf(apart - 1, every, 1 - LEAST_ALIKE))
    answers, other = found["answers"], found["answers apart"]
    unqualified = (
        f"unqualified {found['unqualified finer']} on the finer grid, {found['unqualified coarser']} on this one"
    )
    return Finding(
        passed=every - apart >= LEAST_ALIKE * every if every >= 1000 else surprise >= FALSE_ALARM,
        bound="99.9 % of reviews go on as on the grid of one person's answer",
        summary=f"{every - apart} of {every} reviews; last words {answers - other} of {answers}, {unqualified}",
        figures=dict(found),
    )


def _reviews(lives: Sequence[Life], question: Question, counts: Counts) -> Counter[str]:
    """Live every trial to its end; reviews, and those after which the trial would go on otherwise."""
    found, waiting = Counter[str](), [life.trial for life in lives if life.to_next_look()]
    while waiting:
        diaries = [trial.known() for trial in waiting]
        fine, coarse = ([look_of(p) for p in posteriors(question, diaries, counts=c)] for c in (ONE_PERSON, counts))
        found["reviews"] += len(waiting)
        found["reviews apart"] += sum(
            _after(trial, a) != _after(trial, b) for trial, a, b in zip(waiting, fine, coarse, strict=True)
        )
        for trial, look in zip(waiting, fine, strict=True):
            trial.review(look)
        waiting = [life.trial for life in lives if not life.trial.over and life.to_next_look()]
    return found


def _after(trial: Trial, look: Look) -> State:
    return stand(trial.protocol, trial.roles, [*trial.looks, look])


def _answers(lives: Sequence[Life], plan: Protocol, question: Question, counts: Counts) -> Counter[str]:
    """Last words, and those that differ in verdict, dose or qualification."""
    diaries = [life.trial.everything() for life in lives]
    fine, coarse = (_last_words(plan, question, diaries, c) for c in (ONE_PERSON, counts))
    return Counter(
        {
            "answers": len(lives),
            "answers apart": sum(a != b for a, b in zip(fine, coarse, strict=True)),
            "unqualified finer": sum(unqualified for _, _, unqualified in fine),
            "unqualified coarser": sum(unqualified for _, _, unqualified in coarse),
        }
    )


def _last_words(plan: Protocol, question: Question, diaries: Sequence[Diary], counts: Counts) -> list[Answer]:
    both = zip(
        diaries,
        posteriors(question, diaries, counts=counts),
        posteriors(question, diaries, counts=counts, belief_adjusted=True),
        strict=True,
    )
    return [_last_word(plan, *one) for one in both]


def _last_word(plan: Protocol, diary: Diary, primary: BatchPosterior, adjusted: BatchPosterior) -> Answer:
    facts = facts_of(primary, diary, plan)
    found = judge(primary, facts)
    if found.code not in WORKING:
        return found.code, found.dose, False
    again = works(adjusted, agreeing(facts))
    return found.code, found.dose, again is not None and again.code in WORKING and agrees(again.dose, found.dose)
