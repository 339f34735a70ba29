"""Kit codes: drawn from chance for every period before anybody looks at what it holds, so that they tell nothing."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from modicum.foundation.errors import Problem, problem
from modicum.supply.periods import Period

Randomness = Callable[[int], bytes]
# No 0 O 1 I L, which are mistaken for each other, and no vowel, so that no word comes out.
LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 6
_WEIGHTS = (6, 5, 4, 3, 2, 1)  # all different and below 29, a prime: any wrong letter and any swap of two is found
_PRIME = 29
_FAIR = 256 // len(LETTERS) * len(LETTERS)


@dataclass(frozen=True)
class KitCode:
    """The code of one kit.

    Args:
        phase: name of the phase.
        period: block or half of a pair within the phase, from 1.
        part: of a stretch too long for one kit, from 1.
        code: six letters and figures, the last one a check on the others.
    """

    phase: str
    period: int
    part: int
    code: str


def draw_codes(periods: Sequence[Period], randomness: Randomness, others: Collection[str] = ()) -> tuple[KitCode, ...]:
    """A code for every period, all different. What a period holds is not asked, so no code can depend on it.

    Args:
        periods: of the whole trial.
        randomness: number of bytes to that many bytes of chance.
        others: codes that are in use already; none of them is drawn.
    """
    found: dict[str, None] = {}
    while len(found) < len(periods):
        code = _draw(randomness)
        if code and code not in others:
            found.setdefault(code)
    return tuple(KitCode(one.phase, one.period, one.part, code) for one, code in zip(periods, found, strict=True))


def _draw(randomness: Randomness) -> str:
    """One code, or "" where its check would have no letter."""
    letters = ""
    while len(letters) < LENGTH - 1:
        number = randomness(1)[0]
        if number < _FAIR:
            letters += LETTERS[number % len(LETTERS)]
    check = -sum(weight * LETTERS.index(letter) for weight, letter in zip(_WEIGHTS, letters, strict=False)) % _PRIME
    return letters + LETTERS[check] if check < len(LETTERS) else ""


def say_code(code: str) -> str:
    """A code in two groups, as it is read aloud.

    Example:
        >>> say_code("7KQ4XM")
        '7KQ 4XM'
    """
    return f"{code[:3]} {code[3:]}"


def check_code(text: str, where: str = "kit code") -> tuple[str, Problem | None]:
    """A code as somebody typed it, and what is wrong with it.

    Args:
        text: with or without blanks and hyphens, in any case.
        where: field or option, for the problem.

    Returns:
        The code as it is stored, and a problem or None.

    Example:
        >>> check_code("zzz zzz")[1].code
        'MOD-SUPPLY-19'
    """
    code = "".join(text.split()).replace("-", "").upper()
    known = len(code) == LENGTH and set(code) <= set(LETTERS)
    total = sum(weight * LETTERS.index(letter) for weight, letter in zip(_WEIGHTS, code, strict=False)) if known else 1
    if known and total % _PRIME == 0:
        return code, None
    message = "No kit has this code: a letter is wrong, or two are swapped" if known else "This is not a kit code"
    return code, problem("MOD-SUPPLY-19", where, text, message, f"Read the {LENGTH} letters and figures off the label.")
