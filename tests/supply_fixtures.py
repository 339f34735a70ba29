"""Orders for tests: chance from a written seed, dates that stand still, courses that nobody drew."""

import datetime as dt
import random
from pathlib import Path

from modicum.protocol import Protocol, library, read_protocol
from modicum.supply import (
    Given,
    Order,
    draw_codes,
    list_periods,
    make_order,
    plan_capsules,
    plan_kits,
    shipped_formulation,
)
from modicum.supply.amounts import micrograms
from modicum.supply.periods import chosen_later, most_doses, takes_capsules

DAY = dt.date(2026, 12, 1)
FLAGSHIP = "ldn-smallest-dose"
WITH_CAPSULES = [name for name in library() if read_protocol(name).drug.unit]
BLINDED = [name for name in WITH_CAPSULES if any(phase.blinded for phase in read_protocol(name).phases)]


def changed(name: str, **supply) -> Protocol:
    protocol = read_protocol(name)
    return protocol.model_copy(update={"supply": protocol.supply.model_copy(update=supply)})


def by_halves(name: str) -> Protocol:
    """The protocol with a dose taken up again by halves, and no strengths of its own."""
    return changed(name, reentry="half dose for 3 nights", strengths_mg=(), max_capsules=3)


def any_course(protocol: Protocol, seed: int = 1) -> list[Given]:
    """Some doses for every period of every phase, candidates too."""
    chance = random.Random(seed)
    found = []
    ladder = protocol.drug.ladder_mg
    for phase in protocol.phases:
        if not takes_capsules(phase):
            continue
        doses = [micrograms(dose) for dose in most_doses(phase, ladder)]
        if phase.pairs:
            dose = micrograms(chance.choice(ladder)) if chosen_later(phase) else doses[0]
            order = [half for _ in range(phase.pairs) for half in chance.sample([dose, 0], 2)]
        else:
            order = [*doses, *([0] * phase.placebo_blocks)]
            order = order if phase.order == "as listed" else chance.sample(order, len(order))
        found += [Given(phase.name, period, dose) for period, dose in enumerate(order, 1)]
    return found


def ordered(protocol: Protocol, most: int | None = None, course: list[Given] | None = None, seed: int = 1) -> Order:
    formulation = shipped_formulation(protocol.drug.name)
    plan = plan_capsules(protocol, formulation, most)
    periods = list_periods(protocol, formulation.figure("longest_kit_nights"))
    codes = draw_codes(periods, random.Random(seed).randbytes)
    kits = plan_kits(protocol, plan, formulation, codes, made_on=DAY, first_day=DAY)
    given = any_course(protocol, seed) if course is None else course
    names = {one.phase for one in given}
    return make_order(protocol, formulation, plan, kits, given, ordered=names, made_on=DAY, first_day=DAY)


def files(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
