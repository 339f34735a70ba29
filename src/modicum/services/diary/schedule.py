"""The schedule: all that a phone needs to ask and to advise without a network, and nothing that tells a capsule.

It shows the blocks that have begun, one after another, whatever they hold, and more of the same for some weeks.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from modicum.protocol import Outcome, Protocol
from modicum.services.diary.advice import DOSE_STOPPED, HELD, HELD_BY_STAFF, KEEP_OWN, WHY_SEVERE, red_flags
from modicum.services.diary.beginning import Beginning
from modicum.services.diary.evenings import DAY_ENDS, LATE_UNTIL, OPENS, evening_of
from modicum.services.diary.keeping import capsule_of, first_day, is_asked, is_guessed, is_kept, last_day
from modicum.services.diary.signing import Signer
from modicum.services.diary.story import Story
from modicum.services.diary.words import say, say_number
from modicum.services.dispensing.supplies import Supplied, Supplies
from modicum.supply import shipped_formulation
from modicum.supply.amounts import micrograms, say_mg
from modicum.supply.codes import say_code
from modicum.supply.periods import takes_capsules
from modicum.trial.maintenance import RECHALLENGE

AHEAD_DAYS = 21  # a phone that is not online for two weeks still asks the right things on every evening
ENOUGH, NEARLY = 0.85, 0.6  # shares of evenings; protocols are simulated with 12 in 100 missing

DAYS_IN = "{days_in} of {days_asked} evenings are in."
EACH_ADDS = "Each evening makes the answer a little surer."
IS_ENOUGH = "So few missing hardly matter. Each further evening makes the answer a little surer."
IS_NEARLY = "An answer can be found from these; every evening from now on makes it surer."
ANSWERED = "Your diary has {days_in} evenings."
FOUND = "The smallest dose that was found to help you: {dose} each evening."
IS_LITTLE = "Evenings that are missing make the answer less sure. Those to come count just as much."
RECALLED = "Take nothing more from kit {kit}: it was recalled. Bring it back to the pharmacy, and ring before you go."
NOT_THERE = "You have no kit for tonight. Ring the pharmacy, and ask for it."
IS_MADE_AGAIN = "Kit {again} is made for you in its place: ask for it when you ring."
GOES_ON = "Take your capsules from kit {again}. Kit {kit} was recalled: take nothing from it, and bring it back."
CARD, CALL = "In an emergency", "Whom to ring"

Stage = Literal["diary", "waiting", "maintenance", "result", "left", "stopped"]


@dataclass(frozen=True)
class Contacts:
    """Whom the phone names; "" where that is not known.

    Args:
        prescriber: name and telephone.
        on_call: name and telephone, day and night.
        pharmacy: name and telephone.
    """

    prescriber: str = ""
    on_call: str = ""
    pharmacy: str = ""


def schedule_of(
    story: Story,
    *,
    now: dt.datetime,
    contacts: Contacts,
    signer: Signer,
    language: str = "en",
    supplies: Supplies | None = None,
) -> dict[str, Any]:
    """What a phone is told.

    Args:
        story: up to now; begun.
        now: clock of the clinic, with its zone.
        contacts: whom it names.
        signer: of the receipts.
        language: of the words.
        supplies: the kits of the trial up to now; None where none is known of.

    Returns:
        The ``modicum.schedule/1`` document.

    Raises:
        ValueError: the trial has not begun.
    """
    begun = story.begun
    if begun is None:
        raise ValueError(f"{story.trial} has not begun.")
    protocol, today, kits = begun.protocol, today_of(begun, now), supplies or Supplies()
    return {
        "schema": "modicum.schedule/1",
        "trial": story.trial,
        "virtual": begun.virtual,
        "language": language,
        "stage": stage_of(story),
        "server_time": now.isoformat(),
        "start_date": begun.start.date().isoformat(),
        "window": {"opens": _clock(OPENS), "day_ends": _clock(DAY_ENDS), "late_until": _clock(LATE_UNTIL)},
        "items": [_item(item, language) for item in protocol.outcomes if not item.sum_of],
        "side_effects": [{"name": one.name, "label": say(one.label, language)} for one in protocol.side_effects],
        "days": list(_days(story, today, kits)),
        "answered": list(_answered(story)),
        "enough": _enough(story, today, language),
        "red_flags": red_flags(contacts.on_call, language),
        "contact": vars(contacts).copy(),
        "card": list(_card(protocol, contacts, language)),
        "halted": _halted(story, language, kits, today),
        "notes": list(_notes(story, language, kits, today)),
        "result": _result(story, language),
        "key": {"id": signer.id, "public": signer.public},
    }


def today_of(begun: Beginning, now: dt.datetime) -> int:
    """The day of the trial whose evening it is where the participant lives; below 0 before the first."""
    return (evening_of(now.astimezone(ZoneInfo(begun.zone))) - begun.start.date()).days


def stage_of(story: Story) -> Stage:
    """Where the participant stands."""
    if story.left:
        return "left"
    if story.answered is not None:
        return "maintenance" if is_kept(story) and last_day(story) is None else "result"
    if story.stopped is not None:
        return "stopped"
    return "waiting" if story.ended else "diary"


def _clock(time: dt.time) -> str:
    return time.strftime("%H:%M")


def _item(item: Outcome, language: str) -> dict[str, Any]:
    said = {name: say(getattr(item, name), language) for name in ("label", "question", "low_label", "high_label")}
    return {"name": item.name, "kind": item.kind, "low": item.low, "high": item.high, **said}


def _days(story: Story, today: int, kits: Supplies) -> Iterator[dict[str, Any]]:
    """Every evening of the blocks that have begun, and some weeks of blocks that are likely to follow."""
    night = {"capsule": False, "kit": None}
    for evening in _evenings_of_trial(story, today, kits):
        yield {**evening, **night}
        night = {name: evening[name] for name in night}
    if is_kept(story) and not story.left:
        yield from _evenings_of_keeping(story, today, kits)


def _evenings_of_keeping(story: Story, today: int, kits: Supplies) -> Iterator[dict[str, Any]]:
    last = last_day(story)
    until = max(first_day(story), today) + AHEAD_DAYS if last is None else last + 1
    for day in range(first_day(story), until):
        asked, guess = is_asked(story, day), is_guessed(story, day)
        yield {"day": day, "asked": asked, "capsule": True, "guess": guess, "kit": _kit_again(story, day - 1, kits)}


def _kit_again(story: Story, night: int, kits: Supplies) -> str | None:
    """Code of the kit of a night of maintenance; the dose that is kept openly has none."""
    found = capsule_of(story, night)
    if found is None:
        return None
    course, half, since = found
    return kits.in_use(RECHALLENGE, half, since, course, before=_night_over(story, night))


def _night_over(story: Story, day: int) -> dt.datetime | None:
    """When the evening of a day is over: a kit that was handed out before then is taken from on that evening."""
    return story.begun and story.begun.start + dt.timedelta(days=day + 1, hours=DAY_ENDS.hour)


def _evenings_of_trial(story: Story, today: int, kits: Supplies) -> Iterator[dict[str, Any]]:
    """Every evening with the capsule and the kit of the night that follows it."""
    known = [one["block"] for one in story.decided if one["block"] is not None]
    end, periods = 0, dict[str, int]()
    for block in known:
        phase = block["phase"]
        periods[phase] = periods.get(phase, 0) + 1
        for night, evening in enumerate(_evenings(block, end)):
            over = _night_over(story, evening["day"])
            yield {**evening, "kit": kits.in_use(phase, periods[phase], night, before=over)}
        end += block["days"]
    over = story.left or story.stopped or story.answered is not None or len(known) < len(story.decided)
    if story.begun is None or over:
        return
    until = max(end, today) + AHEAD_DAYS
    for block in _likely(story.begun.protocol, known):
        if end >= until:
            return
        yield from _evenings(block, end)
        end += block["days"]


def _evenings(block: dict[str, Any], first_day: int) -> Iterator[dict[str, Any]]:
    middle = block["days"] // 2
    for number in range(block["days"]):
        guess = block["guess"] and number == middle
        yield {"day": first_day + number, "asked": True, "capsule": block["capsule"], "guess": guess, "kit": None}


def _likely(protocol: Protocol, known: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Blocks that a phone without a network takes to follow: what follows a run-in, then more of the same for ever.

    Blocks of a phase are of one length whatever they hold, so that this says no more than the protocol.
    """
    names = [phase.name for phase in protocol.phases]
    at = names.index(known[-1]["phase"]) if known else 0
    if known and not known[-1]["capsule"] and at + 1 < len(names):
        at += 1
    phase = protocol.phases[at]
    days = phase.block_days or phase.half_days or phase.max_days
    block = {"days": int(days), "capsule": takes_capsules(phase), "guess": 0 < phase.announced < 1}
    while True:
        yield block


