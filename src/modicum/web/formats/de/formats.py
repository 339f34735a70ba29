"""Dates in German, under the English pattern that a page asks for: a day of the month has a full stop behind it."""

_GERMAN = {
    "j F Y": "j. F Y",
    "j M Y": "j. M Y",
    "j M": "j. M",
    "l j F Y": "l, j. F Y",
    "j F Y, H:i": "j. F Y, H:i",
    "j M Y, H:i": "j. M Y, H:i",
    "j M Y H:i": "j. M Y H:i",
    "j M, H:i": "j. M, H:i",
    "l j F, H:i": "l, j. F, H:i",
}


def __getattr__(pattern: str) -> str:
    """The German of a pattern, which Django asks for as if it were the name of a format."""
    if pattern in _GERMAN:
        return _GERMAN[pattern]
    raise AttributeError(pattern)
