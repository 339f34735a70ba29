"""An opioid that a line names and says is not taken: "no opioids", "allergic to codeine"."""

from modicum.screening.rulebook import words

# With these alone beside a name the line denies; any other word leaves the stop as it is.
_BESIDE = frozenset(
    ("any", "on", "to", "of", "or", "and", "taking", "taken", "take", "use", "used", "known", "do", "i")
)


def denies(tokens: tuple[str, ...], named: frozenset[int]) -> bool:
    """Whether a line says of what it names that it is not taken, and says nothing else.

    Args:
        tokens: of the line.
        named: the places of the names in it.
    """
    denied = words().denied
    if denied.isdisjoint(tokens):
        return False
    rest = [token for place, token in enumerate(tokens) if place not in named]
    return not denied.isdisjoint(rest) and all(token in denied or token in _BESIDE for token in rest)