def _answered(story: Story) -> Iterator[dict[str, Any]]:
    for day, kept in sorted(story.by_day.items()):
        yield {"day": day, "id": kept.identity, "sequence": kept.event.sequence}


def _enough(story: Story, today: int, language: str) -> dict[str, Any]:
    asked = sum(1 for one in _days(story, today, Supplies()) if one["asked"] and one["day"] < today)
    days_in = sum(1 for day in story.by_day if day < max(today, 0)) + (today in story.by_day)
    asked += today in story.by_day
    share = days_in / asked if asked else 1.0
    words = IS_ENOUGH if share >= ENOUGH else IS_NEARLY if share >= NEARLY else IS_LITTLE
    words = EACH_ADDS if days_in == asked else words
    counted = [say(DAYS_IN, language, days_in=days_in, days_asked=asked)] * bool(asked)
    text = " ".join([*counted, say(words, language)])
    if story.answered is not None:
        text = say(ANSWERED, language, days_in=days_in)
    return {"days_in": days_in, "days_asked": asked, "words": text}


def _result(story: Story, language: str) -> dict[str, Any] | None:
    """That her result can be read, and the dose that is kept by it."""
    if story.answered is None:
        return None
    if not is_kept(story) or last_day(story) is not None:
        return {"words": []}
    dose = say_mg(micrograms(story.answered["result"]["verdict"]["dose_mg"]) or 0)
    return {"words": [say(FOUND, language, dose=say_number(dose, language))]}


