"""The worklist: who needs a prescriber today, the most urgent first, one row and one verb for each."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import ngettext

from modicum.services.diary import StoredEvent
from modicum.services.enrolling import stage_of
from modicum.services.following import Marks, Need, evenings_of, needs_of
from modicum.web.accounts.models import Participant, Person
from modicum.web.accounts.selectors import participants_visible_to
from modicum.web.clinic.enrolling.closing import closed_trials
from modicum.web.clinic.enrolling.steps import next_of
from modicum.web.clinic.following.marking import marks_for
from modicum.web.clinic.following.rules import Rule, rule_of
from modicum.web.clinic.following.words import Said, need_said
from modicum.web.clinic.waiting import Waiting, waiting_among
from modicum.web.stories import stories_of

ROWS = 40  # of a page
_AFTER_NEEDS, _ENROLLING = 100, 110
_PAGES = {
    "decision": "clinic:review",
    "answer": "clinic:answer",
    "kit": "clinic:order",
    "recalled": "clinic:order",
    "offered": "clinic:rechallenge",
    "looked": "clinic:rechallenge",
    "halted": "clinic:resume",
    "held": "clinic:resume",
}
_ENROLLING_AT_ONCE = 60  # a site with more people on the way in shows the rest in its list of people


@dataclass(frozen=True)
class Row:
    """One person who needs something.

    Args:
        participant: whom.
        said: the most urgent of it.
        also: what else, in words.
        address: of the page where it is done.
        rule: the last evenings; None before the trial begins.
    """

    participant: Participant
    said: Said
    also: tuple[str, ...]
    address: str
    rule: Rule | None


@dataclass(frozen=True)
class Worklist:
    """The list of a day.

    Args:
        rows: the most urgent first, as many as a page shows.
        people: who need somebody, shown or not.
        behind: diaries with entries that are still being read.
        running: trials that run and need nothing.
    """

    rows: tuple[Row, ...]
    people: int = 0
    behind: int = 0
    running: int = 0


def worklist_for(person: Person, at: dt.datetime, skipped: int = 0) -> Worklist:
    """Who needs a prescriber.

    Args:
        person: who prescribes.
        at: clock of the clinic.
        skipped: rows that were shown on pages before.
    """
    people = list(participants_visible_to(person))
    if not people:
        return Worklist(())
    marks, behind = marks_for(one.trial for one in people)
    begun = {one.pk for one in people if one.trial in marks and marks[one.trial].start}
    phones = {one.participant.pk: one for one in waiting_among(people, at)}
    found = [*_running((one for one in people if one.pk in begun), marks, phones, at)]
    quiet = len(begun) - len(found)
    closed = closed_trials()
    found += _enrolling([one for one in people if one.pk not in begun and one.trial not in closed], at)
    shown = sorted(found, key=lambda one: one.rank)[skipped : skipped + ROWS]
    rows = tuple(_row(one, marks.get(one.participant.trial), at) for one in shown)
    return Worklist(rows, len(found), behind, quiet)


@dataclass(frozen=True)
class _Found:
    """Somebody who needs something, before it is put into words.

    Args:
        participant: whom.
        needs: of her trial.
        said: what else, in words.
        address: of the page where it is done.
        rank: how urgent it is.
    """

    participant: Participant
    needs: tuple[Need, ...]
    said: tuple[Said, ...]
    address: str
    rank: int


def _row(found: _Found, known: Marks | None, at: dt.datetime) -> Row:
    said = (*(need_said(need) for need in found.needs), *found.said)
    address = address_of_need(found.participant, found.needs[0]) if found.needs else found.address
    rule = rule_of(evenings_of(known, at)) if known is not None and known.start else None
    return Row(found.participant, said[0], tuple(other.what for other in said[1:]), address, rule)


def _running(
    people: Iterable[Participant], marks: Mapping[str, Marks], phones: Mapping[object, Waiting], at: dt.datetime
) -> Iterator[_Found]:
    for one in people:
        known = marks[one.trial]
        needs, phone = needs_of(known, at), phones.get(one.pk)
        tells = phone is not None and known.stage in ("diary", "maintenance") and not _tells_the_same(needs)
        said = (Said(phone.what, phone.why, phone.verb),) if tells and phone is not None else ()
        if needs or said:
            rank = needs[0].rank if needs else _AFTER_NEEDS
            yield _Found(one, needs, said, reverse("clinic:person", args=[one.pk]), rank)


def _tells_the_same(needs: Sequence[Need]) -> bool:
    """Whether that a phone is silent says nothing new."""
    return any(need.what == "missed" for need in needs)


def _enrolling(people: Sequence[Participant], at: dt.datetime) -> Iterator[_Found]:
    """Everybody on the way in; a phone is joined when the trial has begun, and is missed by nobody before."""
    stories = stories_of([one.trial for one in people[:_ENROLLING_AT_ONCE]]) if people else {}
    for one in people[:_ENROLLING_AT_ONCE]:
        events: tuple[StoredEvent, ...] = stories[one.trial].beside
        stage = stage_of(events, one.date_at(at))
        missing = next_of(one, stage)
        yield _Found(one, (), (Said(missing.what, "", missing.verb),), missing.address, _ENROLLING)


def address_of_need(participant: Participant, need: Need) -> str:
    """The address of the page where a need is met."""
    if need.what == "decision":
        return reverse("clinic:review", args=[participant.pk, need.number])
    return address_of(_PAGES.get(need.what, "clinic:person"), participant)


def address_of(name: str, participant: Participant) -> str:
    """The address of a page on somebody; her own page where there is no such page."""
    try:
        return reverse(name, args=[participant.pk])
    except NoReverseMatch:
        return reverse("clinic:person", args=[participant.pk])


def quiet_said(number: int) -> str:
    """How many trials need nothing."""
    words = ngettext("One other trial needs nothing.", "The other %(number)s trials need nothing.", number)
    return words % {"number": number}


def more_said(number: int) -> str:
    """How many follow on the next page."""
    return ngettext("Show one more", "Show %(number)s more", number) % {"number": number}


def behind_said(number: int) -> str:
    """That some diaries are still being read."""
    words = ngettext(
        "One diary has newer entries, which are being read. Look again in a minute.",
        "%(number)s diaries have newer entries, which are being read. Look again in a minute.",
        number,
    )
    return words % {"number": number}
