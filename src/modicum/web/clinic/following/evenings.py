"""Evenings in words: the table behind a drawing, and side effects that were counted over them."""

from typing import Any

from django.utils.translation import gettext as _

from modicum.services.following.overview import Overview
from modicum.web.clinic.following.words import severity_said
from modicum.web.language import decimal, said


def evenings_said(overview: Overview) -> list[tuple[Any, ...]]:
    """The evenings in words, for the table behind the drawing.

    Args:
        overview: of a trial, or of a dose that was kept.
    """
    took = {"yes": _("taken"), "no": _("not taken"), "unsure": _("not sure"), "": ""}
    state = {"in": _("in"), "late": _("late"), "missed": _("missed"), "open": _("open")}
    return [
        (
            one.day,
            state[one.state],
            "" if one.score is None else decimal(f"{one.score:g}"),
            took[one.took],
            ", ".join(f"{said(label)}: {severity_said(severity)}" for label, severity in one.complaints),
        )
        for one in overview.days
    ]


def complaints_said(overview: Overview) -> list[tuple[str, int, str]]:
    """Every side effect, on how many days it was told, and how severe it was at most; the worst first.

    Args:
        overview: of a trial, or of a dose that was kept.
    """
    return [(said(label), days, severity_said(worst)) for label, days, worst in overview.complaints()]
