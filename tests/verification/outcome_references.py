"""The stored NUTS references of outcomes that are not Gaussian, and how far the engine is from each of them.

A mean count has no posterior mean (docs/decisions/0009): there the effects on the outcome's scale are compared by the
places of the reference's median and 95 % interval in the engine's posterior; those on the link scale as anywhere else.
"""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.outcomes.fitting import fit_points
from modicum.analysis.outcomes.importance import sample
from modicum.analysis.outcomes.link import link_priors
from modicum.analysis.outcomes.points import Points
from modicum.analysis.question import Onset, Question
from modicum.analysis.schedule import schedule_of
from modicum.analysis.side_effects import attributable, dose_scale, side_effect_model, step_design
from verification.finding import Finding
from verification.stored import diary_from

FOLDER = Path(__file__).parents[1] / "reference" / "nuts" / "outcomes"
KINDS = ("binary", "poisson", "negative-binomial", "ordinal", "side-effect")
MEAN_BOUND_SD, SD_BOUND, TAIL_BOUND = 0.05, 0.05, 0.01
FEWEST = {"side-effect": 8}
USUALLY_FEWEST = 20
_NAMES = {"log onset_days": "tau", "log correlation_days": "ell", "log sd": "sd", "log inverse_phi": "overdispersion"}


def names(kind: str) -> list[str]:
    """Names of the references of one kind that are there."""
    return sorted(path.stem for path in FOLDER.glob(f"{kind}-*.json"))


@cache
def read(name: str) -> dict[str, Any]:
    """One reference."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def question_from(document: dict[str, Any]) -> Question:
    """A stored question, with the priors of its kind."""
    kind, low, high, mcid, better = (document[key] for key in ("kind", "low", "high", "mcid", "better"))
    return Question(
        **{
            **document,
            "ladder_mg": tuple(document["ladder_mg"]),
            "covariates": tuple(document["covariates"]),
            "priors": link_priors(kind, low, high, mcid, better),
            "onset": Onset(**document["onset"]),
        }
    )


def quantities(document: dict[str, Any]) -> tuple[Points, dict[str, np.ndarray]]:
    """The engine's posterior: its points, and every quantity of the reference at them."""
    if document["question"]["kind"] == "side-effect":
        return _of_a_side_effect(document)
    question, diary = question_from(document["question"]), diary_from(document["diary"])
    found = fit_points(question, diary, schedule_of(diary), Assumptions(expectation=question.expectation))
    out = _logs(found.points) | {name: found.points.coefficients[:, i] for i, name in enumerate(found.design.names)}
    for k, mg in enumerate(question.ladder_mg):
        out[f"effect:{mg!r}"] = found.effects.alone[:, k]
        out[f"with_expectation:{mg!r}"] = found.effects.together[:, k]
    return found.points, out


def _of_a_side_effect(document: dict[str, Any]) -> tuple[Points, dict[str, np.ndarray]]:
    diary, ladder = diary_from(document["diary"]), np.array(document["question"]["ladder_mg"], float)
    if "phase" in document["diary"]:
        diary = replace(diary, phase=tuple(document["diary"]["phase"]))
    asked = np.isfinite(diary.scores["score"])
    event = (diary.scores["score"][asked] >= 1).astype(float)
    design = step_design(ladder, schedule_of(diary), diary.time_days[asked], diary.dosing_day[asked], event)
    points, _ = sample(side_effect_model(design), 8192)
    added = attributable(points, dose_scale(ladder, ladder))
    rates = {f"attributable:{mg!r}": added[:, k] for k, mg in enumerate(ladder.tolist())}
    return points, _logs(points) | rates | {name: points.coefficients[:, i] for i, name in enumerate("abcn")}


def _logs(points: Points) -> dict[str, np.ndarray]:
    return {name: np.log(np.maximum(getattr(points.psi, field), 1e-300)) for name, field in _NAMES.items()}


def distances(document: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """For every quantity of a reference: difference of the mean in sds, and of the sd as a share."""
    points, values = quantities(document)
    counts = document["question"]["kind"] in ("poisson", "negative-binomial")
    out: dict[str, tuple[float, float]] = {}
    for name, figure in document["figures"].items():
        if counts and name.partition(":")[0] in ("effect", "with_expectation"):
            if "q50" in figure:
                out[name] = _by_places(values[name], points.weight, figure)
            continue
        mean = float(points.weight @ values[name])
        sd = float(np.sqrt(points.weight @ (values[name] - mean) ** 2))
        out[name] = (abs(mean - figure["mean"]) / figure["sd"], abs(sd / figure["sd"] - 1.0))
    return out


def _by_places(value: np.ndarray, weight: np.ndarray, figure: dict[str, float]) -> tuple[float, float]:
    """The engine's place of the reference's median, in sds of a Gaussian, and of its 95 % interval's ends.

    The ends are known to 0.003 each from 4,000 draws, and are held to 0.01, which here counts as the bound of an sd.
    """
    low, middle, high = (float(weight @ (value <= figure[name])) for name in ("q2.5", "q50", "q97.5"))
    return abs(middle - 0.5) * np.sqrt(2 * np.pi), SD_BOUND / TAIL_BOUND * max(abs(low - 0.025), abs(high - 0.975))


def probabilities(document: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """P(benefit > 0) and P(benefit >= MCID) of every dose: the engine's and the reference's."""
    points, values = quantities(document)
    question = question_from(document["question"])
    out = {}
    for name, figure in document["probabilities"].items():
        kind, mg = name.split(":")
        threshold = question.mcid if kind == "p_mcid" else 0.0
        reached = question.sign * values[f"effect:{mg}"] >= threshold
        out[name] = (float(points.weight @ reached), figure["mean"])
    return out


def run(kind: str, count: int) -> Finding:
    """The engine beside every stored reference of a kind."""
    found = {name: distances(read(name)) for name in names(kind)[:count]}
    effects = [pair for each in found.values() for name, pair in each.items() if not name.startswith("log ")]
    noise = [pair[0] for each in found.values() for name, pair in each.items() if name.startswith("log ")]
    mean, sd = (max(pair[i] for pair in effects) for i in (0, 1)) if effects else (np.inf, np.inf)
    noise = noise or [np.inf]
    fewest = FEWEST.get(kind, USUALLY_FEWEST)
    return Finding(
        passed=len(found) >= fewest and mean <= MEAN_BOUND_SD and sd <= SD_BOUND and max(noise) <= MEAN_BOUND_SD,
        bound=f"at least {fewest} trials; means 0.05 sd, sds 5 %",
        summary=f"{len(found)} trials: {mean:.3f} sd, {100 * sd:.1f} %; time and noise {max(noise):.3f} sd",
        figures={name: {key: list(pair) for key, pair in each.items()} for name, each in found.items()},
    )
