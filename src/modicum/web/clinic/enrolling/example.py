"""Enrolments of the demo: screened, planned and consented as on the pages, on the days on which it happened."""

import datetime as dt
import os
import uuid
from collections.abc import Mapping
from typing import Any

from modicum.allocation.draws import Randomness
from modicum.services.enrolling import enrolment_of
from modicum.services.enrolling.adapting import Wanted, adapt
from modicum.services.enrolling.choosing import chosen_content
from modicum.services.enrolling.clearing import screening_content
from modicum.services.enrolling.enrolment import CHOSEN, CONSENTED, SCREENING
from modicum.services.screening import screen
from modicum.web.accounts.models import Participant, Person
from modicum.web.accounts.recording import staff
from modicum.web.clinic.enrolling import halves
from modicum.web.clinic.enrolling.beginning import begin_consented
from modicum.web.clinic.enrolling.consent_text import text_for
from modicum.web.clinic.enrolling.consents import consent_content
from modicum.web.clinic.enrolling.reading import Enrolling
from modicum.web.stories import STORE

CONTRIBUTION = "3 6 1 1 5 2 4"  # what somebody writes down who was told to throw a die seven times
_WELL = {"liver": "healthy", "kidney": "healthy"}
_ASKED = (
    "pregnancy",
    "allergy",
    "surgery",
    "opioid_use",
    "opioid_dependence",
    "opioid_withdrawal",
    "alcohol",
    "transplant",
    "thyroid_replacement",
    "psychosis",
    "suicidality",
    "cancer",
    "anticoagulant",
    "opioid_antagonist",
    "peripheral_antagonist",
)


class Arrival:
    """Somebody on the way into a trial, and the prescriber who is with her.

    Args:
        someone: virtual.
        prescriber: hers.
    """

    def __init__(self, someone: Participant, prescriber: Person):
        self._someone, self._prescriber = someone, prescriber

    def screen(self, medications: str, at: dt.datetime) -> None:
        """Screen somebody well who takes these medicines.

        Args:
            medications: as typed.
            at: the time, with its zone.
        """
        history: dict[str, Any] = {"age": self._age(at), **dict.fromkeys(_ASKED, "no"), **_WELL}
        screened = screen(medications, history=history, on=at.date())
        self._tell(SCREENING, screening_content(screened, medications, history), at)

    def choose(self, protocol: str, at: dt.datetime, randomness: Randomness = os.urandom) -> None:
        """Choose a shipped protocol as it ships, and fix the computer's half of the draw.

        Args:
            protocol: its name.
            at: the time, with its zone.
            randomness: number of bytes to that many bytes of chance.
        """
        half = halves.fix(self._someone.trial, randomness)
        self._tell(CHOSEN, chosen_content(adapt(protocol, Wanted()), half), at)

    def consent(self, at: dt.datetime, *, share: bool) -> None:
        """Record that the text was read together and agreed to.

        Args:
            at: the time, with its zone.
            share: whether the trial may leave for research.
        """
        found = self._known(at)
        if found.known.chosen is None:
            raise ValueError("Nothing is consented to before it is chosen.")
        given = {"contribution": CONTRIBUTION, "present": [], "share": share}
        content = consent_content(found.known.chosen, text_for(found), given, staff(self._prescriber))
        self._tell(CONSENTED, content, at)

    def begin(self, at: dt.datetime) -> None:
        """Draw, seal and begin, this being the first day.

        Args:
            at: the time, with its zone.
        """
        found = self._known(at)
        begin_consented(found, self._prescriber, found.today, at)
        halves.forget(self._someone.trial)

    def _known(self, at: dt.datetime) -> Enrolling:
        events = STORE.events_of(self._someone.trial)
        return Enrolling(self._someone, enrolment_of(events), self._someone.date_at(at))

    def _age(self, at: dt.datetime) -> int:
        born = self._someone.born
        return at.year - born.year - ((at.month, at.day) < (born.month, born.day))

    def _tell(self, kind: str, content: Mapping[str, Any], at: dt.datetime) -> None:
        STORE.append(
            trial=self._someone.trial,
            kind=kind,
            client_id=str(uuid.uuid4()),
            content=dict(content),
            actor=staff(self._prescriber),
            received_at=at,
        )
