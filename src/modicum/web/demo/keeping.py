"""Keeping: what follows an answer. The dose is kept, and looked at again, blinded, on the days that the cast says."""

import datetime as dt
import os
from collections.abc import Sequence

from modicum.foundation.streams import stream
from modicum.participants.task import Task
from modicum.participants.virtual import Virtual
from modicum.records.events import Entry
from modicum.services.diary import Story
from modicum.services.diary.keeping import capsule_of, first_day, half_days, is_asked, is_guessed
from modicum.services.diary.kept_dose import found_of
from modicum.services.diary.openings import witness_of
from modicum.services.dispensing.acting import Deed, dispense, order_kits, prepare_kits, take_back
from modicum.services.dispensing.papers import open_batch
from modicum.services.following.acting import note
from modicum.services.unblinding import HeldKey
from modicum.trial.maintenance import MAINTENANCE, RECHALLENGE
from modicum.web.accounts.models import Participant, Person
from modicum.web.accounts.recording import staff
from modicum.web.clinic.following.again import answer_again, begin_again
from modicum.web.demo.cast import SEED, Team
from modicum.web.demo.handing_in import hand_in
from modicum.web.pharmacy.finding import Supplying
from modicum.web.pharmacy.supplies import supplies_of
from modicum.web.stories import STORE, keep, known, story_of
from modicum.web.trials import key_of

LOTS, CONTRIBUTION = "NX-2502, MC-2377", "2 5 5 3 1 6 4"
ACCEPTED_BEFORE, MADE_BEFORE, HANDED_OUT_BEFORE = 5, 3, 1  # days before a half begins
_ACTED = dt.timedelta(hours=13)  # when no evening of the day before comes any more
_DUE = dt.timedelta(hours=20)


class Keeping:
    """One patient, from her answer on.

    Args:
        number: of the patient.
        someone: virtual, whose trial found a dose.
        team: that looks after her.
        body: hers, as it is after her trial.
        begins: days of her trial on which each re-challenge begins.
    """

    def __init__(self, number: int, someone: Participant, team: Team, body: Virtual, begins: Sequence[int]):
        self._number, self._someone, self._team, self._body = number, someone, team, body
        story = self._story
        if story.begun is None:
            raise ValueError(f"{story.trial} has not begun.")
        self._start, self._half, self._dose_mg = story.begun.start, half_days(story), found_of(story).dose_mg
        self._begins = dict(enumerate(begins, 1))
        self._filled: dict[tuple[int, int], float] = {}
        self._post: list[Entry] = []

    def live(self, days: range, until: dt.datetime) -> None:
        """Live on: her body every day, her diary when it is asked for, staff on the days of a re-challenge.

        Args:
            days: of her trial, from the first after its last.
            until: now.
        """
        for day in days:
            start = self._start + dt.timedelta(days=day)
            self._deliver(min(start + _ACTED, until))
            if start + _ACTED <= until:
                self._act(day, start + _ACTED)
            entry = self._body.answer(self._task(day, start + _DUE))
            if entry is not None and is_asked(self._story, (entry.happened_at - self._start).days):
                self._post.append(entry)
        self._deliver(until)

    @property
    def _story(self) -> Story:
        """As it was told last, without a question to the store: all that is read of it here was done here."""
        return known(self._someone.trial) or story_of(self._someone.trial)

    def _deliver(self, now: dt.datetime) -> None:
        """Hand in what has arrived."""
        arrived = [entry for entry in self._post if entry.received_at <= now]
        self._post = [entry for entry in self._post if entry.received_at > now]
        for entry in sorted(arrived, key=lambda entry: (entry.received_at, entry.happened_at)):
            hand_in(self._someone, entry)

    def _task(self, day: int, due: dt.datetime) -> Task:
        """An evening, by what her capsule of the night before holds: the dose that she keeps, or one of a pair."""
        story, night = self._story, day - 1
        if night < first_day(story):
            return Task(day, due, MAINTENANCE, 0.0, 0.0)
        found = capsule_of(story, night)
        if found is None:
            return Task(day, due, MAINTENANCE, 1.0, self._dose_mg)
        return Task(day, due, RECHALLENGE, 0.5, self._filled[found[:2]], is_guessed(story, day))

    def _act(self, day: int, at: dt.datetime) -> None:
        """What staff and the jobs do on a day."""
        for number, begins in self._begins.items():
            if day == begins - ACCEPTED_BEFORE:
                self._accept(number, begins, at)
            if day == begins - MADE_BEFORE:
                self._make(number, at)
            for place in (1, 2):
                if day == begins + (place - 1) * self._half - HANDED_OUT_BEFORE:
                    dispense(self._deed(self._team.pharmacist, at), self._code(number, place))
                if day == begins + place * self._half:
                    self._take_back(number, place, at)
            if day == begins + 2 * self._half and answer_again(self._someone.trial, at):
                self._note(at)

    def _accept(self, number: int, begins: int, at: dt.datetime) -> None:
        """Accepted with her prescriber, with a draw that is the same in every demo; and its kits are ordered."""
        begin_again(
            self._someone,
            self._story,
            first_day=self._start.date() + dt.timedelta(days=begins),
            contribution=CONTRIBUTION,
            now=at,
            actor=staff(self._team.prescriber),
            randomness=stream(SEED, "demo", self._number, "again", number).bytes,
        )
        plan = self._supplying(number).plan(at.date())
        order_kits(self._deed(self._team.prescriber, at), plan, [RECHALLENGE])
        self._note(at)

    def _make(self, number: int, at: dt.datetime) -> None:
        """The pharmacist opens what both kits hold, and fills them so."""
        supplying, pharmacist = self._supplying(number), self._team.pharmacist
        plan = supplying.plan(at.date())
        opened = open_batch(
            plan,
            RECHALLENGE,
            folder=supplying.folder,
            key=HeldKey(key_of("pharmacist").read_bytes()),
            contacts=supplying.contacts,
            made_on=at.date(),
            who=pharmacist.name,
            now=at,
            randomness=os.urandom,
            witness=witness_of(STORE, self._someone.trial, actor=staff(pharmacist), randomness=os.urandom),
        )
        self._filled |= {(number, one.kit.period.period): one.dose_ug / 1000 for one in opened.order.kits}
        prepare_kits(self._deed(pharmacist, at), plan, RECHALLENGE, LOTS)

    def _take_back(self, number: int, place: int, at: dt.datetime) -> None:
        """A kit comes back with its spare capsules, and those of the nights on which she said that she took none."""
        story, after = self._story, self._begins[number] + place * self._half
        told_on = range(after - self._half + 1, after + 1)
        kept = [story.by_day[day].entry for day in told_on if day in story.by_day]
        kit = supplies_of(self._someone.trial).kits[self._code(number, place)]
        missed = sum(entry.took is False for entry in kept if entry is not None)
        take_back(self._deed(self._team.pharmacist, at), kit.code, min(kit.capsules, kit.spare + missed))

    def _note(self, at: dt.datetime) -> None:
        """Her prescriber reads her page."""
        story = story_of(self._someone.trial)
        keep(note(STORE, story, story.sequence, now=at, actor=staff(self._team.prescriber)))

    def _supplying(self, number: int) -> Supplying:
        return Supplying(self._someone, self._story, number)

    def _deed(self, person: Person, at: dt.datetime) -> Deed:
        return Deed(STORE, self._someone.trial, staff(person), at)

    def _code(self, number: int, place: int) -> str:
        kits = supplies_of(self._someone.trial).in_batch(RECHALLENGE, number)
        return next(kit.code for kit in kits if kit.period == place)
