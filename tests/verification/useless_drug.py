"""A drug that does nothing: how often a blinded crossover, or an open course, says that it works.

The crossover is the shipped ``ldn-crossover`` (four blinded pairs of 14 days), the person the typical one of the design
with a true effect of zero: level N(6, 0.7^2), drift N(0, 0.5^2) over the trial, relief by hope N(0.8, 0.6^2) at
certainty and never negative, 12 % of days missing, whole numbers from 0 to 10. All of these are assumptions.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
from scipy import stats

from modicum.analysis.inference import Inference
from modicum.analysis.question import Question
from modicum.decision.finding import facts_of
from modicum.decision.judging import judge
from modicum.protocol import Protocol, read_protocol
from modicum.records.diary import Diary
from modicum.services.asking import ask
from modicum.services.options import Options
from modicum.simulation.posterior import EVERYTHING, posteriors
from verification.finding import Finding
from verification.independent_columns import columns, problem
from verification.prior_predictive import stream, unit_residual
from verification.reference_trials import question_document
from verification.stored import diary_from
from verification.variants import question

AT_ONCE = 500  # trials that are held in memory
MOST = 0.05
FALSE_ALARM = 1e-3
WORKING = ("works", "works-smaller-too")
CELLS = tuple(product((0.0, 0.3, 0.7, 0.9), (0.0, 0.3, 0.6), (1.0, 2.0)))  # one-day correlation, white share, sd
HARDEST = ((0.9, 0.0, 2.0), (0.9, 0.6, 2.0), (0.9, 0.0, 1.0))  # where chance most often looks like an effect
LADDER = (0.5, 1.5, 3.0, 4.5)
Cell = tuple[float, float, float]
Draw = Callable[[float, float, float, int, Question], Diary]
Progress = Callable[[int, int], None]


def cell_name(correlation: float, white: float, sd: float, which: str = "type-one") -> str:
    """Name of the row of one cell of the noise grid."""
    return f"{which}-{correlation:g}-{white:g}-{sd:g}"


@cache
def crossover() -> tuple[Protocol, Question]:
    """The protocol and the question it asks of any diary of it."""
    protocol = read_protocol("ldn-crossover")
    diary = useless_crossover(0.0, 0.0, 1.0, 0, question(4.5))
    return protocol, ask(Options(), protocol, diary).questions[0]


def fitted_many(asked: Question, diaries: Sequence[Diary], **change: object) -> Sequence[Inference]:
    """The posteriors of many diaries, with all that their verdicts will ask. ``change`` breaks them on purpose."""
    return posteriors(asked, diaries, wanted=EVERYTHING, **change)


def useless_crossover(correlation: float, white: float, sd: float, index: int, asked: Question) -> Diary:
    """One blinded crossover of a drug that does nothing."""
    rng = stream(cell_name(correlation, white, sd), index)
    return _useless(crossover_days(rng), (correlation, white, sd), rng, asked)


def crossover_days(rng: np.random.Generator) -> list[tuple[float, float]]:
    """Dose and announcement of every day: a run-in, then four pairs, each in an order by a fair coin."""
    daily = [(0.0, 0.0)] * 14
    for drug_first in rng.integers(0, 2, 4):
        halves = [(4.5, 0.5), (0.0, 0.5)]
        daily += [half for which in ((0, 1) if drug_first else (1, 0)) for half in [halves[which]] * 14]
    return daily


def useless_ladder(correlation: float, white: float, sd: float, index: int, asked: Question) -> Diary:
    """One blinded course of every dose of a ladder and two blocks of placebo, 14 days each in any order."""
    rng = stream(cell_name(correlation, white, sd, "type-one-ladder"), index)
    order = rng.permutation([*LADDER, 0.0, 0.0])
    daily = [(0.0, 0.0)] * 14 + [(float(dose), 0.5) for dose in order for _ in range(14)]
    return _useless(daily, (correlation, white, sd), rng, asked)


def _useless(daily: list[tuple[float, float]], cell: Cell, rng: np.random.Generator, asked: Question) -> Diary:
    """A diary of these doses and announcements, a day each."""
    correlation, white, sd = cell
    time = np.arange(len(daily)) + 20 / 24
    level, drift = 6 + 0.7 * rng.standard_normal(), 0.5 * rng.standard_normal()
    hope = max(0.0, 0.8 + 0.6 * rng.standard_normal())
    entries = {
        "time_days": time.tolist(),
        "dose_mg": [d for d, _ in daily],
        "announced": [a for _, a in daily],
        "score": [0.0] * len(daily),
    }
    p = problem(entries, question_document(asked))
    expected = columns(p, 4.0)[:, p.names.index("expectation")]
    ell = -1 / np.log(correlation) if correlation > 0 else 1e-3
    mean = level + drift * (time / len(daily) - 0.5) - hope * expected
    score = np.clip(np.round(mean + sd * unit_residual(time, ell, white, rng)), 0, 10)
    missing = rng.random(len(daily)) < 0.12
    entries["score"] = [None if m else float(s) for m, s in zip(missing, score, strict=True)]
    diary = diary_from(entries)
    return Diary(**{**vars(diary), "scores": {asked.outcome: diary.scores["score"], "score": diary.scores["score"]}})


def until(diary: Diary, days: int) -> Diary:
    """The diary as it stood after its first days."""
    arrays = ("time_days", "received_days", "dosing_day", "dose_mg", "announced")
    cut = {name: getattr(diary, name)[:days] for name in arrays}
    return replace(diary, **cut, scores={name: column[:days] for name, column in diary.scores.items()})


def verdict(posterior: Inference, diary: Diary, protocol: Protocol | None) -> str:
    """Code of the verdict; whether it is "works" does not depend on P0."""
    return judge(posterior, facts_of(posterior, diary, protocol)).code


def run_cell(cell: Cell, count: int, progress: Progress | None = None, **change: object) -> Finding:
    """P(works | no effect) in one cell of the noise grid, by the compiled form. ``change`` breaks it on purpose."""
    protocol, asked = crossover()
    codes: list[str] = []
    for diaries in _drawn(useless_crossover, cell, asked, count, progress):
        fitted = fitted_many(asked, diaries, **change)
        codes += [verdict(posterior, diary, protocol) for posterior, diary in zip(fitted, diaries, strict=True)]
    return declared(sum(code in WORKING for code in codes), codes)


def run_ladder(cell: Cell, count: int, progress: Progress | None = None, **change: object) -> Finding:
    """The same for a ladder of four doses in one blinded course without a protocol, looked at once: any dose counts."""
    asked = question(*LADDER)
    codes: list[str] = []
    for diaries in _drawn(useless_ladder, cell, asked, count, progress):
        fitted = fitted_many(asked, diaries, **change)
        codes += [verdict(posterior, diary, None) for posterior, diary in zip(fitted, diaries, strict=True)]
    return declared(sum(code in WORKING for code in codes), codes)


def run_reviews(cell: Cell, count: int, progress: Progress | None = None, *, any_day: bool = False) -> Finding:
    """P(works at any review | no effect): the crossover reviewed after every pair, by the rules of its protocol.

    ``any_day`` breaks it on purpose: every review may say so, whatever was planned.
    """
    protocol, asked = crossover()
    ends = [14 + 28 * pairs for pairs in (1, 2, 3, 4)]
    judged: list[list[tuple[str, bool]]] = []
    for diaries in _drawn(useless_crossover, cell, asked, count, progress):
        reviews = [until(diary, days) for diary in diaries for days in ends]
        found = [_review(p, d, protocol) for p, d in zip(fitted_many(asked, reviews), reviews, strict=True)]
        judged += [found[at : at + len(ends)] for at in range(0, len(found), len(ends))]
    unplanned = sum(any(passes for _, passes in trial) for trial in judged)
    planned = sum(any(code in WORKING for code, _ in trial) for trial in judged)
    beside = f"; were every review a look, {unplanned} ({100 * unplanned / count:.1f} %)"
    found = declared(unplanned if any_day else planned, [trial[-1][0] for trial in judged])
    return replace(found, summary=found.summary + beside, figures={**found.figures, "any_review": unplanned})


def _review(posterior: Inference, diary: Diary, protocol: Protocol) -> tuple[str, bool]:
    """The verdict of one review, and whether it would be "works" if looks were not planned."""
    facts = facts_of(posterior, diary, protocol)
    return judge(posterior, facts).code, judge(posterior, replace(facts, look_due=True)).code in WORKING


def _drawn(draw: Draw, cell: Cell, asked: Question, count: int, progress: Progress | None) -> Iterator[list[Diary]]:
    """The diaries of one cell, as many at a time as are held in memory."""
    for begun in range(0, count, AT_ONCE):
        ended = min(begun + AT_ONCE, count)
        yield [draw(*cell, index, asked) for index in range(begun, ended)]
        if progress:
            progress(ended, count)


def declared(works: int, codes: list[str]) -> Finding:
    """Whether as few as promised were declared to work; ``codes`` are the last verdict of every trial."""
    count = len(codes)
    low, high = stats.binomtest(works, count).proportion_ci(method="exact")
    surprise = float(stats.binom.sf(works - 1, count, MOST))
    return Finding(
        passed=works <= MOST * count if count >= 1000 else surprise >= FALSE_ALARM,
        bound="works in at most 5 %",
        summary=f"{works} of {count} ({100 * works / count:.1f} %, 95 % CI {100 * low:.1f} to {100 * high:.1f})",
        figures={"trials": count, "works": works, "codes": {code: codes.count(code) for code in sorted(set(codes))}},
    )
