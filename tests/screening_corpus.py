"""Two corpora of medication lists: written before the rules were read, and frozen; see their readmes."""

import csv
from datetime import date
from pathlib import Path

CORPORA = Path(__file__).parent / "corpora" / "screening"
TODAY = date(2026, 11, 23)


def rows(name, corpus="independent"):
    """The rows of one file of a corpus."""
    with (CORPORA / corpus / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
