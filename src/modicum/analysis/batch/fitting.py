"""Fitting many trials: designs to posteriors, on every core, with the same digits on any number of them."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.polynomial.legendre import leggauss

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Counts, prior_axes
from modicum.analysis.batch.fits import Fits
from modicum.analysis.batch.kernel import Found, Kept, Packed, Plan, fit_trials
from modicum.analysis.batch.packing import Trial, pack
from modicum.analysis.compiled.waiting import announced_to
from modicum.analysis.design import design
from modicum.analysis.fitting import COARSE, axes_without_doses
from modicum.analysis.integration import DROP, EDGE, PRUNE, SEARCH, SETTLED, ZOOMS, heaviest
from modicum.analysis.mixtures import first_to_reach
from modicum.analysis.question import Question
from modicum.analysis.schedule import Schedule
from modicum.records.diary import Diary

BATCH_COUNTS = Counts(tau=10, ell=12, omega=8, sigma=4)  # measured in docs/decisions/0010
WORTH_KEEPING = 0.5  # a window of which less than this share would be kept is sought anew
_BLOCK = 16  # trials that a thread takes at a time

_ORTHANT_MASS = 1 - 1e-5  # as in modicum.analysis.posterior
_CHANCES = ("p_better", "p_mcid_given_effect", "p_harm", "p_better_with_expectation", "p_mcid_with_expectation")

Tell = Callable[[str], None]
Work = tuple[Packed, Plan, Found, Kept]
Each = Callable[[int, np.ndarray, np.ndarray], None]


@dataclass(frozen=True)
class Wanted:
    """What is reported beside the rest, at a cost: see :class:`modicum.analysis.batch.fits.Fits` for each."""

    interval95: bool = False
    p_no_better: bool = False
    p_smallest: bool = False
    numerical_error: bool = False


def trial_of(question: Question, diary: Diary, schedule: Schedule, assumptions: Assumptions | None = None) -> Trial:
    """One diary as a trial to fit, as :func:`modicum.analysis.fitting.fit` would; Gaussian outcomes only."""
    if question.kind != "gaussian":
        raise ValueError(f"A batch holds Gaussian outcomes only, and {question.outcome} is {question.kind}.")
    assumptions = Assumptions(expectation=question.expectation) if assumptions is None else assumptions
    columns, axes = design(question, diary, schedule, assumptions), prior_axes(question, assumptions)
    return Trial(columns, question.priors, axes, axes_without_doses(columns, axes), question.mcid, question.sign)


def fit_many(
    trials: Sequence[Trial],
    counts: Counts = BATCH_COUNTS,
    *,
    wanted: Wanted | None = None,
    threads: int | None = None,
    tell: Tell | None = None,
) -> Fits:
    """The posteriors of many trials: those of :func:`modicum.analysis.fitting.fit` on the same counts, to 1e-9.

    Args:
        trials: of any lengths and ladders.
        counts: nodes on each axis.
        wanted: what is reported beside the rest.
        threads: how many; None for one a core. The answer does not depend on it.
        tell: called with a sentence when something has to be compiled first.

    Returns:
        One row a trial, in their order.

    Source: docs/model.md, How it is computed.
    """
    wanted = wanted or Wanted()
    packed = pack(trials, every_coefficient=wanted.numerical_error)
    smallest = np.full((len(trials), _widest(packed) + 1), np.nan) if wanted.p_smallest else None
    each = None if smallest is None else _orthants(trials, smallest)
    found = fit_packed(packed, counts, wanted=wanted, threads=threads, tell=tell, each=each)
    return found if smallest is None else replace(found, p_smallest=smallest)


def fit_packed(
    packed: Packed,
    counts: Counts = BATCH_COUNTS,
    *,
    wanted: Wanted | None = None,
    threads: int | None = None,
    tell: Tell | None = None,
    each: Each | None = None,
) -> Fits:
    """The same from arrays that are packed already (:func:`modicum.analysis.batch.packing.pack`).

    Args:
        packed: the trials; for the numerical error, with every coefficient.
        counts: nodes on each axis.
        wanted: what is reported beside the rest; ``p_smallest`` needs :func:`fit_many`.
        threads: how many; None for one a core.
        tell: called with a sentence when something has to be compiled first.
        each: called with a trial's position, the numbers of its nodes, and the nodes themselves.

    Returns:
        One row a trial, in their order.
    """
    wanted = wanted or Wanted()
    found = room_for(packed, wanted)
    with announced_to(tell):
        run((packed, plan_of(counts, wanted), found, nothing_kept(len(packed.numbers))), threads or cores(), each)
    return fits_of(packed, found, wanted)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def plan_of(counts: Counts, wanted: Wanted) -> Plan:
    """How the integrals are done: the constants of the readable form."""
    three = [counts.scaled(SEARCH), counts, counts.scaled(COARSE)]
    nodes = np.array([(c.tau, c.ell, c.omega, c.sigma) for c in three], np.int64)
    rules = np.zeros((3, 2, nodes[:, 2].max()))
    for rule, n in zip(rules, nodes[:, 2], strict=True):
        rule[:, :n] = leggauss(n)
    limits = np.array([ZOOMS, SETTLED, DROP, PRUNE, EDGE, WORTH_KEEPING])
    return Plan(nodes, rules, limits, np.array([wanted.interval95, wanted.p_no_better, wanted.numerical_error]))


def room_for(packed: Packed, wanted: Wanted) -> Found:
    """Empty columns for what is found; the windows to begin with in theirs."""
    n, reported = packed.centre.shape
    doses = _widest(packed)

    def empty(*shape: int) -> np.ndarray:
        return np.full((n, *shape), np.nan)

    return Found(
        log_evidence=empty(2, 2),
        mean=empty(2, reported),
        covariance=empty(2, reported, reported),
        chance=empty(doses, 5),
        quantiles=empty(doses if wanted.interval95 else 0, 2),
        contrast=empty(*[doses if wanted.p_no_better else 0] * 2),
        axes=packed.axes.copy(),
    )


def _widest(packed: Packed) -> int:
    """Doses of the longest ladder."""
    return int(packed.numbers[:, 2].max(initial=0))


def nothing_kept(n: int) -> Kept:
    """No state from before."""
    return Kept(np.empty(0), np.full((n, 2), -1), np.zeros(n, np.int64), np.zeros((n, 2), bool))


def run(work: Work, threads: int, each: Each | None = None) -> None:
    """Run the kernel over all trials, in blocks on several threads; every trial writes to its own row.

    Args:
        work: what the kernel reads and fills.
        threads: how many.
        each: called with a trial's position, the numbers of its nodes, and the nodes themselves.
    """
    packed, plan, found, kept = work
    n, size = len(packed.numbers), 1 if each else _BLOCK
    fit_trials(packed, plan, found, kept, 0, 0)  # compiles where that is needed, on one thread

    def block(first: int) -> None:
        nodes = fit_trials(packed, plan, found, kept, first, min(first + size, n))
        if each:
            each(first, *nodes)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(block, range(0, n, size)))


def _orthants(trials: Sequence[Trial], out: np.ndarray) -> Each:
    """Fills in P(each dose is the smallest that reaches the MCID), then P(none), by the readable form."""

    def one(i: int, node: np.ndarray, nodes: np.ndarray) -> None:
        trial, order = trials[i], np.argsort(node)
        doses = len(trial.design.ladder_mg)
        taken = np.flatnonzero(trial.design.doses.sum(0) > 0)
        weight = nodes[0, order]
        order = order[heaviest(weight, _ORTHANT_MASS)]
        weight = nodes[0, order] / nodes[0, order].sum()
        below = len(nodes) - 1
        reported = int((np.sqrt(9 + 8 * below) - 3) / 2)
        row, column = np.maximum.outer(taken, taken), np.minimum.outer(taken, taken)
        covariance = nodes[1 + reported + row * (row + 1) // 2 + column][:, :, order].transpose(2, 0, 1)
        mean = trial.sign * nodes[1 + taken][:, order].T
        reached, none = first_to_reach(trial.mcid, weight, mean, covariance)
        out[i, :doses], out[i, -1] = 0.0, none
        out[i, taken] = reached

    return one


def fits_of(packed: Packed, found: Found, wanted: Wanted) -> Fits:
    """The columns of what was found, by name."""
    doses, widest, odds = packed.numbers[:, 2], found.chance.shape[1], packed.asked[:, 2]
    evidence = found.log_evidence
    variance = np.diagonal(found.covariance[:, 0], axis1=1, axis2=2)
    row, hope = np.arange(len(doses)), packed.numbers[:, 4] > 0
    at = np.where(hope, doses, 0)
    untold = np.arange(widest) >= doses[:, None]
    mean, sd = found.mean[:, 0, :widest].copy(), np.sqrt(variance[:, :widest])
    covariance = found.covariance[:, 0, :widest, :widest].copy()
    mean[untold], sd[untold] = np.nan, np.nan
    covariance[untold[:, :, None] | untold[:, None, :]] = np.nan
    return Fits(
        doses=doses,
        log_evidence_effect=evidence[:, 0, 0],
        log_evidence_no_effect=evidence[:, 0, 1],
        p_no_effect=_p_no_effect(evidence[:, 0], odds),
        effect_mean=mean,
        effect_sd=sd,
        effect_covariance=covariance,
        expectation_mean=np.where(hope, found.mean[row, 0, at], np.nan),
        expectation_sd=np.where(hope, np.sqrt(variance[row, at]), np.nan),
        **{name: found.chance[:, :, k] for k, name in enumerate(_CHANCES)},
        interval95=found.quantiles if wanted.interval95 else None,
        p_no_better=found.contrast if wanted.p_no_better else None,
        p_smallest=None,
        numerical_error=_error(found, odds) if wanted.numerical_error else None,
        windows=found.axes[:, :, :, 1:3],
    )


def _p_no_effect(evidence: np.ndarray, odds: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(np.clip(evidence[:, 0] - evidence[:, 1] - np.log(odds), -700, 700)))


def _error(found: Found, odds: np.ndarray) -> np.ndarray:
    """Between the grid and the coarser one, over all coefficients."""
    sd = np.sqrt(np.diagonal(found.covariance, axis1=2, axis2=3))
    apart = np.abs(found.mean[:, 1] - found.mean[:, 0]) / sd[:, 0]
    p = [_p_no_effect(found.log_evidence[:, which], odds) for which in (0, 1)]
    return np.column_stack([_largest(apart), _largest(np.abs(sd[:, 1] / sd[:, 0] - 1)), np.abs(p[1] - p[0])])


def _largest(apart: np.ndarray) -> np.ndarray:
    return np.max(np.nan_to_num(apart, nan=0.0), axis=1)
