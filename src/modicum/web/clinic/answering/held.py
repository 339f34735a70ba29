"""What every stretch of a trial held, as rows of a table: only for a page after the reveal."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from modicum.reports import theme, wording
from modicum.services.revealing import Held
from modicum.web.language import decimal, said


@dataclass(frozen=True)
class Row:
    """A stretch.

    Args:
        held: what it held.
        phase: name of its phase, as a heading.
        words: what was in each capsule.
        token: the colour of its dose; "" where there was no capsule.
        guess: the chance of the drug that was guessed, out of 100, or "".
    """

    held: Held
    phase: str
    words: str
    token: str
    guess: str


def rows_of(held: Iterable[Held], result: dict[str, Any]) -> list[Row]:
    """Rows of stretches.

    Args:
        held: in order.
        result: the answer's document, for the ladder of doses.
    """
    tokens = theme.dose_tokens([dose["dose_mg"] for dose in result["doses"]]) if result["doses"] else {}
    return [_row(one, tokens) for one in held]


def _row(held: Held, tokens: dict[float, str]) -> Row:
    phase = wording.sentence(said(held.phase.replace("_", " ")))
    guess = _("%(chance)s in 100") % {"chance": wording.in_100(held.guess)} if held.guess is not None else ""
    if held.capsule_mg is None:
        return Row(held, phase, _("no capsule"), "", guess)
    if held.capsule_mg == 0:
        return Row(held, phase, _("placebo"), "placebo", guess)
    dose = _("%(dose)s mg") % {"dose": decimal(f"{held.capsule_mg:g}")}
    return Row(held, phase, dose, tokens.get(held.capsule_mg, "dose-4"), guess)
