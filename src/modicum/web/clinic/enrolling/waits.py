"""How long without an opioid, in words: the day on which it is over, or what has to be asked where no figure holds."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from modicum.services.enrolling.clearing import over_on


def wait_todo(finding: Mapping[str, Any]) -> str | None:
    """What leads on from a stop that time may end; None where no wait is asked for.

    Args:
        finding: of a ``modicum.screen/1`` document.
    """
    day, days = over_on(finding), finding["washout_days"]
    if day is not None:
        words = _(
            "Screen again on %(day)s, when %(days)s days have passed since the last dose, if none is taken until then."
        )
        return words % {"day": date_format(day, "j F Y"), "days": finding["wait_days"]}
    if finding["severity"] != "stop":
        return None
    if days is not None:
        words = _("Write the day of the last dose into the list: %(days)s days have to pass after it.")
        return words % {"days": days}
    undecided = finding.get("undecided")  # screenings of before have none
    return None if undecided is None else " ".join(_without_figure(finding, undecided))


def wait_sources(finding: Mapping[str, Any]) -> list[str]:
    """Where each figure comes from that :func:`wait_todo` names for a wait that is not decided, in English.

    Args:
        finding: of a ``modicum.screen/1`` document.
    """
    undecided = finding.get("undecided")
    if undecided is None:
        return []
    forms = [f"{one['days']} days: {one['source']} ({one['grade']})" for one in undecided["by_form"]]
    longest = undecided["over_after_days"]
    return [*forms, *([f"{longest} days: {undecided['over_source']}"] if longest else [])]


def _without_figure(finding: Mapping[str, Any], undecided: Mapping[str, Any]) -> list[str]:
    """What to ask where the rules have no figure for what was written, and what follows without an answer."""
    longest, taken = undecided["over_after_days"], finding["last_taken"]
    if longest is None:
        return [_("These rules know no day on which it is over: it stays a stop.")]
    asked = [_asked(finding, undecided)]
    if taken is None:
        words = _("Where no other figure holds, it is asked of you instead of stopped once %(days)s days have passed.")
        return [*asked, words % {"days": longest}]
    day = dt.date.fromisoformat(taken) + dt.timedelta(days=longest)
    words = _(
        "Where no other figure holds, it is asked of you instead of stopped from %(day)s on, %(days)s days after the"
        " last dose, if none is taken until then."
    )
    return [*(one for one in asked if one), words % {"day": date_format(day, "j F Y"), "days": longest}]


def _asked(finding: Mapping[str, Any], undecided: Mapping[str, Any]) -> str:
    """What to ask next: the form where it decides, and the day of the last dose where it is not known."""
    waits = {one["form"]: one["days"] for one in undecided["by_form"]}
    known = finding["last_taken"] is not None
    if waits:
        first = (
            _("Ask for its form, write it into the list, and screen again.")
            if known
            else _("Ask for its form and the day of the last dose, write both into the list, and screen again.")
        )
        return f"{first} {_days(waits)}"
    if known:
        return ""
    if finding["rule"] == "opioid-use":
        return _("Ask when the last opioid was taken, answer that too, and screen again.")
    return _("Ask for the day of the last dose, write it into the list, and screen again.")


def _days(waits: Mapping[str, int]) -> str:
    """The days that the rules ask for, by form."""
    short, long = waits.get("short"), waits.get("long")
    if short is not None and long is not None:
        words = _(
            "After a form that acts for a short time (plain tablets, drops: “immediate release”) %(short)s days have to"
            " pass, after one that acts for long (“retard”, “prolonged release”) %(long)s."
        )
        return words % {"short": short, "long": long}
    words = _(
        "After a form that acts for a short time (lozenge, spray: “immediate release”) %(days)s days have to pass."
    )
    return words % {"days": short if short is not None else long}
