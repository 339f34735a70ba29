"""A dose that is kept, as the page on its person shows it: since when, what came since, and a re-challenge of it."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modicum.services.following import Again, Maintained
from modicum.services.following.maintenance import Level
from modicum.services.following.overview import Share
from modicum.supply.amounts import micrograms, say_mg
from modicum.web.clinic.following import course
from modicum.web.clinic.following.evenings import complaints_said, evenings_said
from modicum.web.language import decimal, said


@dataclass(frozen=True)
class Upkeep:
    """The maintenance of a dose in words.

    Args:
        heading: the finding of a page on which nothing needs anybody.
        dose: that is kept, with its unit.
        span: since when, and until when where it ended.
        again: the re-challenge that is to come or under way, in a sentence; "" where there is none.
        asked: evenings that came of those that were asked for.
        taken: capsules that were taken, of the answers that tell.
        item: name of the outcome.
        levels: the score at first and of late: what it is, and of which entries.
        complaints: side effects since.
        days: evenings in words.
        courses: their drawings; none where no evening has come.
        words: what the drawings show.
    """

    heading: str
    dose: str
    span: str
    again: str
    asked: Share
    taken: Share
    item: str
    levels: tuple[tuple[str, str, str], ...]
    complaints: list[tuple[str, int, str]]
    days: list[tuple[Any, ...]]
    courses: tuple[course.Course, ...]
    words: str


def upkeep_of(kept: Maintained) -> Upkeep:
    """The maintenance of a dose in words.

    Args:
        kept: the dose.
    """
    dose = decimal(say_mg(micrograms(kept.dose_mg) or 0))
    given = {"dose": dose, "since": date_format(kept.since, "j F Y")}
    span = _("since %(since)s") % given
    heading = _("%(dose)s is kept since %(since)s.") % given
    if kept.until is not None:
        given["until"] = date_format(kept.until, "j F Y")
        span = _("from %(since)s to %(until)s") % given
        heading = _("%(dose)s was kept from %(since)s to %(until)s.") % given
    again = again_said(kept.again) if kept.again else ""
    levels = ((_("Score at first"), kept.then), (_("Score of late"), kept.now))
    return Upkeep(
        heading=again or heading,
        dose=dose,
        span=span,
        again=again,
        asked=kept.asked,
        taken=kept.overview.taken(),
        item=said(kept.overview.outcome.label),
        levels=tuple((label, *_level_said(level)) for label, level in levels if level is not None),
        complaints=complaints_said(kept.overview),
        days=evenings_said(kept.overview),
        courses=course.courses(kept.overview),
        words=course.course_in_words(kept.overview),
    )


def again_said(again: Again) -> str:
    """A re-challenge in a sentence: on which of its days it is, or when it begins.

    Args:
        again: to come or under way.
    """
    if again.day:
        words = _("A blinded re-challenge is under way. Day %(day)s of %(days)s.")
        return words % {"day": again.day, "days": again.days}
    return _("A re-challenge begins on %(day)s.") % {"day": date_format(again.first, "l j F Y")}


def dates_said(again: Again) -> str:
    """The dates of a re-challenge.

    Args:
        again: to come or under way.
    """
    first, last = (date_format(day, "j F Y") for day in (again.first, again.last))
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _level_said(level: Level) -> tuple[str, str]:
    """A mean score, and the entries that it is of."""
    first, last = (date_format(day, "j M Y") for day in (level.first, level.last))
    words = ngettext("one entry, %(first)s", "mean of %(number)s entries, %(first)s to %(last)s", level.entries) % {
        "number": level.entries,
        "first": first,
        "last": last,
    }
    return decimal(f"{level.mean:.1f}"), words
