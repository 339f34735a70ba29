"""What the demo's prescriber does at the end: sign the answer, and have the order opened."""

import datetime as dt

from modicum.services.revealing import ask_for_reveal, closing_of, sign
from modicum.web.accounts.models import Participant, Person
from modicum.web.accounts.recording import staff
from modicum.web.clinic.answering.tasks import keep_opened
from modicum.web.stories import STORE


def close(someone: Participant, prescriber: Person, at: dt.datetime) -> None:
    """Sign and reveal an answer, in this process.

    Args:
        someone: a virtual patient whose trial was answered.
        prescriber: who does it.
        at: when, with its zone.
    """
    trial, actor = someone.trial, staff(prescriber)
    sign(STORE, trial, closing_of(STORE.events_of(trial)), now=at, actor=actor)
    ask_for_reveal(STORE, trial, closing_of(STORE.events_of(trial)), now=at, actor=actor)
    keep_opened(trial, at)
