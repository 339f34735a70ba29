"""Revealing: an answer is signed, and only then is the sealed order opened for everybody, and proved.

Both are events of the store before they take effect. What the opened order shows is told beside the dates and the
guesses of the trial; the diary that was analysed is written down again, so that anybody can repeat the analysis.
"""

import datetime as dt
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from pydantic import TypeAdapter

from modicum.allocation.draws import Randomness
from modicum.allocation.keys import read_identity
from modicum.decision.answer import Answer
from modicum.records.chain import canonical, content_hash
from modicum.services.analysing import analyse
from modicum.services.diary.answering import export_csv
from modicum.services.diary.looks import KeptLooks
from modicum.services.diary.openings import witness_of
from modicum.services.diary.port import Store, StoredEvent
from modicum.services.diary.reviewing import stand_at
from modicum.services.diary.story import ANSWERED, HELD, OVERRIDDEN, STOPPED, WANTED, Story, fold
from modicum.services.unblinding import KeyFile, unblind
from modicum.supply.periods import takes_capsules
from modicum.trial.block import Look, Roles
from modicum.trial.roles import roles_of
from modicum.trial.running import Trial

SIGNED, REVEALED = "signed", "revealed"
NOT_BY_THE_RULES = (OVERRIDDEN, STOPPED, HELD)
KINDS = (WANTED, ANSWERED, *NOT_BY_THE_RULES, SIGNED, REVEALED)
WHY = "the answer is signed"
PUBLIC = ("allocation.json", "protocol.toml", "factors.json", "revealed.json", "sealed", "bindings", "openings")


class NotYetError(ValueError):
    """It is not its turn: an answer is signed once it is there, and the order opened once the answer is signed."""


@dataclass(frozen=True)
class Closing:
    """How far a trial that is over has been closed.

    Args:
        wanted: the event by which a person who left wanted to know; None where nobody had to ask.
        answered: the event of the answer; None before it.
        signed: that of the signature.
        revealed: that of the reveal.
        overridden: where staff did not go by the rules before the answer, in order: a stop, a hold, an override.
    """

    wanted: StoredEvent | None = None
    answered: StoredEvent | None = None
    signed: StoredEvent | None = None
    revealed: StoredEvent | None = None
    overridden: tuple[StoredEvent, ...] = ()

    @property
    def result(self) -> dict[str, Any]:
        """The ``modicum.result/1`` document of the answer.

        Raises:
            NotYetError: there is none.
        """
        if self.answered is None:
            raise NotYetError("There is no answer yet.")
        return self.answered.said["result"]

    @property
    def result_sha256(self) -> str:
        """Of the result, in its canonical form: what a signature is of."""
        return content_hash(canonical(self.result))


@dataclass(frozen=True)
class Seen:
    """What a review saw of one dose that had been tried; chances are given that the drug does something.

    Args:
        dose_mg: of the ladder.
        p_better, p_mcid, p_harm: that it helps at all, helps by what matters, harms by what matters; 0 to 1.
    """

    dose_mg: float
    p_better: float
    p_mcid: float
    p_harm: float


@dataclass(frozen=True)
class Held:
    """What a stretch of the trial held.

    Args:
        phase: name of its phase.
        first, last: its dates.
        days: how many.
        capsule_mg: in each capsule, mg, 0 for placebo; None where none was taken.
        guess: the last chance of the drug that the person gave in it, 0 to 1; None where none was.
        seen: every dose tried so far, as the review after it saw them by the model.
        by_eye: mean score before the first dose and lately, as a review by eye saw it; None for what nobody wrote.
        then: the decision of that review in the words of the rules, or the code of the ending; "" without a review.
    """

    phase: str
    first: dt.date
    last: dt.date
    days: int
    capsule_mg: float | None
    guess: float | None
    seen: tuple[Seen, ...] = ()
    by_eye: tuple[float | None, float | None] | None = None
    then: str = ""


