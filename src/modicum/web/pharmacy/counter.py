"""The counter: a kit is handed out, or comes back, by the code on its label."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from modicum.foundation.errors import SupplyError
from modicum.services.dispensing.acting import TOO_EARLY, dispense, take_back
from modicum.services.dispensing.kit_plan import KitPlan
from modicum.services.dispensing.nights import first_evening, past_kits
from modicum.services.dispensing.supplies import PREPARED, Supplied
from modicum.supply.codes import say_code
from modicum.web.accounts.models import Person, Role
from modicum.web.clinic.asking import asked_by
from modicum.web.clock import now
from modicum.web.pharmacy import words
from modicum.web.pharmacy.finding import Supplying, did, of_one_patient, to_kits
from modicum.web.pharmacy.forms import HandOutForm, ReturnForm
from modicum.web.pharmacy.supplies import supplies_of


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PHARMACIST)
@of_one_patient
def handed_out(request: HttpRequest, person: Person, found: Supplying) -> HttpResponseBase:
    """Hand a kit out. That it goes before others is asked once it is known that it would."""
    form, asked = HandOutForm(request.POST or None), [bool(request.POST.get("early"))]

    def hand_out() -> None:
        said = form.cleaned_data
        try:
            dispense(found.deed(person), said["code"], said["why"] if said["early"] else "")
        except SupplyError as error:
            asked.append(any(one.code == TOO_EARLY for one in error.problems))
            raise

    if did(form, hand_out, kit_code="code"):
        return to_kits(found.participant)
    if not any(asked):
        del form.fields["early"], form.fields["why"]
    kits = supplies_of(found.trial).kits.values()
    context = {
        "participant": found.participant,
        "form": form,
        "waiting": [
            (say_code(kit.code), words.period(kit), words.evening(*first_evening(found.story, plan, kit)))
            for plan, kit in _to_hand_out(found, kits)
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


def _to_hand_out(found: Supplying, kits: Collection[Supplied]) -> Iterator[tuple[KitPlan, Supplied]]:
    """The kits that can be handed out, with their plans: what is taken from first comes first."""
    past = past_kits(found.story, kits, now())
    wanted = {
        (kit.course, kit.phase, kit.period, kit.part): kit
        for kit in kits
        if kit.state == PREPARED and kit.code not in past and not kit.to_replace(now().date())
    }
    for course in sorted({place[0] for place in wanted} - found.over):
        plan = replace(found, course=course).plan()
        for one in plan.kits:
            kit = wanted.get((course, one.period.phase, one.period.period, one.period.part))
            if kit is not None:
                yield plan, kit
