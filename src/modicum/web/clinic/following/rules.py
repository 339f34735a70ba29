"""The day rule: a mark for each of the last evenings, drawn as lines that a style sheet colours."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from modicum.services.following.needs import Evening

_STEP = 12  # px a day
_STROKES: dict[Evening, str] = {
    "in": "M{x} 4V22",
    "late": "M{x} 13V22",
    "missed": "M{x} 19m-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0",
    "none": "M{x} 18V22",
}


@dataclass(frozen=True)
class Rule:
    """A rule of days.

    Args:
        words: what it shows, for who cannot see it.
        came: strokes of the evenings that came in time.
        late: of those that came late.
        missed: of those that did not come.
        unasked: of those that nobody asked for.
        width: of the drawing, px.
    """

    words: str
    came: str
    late: str
    missed: str
    unasked: str
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
    strokes: dict[Evening, str] = {"in": "", "late": "", "missed": "", "none": ""}
    for place, one in enumerate(evenings):
        strokes[one] += _STROKES[one].format(x=_STEP * place + _STEP // 2)
    width = _STEP * len(evenings)
    return Rule(words, strokes["in"], strokes["late"], strokes["missed"], strokes["none"], width)
