"""The stored NUTS references, and how far the engine is from each of them."""

import json
from pathlib import Path
from typing import Any

from verification.agreement import Difference, coefficient_moments, difference, fitted, noise_moments
from verification.finding import Finding
from verification.stored import diary_from, question_from

FOLDER = Path(__file__).parents[1] / "reference" / "nuts"
MEAN_BOUND_SD, SD_BOUND = 0.05, 0.05
FEWEST = 20


def names() -> list[str]:
    """Names of the references that are there."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def read(name: str) -> dict[str, Any]:
    """One reference."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def distances(document: dict[str, Any], **change: object) -> tuple[Difference, Difference]:
    """The engine's distance in the coefficients, and in the parameters of time and noise.

    ``change`` switches off parts of the model: with it the distance must be large.
    """
    question, diary = question_from(document["question"]), diary_from(document["diary"])
    mixture = fitted(question, diary, **change).given_effect
    figures = {name: (f["mean"], f["sd"]) for name, f in document["figures"].items()}
    noise = {name: pair for name, pair in figures.items() if name.startswith("log ") or name == "white_share"}
    linear = {name: pair for name, pair in figures.items() if name not in noise}
    return difference(coefficient_moments(mixture), linear), difference(noise_moments(mixture), noise)


def run(count: int) -> Finding:
    """The engine beside every stored reference."""
    found = {name: distances(read(name)) for name in names()[:count]}
    linear = {name: pair[0] for name, pair in found.items()}
    mean = max(d.mean_in_sd for d in linear.values())
    sd = max(d.sd_relative for d in linear.values())
    noise = max(pair[1].mean_in_sd for pair in found.values())
    return Finding(
        passed=len(found) >= FEWEST and mean <= MEAN_BOUND_SD and sd <= SD_BOUND and noise <= MEAN_BOUND_SD,
        bound=f"at least {FEWEST} trials; means 0.05 sd, sds 5 %",
        summary=f"{len(found)} trials: {mean:.3f} sd, {100 * sd:.1f} %; time and noise {noise:.3f} sd",
        figures={name: {"mean_in_sd": d.mean_in_sd, "sd_relative": d.sd_relative} for name, d in linear.items()},
    )