@dataclass(frozen=True)
class Opened:
    """What an opened order shows.

    Args:
        diary: as it was analysed, CSV.
        held: every stretch of the trial, in order.
    """

    diary: str
    held: tuple[Held, ...]

    def to_json(self) -> bytes:
        """The stretches, to be kept."""
        return _HELD.dump_json(self.held)

    @classmethod
    def of(cls, diary: str, held: bytes) -> Self:
        """The same from what was kept.

        Raises:
            ValueError: it is something else.
        """
        return cls(diary, _HELD.validate_json(held))


_HELD = TypeAdapter(tuple[Held, ...])


def closing_of(events: Iterable[StoredEvent]) -> Closing:
    """How far a trial has been closed; of each event the first counts.

    Args:
        events: of its store, in order; those of ``KINDS`` tell all.
    """
    found = Closing()
    for event in events:
        if event.conflict:
            continue
        if event.kind in NOT_BY_THE_RULES:
            before = found.answered is None  # what is decided after the answer touches none
            found = replace(found, overridden=(*found.overridden, event)) if before else found
        elif event.kind in KINDS and getattr(found, event.kind) is None:
            found = replace(found, **{event.kind: event})
    return found


def sign(store: Store, trial: str, closing: Closing, *, now: dt.datetime, actor: str) -> None:
    """Sign an answer: this result and no other. Signed again, by whomever, nothing changes.

    Args:
        store: that keeps it.
        trial: its name in the store.
        closing: up to now.
        now: with its zone.
        actor: who signs.

    Raises:
        NotYetError: there is no answer.
    """
    content = {"schema": "modicum.signed/1", "result_sha256": closing.result_sha256}
    if closing.signed is None:
        store.append(trial=trial, kind=SIGNED, client_id=SIGNED, content=content, actor=actor, received_at=now)


def ask_for_reveal(store: Store, trial: str, closing: Closing, *, now: dt.datetime, actor: str) -> None:
    """Have the order opened: from here on it is for everybody. Asked for again, nothing changes.

    Args:
        store: that keeps it.
        trial: its name in the store.
        closing: up to now.
        now: with its zone.
        actor: who asks.

    Raises:
        NotYetError: the answer is not signed.
    """
    if closing.signed is None:
        raise NotYetError("An answer that is not signed is not revealed.")
    content = {"schema": "modicum.revealed/1", "signed": closing.signed.hash}
    if closing.revealed is None:
        store.append(trial=trial, kind=REVEALED, client_id=REVEALED, content=content, actor=actor, received_at=now)


def reveal(store: Store, trial: str, folder: Path, key: KeyFile, *, now: dt.datetime, randomness: Randomness) -> Opened:
    """Open the order on the final path and put what was held beside what was written. The papers stay in the folder.

    Args:
        store: that keeps it.
        trial: its name in the store.
        folder: of its allocation.
        key: that of the reviews, for which what they saw is sealed too.
        now: with its zone.
        randomness: number of bytes to that many bytes of chance.

    Raises:
        NotYetError: it was not asked for.
        AllocationError: it cannot be opened.
    """
    story, closing = answered_story(store, trial)
    if closing.revealed is None or closing.answered is None:
        raise NotYetError("A reveal is asked for, of a signed answer, before it happens.")
    roles, looks = Roles(), None
    if story.begun is not None and story.begun.allocation:
        witness = witness_of(store, trial, actor=closing.revealed.actor, randomness=randomness)
        who, why = closing.revealed.actor, WHY
        opened = unblind(folder, key, "final", who=who, why=why, now=now, randomness=randomness, witness=witness)
        roles = roles_of(story.begun.protocol, opened.papers.allocation.places)
        looks = KeptLooks(folder, read_identity(key.read_bytes(), str(key)), randomness)
    stands = stand_at(story, roles, dt.datetime.fromisoformat(closing.answered.received_at), looks=looks)
    return Opened(export_csv(stands), tuple(_held(stands)))


