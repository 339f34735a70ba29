"""A medication list as people write it: one text, split into its lines."""

import re

from modicum.screening.lexicon import of_everything
from modicum.screening.names import tokens_of
from modicum.screening.rulebook import words

_LINES, _PIECES = re.compile(r"[\r\n;]+"), re.compile(r",|、|，")
_RULED = " \t\u00a0-–—_=*•·"  # what separates, and names nothing
_BULLET = re.compile(r"^\s*(?:[-*•·–—]|\(?\d{1,2}[.)](?!\d))\s*")


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a list, split at newline, semicolon and comma.

    What stands between two commas and only says how a medicine is taken ("codeine, 30 mg, at night") stays with the
    medicine before it. A new line always begins something new.

    Example:
        >>> lines_of("Tylenol #3 prn, sertraline 50")
        ('Tylenol #3 prn', 'sertraline 50')
    """
    found: list[str] = []
    for row in _LINES.split(text):
        first = len(found)
        for piece in _PIECES.split(_BULLET.sub("", row)):
            if len(found) > first and _only_says_how(piece):
                found[-1] = f"{found[-1]}, {piece.strip()}"
            elif piece.strip(_RULED):
                found.append(piece.strip())
    return tuple(line for line in found if not _is_heading(line))


def says_nothing_is_taken(lines: tuple[str, ...]) -> bool:
    """Whether the whole list says in words that no medicine is taken."""
    return bool(lines) and all(tokens_of(line) in words().nothing_taken for line in lines)


def _only_says_how(piece: str) -> bool:
    tokens = tokens_of(piece)
    plain = tokens not in words().nothing_taken and not of_everything().find(tokens)
    return bool(tokens) and plain and all(_ordinary(token) for token in tokens)


def _is_heading(line: str) -> bool:
    """A line such as "Current medication:" that names nothing."""
    return line.endswith(":") and _only_says_how(line)


def _ordinary(token: str) -> bool:
    return token in words().ordinary or not token.isalpha()
