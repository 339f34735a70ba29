"""Diaries of virtual people for tests: a schedule, a truth and a noise, drawn with a stated seed."""

from dataclasses import dataclass

import numpy as np

from modicum.analysis.question import Onset, Question, default_priors
from modicum.records.diary import Diary

LADDER = (0.5, 1.5, 3.0, 4.5)
CROSSOVER = (0, 4.5, 0, 0, 4.5, 4.5, 0, 0, 4.5)  # a drug-free run-in, then four pairs
TITRATION = (0, 0.5, 0, 1.5, 3.0, 0, 4.5, 1.5, 0, 0, 1.5)  # hidden placebo, then two pairs of 1.5 mg


@dataclass(frozen=True)
class Truth:
    """What is true of a virtual person: effect by dose, level, noise (sd, correlation in days, white share), onset."""

    effect: dict[float, float]
    level: float = 6.0
    sd: float = 1.5
    correlation_days: float = 1.44
    white_share: float = 0.3
    onset_days: float = 5.0
    expectation: float = 0.0


def question(ladder: tuple[float, ...] = LADDER, *, mcid: float = 1.0, **change: object) -> Question:
    """A 0-10 pain item, lower is better, with the priors of a protocol."""
    fields = {
        "outcome": "pain",
        "label": "Pain, last 24 hours",
        "unit": "points",
        "better": "lower",
        "low": 0.0,
        "high": 10.0,
        "mcid": mcid,
        "ladder_mg": ladder,
        "priors": default_priors(0, 10, mcid, with_protocol=True),
    }
    return Question(**(fields | change))


def immediate(**change: object) -> Question:
    """The same question with an immediate onset."""
    return question(onset=Onset("immediate"), **change)


def diary(
    truth: Truth,
    blocks: tuple[float, ...],
    *,
    seed: int,
    block_days: int = 14,
    missing: float = 0.12,
    blinded: bool = True,
    entries_a_day: int = 1,
    rounded: bool = True,
) -> Diary:
    """A diary with one dose a block; the first block is the run-in, before which nothing was taken or announced."""
    rng = np.random.default_rng(seed)
    days = np.repeat(np.arange(len(blocks) * block_days), entries_a_day)
    hours = np.tile(20.0 - 4.0 * np.arange(entries_a_day)[::-1], len(days) // entries_a_day)
    time = days + hours / 24
    dose = np.array(blocks, float)[days // block_days]
    steady = np.array([truth.effect.get(mg, 0.0) for mg in dose])
    told = 0.5 * (days >= block_days) if blinded else (dose > 0).astype(float)
    score = truth.level + truth.expectation * told + _course(steady, time, truth.onset_days) + _noise(truth, time, rng)
    score = np.clip(np.round(score), 0, 10) if rounded else score
    kept = rng.random(len(days)) >= missing
    return Diary(
        time_days=time[kept],
        received_days=time[kept],
        dosing_day=days[kept],
        dose_mg=dose[kept],
        scores={"pain": score[kept]},
        blinded=(days[kept] >= block_days).astype(float) if blinded else np.zeros(int(kept.sum())),
        rows_read=int(kept.sum()),
        virtual=True,
    )


def _course(steady: np.ndarray, time: np.ndarray, onset_days: float) -> np.ndarray:
    out, state = np.zeros(len(time)), 0.0
    for i, gap in enumerate(np.diff(time, prepend=time[0])):
        state += (steady[i] - state) * (1 - np.exp(-gap / onset_days))
        out[i] = state
    return out


def _noise(truth: Truth, time: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    slow_sd, white_sd = truth.sd * np.sqrt(1 - truth.white_share), truth.sd * np.sqrt(truth.white_share)
    out, state = np.zeros(len(time)), rng.normal(0, slow_sd)
    for i, gap in enumerate(np.diff(time, prepend=time[0])):
        keep = np.exp(-gap / truth.correlation_days)
        state = keep * state + rng.normal(0, slow_sd * np.sqrt(1 - keep * keep))
        out[i] = state
    return out + rng.normal(0, white_sd, len(time))
