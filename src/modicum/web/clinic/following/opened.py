"""The person and the trial that a page is about."""

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from modicum.services.diary import Story
from modicum.web.accounts.models import Participant, Person, Role
from modicum.web.accounts.recording import staff
from modicum.web.accounts.selectors import found_or_missing, participants_visible_to
from modicum.web.clinic.asking import asked_by
from modicum.web.stories import story_of

Named = ParamSpec("Named")


@dataclass(frozen=True)
class Followed:
    """A trial that has begun, and who looks at it.

    Args:
        person: of the staff.
        participant: whose trial it is.
        story: of the trial.
    """

    person: Person
    participant: Participant
    story: Story

    @property
    def actor(self) -> str:
        """Who acts, as the store names her."""
        return staff(self.person)


def to_person(participant: Participant) -> HttpResponseRedirect:
    """The way back to the page on somebody."""
    return HttpResponseRedirect(reverse("clinic:person", args=[participant.pk]))


def of_trial(
    page: Callable[Concatenate[HttpRequest, Followed, Named], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, uuid.UUID, Named], HttpResponseBase]:
    """A view of a page on a trial that has begun; before, it leads to the page on its person.

    Args:
        page: is handed the trial.
    """

    @asked_by(Role.PRESCRIBER)
    @functools.wraps(page)
    def view(
        request: HttpRequest, person: Person, participant: uuid.UUID, *given: Named.args, **named: Named.kwargs
    ) -> HttpResponseBase:
        found = found_or_missing(participants_visible_to(person), participant)
        story = story_of(found.trial)
        if story.begun is None:
            return to_person(found)
        return page(request, Followed(person, found, story), *given, **named)

    return view
