"""Cells: a trial leaves only among others that look like it from outside (k-anonymity).

What could be known of a person from elsewhere and stands in the export is her age and her protocol; both are given only
where as many trials share them as the gate asks. Where too few share an age, those of one protocol are put together and
their age is not told; where these are too few still, they stay.

This guards what is known from outside, and no more: within its cell a diary is unique, and two exports a week apart
show who was added. See docs/privacy.md.

Source: Sweeney 2002 (k-anonymity); El Emam and Dankar 2008 (five as the smallest cell in health data).
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

SMALLEST = 5  # trials in a cell: the smallest that is in use for health data that is not open to everybody
NOT_TOLD = "not told"
_BAND, _YOUNG, _OLD = 10, 20, 80


@dataclass(frozen=True)
class Traits:
    """What is given of a person beside her diary.

    Args:
        protocol: its name.
        protocol_sha256: of its text; one that was adapted for one person is another protocol.
        age_band: at the first day, see :func:`age_band`.
        virtual: whether no person stands behind it; the virtual hide nobody.
    """

    protocol: str
    protocol_sha256: str
    age_band: str
    virtual: bool


def age_band(born: dt.date, on: dt.date) -> str:
    """Ten years of age, open at both ends.

    Args:
        born: date of birth.
        on: the day.

    Example:
        >>> age_band(dt.date(1983, 5, 14), dt.date(2026, 5, 13)), age_band(dt.date(1940, 1, 1), dt.date(2026, 1, 1))
        ('40 to 49', '80 or more')
    """
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if years < _YOUNG:
        return f"under {_YOUNG}"
    low = years // _BAND * _BAND
    return f"{low} to {low + _BAND - 1}" if low < _OLD else f"{_OLD} or more"


def gate(traits: Sequence[Traits], k: int = SMALLEST) -> list[Traits | None]:
    """What may be given of each: its traits, those without the age, or nothing.

    Args:
        traits: of every trial that could leave.
        k: smallest cell, 1 or more.

    Returns:
        In the same order; every one that is not None occurs k times or more.

    Example:
        >>> few = [Traits("ldn-open", "", band, False) for band in ("30 to 39", "30 to 39", "40 to 49")]
        >>> [one.age_band if one else None for one in gate(few, 2)]
        ['30 to 39', '30 to 39', None]
    """
    full = Counter(traits)
    coarse = [one if full[one] >= k else replace(one, age_band=NOT_TOLD) for one in traits]
    sizes = Counter(coarse)
    return [one if sizes[one] >= k else None for one in coarse]