def _card(protocol: Protocol, contacts: Contacts, language: str) -> Iterator[dict[str, Any]]:
    """The emergency card: the warnings of the drug, those on stopping apart, and whom to ring."""
    formulation = shipped_formulation(protocol.drug.name)
    blinded = any(phase.blinded for phase in protocol.phases)
    drug = say(formulation.short or protocol.drug.name, language)
    most = say_number(say_mg(micrograms(max(protocol.drug.ladder_mg)) or 0), language)
    for warned in formulation.warnings:
        text = say(warned.text if blinded else warned.open or warned.text, language)
        line = text.replace("{drug}", drug).replace("{most}", most)
        yield {"heading": say(CARD, language), "lines": [line], "never": warned.never}
    named = [one for one in (contacts.on_call, contacts.prescriber, contacts.pharmacy) if one]
    yield {"heading": say(CALL, language), "lines": named, "never": False}


def _halted(story: Story, language: str, kits: Supplies, today: int) -> dict[str, Any] | None:
    """That no capsule is to be taken, and why: a recall, a medicine, the prescriber, or a severe complaint."""
    goes_on = _goes_on(story, kits, today)
    recalled = [] if goes_on else [_recalled(kit, story, language, kits, today) for kit in kits.recalled]
    if story.left:  # what she still has at home she must not take all the same
        return {"words": recalled} if recalled else None
    words = [say(HELD, language, medicine=medicine) for medicine in story.halted]
    words += [say(HELD_BY_STAFF, language)] * bool(story.held)
    if is_kept(story) and last_day(story) is not None:
        words.append(say(DOSE_STOPPED if story.stopped else WHY_SEVERE, language))
    words += recalled
    return {"words": [*words, *([say(KEEP_OWN, language)] * bool(story.halted))]} if words else None


def _notes(story: Story, language: str, kits: Supplies, today: int) -> Iterator[str]:
    """Of each recalled kit that she still has, from which other one capsules go on; or that she has none for tonight.

    That she has none is said where one was ordered for it: elsewhere kits are not known here.
    """
    again, place = _goes_on(story, kits, today), _tonight(story, today)
    for kit in kits.recalled if again else ():
        yield say(GOES_ON, language, kit=say_code(kit.code), again=say_code(again or ""))
    if place and again is None and not kits.recalled and kits.made_for(*place):
        yield say(NOT_THERE, language)


def _goes_on(story: Story, kits: Supplies, today: int) -> str | None:
    """Code of the kit of tonight, which she has and may take from; None where she has none, or may take nothing."""
    place = _tonight(story, today)
    return kits.in_use(*place) if place else None


def _tonight(story: Story, today: int) -> tuple[str, int, int, int] | None:
    """Place of the capsule of tonight; None where none is to be taken from a kit."""
    stopped = stage_of(story) not in ("diary", "maintenance") or story.halted or story.held
    return None if stopped else _place_of(story, today)


def _recalled(kit: Supplied, story: Story, language: str, kits: Supplies, today: int) -> str:
    words, place = say(RECALLED, language, kit=say_code(kit.code)), _place_of(story, today)
    to_come = kits.to_come(*place) if place and not story.left else None
    if to_come is None or kits.chain(kit)[-1].code != to_come:
        return words
    return f"{words} {say(IS_MADE_AGAIN, language, again=say_code(to_come))}"


def _place_of(story: Story, day: int) -> tuple[str, int, int, int] | None:
    """Phase, period, night of it and course of the capsule of an evening; None where it has none from a kit."""
    begins, periods = 0, dict[str, int]()
    for block in (one["block"] for one in story.decided if one["block"] is not None):
        phase, days = block["phase"], block["days"]
        periods[phase] = periods.get(phase, 0) + 1
        if begins <= day < begins + days:
            return (phase, periods[phase], day - begins, 0) if block["capsule"] else None
        begins += days
    found = capsule_of(story, day) if is_kept(story) else None
    return found and (RECHALLENGE, found[1], found[2], found[0])
