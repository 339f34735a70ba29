"""Making: what kits hold, opened with the pharmacist's key; batch sheets, labels, and that kits were made."""

import datetime as dt
import os
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from modicum.foundation.errors import InputError
from modicum.reports.theme import dose_tokens
from modicum.services.diary.openings import witness_of
from modicum.services.dispensing.acting import prepare_kits
from modicum.services.dispensing.papers import open_batch, print_batch_sheet, print_labels
from modicum.services.ordering import Ordered
from modicum.services.unblinding import LONGEST_WHO, HeldKey, KeyFile
from modicum.supply.amounts import say_mg
from modicum.supply.codes import say_code
from modicum.web.accounts.lines import on_one_line
from modicum.web.accounts.models import Person, Role
from modicum.web.accounts.recording import staff
from modicum.web.clinic.asking import asked_by
from modicum.web.clock import now
from modicum.web.language import decimal, refusal, said
from modicum.web.pharmacy import words
from modicum.web.pharmacy.finding import Supplying, asking_for, did, of_one_batch, to_kits
from modicum.web.pharmacy.forms import KeyForm, MakingForm
from modicum.web.pharmacy.supplies import supplies_of
from modicum.web.stories import STORE
from modicum.web.trials import key_of

# Warnings on a batch; the others are of the whole trial.
_OF_THE_BATCH = ("MOD-SUPPLY-40", "MOD-SUPPLY-43", "MOD-SUPPLY-44", "MOD-SUPPLY-45")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PHARMACIST)
@of_one_batch
def opened(request: HttpRequest, person: Person, found: Supplying, batch: str) -> HttpResponseBase:
    """Ask for the key, and show what the kits of a batch hold, or print its sheet. Each look opens the seal.

    Raises:
        ReauthenticationRequired: whoever asks has not just said again who she is; she is asked, and comes back here.
    """
    sealed = found.folder is not None
    if sealed:
        raise_if_reauthentication_required(request, app="")
    held = key_of("pharmacist").exists()
    needs_key = sealed and not held
    form = KeyForm(request.POST or None, request.FILES or None) if needs_key else None
    plan = found.plan()
    context = {
        "participant": found.participant,
        "query": asking_for(batch, found.course),
        "title": words.batch(plan, batch),
        "form": form,
        "sealed": sealed,
    }
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            order = _open(found, batch, person, HeldKey(form.cleaned_data["key"]) if form else key_of("pharmacist"))
        except InputError as error:
            refused = [refusal(one) for one in error.problems]
            return render(request, "pharmacy/open.html", {**context, "refused": refused})
        if request.POST.get("what") == "sheet":
            return _pdf(print_batch_sheet(order), f"batch-sheet-{found.participant.label}.pdf")
        return render(request, "pharmacy/opened.html", {**context, **_shown(order)})
    return render(request, "pharmacy/open.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PHARMACIST)
@of_one_batch
def made(request: HttpRequest, person: Person, found: Supplying, batch: str) -> HttpResponseBase:
    """Write down that the kits of a batch were made, and from which lots."""
    plan, form = found.plan(), MakingForm(request.POST or None)
    if did(form, lambda: prepare_kits(found.deed(person), plan, batch, form.cleaned_data["lots"]), lots="lots"):
        return to_kits(found.participant)
    context = {
        "participant": found.participant,
        "form": form,
        "title": words.batch(plan, batch),
        "kits": [say_code(kit.code) for kit in supplies_of(found.trial).in_batch(batch, found.course)],
        "use_before": plan.batches[batch][0].use_before,
    }
    return render(request, "pharmacy/made.html", context)


@require_safe
@asked_by(Role.PHARMACIST)
@of_one_batch
def labels(request: HttpRequest, _person: Person, found: Supplying, batch: str) -> HttpResponseBase:
    """The labels of a batch that was made, in the patient's language. They say nothing that she may not read."""
    made_on = _made_on(found, batch)
    if made_on is None:
        return HttpResponseRedirect(reverse("pharmacy:kits", args=[found.participant.pk]))
    content = print_labels(found.plan(made_on), batch, found.contacts, found.participant.language)
    return _pdf(content, f"labels-{found.participant.label}.pdf")


def _made_on(found: Supplying, batch: str) -> dt.date | None:
    """Day on which the kits of a batch were made; None before."""
    return next((kit.made_on for kit in supplies_of(found.trial).in_batch(batch, found.course) if kit.made_on), None)


def _open(found: Supplying, batch: str, person: Person, key: KeyFile) -> Ordered:
    at, folder = now(), found.folder
    made_on = _made_on(found, batch) or at.date()
    return open_batch(
        found.plan(made_on),
        batch,
        folder=folder,
        key=key if folder is not None else None,
        contacts=found.contacts,
        made_on=made_on,
        who=on_one_line(person.name, LONGEST_WHO),
        now=at,
        randomness=os.urandom,
        witness=witness_of(STORE, found.trial, actor=staff(person), randomness=os.urandom),
    )


def _shown(opened: Ordered) -> dict[str, Any]:
    """What the page shows of an opened batch."""
    order = opened.order
    tokens = dose_tokens([float(dose) for dose in order.protocol.drug.ladder_mg])
    lines = [
        {
            "code": say_code(one.kit.code),
            "period": one.kit.period.period,
            "token": tokens.get(one.dose_ug / 1000, "placebo"),
            "dose": decimal(say_mg(one.dose_ug)) if one.dose_ug else _("placebo"),
            "capsules": " + ".join(_content(content) for content in one.capsules_ug[-1]),
            "nights": one.kit.nights,
            "spare": one.kit.spare,
        }
        for one in order.kits
    ]
    return {
        "lines": lines,
        "drug": said(order.protocol.drug.name),
        "amount": decimal(say_mg(order.drug_ug)),
        "weighed": decimal(say_mg(order.stock_drug_ug)),
        "strengths": ", ".join(decimal(say_mg(one)) for one in order.plan.choice.strengths_ug if one),
        "filler": said(order.plan.filler),
        "capsules": order.capsules,
        "retained": order.ledger.capsules("retained"),
        "warnings": [refusal(one) for one in opened.warnings if one.code in _OF_THE_BATCH],
        "opening": opened.document["opening"],
    }


def _content(content_ug: int) -> str:
    """What one capsule holds."""
    return decimal(say_mg(content_ug)) if content_ug else _("filler")


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
