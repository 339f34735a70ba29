"""The corpus of medication lists: written before the rules were read, and frozen; see its readme."""

import csv
from datetime import date
from pathlib import Path

CORPUS = Path(__file__).parent / "corpora" / "screening" / "independent"
TODAY = date(2026, 11, 23)


def rows(name):
    """The rows of one file of the corpus."""
    with (CORPUS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
