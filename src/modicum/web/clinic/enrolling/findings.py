"""What a screening found, as the page shows it."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modicum.services.enrolling.clearing import over_on

_UNREAD = {"severity": "ask", "rule": "not-recognised", "source": "", "grade": "", "unconfirmed": []}


def heading_of(document: Mapping[str, Any], missing: str) -> str:
    """The finding of a screening as a sentence.

    Args:
        document: ``modicum.screen/1``.
        missing: of the stage of the enrolment.
    """
    stops = sum(one["severity"] == "stop" for one in document["findings"])
    if stops:
        words = ngettext("Not yet. One thing stops this.", "Not yet. %(number)s things stop this.", stops)
        return words % {"number": stops}
    if missing == "too-old":
        return _("This screening is too old to go by.")
    asks = sum(one["severity"] == "ask" for one in document["findings"]) + len(document["not_recognised"])
    if asks and missing in ("answers", "signature"):
        words = ngettext("Perhaps. One thing needs your word.", "Perhaps. %(number)s things need your word.", asks)
        return words % {"number": asks}
    if asks:
        return _("This person may start: you gave your word.")
    return _("Nothing here stands against a start.")


def shown_findings(document: Mapping[str, Any], *, missing: str) -> list[dict[str, Any]]:
    """Every finding with its mark and what to do, worst first; a line that was not recognised is one that asks.

    Args:
        document: ``modicum.screen/1``.
        missing: of the stage of the enrolment.
    """
    look = {"": "", "signature": _("Look it up, correct the line and screen again; or say below what it is.")}
    alone = _("Look it up, correct the line and screen again.")
    unread = [
        {
            **_UNREAD,
            "input": line,
            "title": _("“%(line)s” is not recognised") % {"line": line},
            "reason": _("It is in none of the vocabularies here. A name that is not known is never taken as safe."),
            "mark": marks()["ask"],
            "todo": look.get(missing, alone),
            "own": True,
        }
        for line in document["not_recognised"]
    ]
    found = [
        {
            **one,
            "title": _title(one),
            "mark": marks()[one["severity"]],
            "todo": _todo(one, asked=missing == "signature"),
        }
        for one in document["findings"]
    ]
    stops = [one for one in found if one["severity"] == "stop"]
    return [*stops, *unread, *(one for one in found if one["severity"] != "stop")]


def marks() -> dict[str, str]:
    """The word of each severity."""
    return {"stop": _("Stop"), "ask": _("Ask"), "note": _("Note")}


def _title(finding: Mapping[str, Any]) -> str:
    given, matched = finding["input"], finding["matched"]
    if not given:
        return _("Nothing is listed")
    return f"{given}: {matched}" if matched and matched != given else given


def _todo(finding: Mapping[str, Any], *, asked: bool) -> str:
    """What to do about a finding, as far as its rule tells."""
    day, days = over_on(finding), finding["washout_days"]
    if finding["rule"] == "unanswered":
        return _("Ask it, and screen again.")
    if day is not None:
        words = _(
            "Screen again on %(day)s, when %(days)s days have passed since the last dose, if none is taken until then."
        )
        return words % {"day": date_format(day, "j F Y"), "days": finding["wait_days"]}
    if finding["severity"] == "stop" and days is not None:
        words = _("Write the day of the last dose into the list: %(days)s days have to pass after it.")
        return words % {"days": days}
    if finding["severity"] == "stop":
        return _("Only another answer than this one, and a new screening, lead on.")
    return _("Your word on it is asked below.") if finding["severity"] == "ask" and asked else ""
