"""The one table of counts: for every row of the verification how much is done in ``make test``, and in full.

``MODICUM_COUNTS=full`` makes the tests use the full counts.
"""

import os
from collections.abc import Sequence
from typing import Any

from verification.flagship import CHECKED, row_name
from verification.useless_drug import CELLS, HARDEST, cell_name

P0_OUTCOMES = ("binary", "poisson", "ordinal")
OF_THIRTY = "sbc-side-effect-of-thirty"
DISK_FAULTS = ("full-disk", "file-limit", "no-space", "write-error", "sync-error")
OUTCOMES = ("binary", "poisson", "negative-binomial", "ordinal", "side-effect")

USELESS_OUTCOMES = ("binary", "count", "ordinal")

# People in a cell of the noise grid under the flagship: more at this correlation, where chance most often looks like an
# effect, since 1,000 tell the upper limit no closer than to 1.5 points.
USELESS, NOISIEST = (1000, 4000), 0.9

COUNTS: dict[str, tuple[int, int]] = {
    "quadrature": (6, 10),
    "nuts": (28, 28),
    **{f"nuts-{kind}": (3, 8 if kind == "side-effect" else 20) for kind in OUTCOMES},
    "grid-error": (24, 216),
    "sbc-default": (25, 1000),
    "sbc-no-expectation": (30, 1000),
    "sbc-open-shared-onset": (25, 1000),
    "sbc-immediate": (60, 1000),
    "sbc-covariates": (30, 1000),
    "sbc-several-a-day": (30, 1000),
    **{f"sbc-{kind}": (10, 300) for kind in OUTCOMES},
    OF_THIRTY: (6, 60),
    "coverage": (20, 2000),
    "p0-calibration": (40, 2000),
    **{f"p0-{kind}": (20, 400) for kind in P0_OUTCOMES},
    **{cell_name(*cell): (200, 20_000) for cell in CELLS},
    **{cell_name(*cell, which): (200, 20_000) for cell in HARDEST for which in ("type-one-reviews", "type-one-ladder")},
    **{f"type-one-{kind}": (10, 1000) for kind in USELESS_OUTCOMES},
    "open-taper": (30, 1000),
    "replay": (7, 500),
    **{row_name(who, cell): (10, USELESS[cell[0] >= NOISIEST]) for who, cells in CHECKED.items() for cell in cells},
    "flagship-power": (10, 4000),
    "flagship-third": (10, 4000),
    "flagship-leaks": (20, 4000),
    "flagship-grid": (3, 1750),
    "staff-stops": (5, 2000),  # of each of three kinds of people, for each of four reasons
    "diary-cases": (1, 99),  # of each table of cases that a browser goes through
    "diary-kills": (3, 100),
    "diary-start": (2, 20),
    "diary-trial": (2, 2),  # one on each database; in make test of a protocol of ten days
    "api-schema": (6, 300),  # requests of an operation, by the document and beside it, as a phone and as a stranger
    "clinic-road": (2, 2),  # likewise; in make test of the crossover, with most evenings beside the page
    "store-kills-sqlite": (3, 200),
    "store-kills-postgresql": (2, 200),
    "store-syncs": (60, 1000),
    "store-cuts": (40, 1000),
    **{f"store-disk-{kind}": (2, 50) for kind in DISK_FAULTS},
    "real-melatonin": (1, 1),
    "real-classroom": (10, 10),
    "real-abab": (1, 1),
    "real-afib": (1, 1),
    "real-laughter": (1, 1),
}


def some(row: str, cases: Sequence[Any]) -> Sequence[Any]:
    """The first cases of a table, as many as the row counts."""
    return cases[: count(row)]


def count(row: str) -> int:
    """The count that a test uses."""
    return COUNTS[row][1 if os.environ.get("MODICUM_COUNTS") == "full" else 0]
