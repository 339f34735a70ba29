"""The pages that are open to everybody: the clinics that can be found, and what becomes of data."""

from django.conf.locale import LANG_INFO
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from modicum.services.directory import find
from modicum.web.clinic.words import counted
from modicum.web.directory.record import listings

AT_ONCE = 50
_LONGEST = 80


@require_safe
def clinics(request: HttpRequest) -> HttpResponseBase:
    """The clinics that want to be found, by the beginning of a place or a postcode."""
    wanted = request.GET.get("place", "")[:_LONGEST].strip()
    found = find(listings().values(), wanted)
    shown = [(one, [_own_name(code) for code in one.languages]) for one in found[:AT_ONCE]]
    context = {"wanted": wanted, "found": shown, "more": max(0, len(found) - AT_ONCE)}
    return render(request, "directory/clinics.html", {**context, "heading": _heading(len(found), wanted)})


@require_safe
def privacy(request: HttpRequest) -> HttpResponseBase:
    """What leaves this clinic, when and to whom."""
    return render(request, "directory/privacy.html")


def _own_name(code: str) -> str:
    """A language as those who speak it call it, or its code."""
    known = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.lower().partition("-")[0])
    return known["name_local"] if known and "name_local" in known else code


def _heading(number: int, wanted: str) -> str:
    if wanted:
        words = ngettext("One clinic is listed for %(place)s.", "%(number)s clinics are listed for %(place)s.", number)
        said = {"number": counted(number), "place": wanted}
        return words % said if number else gettext("No clinic is listed for %(place)s.") % said
    words = ngettext("One clinic can be found here.", "%(number)s clinics can be found here.", number)
    return words % {"number": counted(number)} if number else gettext("No clinic is listed here yet.")
