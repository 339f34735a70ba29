"""Who is told while something is compiled; known without loading the compiler."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

_told: list[Callable[[str], None]] = []


@contextmanager
def announced_to(tell: Callable[[str], None] | None) -> Generator[None]:
    """Whom to tell, once, when something has to be compiled; nobody where ``tell`` is None."""
    if tell is None:
        yield
        return
    _told.append(tell)
    try:
        yield
    finally:
        _told.remove(tell)


def announce() -> None:
    """Something has to be compiled now."""
    for tell in _told:
        tell("compiling, once on this machine")
