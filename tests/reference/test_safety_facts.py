"""The library of screening holds what the gathered facts hold: every ingredient, code and brand, as severe as they say.

Runs where the folder of facts lies beside that of the reference data (``MODICUM_REFERENCE_DATA``).
"""

import csv
import os
import re
from pathlib import Path

import pytest

from modicum.screening import clear
from screening_corpus import TODAY

DATA = os.environ.get("MODICUM_REFERENCE_DATA")
SHEET = Path(DATA).parent / "facts" / "safety.csv" if DATA else None
INGREDIENTS = ("opioid_ingredient", "immunosuppressant_ingredient")
HIGHER = {  # named by a row of their own that is more severe, or by the issue of a transplant
    "nalmefene": "stop",
    "samidorphan": "stop",
    "antithymocyte globulin; basiliximab; belatacept": "stop",
}
A_FORM = "linctus"  # a kind of syrup, listed among the brands of codeine: by itself it is handed back
MILDEST_FIRST = ("may-start", "ask", "stop")
SEVERITIES = {"block": "stop", "block_long": "stop", "review": "ask", "none": "may-start"}

pytestmark = pytest.mark.skipif(
    SHEET is None or not SHEET.exists(),
    reason="NOT CHECKED: MODICUM_REFERENCE_DATA is not set, or no facts are there",
)


def rows():
    if SHEET is None or not SHEET.exists():
        return []
    with SHEET.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["kind"] in INGREDIENTS]


def expected(row):
    return HIGHER.get(row["item"], SEVERITIES[row["severity"]])


def names(text):
    plain = re.sub(r"\([^)]*\)|and biosimilars", "", text.split(":")[-1])
    return [name.strip() for name in re.split(r"[;,/]| \+ ", plain) if name.strip() not in ("", A_FORM)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["item"][:40])
def test_every_ingredient_code_and_brand_of_the_facts_is_at_least_as_severe_as_they_say(row):
    found = {name: clear(name, TODAY).result for name in (*names(row["item"]), *names(row["aliases_brands"]))}
    codes = {code: clear(code, TODAY).result for code in filter(None, row["atc"].split(";"))}
    least = MILDEST_FIRST.index(expected(row))
    assert all(MILDEST_FIRST.index(result) >= least for result in {**found, **codes}.values()), (found, codes)
    assert {result for name, result in found.items()} == {expected(row)}, found
