"""ATC codes in a line.

Only the codes that a rule uses are known here; the classification belongs to the WHO Collaborating Centre for Drug
Statistics Methodology. Another code is known to meet no rule only where it names a single substance outside the classes
of the rules: a combination may hold anything.
"""

import re
from dataclasses import dataclass
from functools import cache

from modicum.screening.rulebook import Form, Substance, substances

_CODE = re.compile(r"\b([A-DGHJ-NPRSV]\d{2}[A-Z]{2}\d{2})\b", re.IGNORECASE)
_COMBINATIONS_FROM = 50  # the last two figures of a code: 50 and above are combinations

_NO_RULE: tuple[None, Form] = (None, "")


@dataclass(frozen=True)
class Coded:
    """The codes of a line.

    Args:
        known: code, the substance of a rule or None, and what the code says of the form.
        unknown: codes that have to be read by hand.
        rest: the line without them.
    """

    known: tuple[tuple[str, Substance | None, Form], ...]
    unknown: tuple[str, ...]
    rest: str


def codes_in(line: str) -> Coded:
    """Read the ATC codes of a line.

    Example:
        >>> [(code, substance.name) for code, substance, _ in codes_in("N02AX02 100 mg").known]
        [('N02AX02', 'tramadol')]
        >>> codes_in("N02BE51").unknown
        ('N02BE51',)
    """
    codes = [found.upper() for found in _CODE.findall(line)]
    if not codes:
        return Coded((), (), line)
    read = [(code, _of_rules().get(code)) for code in codes]
    known = [(code, meant or _NO_RULE) for code, meant in read if meant or _harmless(code)]
    unknown = tuple(code for code, meant in read if not meant and not _harmless(code))
    return Coded(tuple((code, substance, form) for code, (substance, form) in known), unknown, _CODE.sub(" ", line))


def _harmless(code: str) -> bool:
    return int(code[5:]) < _COMBINATIONS_FROM and code[:5] not in _classes()


@cache
def _of_rules() -> dict[str, tuple[Substance, Form]]:
    found: dict[str, tuple[Substance, Form]] = {}
    for substance in substances():
        found |= dict.fromkeys(substance.codes, (substance, ""))
        found |= dict.fromkeys(substance.topical_codes, (substance, "topical"))
    return found


@cache
def _classes() -> frozenset[str]:
    """The chemical subgroups (five characters) that the codes of the rules lie in."""
    return frozenset(code[:5] for code in _of_rules())
