"""The four steps of an enrolment as pages name them, and what is missing next, in words."""

from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from modicum.services.enrolling import Stage
from modicum.web.accounts.models import Participant
from modicum.web.clinic.enrolling.reading import Enrolling

ORDER = ("registered", "screened", "planned", "consented", "begun")


@dataclass(frozen=True)
class Next:
    """What is missing next.

    Args:
        what: in a sentence without a stop.
        verb: of the button that leads there.
        address: of the page.
    """

    what: str
    verb: str
    address: str


class Step(NamedTuple):
    """One step, as the line of steps shows it."""

    words: str
    address: str
    done: bool
    here: bool


def next_of(participant: Participant, stage: Stage) -> Next:
    """What is missing next on the way into a trial.

    Args:
        participant: who.
        stage: where she stands.
    """
    what, verb = {
        "screening": (_("Not screened yet"), _("Screen")),
        "stopped": (_("Screened: not to be started as things are"), _("See why")),
        "answers": (_("The screening has questions that nobody answered"), _("Answer them")),
        "signature": (_("The screening needs your word"), _("Give your word")),
        "too-old": (_("The screening is too old"), _("Screen again")),
        "protocol": (_("No protocol is chosen"), _("Choose one")),
        "consent": (_("Consent is not given yet"), _("Ask for consent")),
        "first-day": (_("Ready to begin"), _("Begin")),
        "closed": (_("Does not take part"), _("See")),
        "": (_("The trial has begun"), _("See")),
    }[stage.missing]
    return Next(what, verb, address_of(participant, stage))


def address_of(participant: Participant, stage: Stage) -> str:
    """The page on which what is missing is done."""
    return reverse(f"clinic:{stage.page}", args=[participant.pk])


def to_next(found: Enrolling) -> HttpResponseRedirect:
    """On to what is missing."""
    return HttpResponseRedirect(address_of(found.participant, found.stage))


def reached(found: Enrolling, name: str) -> bool:
    """Whether an enrolment stands at a stage or beyond.

    Args:
        found: the enrolment.
        name: of the stage.
    """
    return ORDER.index(found.stage.name) >= ORDER.index(name)


def steps(found: Enrolling, here: int) -> list[Step]:
    """The line of steps.

    Args:
        found: the enrolment.
        here: number of the step that the page is, from 1.
    """
    done = ORDER.index(found.stage.name)
    named = (
        (_("Screening"), "screening" if found.known.screening else "screen"),
        (_("Protocol"), "protocols"),
        (_("Consent"), "consent"),
        (_("First day"), "begin"),
    )
    return [
        Step(words, reverse(f"clinic:{page}", args=[found.participant.pk]), number <= done, number == here)
        for number, (words, page) in enumerate(named, 1)
    ]
