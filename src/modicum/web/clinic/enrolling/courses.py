"""The course of a protocol as a page shows it: a strip of days, all blocks alike, and its phases in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modicum.protocol import Protocol
from modicum.services.enrolling.adapting import Difference
from modicum.services.enrolling.outline import Outline, Stretch
from modicum.web.language import decimal, said

WIDTH, HEIGHT, _GAP = 740, 40, 2


@dataclass(frozen=True)
class Bar:
    """One block of the strip.

    Args:
        x: of its left edge.
        width: likewise, in the units of the drawing.
        kind: "blinded", "open" or "none".
    """

    x: int
    width: int
    kind: str


@dataclass(frozen=True)
class Strip:
    """The strip of a schedule.

    Args:
        bars: its blocks.
        words: the same in a sentence.
    """

    bars: tuple[Bar, ...]
    words: str
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Row:
    """One phase in words."""

    title: str
    days: str
    blocks: str
    known_by: str


def strip(outline: Outline) -> Strip:
    """The strip of a course; every block of a phase alike, whatever it will hold.

    Args:
        outline: of a protocol.
    """
    return Strip(tuple(_bars(outline)), _words(outline))


def course_rows(outline: Outline) -> list[Row]:
    """The phases of a course, in order."""
    return [_row(one) for one in outline.stretches]


def course_heading(outline: Outline) -> str:
    """The course as a finding."""
    given = {"weeks": outline.weeks, "blinded": round(outline.blinded_days / 7)}
    if not outline.blinded_days:
        return _("At most %(weeks)s weeks, and everybody knows what is taken.") % given
    return _("At most %(weeks)s weeks, and for %(blinded)s of them nobody here knows what is taken.") % given


def difference_words(differences: Iterable[Difference], protocol: Protocol) -> list[str]:
    """What was changed, in sentences.

    Args:
        differences: from the shipped protocol.
        protocol: that one, by whose titles phases are named.
    """
    titles = {phase.name: phase.title or phase.name for phase in protocol.phases}
    named = {
        "primary": _("What decides is %(now)s instead of %(was)s."),
        "mcid": _("The smallest difference that matters in %(of)s is %(now)s instead of %(was)s points."),
        "doses_mg": _("Doses of %(now)s mg instead of %(was)s mg."),
        "dose_time": _("The dose is taken at %(now)s instead of %(was)s."),
        "length": _("%(of)s: %(now)s instead of %(was)s."),
    }
    return [
        named[one.field] % {"of": said(_of(one, titles)), "now": _value(one.now), "was": _value(one.was)}
        for one in differences
    ]


def _of(one: Difference, titles: Mapping[str, str]) -> str:
    """What a difference is of, as pages name it."""
    return titles.get(one.of, one.of) if one.field == "length" else one.of


def _bars(outline: Outline) -> Iterable[Bar]:
    scale = WIDTH / outline.evenings
    for one in outline.stretches:
        each = one.days / one.blocks
        kind = "none" if not one.capsules else "blinded" if one.blinded else "open"
        for block in range(one.blocks):
            left = round((one.first_day + block * each) * scale)
            right = round((one.first_day + (block + 1) * each) * scale)
            yield Bar(left, max(1, right - left - _GAP), kind)


def _words(outline: Outline) -> str:
    parts = [f"{said(one.title)}: {_length(one.days)}" for one in outline.stretches]
    return _("The course at its longest. ") + "; ".join(parts) + "."


def _value(written: str) -> str:
    """What a difference was or is: a number of days, other numbers, or a name."""
    days, is_length = written.removesuffix(" days"), written.endswith(" days")
    return _length(int(days)) if is_length and days.isdecimal() else decimal(said(written))


def _length(days: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def _row(one: Stretch) -> Row:
    known = _("the pharmacy alone") if one.blinded else _("everybody")
    blocks = ""
    if one.block_days and one.blocks > 1:
        blocks = _("%(number)s of %(days)s days") % {"number": one.blocks, "days": decimal(f"{one.block_days:g}")}
    days = _("day %(first)s to %(last)s") % {"first": one.first_day, "last": one.last_day}
    return Row(one.title, days, blocks, known if one.capsules else _("nothing is taken"))
