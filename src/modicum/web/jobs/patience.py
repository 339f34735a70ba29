"""Patience: what fails is tried again after one minute, then two, then four, and never less often than every hour."""

import datetime as dt

_FIRST, _LONGEST = dt.timedelta(minutes=1), dt.timedelta(hours=1)
_DOUBLED = 6  # times; then the longest is reached


def pause_after(failures: int) -> dt.timedelta:
    """How long to wait after something has failed so many times on end.

    Example:
        >>> [pause_after(failures).seconds // 60 for failures in (0, 1, 2, 3, 6, 7, 500)]
        [0, 1, 2, 4, 32, 60, 60]
    """
    if failures < 1:
        return dt.timedelta(0)
    return min(_FIRST * 2 ** min(failures - 1, _DOUBLED), _LONGEST)
