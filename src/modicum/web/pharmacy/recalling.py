"""Recalls: a lot is recalled at every site of the pharmacist; who has a kit of it, and who is to tell them how."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from modicum.foundation.errors import SupplyError
from modicum.services.dispensing.acting import Deed, check_recall, recall
from modicum.services.dispensing.counting import count_capsules
from modicum.services.dispensing.supplies import RECALLED, Supplied
from modicum.supply.codes import say_code
from modicum.web.accounts.models import Participant, Person, Role
from modicum.web.accounts.recording import record_at, staff
from modicum.web.accounts.selectors import supplies_visible_to
from modicum.web.clinic.asking import asked_by
from modicum.web.clock import now
from modicum.web.pharmacy import words
from modicum.web.pharmacy.finding import refuse
from modicum.web.pharmacy.forms import RecallForm
from modicum.web.pharmacy.supplies import supplies_of_all
from modicum.web.stories import STORE


@dataclass(frozen=True)
class Recalled:
    """One patient's kits of a lot that was recalled.

    Args:
        participant: whom; shown by number.
        kits: recalled and not back.
        phone: whether her phone is told of it by itself.
    """

    participant: Participant
    kits: tuple[Supplied, ...]
    phone: bool

    @property
    def with_patient(self) -> list[str]:
        """Codes of those that she has."""
        return [say_code(kit.code) for kit in self.kits if kit.with_patient]

    @property
    def in_stock(self) -> list[str]:
        """Codes of those that lie in the pharmacy."""
        return [say_code(kit.code) for kit in self.kits if not kit.with_patient]

    @property
    def why(self) -> str:
        """Why they were recalled."""
        return self.kits[0].recalled


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PHARMACIST)
def recalled(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Recall a lot; who has what of it."""
    people = list(supplies_visible_to(person).prefetch_related("devices"))
    told = supplies_of_all(one.trial for one in people)
    form = RecallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lot, why = form.cleaned_data["lot"], form.cleaned_data["why"]
        problems = check_recall(told.values(), lot, why)
        if not problems:
            _recall(person, people, lot, why)
            return HttpResponseRedirect(reverse("pharmacy:recall"))
        refuse(form, SupplyError(problems), lot="lot", why="why")
    rows = [row for one in people if (row := _row(one, tuple(told[one.trial].kits.values())))]
    rows.sort(key=lambda row: (not row.with_patient, row.participant.number))
    context = {"form": form, "rows": rows, "heading": words.recalled(sum(bool(row.with_patient) for row in rows))}
    return render(request, "pharmacy/recall.html", context)


@require_safe
@asked_by(Role.PHARMACIST)
def counts(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Where all capsules are, patient by patient."""
    people = list(supplies_visible_to(person))
    told = supplies_of_all(one.trial for one in people)
    rows = [(one, count_capsules(told[one.trial].kits.values())) for one in people if told[one.trial].kits]
    whole = sum((counted for _, counted in rows), start=count_capsules(()))
    return render(request, "pharmacy/counts.html", {"rows": rows, "whole": whole})


def _recall(person: Person, people: list[Participant], lot: str, why: str) -> None:
    """Told to each site first, then to every trial that it concerns."""
    for site in {one.site for one in people}:
        record_at(site, RECALLED, staff(person), lot=lot.strip().upper(), why=why.strip())
    for one in people:
        recall(Deed(STORE, one.trial, staff(person), now()), lot, why)


def _row(participant: Participant, kits: tuple[Supplied, ...]) -> Recalled | None:
    own = tuple(kit for kit in kits if kit.recalled and kit.returned_at is None and not kit.lost)
    devices = participant.devices.all()  # pyright: ignore[reportAttributeAccessIssue] - as Device names it
    return Recalled(participant, own, any(one.revoked_at is None for one in devices)) if own else None