def answered_story(store: Store, trial: str) -> tuple[Story, Closing]:
    """The story of a trial as it was told when it was answered, and how far it has been closed since.

    Args:
        store: that keeps it.
        trial: its name in the store.

    Raises:
        NotYetError: there is no answer.
    """
    events = list(store.events_of(trial))
    closing = closing_of(events)
    if closing.answered is None:
        raise NotYetError("There is no answer yet.")
    last = closing.answered.sequence
    return fold(Story(trial), (event for event in events if event.sequence < last)), closing


def answer_again(store: Store, trial: str, roles: Roles, looks: KeptLooks | None) -> Answer:
    """The answer of a trial from its events, as its report shows it; for pages that were lost.

    Args:
        store: that keeps it.
        trial: its name in the store.
        roles: of the opened allocation.
        looks: that were kept; None to look anew.

    Raises:
        NotYetError: there is no answer.
        ValueError: this version of the analysis says something else than the answer that was given.
    """
    story, closing = answered_story(store, trial)
    answered = closing.answered
    if answered is None or story.begun is None:
        raise NotYetError("There is no answer yet.")
    stands = stand_at(story, roles, dt.datetime.fromisoformat(answered.received_at), looks=looks)
    result = analyse(io.BytesIO(export_csv(stands).encode()), protocol=story.begun.protocol)
    if {**result.document, "version": ""} != {**closing.result, "version": ""}:
        raise ValueError("This version of the analysis says something else than the answer that was given.")
    return replace(result.answer, chain_head=answered.previous_hash)


def public_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """What of an allocation is for everybody once it is open, by its name in the folder: no key, nothing of a review.

    Args:
        folder: of the allocation.
    """
    for name in PUBLIC:
        place = folder / name
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from ((str(one.relative_to(folder)), one.read_bytes()) for one in files if one.is_file())


def _held(trial: Trial) -> Iterator[Held]:
    """Every block of a trial with its dates, its capsule, the guess about it and what the review after it saw."""
    phases = {phase.name: phase for phase in trial.protocol.phases}
    begins, reviews = 0, _reviews(trial)
    for number, (block, ends) in enumerate(zip(trial.state.blocks, trial.state.ends, strict=True)):
        dates = [(trial.start + dt.timedelta(days=day)).date() for day in (begins, ends - 1)]
        taken = block.capsule_mg if takes_capsules(phases[block.phase]) else None
        held = Held(block.phase, dates[0], dates[1], ends - begins, taken, _guess(trial, begins, ends))
        look, then = reviews.get(number, (None, ""))
        yield held if look is None else replace(held, **_seen(trial, look), then=then)
        begins = ends


def _reviews(trial: Trial) -> dict[int, tuple[Look, str]]:
    """By the number of the block before it, what each review saw and what it decided."""
    blocks, ending = trial.state.blocks, trial.state.ending
    decided = [*(block.why for block in blocks[1:]), ending.code if ending is not None else ""]
    reviewed = [number for number, block in enumerate(blocks) if block.look]
    return {number: (look, decided[number]) for number, look in zip(reviewed, trial.looks, strict=False)}


def _seen(trial: Trial, look: Look) -> dict[str, Any]:
    """What a review saw, as :class:`Held` says it."""
    if not look.taken:
        return {"by_eye": (look.before, look.lately)}
    chances = zip(trial.protocol.drug.ladder_mg, look.taken, look.p_better, look.p_mcid, look.p_harm, strict=True)
    return {"seen": tuple(Seen(dose, *found) for dose, taken, *found in chances if taken)}


def _guess(trial: Trial, begins: int, ends: int) -> float | None:
    """The last guess of the days of a block."""
    days = ((entry.happened_at - trial.start).days for entry in trial.entries)
    guesses = [e.guess for e, day in zip(trial.entries, days, strict=True) if begins <= day < ends]
    return next((guess for guess in reversed(guesses) if guess is not None), None)
