"""Ten thousand medication lists, and the same by the finder that comes with the vocabulary, which knows no rules.

``benchmarks/run.py`` takes the rows of its table from here, and a test holds both to each other.
"""

import csv
import random
from datetime import date
from pathlib import Path

from modicum.screening import Screening, clear
from modicum.screening.names import tokens_of

CORPUS = Path(__file__).parents[1] / "tests" / "corpora" / "screening" / "independent"
LISTS, LINES, FEWER = 10_000, 5, 200
TODAY = date(2026, 11, 23)
SLOWER = 10.0  # times the finder at most: it only looks names up


def lists(number: int) -> list[str]:
    """Lists of five lines of the corpus, each with a strength of its own, so that hardly two lines are the same."""
    lines = [row["line"] for name in ("caught", "harmless") for row in _rows(name)]
    chance = random.Random(1)  # noqa: S311 - which lines stand together is no secret
    return ["\n".join(f"{chance.choice(lines)} {chance.randint(1, 400)}" for _ in range(LINES)) for _ in range(number)]


def screened(many: list[str]) -> list[Screening]:
    """Every list against the rules."""
    return [clear(one, TODAY) for one in many]


def found(many: list[str]) -> list[list[object]]:
    """The names that the packaged finder sees in every list, spelt as they are known."""
    from drug_named_entity_recognition import find_drugs

    return [find_drugs(list(tokens_of(one)), is_ignore_case=True) for one in many]


def _rows(name: str) -> list[dict[str, str]]:
    with (CORPUS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
