"""A drug that does nothing: how often a blinded crossover, or an open course, says that it works.

The crossover is the shipped ``ldn-crossover`` (four blinded pairs of 14 days), the person the typical one of the design
with a true effect of zero: level N(6, 0.7^2), drift N(0, 0.5^2) over the trial, relief by hope N(0.8, 0.6^2) at
certainty and never negative, 12 % of days missing, whole numbers from 0 to 10. All of these are assumptions.
"""

from collections.abc import Callable
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
from verification.batched import fitted_many
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
Progress = Callable[[int, int], None]


def cell_name(correlation: float, white: float, sd: float) -> str:
    """Name of the row of one cell of the noise grid."""
    return f"type-one-{correlation:g}-{white:g}-{sd:g}"


@cache
def crossover() -> tuple[Protocol, Question]:
    """The protocol and the question it asks of any diary of it."""
    protocol = read_protocol("ldn-crossover")
    diary = useless_crossover(0.0, 0.0, 1.0, 0, question(4.5))
    return protocol, ask(Options(), protocol, diary).questions[0]


def useless_crossover(correlation: float, white: float, sd: float, index: int, asked: Question) -> Diary:
    """One blinded crossover of a drug that does nothing."""
    rng = stream(cell_name(correlation, white, sd), index)
    daily = [(0.0, 0.0)] * 14
    for drug_first in rng.integers(0, 2, 4):
        halves = [(4.5, 0.5), (0.0, 0.5)]
        daily += [half for which in ((0, 1) if drug_first else (1, 0)) for half in [halves[which]] * 14]
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


def verdict(posterior: Inference, diary: Diary, protocol: Protocol | None) -> str:
    """Code of the verdict; whether it is "works" does not depend on P0."""
    return judge(posterior, facts_of(posterior, diary, protocol)).code


def run_cell(
    cell: tuple[float, float, float], count: int, progress: Progress | None = None, **change: object
) -> Finding:
    """P(works | no effect) in one cell of the noise grid, by the compiled form. ``change`` breaks it on purpose."""
    protocol, asked = crossover()
    codes: list[str] = []
    while len(codes) < count:
        diaries = [useless_crossover(*cell, i, asked) for i in range(len(codes), min(len(codes) + AT_ONCE, count))]
        fitted = fitted_many(asked, diaries, **change)
        codes += [verdict(posterior, diary, protocol) for posterior, diary in zip(fitted, diaries, strict=True)]
        if progress:
            progress(len(codes), count)
    declared = sum(code in WORKING for code in codes)
    low, high = stats.binomtest(declared, count).proportion_ci(method="exact")
    surprise = float(stats.binom.sf(declared - 1, count, MOST))
    return Finding(
        passed=declared <= MOST * count if count >= 1000 else surprise >= FALSE_ALARM,
        bound="works in at most 5 %",
        summary=f"{declared} of {count} ({100 * declared / count:.1f} %, 95 % CI {100 * low:.1f} to {100 * high:.1f})",
        figures={"trials": count, "works": declared, "codes": {code: codes.count(code) for code in sorted(set(codes))}},
    )
