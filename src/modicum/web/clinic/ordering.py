"""Ordering: the kits of the next periods, by their prescriber. What a kit holds is not known on this page."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence

from django import forms
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from modicum.foundation.errors import InputError
from modicum.services.diary import Story
from modicum.services.dispensing.acting import Deed, order_kits
from modicum.services.dispensing.courses import over_of
from modicum.services.dispensing.kit_plan import KitPlan
from modicum.services.dispensing.supplies import Supplied, Supplies
from modicum.services.patient_words import untranslated
from modicum.supply.codes import say_code
from modicum.supply.handout import Contacts
from modicum.web.accounts.models import Person, Role
from modicum.web.accounts.recording import staff
from modicum.web.accounts.selectors import found_or_missing, participants_visible_to
from modicum.web.clinic.asking import asked_by
from modicum.web.clock import now
from modicum.web.language import refusal
from modicum.web.pharmacy import words
from modicum.web.pharmacy.planning import plan_of
from modicum.web.pharmacy.supplies import supplies_of
from modicum.web.stories import STORE, story_of


class OrderForm(forms.Form):
    """The batches to order."""

    batches = forms.MultipleChoiceField(
        label=gettext_lazy("Kits to order"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose the kits that the pharmacy is to make.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@asked_by(Role.PRESCRIBER)
def page(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Order what can be made now; what was ordered, and where it is."""
    found = found_or_missing(participants_visible_to(person), participant)
    story = story_of(found.trial)
    if story.begun is None:
        return HttpResponseRedirect(reverse("clinic:person", args=[found.pk]))
    at, trial = now(), found.trial
    context: dict[str, object] = {"participant": found, "pharmacy": found.site.pharmacy}
    try:
        plans = _plans(story, at.date())
    except InputError as error:
        problems = [refusal(one) for one in error.problems]
        return render(request, "clinic/order.html", {**context, "problems": problems, "heading": _nothing()})
    supplies = supplies_of(trial)
    form = OrderForm(request.POST or None)
    over = over_of(story, at)
    wanted = [plan for plan in plans if plan.course not in over]
    choices = [choice for plan in wanted for choice in _offered(plan, supplies)]
    form.fields["batches"].choices = choices  # pyright: ignore[reportAttributeAccessIssue] - a field of choices
    if request.method == "POST" and form.is_valid():
        for plan, batches in _chosen(wanted, form.cleaned_data["batches"]):
            order_kits(Deed(STORE, trial, staff(person), at, over), plan, batches)
        return HttpResponseRedirect(reverse("clinic:order", args=[found.pk]))
    told = {
        "form": form if choices else None,
        "heading": _("Which kits is the pharmacy to make?") if choices else _nothing(),
        "kits": [
            (say_code(kit.code), words.phase(plans[kit.course], kit.phase), kit, _state(kit))
            for kit in supplies.kits.values()
        ],
        "untranslated": _untranslated(wanted, supplies, found.language),
        "later": any(not plan.is_known(name) for plan in wanted for name in plan.batches),
    }
    return render(request, "clinic/order.html", {**context, **told})


def _plans(story: Story, made_on: dt.date) -> list[KitPlan]:
    """The plan of the trial, and that of each re-challenge, by its number."""
    return [plan_of(story, made_on=made_on, course=course) for course in range(len(story.rechallenges) + 1)]


def _offered(plan: KitPlan, supplies: Supplies) -> list[tuple[str, str]]:
    """Batches that can be made and were not ordered, as they are called."""
    return [
        (_value(plan, name), f"{words.batch(plan, name)} ({_from(plan.batches[name][0].first_evening)})")
        for name in _open(plan, supplies)
    ]


def _open(plan: KitPlan, supplies: Supplies) -> list[str]:
    """Names of the batches that can be made and were not ordered."""
    return [name for name in plan.batches if plan.is_known(name) and not supplies.in_batch(name, plan.course)]


def _untranslated(plans: Sequence[KitPlan], supplies: Supplies, language: str) -> list[str]:
    """What the patient would read on labels of these batches as it is written, each once."""
    handouts = (plan.handout(Contacts(), name) for plan in plans for name in _open(plan, supplies))
    return list(dict.fromkeys(text for handout in handouts for text in untranslated(handout, language)))


def _value(plan: KitPlan, name: str) -> str:
    """A batch as the form sends it; no name of a phase holds a stroke."""
    return f"{plan.course}/{name}" if plan.course else name


def _chosen(plans: Sequence[KitPlan], values: Sequence[str]) -> Iterator[tuple[KitPlan, list[str]]]:
    """The plans of which something was chosen, each with the names of those batches."""
    for plan in plans:
        names = [name for name in plan.batches if _value(plan, name) in values]
        if names:
            yield plan, names


def _from(first_evening: dt.date) -> str:
    return _("first evening %(day)s at the latest") % {"day": date_format(first_evening, "j M Y")}


def _nothing() -> str:
    return _("No further kits can be ordered now.")


def _state(kit: Supplied) -> str:
    """Where a kit is, without any count of capsules: how many came back is for the pharmacist."""
    where = {
        "ordered": _("Ordered"),
        "prepared": _("Made"),
        "dispensed": _("With the patient"),
        "returned": _("Returned"),
        "recalled": _("Recalled: not to be taken"),
    }.get(kit.state)
    replaced = _("Replaced by %(code)s") % {"code": say_code(kit.replaced_by)} if kit.replaced_by else None
    return ". ".join(said for said in (where, replaced) if said)
