"""Ordering: with the pharmacist's key, work out what to make, and write it for each reader apart."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from modicum.allocation import Allocation, Binding
from modicum.allocation.draws import Randomness
from modicum.foundation.errors import AllocationError, InputError, InternalError, Problem, SupplyError, problem
from modicum.foundation.version import version
from modicum.protocol import Protocol, examine_protocol
from modicum.services import folders
from modicum.services.kit_codes import StoredKits, keep_kits, kit_codes, open_codes, read_kits
from modicum.services.order_options import Asked, check_texts, find_formulation, read_date
from modicum.services.patient_words import check_language, find_untranslated, words_in
from modicum.services.unblinding import KeyFile, Witness, check_opening, unblind
from modicum.supply import CapsulePlan, Formulation, Given, KitCode, Order, list_periods, make_order, plan_capsules
from modicum.supply.amounts import micrograms
from modicum.supply.document import order_document
from modicum.supply.handout import Handout, make_handout
from modicum.supply.kits import plan_kits
from modicum.supply.order import known_phases
from modicum.supply.periods import chosen_later, is_drawn, open_course, takes_capsules
from modicum.supply.replacements import make_again, planned_for, swap

PRIVATE = "pharmacist"  # the folder of what tells an arm
WHY = "order of capsules"  # as the record of the opening says it


@dataclass(frozen=True)
class Ordered:
    """What came of an order.

    Args:
        document: ``modicum.order/1``.
        order: what is made.
        handout: what prescriber and patient see.
        warnings: what the pharmacist should know.
    """

    document: dict[str, Any]
    order: Order
    handout: Handout
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class _Seal:
    """What is to be opened, and by whom."""

    folder: Path | None
    key: KeyFile | None
    who: str


@dataclass(frozen=True)
class _Sealed:
    """What anybody can see of an allocation."""

    document: Allocation
    bound: tuple[str, ...]
    stored: StoredKits | None


@dataclass(frozen=True)
class _Ready:
    """An order that can be made."""

    protocol: Protocol
    formulation: Formulation
    plan: CapsulePlan
    phases: tuple[str, ...]
    sealed: _Sealed | None
    made_on: dt.date
    first_day: dt.date


def order(
    source: str | Path,
    out: Path,
    asked: Asked,
    *,
    folder: Path | None = None,
    key: Path | None = None,
    who: str,
    now: dt.datetime,
    randomness: Randomness,
) -> Ordered:
    """Work out what a pharmacist makes, and write it into a new folder: one folder inside it for each reader.

    Where chance decides the order of a trial, its allocation is opened on the path of supply, which leaves a record.

    Args:
        source: of the protocol: a shipped name or a file.
        out: folder of this one order; not there, or empty.
        asked: the options.
        folder: of the allocation; None where nothing is drawn.
        key: file of the pharmacist's key; None where nothing is drawn.
        who: orders.
        now: time of the order, with its zone.
        randomness: number of bytes to that many bytes of chance: for kit codes, once, and for names of partial files.

    Raises:
        InputError: with every problem at once; then nothing was opened or written.
    """
    ready = _prepare(source, asked, _Seal(folder, key, who), now, out)
    named = asked if asked.slot else replace(asked, slot=out.resolve().name)
    done = _fill(ready, named, _Seal(folder, key, who), now=now, randomness=randomness, witness=None)
    files = _write(out, done, asked.language, randomness(8).hex())
    return replace(done, document={**done.document, "files": files})


def work_out(
    source: str | Path | bytes,
    asked: Asked,
    *,
    folder: Path | None,
    key: KeyFile | None,
    who: str,
    now: dt.datetime,
    randomness: Randomness,
    witness: Witness | None,
) -> Ordered:
    """The same order, written nowhere: what it holds is for the eyes of whoever has the key, for as long as they look.

    Args:
        source: of the protocol: a shipped name, a file or its content.
        asked: the options; with ``slot``.
        folder: of the allocation; None where nothing is drawn.
        key: the pharmacist's; None where nothing is drawn.
        who: orders.
        now: time of the order, with its zone.
        randomness: number of bytes to that many bytes of chance: for kit codes, once, and for names of partial files.
        witness: told before a seal is opened.

    Raises:
        InputError: with every problem at once; then nothing was opened.
    """
    seal = _Seal(folder, key, who)
    ready = _prepare(source, asked, seal, now)
    return _fill(ready, asked, seal, now=now, randomness=randomness, witness=witness)


def _fill(
    ready: _Ready,
    asked: Asked,
    seal: _Seal,
    *,
    now: dt.datetime,
    randomness: Randomness,
    witness: Witness | None,
) -> Ordered:
    """What the kits of an order hold."""
    protocol, sealed = ready.protocol, ready.sealed
    course, opening = list(open_course(protocol)), None
    periods = list_periods(protocol, ready.formulation.figure("longest_kit_nights"))
    if sealed is None or seal.folder is None or seal.key is None:
        slot = asked.slot
        codes = open_codes(slot, protocol.sha256, periods)
    else:
        slot = sealed.document.head.slot
        codes = kit_codes(keep_kits(seal.folder, sealed.document.fingerprint, periods, asked.capsules, randomness))
        opened = unblind(
            seal.folder, seal.key, "supply", who=seal.who, why=WHY, now=now, randomness=randomness, witness=witness
        )
        if opened.forged:
            raise SupplyError([_forged(seal.folder, opened.forged)])
        course += [Given(one.phase, one.period, micrograms(one.dose_mg) or 0) for one in opened.course]
        opening = opened.record.number
    made, handout = _make(ready, codes, course, slot, asked)
    warnings = (*_warn(made, handout), *find_untranslated(handout, asked.language))
    document = {
        **order_document(made),
        "version": version(),
        "slot": slot,
        "virtual": asked.contacts.virtual,
        "allocation": sealed.document.fingerprint if sealed else None,
        "opening": opening,
        "warnings": [one.to_dict() for one in warnings],
    }
    return Ordered(document, made, handout, warnings)


def _make(
    ready: _Ready, codes: Collection[KitCode], course: Collection[Given], slot: str, asked: Asked
) -> tuple[Order, Handout]:
    """The order, and apart from it what others see."""
    protocol, formulation, plan = ready.protocol, ready.formulation, ready.plan
    kits = plan_kits(protocol, plan, formulation, tuple(codes), made_on=ready.made_on, first_day=ready.first_day)
    batches = asked.batches
    planned = planned_for(kits, asked.again) if asked.again else None
    if batches or planned:  # of one that is made again, the batch that it was planned in: so it holds the same
        first = (planned.batch,) if planned else batches
        made_now = {(one.period.phase, one.period.period) for one in kits if one.batch in first}
        course = [one for one in course if (one.phase, one.period) in made_now]
    if asked.again and planned:
        kits = swap(kits, make_again(planned, asked.again, made_on=ready.made_on))
        batches = (asked.again.batch,)
    made = make_order(
        protocol,
        formulation,
        plan,
        kits,
        course,
        ordered=ready.phases,
        made_on=ready.made_on,
        first_day=ready.first_day,
        batches=batches,
    )
    missing = [need.phase.name for need in made.phases if need.ordered and not need.known]
    if missing:
        raise InternalError(f"The allocation gives no doses for {', '.join(missing)}, though they are bound.")
    handout = make_handout(
        protocol,
        formulation,
        plan,
        kits,
        ordered=ready.phases,
        slot=slot,
        contacts=asked.contacts,
        first_day=ready.first_day,
    )
    return made, handout


def _prepare(
    source: str | Path | bytes, asked: Asked, seal: _Seal, now: dt.datetime, out: Path | None = None
) -> _Ready:
    """Look at everything that was given, the folder and the key of the seal too, before anything is opened.

    Raises:
        InputError: with every problem at once.
    """
    protocol, problems = examine_protocol(source)
    found = [*problems, *check_texts(asked), *check_language(asked.language)]
    found += _check_place(out) if out is not None else []
    formulation, wrong = find_formulation(asked, protocol)
    made_on, late = read_date(asked.made, "--made", now.date())
    found += [*wrong, *late]
    sealed = _look(protocol, seal, found) if protocol else None
    drawn_at = dt.datetime.fromisoformat(sealed.document.head.drawn_at).date() if sealed else made_on
    first_day, wrong = read_date(asked.start, "--start", drawn_at)
    found += wrong
    plan = _plan(protocol, formulation, asked, sealed, found)
    phases = _choose(protocol, asked.phases, sealed.bound if sealed else (), found) if protocol else ()
    if found or protocol is None or formulation is None or plan is None:
        raise SupplyError(found)
    return _Ready(protocol, formulation, plan, phases, sealed, made_on, first_day)


def _look(protocol: Protocol, seal: _Seal, found: list[Problem]) -> _Sealed | None:
    """What anybody sees of the allocation; what is wrong with it, or with the key, goes to the problems."""
    folder, key = seal.folder, seal.key
    drawn = any(is_drawn(phase) for phase in protocol.phases)
    if not protocol.drug.unit:
        return None  # nothing is made up, drawn or not
    if not drawn:
        for option, given in (("--allocation", folder), ("--key", key)):
            if given is not None:
                message, fix = "This protocol draws nothing, so there is no seal to open", "Leave the option out."
                found.append(problem("MOD-SUPPLY-07", option, given, message, fix))
        return None
    for option, given in (("--allocation", folder), ("--key", key)):
        if given is None:
            message = "Chance decides what each kit of this protocol holds, and only the pharmacist's key tells it"
            fix = "Give --allocation DIR and --key FILE; modicum randomise makes both."
            found.append(problem("MOD-SUPPLY-06", option, "", message, fix))
    if folder is None:
        return None
    try:
        document, evidence = folders.read_allocation(folder)
        found += check_opening(folder, key, "supply", who=seal.who, why=WHY) if key is not None else []
        stored = read_kits(folder, document.fingerprint)
    except InputError as error:
        found += [_renamed(one) for one in error.problems]
        return None
    if document.head.protocol.sha256 != protocol.sha256:
        message = f"The allocation was drawn for another protocol: {document.head.protocol.name}"
        fix = f"Order for the protocol that was drawn for: {folder / folders.PROTOCOL}."
        found.append(problem("MOD-SUPPLY-08", "protocol", protocol.name, message, fix))
    bound = dict.fromkeys(Binding.from_bytes(one.document).head.phase for one in evidence.bindings)
    return _Sealed(document, tuple(bound), stored)


def _renamed(one: Problem) -> Problem:
    """A problem with the option as this command calls it."""
    if one.code == "MOD-ALLOC-12":
        fix = "Give the key of the pharmacist."
        return Problem(one.code, "--key", "", "This key belongs to another path than that of supply", fix)
    return Problem(one.code, one.where.replace("--dir", "--allocation"), one.value, one.message, one.fix)


def _plan(
    protocol: Protocol | None,
    formulation: Formulation | None,
    asked: Asked,
    sealed: _Sealed | None,
    found: list[Problem],
) -> CapsulePlan | None:
    """The capsules: as the first order had them, where there was one."""
    stored = sealed.stored if sealed else None
    if stored is not None and asked.capsules is not None and asked.capsules != stored.capsules:
        first = "the protocol's" if stored.capsules is None else str(stored.capsules)
        message = f"The first order of this trial fixed the most capsules a night: {first}"
        fix = "Leave --capsules out: the number never changes within a trial."
        found.append(problem("MOD-SUPPLY-15", "--capsules", asked.capsules, message, fix))
    if protocol is None or formulation is None:
        return None
    try:
        return plan_capsules(protocol, formulation, stored.capsules if stored else asked.capsules)
    except SupplyError as error:
        found += error.problems
        return None


def _choose(
    protocol: Protocol, asked: tuple[str, ...], bound: tuple[str, ...], found: list[Problem]
) -> tuple[str, ...]:
    """The phases that are made."""
    known = known_phases(protocol, bound)
    can = f"Name one of: {', '.join(known)}." if known else "Bind its dose first: modicum bind."
    for name in dict.fromkeys(asked):
        phase = next((one for one in protocol.phases if one.name == name), None)
        if phase is None or not takes_capsules(phase):
            message = "There is no phase of this name with capsules"
            found.append(problem("MOD-SUPPLY-09", "--phase", name, message, can))
        elif name not in known:
            message = "The dose of this phase is chosen by a review, and is not bound yet"
            found.append(problem("MOD-SUPPLY-09", "--phase", name, message, can))
    if not known and any(takes_capsules(phase) for phase in protocol.phases):
        message = "No dose of this protocol is known yet"
        found.append(problem("MOD-SUPPLY-09", "protocol", protocol.name, message, can))
    return tuple(name for name in known if not asked or name in asked)


def _check_place(out: Path) -> list[Problem]:
    obstacle = folders.find_obstacle(out.resolve())
    if obstacle is None:
        return []
    return [problem("MOD-SUPPLY-13", "--out", out, obstacle.message, obstacle.fix)]


def _forged(folder: Path, parts: tuple[str, ...]) -> Problem:
    message = f"What was opened is not as it was sealed: {', '.join(parts)}"
    fix = "Make nothing from it. Take the folder from a copy; modicum verify says more."
    return problem("MOD-SUPPLY-16", "--allocation", folder, message, fix)


def _warn(made: Order, handout: Handout) -> tuple[Problem, ...]:
    found: list[Problem] = []
    if not made.formulation.drug:
        message = "No formulation is shipped for this drug: the general one was used, without price, liquid or warnings"
        fix = "Give one of your own: --formulation FILE."
        found.append(problem("MOD-SUPPLY-40", "--formulation", made.protocol.drug.name, message, fix))
    if not handout.contacts.on_call:
        message = "The emergency card has no number to ring"
        fix = "Give --on-call with a name and a number, or write it on the card by hand before it is handed out."
        found.append(problem("MOD-SUPPLY-41", "--on-call", "", message, fix))
    for need in made.phases:
        if not need.known:
            message = f"What this phase needs is not known yet: at most {need.kits} kits, {need.capsules} capsules"
            later = "Order it when a review has chosen and bound its dose." if chosen_later(need.phase) else ""
            found.append(problem("MOD-SUPPLY-42", f"phase {need.phase.name}", "", message, later))
    for batch in made.batches:
        if batch.make_on > made.made_on:
            message = f"This batch would be used beyond its date if it were made on {made.made_on}"
            fix = f"Make it on {batch.make_on} or later."
            found.append(problem("MOD-SUPPLY-43", f"batch {batch.name}", "", message, fix))
        first = min(one.kit.first_evening for one in made.kits if one.kit.code in batch.codes)
        if first < batch.make_on:
            message = f"This batch is made after {first}, the first evening that it is planned for"
            fix = "Give the day on which the trial really starts (--start), or one of making before it (--made)."
            found.append(problem("MOD-SUPPLY-45", f"batch {batch.name}", f"{batch.make_on}", message, fix))
        if not batch.dilution:
            message = "Some capsules hold too little drug to be weighed, even diluted 1 in 100"
            fix = "Decide how it is weighed; the batch sheet leaves that open."
            found.append(problem("MOD-SUPPLY-44", f"batch {batch.name}", "", message, fix))
    return tuple(found)


def _write(out: Path, done: Ordered, language: str, token: str) -> list[str]:
    """All files of the order, whole or not at all."""
    from modicum.reports import supplies

    files = supplies.render(done.order, done.handout, language, words_in(language))
    paper = f"{PRIVATE}/order.json"
    names = sorted([*files, paper])
    content = {**files, paper: supplies.encode({**done.document, "files": names})}
    try:
        written = folders.write_whole(out.resolve(), content, token, private=PRIVATE)
    except AllocationError as error:
        raise SupplyError(
            [problem("MOD-SUPPLY-13", "--out", out, one.message, one.fix) for one in error.problems]
        ) from error
    if not written:
        fix = "Name a new or an empty folder."
        raise SupplyError([problem("MOD-SUPPLY-13", "--out", out, "The folder was taken meanwhile", fix)])
    return names
