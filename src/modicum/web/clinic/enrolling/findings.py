"""What a screening found, as the page shows it."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modicum.screening import TAKEN_FOR
from modicum.web.clinic.enrolling.questions import given_words
from modicum.web.clinic.enrolling.waits import wait_sources, wait_todo
from modicum.web.language import in_english

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
    guesses = {line: _guess(document, line) for line in document["not_recognised"]}
    unread = [_unread(document, line, guess, missing) for line, guess in guesses.items()]
    told = [one for one in guesses.values() if one is not None]
    found = [_shown(one, asked=missing == "signature") for one in document["findings"] if one not in told]
    stops = [one for one in found if one["severity"] == "stop"]
    return [*stops, *unread, *(one for one in found if one["severity"] != "stop")]


def marks() -> dict[str, str]:
    """The word of each severity."""
    return {"stop": _("Stop"), "ask": _("Ask"), "note": _("Note")}


def _guess(document: Mapping[str, Any], line: str) -> dict[str, Any] | None:
    """What a line that was not recognised was taken for, where that alone would hold nobody back."""
    of_line = (one for one in document["findings"] if one["input"] == line and one["severity"] == "note")
    return next((one for one in of_line if TAKEN_FOR in one["matched"]), None)


def _unread(document: Mapping[str, Any], line: str, guess: Mapping[str, Any] | None, missing: str) -> dict[str, Any]:
    """A line that was not recognised; with what it was taken for, if it was, so that nothing is told of it twice."""
    todo = {"": "", "signature": _("Look it up, correct the line and screen again; or say below what it is.")}
    shown = {"input": line, "mark": marks()["ask"], "own": True}
    shown["todo"] = todo.get(missing, _("Look it up, correct the line and screen again."))
    if guess is not None:
        words = _("It is taken for {name}, and may be another. A name that is not sure is never taken as safe.")
        name = in_english(guess["matched"].partition(TAKEN_FOR)[2])
        title = _("“%(line)s” may be misspelt") % {"line": line}
        reason = format_html(words, name=name)
        return {**guess, **shown, "severity": "ask", "title": title, "reason": reason, "also": guess["reason"]}
    reason = _("It is in none of the vocabularies here. A name that is not known is never taken as safe.")
    if any(one["input"] == line for one in document["findings"]):
        reason = _(
            "Beside what was found in it, it holds a word that is in none of the vocabularies here. A name that is not"
            " known is never taken as safe."
        )
    return {**_UNREAD, **shown, "title": _("“%(line)s” is not recognised") % {"line": line}, "reason": reason}


def _shown(finding: Mapping[str, Any], *, asked: bool) -> dict[str, Any]:
    return {
        **finding,
        **_titled(finding),
        "mark": marks()[finding["severity"]],
        "todo": _todo(finding, asked=asked),
        "sources": wait_sources(finding),
    }


def _titled(finding: Mapping[str, Any]) -> dict[str, Any]:
    """The title, and whether it is in the language of the page; a line of the list is as it was typed."""
    given, matched = finding["input"], finding["matched"]
    if not given:
        return {"title": _("Nothing is listed"), "titled": True}
    words = given_words(finding)
    if words is not None:
        return {"title": words, "titled": True}
    return {"title": f"{given}: {matched}" if matched and matched != given else given}


def _todo(finding: Mapping[str, Any], *, asked: bool) -> str:
    """What to do about a finding, as far as its rule tells."""
    if finding["rule"] == "unanswered":
        return _("Ask it, and screen again.")
    if (wait := wait_todo(finding)) is not None:
        return wait
    if finding["severity"] == "stop":
        return _("Only another answer than this one, and a new screening, lead on.")
    return _("Your word on it is asked below.") if finding["severity"] == "ask" and asked else ""
