"""The day rule: a mark for each of the last evenings, drawn as lines that a style sheet colours."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from modicum.services.following.needs import Evening

_STEP, _HEIGHT = 12, 26


@dataclass(frozen=True)
class Rule:
    """A rule of days.

    Args:
        words: what it shows, for who cannot see it.
        marks: for each day, what it is and where it stands, px.
        width: of the drawing, px.
    """

    words: str
    marks: tuple[tuple[Evening, float], ...]
    width: int


def rule_of(evenings: Sequence[Evening]) -> Rule:
    """The rule of some evenings.

    Args:
        evenings: in order.
    """
    asked = sum(one != "none" for one in evenings)
    came = sum(one in ("in", "late") for one in evenings)
    late = sum(one == "late" for one in evenings)
    words = _("%(came)s of the last %(asked)s evenings are in") % {"came": came, "asked": asked}
    if late:
        words = _("%(words)s, %(late)s of them late") % {"words": words, "late": late}
    if not asked:
        words = _("No evening is over yet")
    marks: tuple[tuple[Evening, float], ...] = tuple((one, _STEP * (place + 0.5)) for place, one in enumerate(evenings))
    return Rule(words, marks, _STEP * len(evenings))
