"""Trials whose dose only ever follows time: what can be known from them, and whether the engine claims more.

In an open course drug and announcement move together, so a diary shows at best every column's own contribution: the sd
of a dose effect can never fall below that under the prior when ``theta + kappa`` is known exactly.
"""

import numpy as np

from modicum.analysis.batch.fitting import BATCH_COUNTS
from modicum.analysis.posterior import Posterior
from verification.agreement import fitted_given_effect
from verification.finding import Finding
from verification.independent_columns import columns, problem
from verification.prior_predictive import stream, unit_residual
from verification.reference_trials import question_document
from verification.stored import diary_from
from verification.useless_drug import WORKING, Progress, verdict
from verification.variants import question

COURSES = {
    "step": [(0.0, 0.0)] * 28 + [(4.5, 1.0)] * 56,
    "taper": [(0.0, 0.0)] * 14 + [(dose, 1.0) for dose in (0.5, 1.5, 3.0, 4.5) for _ in range(18)],
}
CONFIDENT = 0.05  # largest share in which theta alone may look certain to help though the drug does nothing


def least_sd(posterior: Posterior) -> np.ndarray:
    """Sds of the dose effects if every sum of a dose effect and expectation were known exactly, by the prior alone."""
    design = posterior.design
    doses = np.arange(design.dose_at.start, design.dose_at.stop)
    both = np.r_[doses, design.names.index("expectation")]
    prior = design.covariance[np.ix_(both, both)]
    sums = np.column_stack([np.eye(len(doses)), np.ones(len(doses))])
    gain = prior @ sums.T @ np.linalg.inv(sums @ prior @ sums.T)
    return np.sqrt(np.diagonal(prior - gain @ sums @ prior)[: len(doses)])


def run(count: int, progress: Progress | None = None, **change: object) -> Finding:
    """Open courses of a drug that does nothing, hope included: half of them steps, half tapers."""
    asked = {
        "step": question(4.5),
        "taper": question(0.5, 1.5, 3.0, 4.5),
    }
    works = confident = 0
    narrowest = np.inf
    for index in range(count):
        course = ("step", "taper")[index % 2]
        diary = _diary(course, index, question_document(asked[course]))
        found = fitted_given_effect(asked[course], diary, BATCH_COUNTS, **change)
        works += verdict(found, diary, None) in WORKING
        confident += any(d.p_better >= 0.975 and d.p_mcid_given_effect >= 0.5 for d in found.doses)
        if "expectation" in found.design.names:
            narrowest = min(narrowest, *(np.array([d.effect.sd for d in found.doses]) / least_sd(found)))
        if progress:
            progress(index + 1, count)
    known = bool(np.isfinite(narrowest) and narrowest >= 1 - 1e-6)
    return Finding(
        passed=works == 0 and confident <= max(CONFIDENT * count, 1) and known,
        bound="never works; theta certain in at most 5 %; sds never below what such a trial can tell",
        summary=f"{count} courses: works {works}, certain {confident}; smallest sd {narrowest:.2f} of the least",
        figures={"trials": count, "works": works, "confident": confident, "narrowest_of_least": float(narrowest)},
    )


def _diary(course: str, index: int, asked: dict[str, object]):
    rng = stream(f"open-{course}", index)
    daily = COURSES[course]
    time = np.arange(len(daily)) + 20 / 24
    made = rng.random(len(daily)) >= 0.1
    entries = {
        "time_days": time.tolist(),
        "dose_mg": [d for d, _ in daily],
        "announced": [a for _, a in daily],
        "score": [0.0 if m else None for m in made],
    }
    p = problem(entries, asked)
    hope = max(0.0, 0.8 + 0.6 * rng.standard_normal())
    flare = max(0.0, 1.0 + rng.standard_normal())
    mean = 6 + 0.7 * rng.standard_normal() + flare * np.exp(-p.time / 14)
    score = mean - hope * columns(p, 9.4)[:, p.names.index("expectation")] + 1.5 * unit_residual(p.time, 1.44, 0.3, rng)
    done = iter(np.clip(np.round(score), 0, 10).tolist())
    entries["score"] = [next(done) if m else None for m in made]
    return diary_from(entries)
