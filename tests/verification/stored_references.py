"""The stored NUTS references, and how far the engine is from each of them."""

import json
from pathlib import Path
from typing import Any

from verification.agreement import Difference, coefficient_moments, difference, fitted, noise_moments
from verification.stored import diary_from, question_from

FOLDER = Path(__file__).parents[1] / "reference" / "nuts"
MEAN_BOUND_SD, SD_BOUND = 0.05, 0.05


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
