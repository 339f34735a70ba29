"""Acting: what prescriber and pharmacist do with kits. Each deed is looked at, then told; all problems at once.

An event has the name of its kit for an id. Done again in the same words it is the same; of two that contradict each
other the first counts, and who came second is told so.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modicum.foundation.errors import Problem, SupplyError, problem
from modicum.services.diary.port import Store
from modicum.services.diary.story import Story, told
from modicum.services.dispensing.kit_plan import KitPlan
from modicum.services.dispensing.nights import is_over, kits_before, nights_before
from modicum.services.dispensing.supplies import (
    DISPENSED,
    KINDS,
    ORDERED,
    PREPARED,
    RECALLED,
    RETURNED,
    Supplied,
    Supplies,
    fold,
)
from modicum.supply import check_code
from modicum.supply.codes import say_code

_ASK_AGAIN = "Keep it apart, and have it made again: replace it."
TOO_EARLY = "MOD-SUPPLY-38"  # a pharmacist can hand the kit out all the same, and say why
LONGEST_LOT, MOST_LOTS, LONGEST_WHY = 40, 8, 400


@dataclass(frozen=True)
class Deed:
    """Who does something, to which trial, and when.

    Args:
        store: that keeps it.
        trial: its name in the store.
        actor: who, as the store names her.
        now: clock of the clinic, with its zone.
        over: numbers of the courses that are; for these nothing is ordered, made or handed out any more.
        told: the story of the trial up to now; None: it is told from the store where it is needed.
    """

    store: Store
    trial: str
    actor: str
    now: dt.datetime
    over: Collection[int] = ()
    told: Story | None = None

    @property
    def story(self) -> Story:
        """The story of the trial up to now."""
        return self.told or told(self.store, self.trial)

    def tell(self, kind: str, kit: str, content: Mapping[str, Any], time: int = 1) -> None:
        """Append the event of a kit; what is done to it a second time has another name."""
        self.store.append(
            trial=self.trial,
            kind=kind,
            client_id=f"{kind}-{kit}" if time == 1 else f"{kind}-{kit}-{time}",
            content={"schema": f"modicum.{kind}/1", "kit": kit, **content},
            actor=self.actor,
            received_at=self.now,
        )

    def supplies(self) -> Supplies:
        """The kits of the trial up to now."""
        return supplies_of(self.store, self.trial)


def supplies_of(store: Store, trial: str) -> Supplies:
    """The kits of a trial up to now.

    Args:
        store: that keeps them.
        trial: its name in the store.
    """
    return fold(Supplies(), (event for event in store.events_of(trial) if event.kind in KINDS))


def order_kits(deed: Deed, plan: KitPlan, batches: Sequence[str]) -> Supplies:
    """Order the kits of batches that can be made.

    Args:
        deed: of the prescriber.
        plan: of the course.
        batches: names of them.

    Raises:
        SupplyError: there is no such batch, its doses are not chosen yet, none is named, or the course is over.
    """
    found = check_over(deed, plan.course)
    if not batches:
        fix = "Choose at least one."
        found.append(problem("MOD-SUPPLY-20", "batch", "", "No kits were chosen", fix))
    for name in batches:
        if name not in plan.batches:
            message = "This trial needs no such kits"
            found.append(problem("MOD-SUPPLY-20", "batch", name, message, "Choose from the list."))
        elif not plan.is_known(name):
            message = "A review has still to choose what these kits hold"
            found.append(problem("MOD-SUPPLY-21", "batch", name, message, "Order them when they are offered."))
    if found:
        raise SupplyError(found)
    known = deed.supplies().kits
    for kit in (kit for name in batches for kit in plan.batches[name] if kit.code not in known):
        place = {"phase": kit.period.phase, "period": kit.period.period, "part": kit.period.part}
        size = {"nights": kit.nights, "capsules": plan.held(kit), "spare": kit.spare * plan.a_night(kit)}
        course = {"course": plan.course} if plan.course else {}
        deed.tell(ORDERED, kit.code, {**course, **place, "batch": kit.batch, **size})
    return deed.supplies()


def prepare_kits(deed: Deed, plan: KitPlan, batch: str, lots: str) -> Supplies:
    """Write down that the kits of a batch were made, on the plan's day of making.

    Args:
        deed: of the pharmacist.
        plan: of the course, with the day of making.
        batch: name of it.
        lots: numbers of the lots that they were made from, parted by commas.

    Raises:
        SupplyError: they were not ordered, are made already, must be made later, or lack a lot; or the course is over.
    """
    named = tuple(dict.fromkeys(lot.strip().upper() for lot in lots.split(",") if lot.strip()))
    before = deed.supplies()
    found = [*check_over(deed, plan.course), *_check_lots(lots, named, before.recalled_lots)]
    waiting = {kit.code for kit in before.in_batch(batch, plan.course) if kit.made_on is None}
    kits = [kit for kit in plan.batches.get(batch, ()) if kit.code in waiting]
    if not kits:
        message, fix = "No kits of this name wait to be made", "Look at the list of kits."
        found.append(problem("MOD-SUPPLY-22", "batch", batch, message, fix))
    if kits and kits[0].make_on > deed.now.date():
        message = "These kits would be used beyond their date if they were made now"
        found.append(problem("MOD-SUPPLY-43", "batch", batch, message, f"Make them on {kits[0].make_on} or later."))
    if found:
        raise SupplyError(found)
    for kit in kits:
        made = {"made_on": kit.make_on.isoformat(), "use_before": kit.use_before.isoformat(), "lots": list(named)}
        deed.tell(PREPARED, kit.code, made)
    after = deed.supplies()
    others = {", ".join(after.kits[kit.code].lots) for kit in kits if after.kits[kit.code].lots != named}
    if others:  # a recall would miss what was made from lots that are not kept
        message = f"Somebody else wrote down other lots at the same moment: {'; '.join(sorted(others))}"
        fix = "Those are kept. Speak with each other: a recall finds these kits by them alone."
        raise SupplyError([problem("MOD-SUPPLY-22", "batch", batch, message, fix)])
    return after


def _check_lots(lots: str, named: Sequence[str], recalled: Collection[str]) -> list[Problem]:
    again = ", ".join(lot for lot in named if lot in recalled)
    if again:
        message, fix = f"This lot was recalled: {again}", "Make the kits from another one."
        return [problem("MOD-SUPPLY-33", "lots", lots, message, fix)]
    message = "A recall finds kits by the lots that they were made from"
    fix = f"Write 1 to {MOST_LOTS} numbers of up to {LONGEST_LOT} signs, parted by commas."
    fits = all(len(lot) <= LONGEST_LOT and lot.isprintable() for lot in named)
    return [] if 0 < len(named) <= MOST_LOTS and fits else [problem("MOD-SUPPLY-23", "lots", lots, message, fix)]


def dispense(deed: Deed, code: str, why: str = "") -> Supplied:
    """Hand a kit out to the patient of the trial.

    Args:
        deed: of the pharmacist.
        code: as it was typed or scanned.
        why: it goes before kits that are taken from sooner, as it is kept where it does; "" where it is not to.

    Raises:
        SupplyError: no kit has this code, it is not this patient's, it cannot be handed out now, kits that come before
            it are not with the patient and nothing says why it goes first, or its course is over.
    """
    kit = find_kit(deed, code)
    fault, sooner = _why_not(kit, deed.now.date()), ()
    if fault is None and kit.course not in deed.over:
        fault, sooner = _whose_turn(deed, kit)
    if sooner and not why.strip():
        fault = _not_yet(kit, sooner)
    found = [*check_over(deed, kit.course), *([fault] if fault is not None else [])]
    if found:
        raise SupplyError(found)
    early = {"before": [one.code for one in sooner], "why": why.strip()[:LONGEST_WHY]} if sooner else {}
    deed.tell(DISPENSED, kit.code, early)
    return _settled(deed, kit.code)


def take_back(deed: Deed, code: str, left: int, why: str = "") -> Supplied:
    """Take a kit back, with the capsules that are left in it; or count one again that has come back, and say why.

    Both counts stay on the record, and the later one holds.

    Args:
        deed: of the pharmacist.
        code: as it was typed or scanned.
        left: capsules that came back.
        why: it is counted again; "" where it comes back now.

    Raises:
        SupplyError: no kit of this patient has this code, it was not handed out or has come back and nothing says why
            it is counted again, or more came back than went out.
    """
    kit = find_kit(deed, code)
    found: list[Problem] = []
    said = say_code(kit.code)
    if kit.dispensed_at is None:
        message, fix = "This kit was not handed out", "Read the code off the label again."
        found.append(problem("MOD-SUPPLY-27", "kit code", said, message, fix))
    if not 0 <= left <= kit.capsules:
        message, fix = f"{kit.capsules} capsules went out with this kit", "Count again."
        found.append(problem("MOD-SUPPLY-18", "capsules left", left, message, fix))
    if kit.returned_at is not None and not why.strip():
        found.append(_back_already(kit))
    if found:
        raise SupplyError(found)
    again = {} if kit.returned_at is None else {"why": why.strip()[:LONGEST_WHY]}
    deed.tell(RETURNED, kit.code, {"left": left, **again}, kit.counts + 1)
    after = _settled(deed, kit.code)
    if after.left != left:
        raise SupplyError([_back_already(after)])  # somebody else counted it at the same moment
    return after


def _back_already(kit: Supplied) -> Problem:
    message, fix = (
        f"This kit has come back already, with {kit.left} capsules",
        "Read the label again; where the count was wrong, say why.",
    )
    return problem("MOD-SUPPLY-28", "kit code", say_code(kit.code), message, fix)


def recall(deed: Deed, lot: str, why: str) -> tuple[Supplied, ...]:
    """Recall what was made from a lot, in one trial.

    Args:
        deed: of the pharmacist.
        lot: number of it.
        why: it is recalled.

    Returns:
        The kits that are recalled.
    """
    wanted = lot.strip().upper()
    kits = [kit for kit in deed.supplies().kits.values() if wanted in kit.lots and not kit.recalled]
    for kit in kits:
        deed.tell(RECALLED, kit.code, {"lot": wanted, "why": why.strip()})
    return tuple(deed.supplies().kits[kit.code] for kit in kits)


def check_recall(supplies: Iterable[Supplies], lot: str, why: str) -> list[Problem]:
    """All that is wrong with a recall.

    Args:
        supplies: of every trial that it could concern.
        lot: number of it.
        why: it is recalled.
    """
    wanted, found = lot.strip().upper(), list[Problem]()
    if not any(wanted in kit.lots for one in supplies for kit in one.kits.values()):
        message, fix = "Nothing was made from a lot of this number", "Read it again; every batch sheet has it."
        found.append(problem("MOD-SUPPLY-29", "lot", lot, message, fix))
    if not 0 < len(why.strip()) <= LONGEST_WHY or not why.strip().isprintable():
        message, fix = "A recall says why", f"Write 1 to {LONGEST_WHY} signs on one line."
        found.append(problem("MOD-SUPPLY-30", "why", why, message, fix))
    return found


def check_over(deed: Deed, course: int) -> list[Problem]:
    """That a course is over, where it is.

    Args:
        deed: of whoever asks for kits of it.
        course: the number of a re-challenge; 0 for the trial.
    """
    what = f"Re-challenge {course}" if course else "The trial"
    message, fix = f"{what} of this patient is over", "Hand out nothing more, and keep its kits apart."
    return [problem("MOD-SUPPLY-32", "trial", "", message, fix)] if course in deed.over else []


def find_kit(deed: Deed, code: str) -> Supplied:
    """The kit of this trial that has a code.

    Args:
        deed: of the pharmacist.
        code: as it was typed or scanned.

    Raises:
        SupplyError: there is none.
    """
    read, fault = check_code(code)
    if fault is not None:
        raise SupplyError([fault])
    kit = deed.supplies().kits.get(read)
    if kit is None:
        message = "This is no kit of this patient"
        fix = "Do not hand it out. Look for the kit whose code stands in the list."
        raise SupplyError([problem("MOD-SUPPLY-24", "kit code", say_code(read), message, fix)])
    return kit


def _why_not(kit: Supplied, today: dt.date) -> Problem | None:
    said = say_code(kit.code)
    fix = f"Hand out kit {say_code(kit.replaced_by)} in its place." if kit.replaced_by else _ASK_AGAIN
    if kit.recalled:
        return problem("MOD-SUPPLY-25", "kit code", said, "This kit was recalled", fix)
    if kit.replaced_by:
        return problem("MOD-SUPPLY-35", "kit code", said, "This kit was replaced", fix)
    if kit.dispensed_at is not None:
        message, fix = "This kit was handed out already", "Read the code off the label again."
        return problem("MOD-SUPPLY-26", "kit code", said, message, fix)
    if kit.made_on is None or kit.use_before is None:
        message, fix = "This kit is not written down as made", "Write down its lots first."
        return problem("MOD-SUPPLY-22", "kit code", said, message, fix)
    if today >= kit.use_before:
        message = f"This kit was to be used before {kit.use_before}"
        return problem("MOD-SUPPLY-31", "kit code", said, message, fix)
    return None


def _whose_turn(deed: Deed, kit: Supplied) -> tuple[Problem | None, tuple[Supplied, ...]]:
    """Why a kit is too late, where it is; else the kits that come before it and are not with the patient."""
    story, kits = deed.story, deed.supplies().kits.values()
    if is_over(story, kit, nights_before(kit, kits), deed.now):
        message, fix = "The nights that this kit is for are over", "Keep it apart, and hand out the next one."
        return problem("MOD-SUPPLY-36", "kit code", say_code(kit.code), message, fix), ()
    return None, kits_before(story, kit, kits, deed.now)


def _not_yet(kit: Supplied, sooner: Sequence[Supplied]) -> Problem:
    codes = ", ".join(say_code(one.code) for one in sooner)
    message = f"What is taken before this kit is not with the patient: {codes}"
    fix = "Hand that out first, or say why this one goes before it."
    return problem(TOO_EARLY, "kit code", say_code(kit.code), message, fix)


def _settled(deed: Deed, code: str) -> Supplied:
    return deed.supplies().kits[code]
