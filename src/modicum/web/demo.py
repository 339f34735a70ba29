"""The demo: an example clinic with virtual patients at every stage of a trial, run by the code that runs real ones.

Everybody in it is virtual and marked so. Each lives her sealed allocation: her capsules hold what was drawn, she
writes her diary by what they do to her, and her reviews are computed as for anybody.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from modicum.foundation.streams import stream
from modicum.participants.population import read_population
from modicum.participants.virtual import Virtual
from modicum.protocol import read_protocol
from modicum.records.chain import content_hash
from modicum.records.events import Entry
from modicum.services.diary import receive
from modicum.services.diary.reviewing import model_reviewer
from modicum.trial.block import Look, LookKind
from modicum.trial.running import Life, Trial
from modicum.web.accounts import participants
from modicum.web.accounts.invitations import invite
from modicum.web.accounts.models import Membership, Participant, Person, Role, Site
from modicum.web.accounts.staff import give_second_factor
from modicum.web.api.keys import signer
from modicum.web.clinic.answering.example import close
from modicum.web.clock import now
from modicum.web.pharmacy.example import follow, order_what_can_be_made
from modicum.web.stories import STORE, keep, story_of
from modicum.web.trials import answer_trial, begin_trial, make_key, open_trial, review_trial

SITE, ZONE, PROTOCOL, SEED = "Example clinic", "Europe/London", "ldn-smallest-dose", 20261123
STAFF = (Role.PRESCRIBER, Role.PHARMACIST, Role.OPERATOR, Role.ANALYST)
CODES_SHOWN = 3
_ACTOR = "demo"


@dataclass(frozen=True)
class Lived:
    """A virtual patient of the demo.

    Args:
        surname: an invented one.
        days: since the first day of her trial.
        archetype: how the effect depends on the dose, in truth.
        effect_in_mcid: full benefit, in truth.
        language: of her diary.
        leaves: whether she leaves at the end of these days.
        medicine: new at the end of these days.
        revealed: whether her answer was signed and her order opened.
    """

    surname: str
    days: int
    archetype: str = "none"
    effect_in_mcid: float = 2.0
    language: str = "en"
    leaves: bool = False
    medicine: str = ""
    revealed: bool = False


PATIENTS = (
    Lived("Alder", 0),
    Lived("Birch", 9, "threshold-1.5"),
    Lived("Cedar", 40, "threshold-1.5", language="de"),
    Lived("Dogwood", 65),
    Lived("Elder", 130, "threshold-1.5", 2.5),
    Lived("Fir", 50, leaves=True),
    Lived("Gorse", 420, "threshold-0.5", 2.5, revealed=True),
    Lived("Hazel", 420),
    Lived("Ivy", 24, medicine="codeine linctus"),
)


@dataclass(frozen=True)
class LogIn:
    """A log-in of the demo's staff.

    Args:
        role: in words.
        email: to log in with.
        password: likewise.
        codes: any one of them, once, as second factor.
    """

    role: str
    email: str
    password: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """What the demo made.

    Args:
        log_ins: of the staff.
        phone: path of the link that joins a phone to the first patient.
    """

    log_ins: tuple[LogIn, ...]
    phone: str


def make_demo(progress: Callable[[str], None]) -> Made:
    """Fill an empty clinic.

    Args:
        progress: called with each step, in words.
    """
    make_key("pharmacist")
    make_key("emergency")
    site = Site.objects.create(name=SITE, on_call="+44 20 7946 0000 (no such number)", pharmacy="Example pharmacy")
    log_ins = tuple(_log_in(site, role) for role in STAFF)
    prescriber = Person.objects.get(email=log_ins[0].email)
    pharmacist = Person.objects.get(email=log_ins[1].email)
    lived = [_live(number, one, site, (prescriber, pharmacist), progress) for number, one in enumerate(PATIENTS)]
    token = invite(lived[0], prescriber)[1]
    return Made(log_ins, f"/join/{token}/")


def _log_in(site: Site, role: Role) -> LogIn:
    """A member of the staff with a password and codes that are in no program."""
    email, password = f"{role.value}@example.org", secrets.token_urlsafe(12)
    person = Person(email=email, name=f"Example {role.label}")
    person.set_password(password)
    person.save()
    Membership.objects.create(person=person, site=site, role=role)
    codes = give_second_factor(person)
    return LogIn(str(role.label), email, password, codes[:CODES_SHOWN])


def _live(
    number: int, lived: Lived, site: Site, staff: tuple[Person, Person], progress: Callable[[str], None]
) -> Participant:
    """One patient's trial up to today, through the store, with her prescriber and her pharmacist."""
    prescriber, pharmacist = staff
    progress(f"{lived.surname}: day {lived.days}")
    at = now()
    first_day = at.date() - dt.timedelta(days=lived.days)
    someone = participants.register(
        site=site,
        surname=lived.surname,
        given="Virtual",
        born=dt.date(1970 + number, 1, 1),
        prescriber=prescriber,
        language=lived.language,
        zone=ZONE,
        virtual=True,
    )
    chance = stream(SEED, "demo", number)
    begin_trial(
        someone,
        PROTOCOL,
        first_day,
        contribution="example",
        now=at - dt.timedelta(days=lived.days),
        actor=_ACTOR,
        randomness=chance.bytes,
    )
    for entry in _entries(number, lived, someone, at):
        if review_trial(someone.trial, entry.received_at) is not None:
            follow(someone, pharmacist, prescriber, entry.received_at)
        _hand_in(someone, entry)
    if lived.leaves:
        _write(someone, at - dt.timedelta(days=1), leaves=True)
    if lived.medicine:
        _write(someone, at - dt.timedelta(hours=1), medications=[lived.medicine])
    review_trial(someone.trial, at)
    order_what_can_be_made(someone, prescriber, at)
    story = story_of(someone.trial)
    if story.decided and story.decided[-1]["block"] is None and not story.left:
        answer_trial(someone.trial, at, _ACTOR)
        if lived.revealed:
            close(someone, prescriber, at)
    return someone


def _entries(number: int, lived: Lived, someone: Participant, until: dt.datetime) -> Iterator[Entry]:
    """What she wrote, in the order in which it arrived; she lives by what her capsules hold."""
    story, protocol = story_of(someone.trial), read_protocol(PROTOCOL)
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
    """An entry, as her phone hands it in; what was due before is decided before."""
    took = {True: "yes", False: "no", None: None}[entry.took]
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


def _write(someone: Participant, at: dt.datetime, **said: Any) -> None:
    """Something beside the evenings: that she leaves, or takes a new medicine."""
    nothing: dict[str, Any] = {"answers": {}, "took": None, "side_effects": {}}
    identity = _identity(someone.trial, "beside the evenings")
    _send(someone, {"id": identity, "happened_at": at.isoformat(), **nothing, **said}, at)


def _send(someone: Participant, content: dict[str, Any], at: dt.datetime) -> None:
    review_trial(someone.trial, at)
    story = story_of(someone.trial)
    form = {
        "schema": "modicum.entry/1",
        "day": 0,
        "about": "today",
        "zone": someone.zone,
        "number": len(story.kept) + 1,
    }
    entry = {**form, **content}
    _, after = receive(STORE, someone.trial, [entry], sent_at=at, now=at, actor=_ACTOR, signer=signer(), before=story)
    keep(after)


def _identity(trial: str, entry: str) -> str:
    """An id of the form that phones make."""
    digits = content_hash(f"{trial} {entry}")
    return f"{digits[:8]}-{digits[8:12]}-7{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
