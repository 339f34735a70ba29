"""Words that several pages of enrolment use."""

import datetime as dt


def age_on(born: dt.date, day: dt.date) -> int:
    """Age in whole years.

    Args:
        born: date of birth.
        day: the day asked about.

    Example:
        >>> age_on(dt.date(1983, 5, 14), dt.date(2026, 5, 13))
        42
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
