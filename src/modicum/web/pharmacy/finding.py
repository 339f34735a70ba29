"""Finding: the participant whose kits a pharmacist may see, with the plan of her kits."""

import datetime as dt
import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from modicum.foundation.errors import InputError
from modicum.services.diary import Beginning, Story
from modicum.services.dispensing.acting import Deed
from modicum.services.dispensing.courses import over_of
from modicum.services.dispensing.kit_plan import KitPlan
from modicum.supply.handout import Contacts
from modicum.web.accounts.lines import on_one_line
from modicum.web.accounts.models import Participant, Person
from modicum.web.accounts.recording import staff
from modicum.web.accounts.selectors import found_or_missing, supplies_visible_to
from modicum.web.clock import now
from modicum.web.language import refusal
from modicum.web.pharmacy.planning import folder_of_course, plan_of
from modicum.web.pharmacy.supplies import supplies_of
from modicum.web.stories import STORE, story_of

_LONGEST = 80  # signs on a label
_LONGEST_NUMBER = 5  # digits, one less; nobody lives to see so many re-challenges


@dataclass(frozen=True)
class Supplying:
    """A participant whose trial has begun, as the pharmacist knows her: by number.

    Args:
        participant: whom; her name is not to be shown.
        story: of her trial; nothing of it is shown but what it began with.
        course: whose kits the page is on: the number of a re-challenge; 0 for the trial, or for no batch.
    """

    participant: Participant
    story: Story
    course: int = 0

    @property
    def trial(self) -> str:
        """Its name in the store."""
        return self.participant.trial

    @property
    def begun(self) -> Beginning:
        """What her trial began with."""
        if self.story.begun is None:
            raise ValueError(f"{self.trial} has not begun.")
        return self.story.begun

    @property
    def folder(self) -> Path | None:
        """Of the allocation that her kits are filled by; None where nothing was drawn."""
        drawn = self.course or self.begun.allocation
        return folder_of_course(self.trial, self.course) if drawn else None

    @property
    def over(self) -> frozenset[int]:
        """Numbers of what is over, however it ended, so that she needs no further kit for it; 0 is her trial."""
        return over_of(self.story, now())

    @property
    def contacts(self) -> Contacts:
        """Whom labels and papers name: the patient by number, in her language."""
        site = self.participant.site
        with translation.override(self.participant.language):
            patient = _("No. %(number)s, %(site)s") % {"number": self.participant.label, "site": site.name}
        return Contacts(
            patient=on_one_line(patient, _LONGEST),
            prescriber=on_one_line(self.participant.prescriber.name, _LONGEST),
            pharmacy=on_one_line(site.pharmacy, _LONGEST),
            on_call=on_one_line(site.on_call, _LONGEST),
            virtual=self.participant.virtual,
        )

    def plan(self, made_on: dt.date | None = None) -> KitPlan:
        """Every kit that the trial, or the re-challenge whose kits the page is on, could need.

        Args:
            made_on: day of making; None for today.

        Raises:
            InputError: nothing can be made up for it.
        """
        return plan_of(self.story, made_on=made_on or now().date(), course=self.course)

    def deed(self, person: Person) -> Deed:
        """What a person does to this trial now."""
        return Deed(STORE, self.trial, staff(person), now(), self.over, self.story)


OfPatient = Callable[[HttpRequest, Person, Supplying], HttpResponseBase]
OfBatch = Callable[[HttpRequest, Person, Supplying, str], HttpResponseBase]
View = Callable[[HttpRequest, Person, uuid.UUID], HttpResponseBase]


def of_one_patient(page: OfPatient) -> View:
    """A page on the kits of one whose kits a person may see; before her trial has begun it leads to what there is."""

    @functools.wraps(page)
    def view(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
        found = found_or_missing(supplies_visible_to(person), participant)
        story = story_of(found.trial)
        if story.begun is None:
            return to_kits(found)
        return page(request, person, Supplying(found, story))

    return view


def of_one_batch(page: OfBatch) -> View:
    """A page on a batch of kits that was ordered; of one that was not it leads to those that were."""

    @of_one_patient
    def found_page(request: HttpRequest, person: Person, found: Supplying) -> HttpResponseBase:
        name, said = request.GET.get("batch", ""), request.GET.get("again", "0")
        course = int(said) if said.isascii() and said.isdigit() and len(said) < _LONGEST_NUMBER else 0
        if not supplies_of(found.trial).in_batch(name, course):
            return to_kits(found.participant)
        return page(request, person, replace(found, course=course), name)

    return functools.wraps(page)(found_page)


def asking_for(batch: str, course: int) -> str:
    """A batch as an address asks for it.

    Args:
        batch: name of it.
        course: that it is of: the number of a re-challenge; 0 for the trial.
    """
    return urlencode({"batch": batch, **({"again": course} if course else {})})


def to_kits(participant: Participant) -> HttpResponseRedirect:
    """On to the kits of a participant."""
    return HttpResponseRedirect(reverse("pharmacy:kits", args=[participant.pk]))


def did(form: Form, act: Callable[[], object], **fields: str) -> bool:
    """Whether a form was sent and its act was done; what stood against either is said at its field.

    Args:
        form: that may have been sent.
        act: what is done with what was sent.
        fields: as for ``refuse``.
    """
    if not form.is_valid():
        return False
    try:
        act()
    except InputError as error:
        refuse(form, error, **fields)
        return False
    return True


def refuse(form: Form, error: InputError, **fields: str) -> None:
    """Say what is wrong with a form, at the field that it is of, with its code.

    Args:
        form: that was sent.
        error: of the services.
        fields: name of the field by the problem's place, with ``_`` for a blank.
    """
    for one in error.problems:
        field = fields.get(one.where.replace(" ", "_"))
        form.add_error(field, refusal(one))
