"""The pages of enrolment as a prescriber uses them, by Django's own client."""

import re
from dataclasses import dataclass
from html import unescape

from django.test import Client
from django.urls import reverse

import screening_histories
from modicum.services.enrolling import KINDS, Enrolment, enrolment_of
from modicum.web.accounts.models import Participant
from modicum.web.store.models import Event

WELL = {
    "medications": "cetirizine 10 mg",
    **{question: str(answer) for question, answer in screening_histories.WELL.items()},
}
AGREED = {"agreed": "on", "signed": "on"}


@dataclass
class Road:
    """The road of one participant, walked by one prescriber."""

    client: Client
    participant: Participant

    def address(self, name: str) -> str:
        return reverse(f"clinic:{name}", args=[self.participant.pk])

    def get(self, name: str, query: str = ""):
        return self.client.get(self.address(name) + query)

    def post(self, name: str, query: str = "", **given):
        return self.client.post(self.address(name) + query, given)

    def screen(self, **changed):
        return self.post("screen", **{**WELL, **changed})

    def choose(self, of: str = "ldn-crossover", **changed):
        """Choose a protocol; the form says what is in it, as a browser would send it."""
        form = self.get("protocol", f"?of={of}").context["form"]
        sent = {name: value for name, one in form.fields.items() if (value := one.initial) is not None}
        return self.post("protocol", f"?of={of}", **{**sent, "do": "choose", **changed})

    def consent(self, **changed):
        shown = self.get("consent").context["text"].sha256
        return self.post("consent", **{"shown": shown, "contribution": "3 6 1 1 5 2 4", **AGREED, **changed})

    def begin(self, first_day: str):
        return self.post("begin", first_day=first_day)

    def to_consent(self, of: str = "ldn-crossover"):
        """Screened, and a protocol chosen."""
        self.screen()
        self.choose(of)
        return self

    @property
    def known(self) -> Enrolment:
        return enrolment_of(self.events)

    @property
    def events(self) -> list[Event]:
        return list(Event.objects.filter(trial=self.participant.trial).order_by("sequence"))

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.events if event.kind in KINDS]


def words_of(response) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text))


def heading_of(response) -> str:
    """What a page says first."""
    return re.sub(r"<[^>]+>", "", unescape(re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)[1]))
