"""What every stretch of a trial held, and what each review saw, as rows of tables: only for a page after the reveal."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from modicum.protocol import Protocol
from modicum.protocol.rules import ResponseRule
from modicum.reports import theme, wording
from modicum.services.revealing import Held, Seen
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
    tokens = _tokens(result)
    return [_row(one, tokens) for one in held]


def _tokens(result: dict[str, Any]) -> dict[float, str]:
    """The colour of every dose of the ladder."""
    return theme.dose_tokens([dose["dose_mg"] for dose in result["doses"]]) if result["doses"] else {}


def _row(held: Held, tokens: dict[float, str]) -> Row:
    phase = wording.sentence(said(held.phase.replace("_", " ")))
    guess = _("%(chance)s in 100") % {"chance": wording.in_100(held.guess)} if held.guess is not None else ""
    if held.capsule_mg is None:
        return Row(held, phase, _("no capsule"), "", guess)
    if held.capsule_mg == 0:
        return Row(held, phase, _("placebo"), "placebo", guess)
    dose = _("%(dose)s mg") % {"dose": decimal(f"{held.capsule_mg:g}")}
    return Row(held, phase, dose, tokens.get(held.capsule_mg, "dose-4"), guess)


@dataclass(frozen=True)
class Chance:
    """What a review saw of one dose.

    Args:
        words: the dose.
        token: its colour.
        mcid, better, harm: out of 100, as words: that it helps by what matters, helps at all, harms by what matters.
    """

    words: str
    token: str
    mcid: str
    better: str
    harm: str


@dataclass(frozen=True)
class Review:
    """What a review saw, and what it decided.

    Args:
        after: the last date of the stretch before it.
        chances: one for each dose that had been tried.
        by_eye: what it compared where it looked as usual practice does, or "".
        then: what it decided.
    """

    after: dt.date
    chances: tuple[Chance, ...]
    by_eye: str
    then: str


def reviews_of(held: Iterable[Held], result: dict[str, Any], protocol: Protocol) -> list[Review]:
    """Every review, in order; none where the order was opened by a version that did not keep them.

    Args:
        held: every stretch, in order.
        result: the answer's document, for the ladder of doses.
        protocol: of the trial, for what a review by eye looked at.
    """
    return list(_reviews(held, _tokens(result), protocol))


def _reviews(held: Iterable[Held], tokens: dict[float, str], protocol: Protocol) -> Iterator[Review]:
    for one in held:
        if one.then:
            chances = tuple(_chance(seen, tokens) for seen in one.seen)
            yield Review(one.last, chances, _by_eye(one.by_eye, protocol), _then(one.then))


def _chance(seen: Seen, tokens: dict[float, str]) -> Chance:
    return Chance(
        _("%(dose)s mg") % {"dose": decimal(f"{seen.dose_mg:g}")},
        tokens.get(seen.dose_mg, "dose-4"),
        *(_of_100(chance) for chance in (seen.p_mcid, seen.p_better, seen.p_harm)),
    )


def _of_100(chance: float) -> str:
    """A chance out of 100; near an end never a round none or all."""
    if chance < 0.01:
        return "<1"
    return ">99" if chance > 0.99 else str(wording.in_100(chance))


def _by_eye(means: tuple[float | None, float | None] | None, protocol: Protocol) -> str:
    """What a review by eye compared: the mean of which outcome, on which scale, and over which days."""
    if means is None:
        return ""
    outcome, rule = protocol.primary_outcome, protocol.rules.response or ResponseRule()
    before, lately = (_("nothing written") if mean is None else decimal(f"{mean:.1f}") for mean in means)
    low, high = (decimal(f"{end:g}") for end in (outcome.low, outcome.high))
    words = _(
        "%(item)s (%(low)s to %(high)s), mean of %(days)s days: before the first dose %(before)s, at the end of this "
        "step %(lately)s"
    )
    given = {"item": said(outcome.label), "days": decimal(f"{rule.window_days:g}"), "low": low, "high": high}
    return words % {**given, "before": before, "lately": lately}


def _then(code: str) -> str:
    """A decision in words; every one that a rule or an ending can have."""
    words = {
        "continue": _("Went on as planned"),
        "step up": _("A step up"),
        "leave for confirmation": _("Probably enough: on to the confirmation"),
        "choose again": _("Another dose was chosen"),
        "confirmed": _("Confirmed: on to the lower doses"),
        "finished": _("The trial was over"),
        "works": _("It works: the trial was over"),
        "not-confirmed": _("Not confirmed: the trial was over"),
        "futile": _("No dose held promise: the trial was over"),
        "stopped-all": _("No dose held promise: the trial was over"),
        "harm": _("Probably worse: the trial was over"),
        "withdrawn": _("The trial ended before the next review"),
        "responded": _("Better by eye: the trial was over"),
        "no-response": _("Not better at the top dose: the trial was over"),
    }
    return words[code]
