"""Living: one virtual patient's trial up to today, through the store, with her prescriber and her pharmacist."""

import datetime as dt
import math
import uuid
from collections.abc import Callable

from modicum.foundation.streams import stream
from modicum.participants.chance import Chance
from modicum.participants.population import read_population
from modicum.participants.virtual import Virtual
from modicum.protocol import Protocol, read_protocol
from modicum.services.diary.reviewing import model_reviewer
from modicum.services.following.acting import accept, hold, note
from modicum.trial.block import Look, LookKind
from modicum.trial.running import Life, Trial
from modicum.web.accounts import devices, participants
from modicum.web.accounts.invitations import invite
from modicum.web.accounts.models import Device, Participant
from modicum.web.accounts.recording import staff
from modicum.web.clinic.answering.example import close
from modicum.web.clinic.answering.giving import answer_trial
from modicum.web.clinic.enrolling.example import Arrival
from modicum.web.clock import now
from modicum.web.demo.cast import FLAGSHIP, SEED, Lived, Team
from modicum.web.demo.handing_in import ACTOR, hand_in, write
from modicum.web.demo.keeping import Keeping
from modicum.web.pharmacy.example import follow, order_what_can_be_made
from modicum.web.stories import STORE, keep, story_of
from modicum.web.trials import open_trial, review_trial

ZONE = "Europe/London"
_ANSWERED_AFTER = dt.timedelta(hours=1)  # the last review
_ANSWERED_WITHIN = dt.timedelta(days=4)  # a decision that is younger waits, where anything is to wait
_FEWEST_YEARS = 23  # of age; the others are each two years older


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
    began = until - dt.timedelta(days=lived.days)
    someone = register(number, lived.surname, team, lived.language)
    _begin(number, lived, someone, team, began)
    trial, body = _lived(number, lived, someone, began, until)
    for entry in sorted(trial.entries, key=lambda entry: (entry.received_at, entry.happened_at)):
        if entry.received_at > until or not lived.days:  # her first evening is left to whoever opens the phone's link
            break
        waits = lived.waits and entry.received_at > until - _ANSWERED_WITHIN
        _decide(someone, team, entry.received_at, answered=not waits)
        if entry.received_at <= until - dt.timedelta(days=lived.silent_days):
            hand_in(someone, entry)
    if lived.leaves:
        write(someone, until - dt.timedelta(days=1), leaves=True)
    if lived.medicine:
        write(someone, until - dt.timedelta(hours=1), medications=[lived.medicine])
    over = min(trial.review_at + _ANSWERED_AFTER, until) if trial.over else until
    _decide(someone, team, over, answered=not lived.waits)
    order_what_can_be_made(someone, team.prescriber, over)
    if lived.held:
        hold(STORE, story_of(someone.trial), lived.held, now=until, actor=staff(team.prescriber))
    _close(lived, someone, team, over)
    if lived.again:
        begins = [lived.days - ago for ago in lived.again]
        Keeping(number, someone, team, body, begins).live(range(trial.days, lived.days + 1), until)
    if lived.days:
        _join(someone, team, until - dt.timedelta(days=lived.silent_days))
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
    answer_trial(someone.trial, at, ACTOR)
    if lived.signed:
        close(someone, team.prescriber, at)


def _lived(
    number: int, lived: Lived, someone: Participant, began: dt.datetime, until: dt.datetime
) -> tuple[Trial, Virtual]:
    """Her trial as she lived it, by what her capsules hold, and her body after it."""
    story, protocol = story_of(someone.trial), read_protocol(FLAGSHIP)
    if story.begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    opened = open_trial(story, began)
    trial = Trial(protocol, opened.roles, story.begun.start, virtual=True)
    body = _body(number, lived, protocol)
    life, look = Life(trial, body), model_reviewer(protocol)
    if opened.looks is not None:
        look = opened.looks.reviewer(look, lambda: len(trial.state.blocks))
    kind: LookKind = life.to_next_look()
    while kind and trial.review_at <= until:
        seen: Look = look(trial.known(), kind)
        trial.review(seen)
        kind = life.to_next_look()
    return trial, body


def _body(number: int, lived: Lived, protocol: Protocol) -> Virtual:
    """Her body, with luck for as many days as she lives; what a trial needs of it is the beginning of that."""
    population, names = read_population("typical"), [item.name for item in protocol.side_effects]
    drawn = Virtual.of(
        protocol,
        population,
        seed=SEED,
        person=number,
        archetype=lived.archetype,
        effect_in_mcid=lived.effect_in_mcid,
    )
    if not lived.again:
        return drawn
    days = max(math.ceil(protocol.planned_days), lived.days) + 1
    chance = Chance.draw(SEED, number, population.parameters, days, names)
    return Virtual(drawn.truth, chance, population.parameters, protocol)
