"""The counter: a kit is handed out, or comes back, by the code on its label."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from modicum.services.dispensing.acting import dispense, take_back
from modicum.services.dispensing.supplies import PREPARED
from modicum.supply.codes import say_code
from modicum.web.accounts.models import Person, Role
from modicum.web.clinic.asking import asked_by
from modicum.web.pharmacy import words
from modicum.web.pharmacy.finding import Supplying, did, of_one_patient, to_kits
from modicum.web.pharmacy.forms import CodeForm, ReturnForm
from modicum.web.pharmacy.supplies import supplies_of


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PHARMACIST)
@of_one_patient
def handed_out(request: HttpRequest, person: Person, found: Supplying) -> HttpResponseBase:
    """Hand a kit out."""
    form = CodeForm(request.POST or None)
    if did(form, lambda: dispense(found.deed(person), form.cleaned_data["code"]), kit_code="code"):
        return to_kits(found.participant)
    kits = supplies_of(found.trial).kits.values()
    context = {
        "participant": found.participant,
        "form": form,
        "waiting": [
            (say_code(kit.code), words.period(kit))
            for kit in kits
            if kit.state == PREPARED and kit.course not in found.over
        ],
    }
    return render(request, "pharmacy/hand_out.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PHARMACIST)
@of_one_patient
def come_back(request: HttpRequest, person: Person, found: Supplying) -> HttpResponseBase:
    """Take a kit back with the capsules that are left, or count again what has come back."""
    form = ReturnForm(request.POST or None)

    def take() -> None:
        take_back(found.deed(person), **form.cleaned_data)

    if did(form, take, kit_code="code", capsules_left="left"):
        return to_kits(found.participant)
    kits = supplies_of(found.trial).kits.values()
    context = {
        "participant": found.participant,
        "form": form,
        "out": [(say_code(kit.code), kit.capsules, kit.spare) for kit in kits if kit.out],
    }
    return render(request, "pharmacy/come_back.html", context)
