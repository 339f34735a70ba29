"""Living: one virtual patient's trial up to today, through the store, with her prescriber and her pharmacist."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from modicum.foundation.streams import stream
from modicum.participants.population import read_population
from modicum.participants.virtual import Virtual
from modicum.protocol import read_protocol
from modicum.records.chain import content_hash
from modicum.records.events import Entry
from modicum.services.diary import Story, receive
from modicum.services.diary.reviewing import model_reviewer
from modicum.services.following.acting import accept, hold, note
from modicum.trial.block import Look, LookKind
from modicum.trial.running import Life, Trial
from modicum.web.accounts import devices, participants
from modicum.web.accounts.invitations import invite
from modicum.web.accounts.models import Device, Participant, Person, Site
from modicum.web.accounts.recording import staff
from modicum.web.api.keys import signer
from modicum.web.clinic.answering.example import close
from modicum.web.clinic.answering.giving import answer_trial
from modicum.web.clinic.enrolling.example import Arrival
from modicum.web.clock import now
from modicum.web.demo.cast import FLAGSHIP, Lived
from modicum.web.pharmacy.example import follow, order_what_can_be_made
from modicum.web.stories import STORE, keep, story_of
from modicum.web.trials import open_trial, review_trial

ZONE, SEED = "Europe/London", 20261123
ACTOR = "demo"
_TOOK = {True: "yes", False: "no", None: None}
_ANSWERED_AFTER = dt.timedelta(hours=1)  # the last review
_ANSWERED_WITHIN = dt.timedelta(days=4)  # a decision that is younger waits, where anything is to wait
_FEWEST_YEARS = 23  # of age; the others are each two years older


@dataclass(frozen=True)
class Team:
    """Who looks after everybody.

    Args:
        site: where.
        prescriber: of everybody.
        pharmacist: of the site.
    """

    site: Site
    prescriber: Person
    pharmacist: Person


def register(number: int, surname: str, team: Team, language: str = "en") -> Participant:
    """Add somebody. Her trial has the same name in every demo, from which its order follows.

    Args:
        number: from 0.
        surname: an invented one.
        team: that adds her.
        language: of her diary.
    """
    return participants.register(
        site=team.site,
        surname=surname,
        given="Virtual",
        born=dt.date(now().year - _FEWEST_YEARS - 2 * number, 1, 1),
        prescriber=team.prescriber,
        by=team.prescriber,
        language=language,
        zone=ZONE,
        virtual=True,
        trial=str(uuid.uuid5(uuid.NAMESPACE_OID, f"demo {SEED} {number}")),
    )


def live(number: int, lived: Lived, team: Team, progress: Callable[[str], None]) -> Participant:
    """One patient's trial up to today.

    Args:
        number: of the patient, from 0.
        lived: what becomes of her.
        team: that looks after her.
        progress: called with each step, in words.
    """
    progress(f"{lived.surname}: day {lived.days}")
    until = now()
    someone = register(number, lived.surname, team, lived.language)
    _begin(number, lived, someone, team, until - dt.timedelta(days=lived.days))
    for entry in _entries(number, lived, someone, until):
        waits = lived.waits and entry.received_at > until - _ANSWERED_WITHIN
        _decide(someone, team, entry.received_at, answered=not waits)
        if entry.received_at <= until - dt.timedelta(days=lived.silent_days):
            _hand_in(someone, entry)
    if lived.leaves:
        _write(someone, until - dt.timedelta(days=1), leaves=True)
    if lived.medicine:
        _write(someone, until - dt.timedelta(hours=1), medications=[lived.medicine])
    _decide(someone, team, until, answered=not lived.waits)
    order_what_can_be_made(someone, team.prescriber, until)
    if lived.held:
        hold(STORE, story_of(someone.trial), lived.held, now=until, actor=staff(team.prescriber))
    if lived.days:
        _join(someone, team, until - dt.timedelta(days=lived.silent_days))
    _close(lived, someone, team, until)
    return someone


def _begin(number: int, lived: Lived, someone: Participant, team: Team, at: dt.datetime) -> None:
    """Screened, consented and begun on her first day, with a draw that is the same in every demo."""
    arrival = Arrival(someone, team.prescriber)
    arrival.screen("paracetamol 500 mg", at)
    arrival.choose(FLAGSHIP, at, stream(SEED, "demo", number).bytes)
    arrival.consent(at, share=lived.share)
    arrival.begin(at)


def _join(someone: Participant, team: Team, seen: dt.datetime) -> None:
    """A phone, last heard of at a time."""
    device, _ = devices.enrol(invite(someone, team.prescriber)[1], kind="Android")
    Device.objects.filter(pk=device.pk).update(last_seen=seen)


def _decide(someone: Participant, team: Team, at: dt.datetime, *, answered: bool = True) -> None:
    """What is due is decided; the kit is handed out, and the prescriber looks at the diary and accepts it."""
    reviewed = review_trial(someone.trial, at)
    if reviewed is None:
        return
    follow(someone, team.pharmacist, team.prescriber, at)
    story, who = story_of(someone.trial), staff(team.prescriber)
    if answered and len(story.decided) > 1:
        accepted = accept(STORE, story, story.decided[-1]["number"], now=at, actor=who)
        keep(note(STORE, accepted, story.sequence, now=at, actor=who))


def _close(lived: Lived, someone: Participant, team: Team, at: dt.datetime) -> None:
    """The answer of a trial that is over, on its last morning, and what is done with it."""
    story = story_of(someone.trial)
    last = story.decided[-1] if story.decided else None
    if last is None or last["block"] is not None or story.left:
        return
    over = min(dt.datetime.fromisoformat(last["at"]) + _ANSWERED_AFTER, at)
    answer_trial(someone.trial, over, ACTOR)
    if lived.signed:
        close(someone, team.prescriber, over)


def _entries(number: int, lived: Lived, someone: Participant, until: dt.datetime) -> Iterator[Entry]:
    """What she wrote, in the order in which it arrived; she lives by what her capsules hold."""
    story, protocol = story_of(someone.trial), read_protocol(FLAGSHIP)
    if story.begun is None:
        return
    opened = open_trial(story, until)
    trial = Trial(protocol, opened.roles, story.begun.start, virtual=True)
    body = Virtual.of(
        protocol,
        read_population("typical"),
        seed=SEED,
        person=number,
        archetype=lived.archetype,
        effect_in_mcid=lived.effect_in_mcid,
    )
    life, look = Life(trial, body), model_reviewer(protocol)
    if opened.looks is not None:
        look = opened.looks.reviewer(look, lambda: len(trial.state.blocks))
    kind: LookKind = life.to_next_look()
    while kind and trial.review_at <= until:
        seen: Look = look(trial.known(), kind)
        trial.review(seen)
        kind = life.to_next_look()
    arrived = [entry for entry in trial.entries if entry.received_at <= until]
    yield from sorted(arrived, key=lambda entry: (entry.received_at, entry.happened_at))


def _hand_in(someone: Participant, entry: Entry) -> None:
    """An entry, as her phone hands it in."""
    took = _TOOK[entry.took] if _has_capsule(story_of(someone.trial), entry) else None
    content = {
        "id": _identity(someone.trial, entry.id),
        "corrects": _identity(someone.trial, entry.corrects) if entry.corrects else None,
        "happened_at": entry.happened_at.isoformat(),
        "answers": dict(entry.scores),
        "took": took,
        "side_effects": dict(entry.side_effects),
        "guess": entry.guess,
        "guess_reason": entry.guess_reason,
        "leaves": entry.stops,
    }
    _send(someone, content, entry.received_at)


def _has_capsule(story: Story, entry: Entry) -> bool:
    """Whether the evening of an entry asks for a capsule: whether there was one the night before."""
    if story.begun is None:
        return False
    day = (entry.happened_at - story.begun.start).days
    blocks = [one["block"] for one in story.decided if one["block"] and one["block"]["first_day"] < day]
    return bool(blocks) and blocks[-1]["capsule"]


def _write(someone: Participant, at: dt.datetime, **said: Any) -> None:
    """Something beside the evenings: that she leaves, or takes a new medicine."""
    nothing: dict[str, Any] = {"answers": {}, "took": None, "side_effects": {}}
    identity = _identity(someone.trial, "beside the evenings")
    _send(someone, {"id": identity, "happened_at": at.isoformat(), **nothing, **said}, at)


def _send(someone: Participant, content: dict[str, Any], at: dt.datetime) -> None:
    story = story_of(someone.trial)
    form = {
        "schema": "modicum.entry/1",
        "day": 0,
        "about": "today",
        "zone": someone.zone,
        "number": len(story.kept) + 1,
    }
    entry = {**form, **content}
    _, after = receive(STORE, someone.trial, [entry], sent_at=at, now=at, actor=ACTOR, signer=signer(), before=story)
    keep(after)


def _identity(trial: str, entry: str) -> str:
    """An id of the form that phones make."""
    digits = content_hash(f"{trial} {entry}")
    return f"{digits[:8]}-{digits[8:12]}-7{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
