"""The stored NUTS references of outcomes that are not Gaussian, and how far the engine is from each of them.

Two kinds of quantity are compared by places of quantiles instead of by mean and sd. A mean count has no posterior mean
(docs/decisions/0009), so that its sample mean says nothing. And where the tail of a quantity is so heavy that three
standard errors of the reference's own sd are more than the bound, agreement of sds cannot be asked for: a run nine
times as long of "side-effect-all-zero" moved that sd by 7 %, to within 2 % of the engine's.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from modicum.analysis.outcomes.fitting import POINTS
from verification.finding import Finding
from verification.outcome_quantities import Weighted, weighted

FOLDER = Path(__file__).parents[1] / "reference" / "nuts" / "outcomes"
KINDS = ("binary", "poisson", "negative-binomial", "ordinal", "side-effect")
MEAN_BOUND_SD, SD_BOUND = 0.05, 0.05
PROBABILITY_BOUND = 0.02  # what a shift of 0.05 sd does to a probability of a half
TAIL_BOUND = (
    0.01  # of the ends of a 95 % interval: what a change of the sd by 5 % and of the mean by 0.05 sd do to them
)
MONTE_CARLO = 3.0  # standard errors of a reference's probability that are allowed beside the bound
MANY = 32_768  # points in the full count: 8,192 leave the time and noise parameters uncertain by 0.02 sd themselves
FEWEST = {"side-effect": 8}
USUALLY_FEWEST = 20


def names(kind: str, count: int | None = None) -> list[str]:
    """Names of the references of one kind that are there: all, or so many, evenly spread."""
    found = sorted(path.stem for path in FOLDER.glob(f"{kind}-*.json"))
    if count is None or count >= len(found):
        return found
    return [found[i] for i in np.linspace(0, len(found) - 1, count).round().astype(int)]


@cache
def read(name: str) -> dict[str, Any]:
    """One reference."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@cache
def fitted(name: str, points: int = POINTS) -> Weighted:
    """The engine's posterior of the diary of a reference."""
    document = read(name)
    return weighted(document["question"], document["diary"], points)


def distances(document: dict[str, Any], found: Weighted) -> dict[str, tuple[float, float]]:
    """For every quantity of a reference: difference of the mean in sds, and of the sd as a share."""
    out: dict[str, tuple[float, float]] = {}
    for name, figure in document["figures"].items():
        if not by_places(document, name, found):
            mean, sd = found.moments(name)
            out[name] = (abs(mean - figure["mean"]) / figure["sd"], abs(sd / figure["sd"] - 1.0))
        elif "q50" in figure:
            out[name] = _by_places(found, name, figure)
    return out


def by_places(document: dict[str, Any], name: str, found: Weighted) -> bool:
    """Whether a quantity is compared by places of quantiles."""
    counts = document["question"]["kind"] in ("poisson", "negative-binomial")
    if counts and name.partition(":")[0] in ("effect", "with_expectation"):
        return True
    return "q50" in document["figures"][name] and MONTE_CARLO * error_of_sd(document, name, found) > SD_BOUND


def error_of_sd(document: dict[str, Any], name: str, found: Weighted) -> float:
    """Standard error of a reference's sd, as a share: from its effective draws and the engine's fourth moment."""
    figure = document["figures"][name]
    mean, sd = found.moments(name)
    kurtosis = float(found.points.weight @ ((found.values[name] - mean) / sd) ** 4)
    return float(np.sqrt((kurtosis - 1.0) / (4.0 * min(figure["ess_bulk"], figure["ess_tail"]))))


def _by_places(found: Weighted, name: str, figure: dict[str, float]) -> tuple[float, float]:
    """The engine's place of the reference's median, in sds of a Gaussian, and of the ends of its 95 % interval.

    The ends are known to 0.003 each from 4,000 draws, and are held to 0.01, which here counts as the bound of an sd.
    """
    low, middle, high = (found.place(name, figure[level]) for level in ("q2.5", "q50", "q97.5"))
    return abs(middle - 0.5) * np.sqrt(2 * np.pi), SD_BOUND / TAIL_BOUND * max(abs(low - 0.025), abs(high - 0.975))


def probabilities(document: dict[str, Any], found: Weighted) -> dict[str, float]:
    """Chances of benefit and of the MCID at every dose: how far apart beyond what Monte Carlo error explains."""
    asked, out = document["question"], {}
    sign = 1 if asked["better"] == "higher" else -1
    for name, figure in document["probabilities"].items():
        kind, _, mg = name.partition(":")
        ours = found.share(f"effect:{mg}", sign, asked["mcid"] if kind == "p_mcid" else 0.0)
        out[name] = max(abs(ours - figure["mean"]) - MONTE_CARLO * figure["mcse_mean"], 0.0)
    return out


def within(apart: dict[str, tuple[float, float]]) -> bool:
    """Whether all means are within 0.05 sd, and all sds but those of time and noise within 5 %."""
    return all(
        mean <= MEAN_BOUND_SD and (name.startswith("log ") or sd <= SD_BOUND) for name, (mean, sd) in apart.items()
    )


def run(kind: str, count: int) -> Finding:
    """The engine beside every stored reference of a kind."""
    chosen = names(kind, count)
    found = {name: distances(read(name), fitted(name, MANY)) for name in chosen}
    chances = [v for name in chosen for v in probabilities(read(name), fitted(name, MANY)).values()]
    effects = [pair for each in found.values() for name, pair in each.items() if not name.startswith("log ")]
    noise = [pair[0] for each in found.values() for name, pair in each.items() if name.startswith("log ")]
    mean, sd = (max((pair[i] for pair in effects), default=np.inf) for i in (0, 1))
    fewest, chance = FEWEST.get(kind, USUALLY_FEWEST), max(chances, default=0.0)
    return Finding(
        passed=len(found) >= fewest and all(map(within, found.values())) and chance <= PROBABILITY_BOUND,
        bound=f"at least {fewest} trials; means 0.05 sd, sds 5 %, probabilities 0.02",
        summary=f"{len(found)} trials: {mean:.3f} sd, {100 * sd:.1f} %; "
        f"time and noise {max(noise, default=np.inf):.3f} sd, probabilities {chance:.3f}",
        figures={name: {key: list(pair) for key, pair in each.items()} for name, each in found.items()},
    )
