"""Where an enrolment stands, by its events alone."""

import datetime as dt
import itertools
from dataclasses import dataclass

import pytest

from modicum.services.enrolling import FRESH_DAYS, Stage, enrolment_of, stage_of
from modicum.services.enrolling.clearing import (
    earliest_start,
    open_questions,
    queries,
    screening_content,
    signed_content,
)
from modicum.services.enrolling.stages import last_day
from modicum.services.screening import screen
from screening_histories import WELL

DAY = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Told:
    """An event as the store keeps it."""

    sequence: int
    kind: str
    said: dict
    received_at: str = NOW.isoformat()
    conflict: bool = False


class Teller:
    """Tells events one after the other."""

    def __init__(self):
        self.events = []
        self._numbers = itertools.count(1)

    def tell(self, kind, **said):
        self.events.append(Told(next(self._numbers), kind, said))
        return self.events[-1].sequence

    def screened(self, medications="cetirizine", on=DAY, **answers):
        found = screen(medications, history={**WELL, **answers}, on=on)
        return self.tell("screening", **screening_content(found, medications, {**WELL, **answers}))

    def signed(self, sequence):
        return self.tell("screening-signed", **signed_content(sequence, {"unread-1": "a tea"}, "seen", "staff:1"))

    def stage(self, on=DAY):
        return stage_of(self.events, on)


@pytest.fixture
def teller():
    return Teller()


def test_somebody_of_whom_nothing_is_known_is_registered_and_screened_first(teller):
    teller.tell("entry")
    assert teller.stage() == Stage("registered", "screening", "screen")


def test_each_step_leads_to_the_next(teller):
    teller.screened()
    assert teller.stage() == Stage("screened", "protocol", "protocols")
    chosen = teller.tell("protocol-chosen", protocol_sha256="a")
    assert teller.stage() == Stage("planned", "consent", "consent")
    teller.tell("consented", chosen=chosen)
    assert teller.stage() == Stage("consented", "first-day", "begin")
    teller.tell("begun")
    assert teller.stage() == Stage("begun", "", "begin")
    assert teller.stage(DAY + dt.timedelta(days=900)) == Stage("begun", "", "begin")


def test_a_stop_stays_one_whatever_is_signed(teller):
    teller.signed(teller.screened("oxycodone 5 mg"))
    assert teller.stage() == Stage("registered", "stopped", "screening")


def test_a_name_that_is_not_known_needs_a_word_on_this_very_screening(teller):
    first = teller.screened("Zzyzxol")
    assert teller.stage() == Stage("registered", "signature", "screening")
    teller.signed(first)
    assert teller.stage().name == "screened"
    teller.screened("Zzyzxol")
    assert teller.stage().missing == "signature"
    teller.signed(first)
    assert teller.stage().missing == "signature"


def test_a_question_that_nobody_answered_cannot_be_signed_away(teller):
    teller.signed(teller.screened("Zzyzxol", liver="unknown"))
    known = enrolment_of(teller.events)
    assert open_questions(known.screening.said["document"]) == ["liver: not answered"]
    assert teller.stage() == Stage("registered", "answers", "screen")


def test_a_screening_holds_for_two_weeks_and_a_later_stop_takes_it_back(teller):
    teller.screened()
    assert last_day(enrolment_of(teller.events)) == DAY + dt.timedelta(days=FRESH_DAYS)
    assert teller.stage(DAY + dt.timedelta(days=FRESH_DAYS)).name == "screened"
    late = DAY + dt.timedelta(days=FRESH_DAYS + 1)
    assert teller.stage(late) == Stage("registered", "too-old", "screen")
    teller.screened("codeine")
    assert teller.stage().missing == "stopped"


def test_another_protocol_asks_for_another_consent_and_drops_the_plan_of_the_first(teller):
    teller.screened()
    first = teller.tell("protocol-chosen", protocol_sha256="a")
    asked = teller.tell("plan-asked", protocol_sha256="a")
    assert enrolment_of(teller.events).computing
    teller.tell("planned", protocol_sha256="a", asked=asked)
    assert not enrolment_of(teller.events).computing
    teller.tell("consented", chosen=first)
    second = teller.tell("protocol-chosen", protocol_sha256="b")
    known = enrolment_of(teller.events)
    assert (known.planned, known.consented, teller.stage().missing) == (None, None, "consent")
    teller.tell("planned", protocol_sha256="a", asked=asked)
    teller.tell("consented", chosen=first)
    assert enrolment_of(teller.events).planned is None
    assert teller.stage().missing == "consent"
    teller.tell("consented", chosen=second)
    assert teller.stage().name == "consented"


def test_the_same_protocol_chosen_again_keeps_its_plan_and_asks_for_consent_again(teller):
    teller.screened()
    first = teller.tell("protocol-chosen", protocol_sha256="a")
    asked = teller.tell("plan-asked", protocol_sha256="a")
    teller.tell("planned", protocol_sha256="a", asked=asked)
    teller.tell("consented", chosen=first)
    teller.tell("protocol-chosen", protocol_sha256="a")
    known = enrolment_of(teller.events)
    assert known.planned is not None
    assert known.consented is None


def test_what_is_asked_of_the_prescriber_is_every_unread_line_and_every_finding_that_asks():
    document = screen("Zzyzxol; sertraline", history={**WELL, "kidney": "severe"}, on=DAY).document
    asked = queries(document)
    assert [(one.key, one.given) for one in asked] == [("unread-1", "Zzyzxol"), ("ask-1", "kidney: severe")]


def test_the_earliest_start_is_the_end_of_the_longest_washout_that_can_be_counted():
    document = screen("codeine last taken 2026-03-01; methadone last taken 2026-02-27", on=DAY).document
    assert earliest_start(document) == dt.date(2026, 3, 13)
    assert earliest_start(screen("codeine", on=DAY).document) is None
