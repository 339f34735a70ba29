"""An order: everything that the pharmacist makes, by phase, and the most that the rest of the trial could need."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from modicum.protocol import Phase, Protocol
from modicum.supply.amounts import micrograms
from modicum.supply.batches import Batch, plan_batches
from modicum.supply.capsules import CapsulePlan
from modicum.supply.cost import Cost, cost_of
from modicum.supply.formulation import Formulation, Liquid
from modicum.supply.kits import FilledKit, Kit, fill_kits
from modicum.supply.ledger import Ledger
from modicum.supply.periods import Given, chosen_later, most_doses, takes_capsules


@dataclass(frozen=True)
class PhaseNeed:
    """What a phase needs, at its longest.

    Args:
        phase: of the protocol.
        known: whether its doses are known, so that it can be made.
        ordered: whether it is part of this order.
        kits: at most.
        nights: with capsules, at most.
        capsules: at most, spare ones included.
        drug_ug: at most, spare capsules included, micrograms; exact for a phase that is known.
        first_evening: of its first capsule, every phase before it at its longest.
        last_evening: of its last capsule.
    """

    phase: Phase
    known: bool
    ordered: bool
    kits: int
    nights: int
    capsules: int
    drug_ug: int
    first_evening: dt.date
    last_evening: dt.date


@dataclass(frozen=True)
class LiquidNeed:
    """A liquid instead of the capsules of an order.

    Args:
        liquid: as the formulation has it.
        volumes_ul: volume of each dose of the ladder, microlitres.
        batches: of the liquid, for the nights with drug of this order, none of them kept beyond its days.
        blinded: whether any of the phases ordered is blinded, so that it must not be used there.
    """

    liquid: Liquid
    volumes_ul: tuple[tuple[int, int], ...]
    batches: int
    blinded: bool


@dataclass(frozen=True)
class Order:
    """An order of capsules; for the pharmacist alone.

    Args:
        protocol: that it follows.
        formulation: of its drug.
        plan: the capsules.
        phases: every phase with capsules.
        kits: those that are made, with what they hold.
        batches: in which they are made.
        ledger: as it is when every planned night is taken and no spare capsule is.
        costs: of the capsules ordered, by every price.
        costs_most: of all capsules that the whole trial could need, by every price.
        liquid: an alternative, or None.
        made_on: day on which the batches are made that need not wait.
        first_day: of the trial.
    """

    protocol: Protocol
    formulation: Formulation
    plan: CapsulePlan
    phases: tuple[PhaseNeed, ...]
    kits: tuple[FilledKit, ...]
    batches: tuple[Batch, ...]
    ledger: Ledger
    costs: tuple[Cost, ...]
    costs_most: tuple[Cost, ...]
    liquid: LiquidNeed | None
    made_on: dt.date
    first_day: dt.date

    @property
    def capsules(self) -> int:
        """Capsules that are made."""
        return sum(line.capsules for batch in self.batches for line in batch.lines)

    @property
    def capsules_most(self) -> int:
        """Capsules that the whole trial could need, with the spare ones."""
        return sum(need.capsules for need in self.phases)

    @property
    def drug_ug(self) -> int:
        """Drug in the capsules that are made, micrograms."""
        return sum(batch.drug_ug for batch in self.batches)

    @property
    def stock_drug_ug(self) -> int:
        """Drug that is weighed for them, micrograms; more where a dilution is made."""
        return sum(batch.stock_drug_ug for batch in self.batches)


def known_phases(protocol: Protocol, bound: Collection[str]) -> tuple[str, ...]:
    """Phases with capsules whose doses are known. Follows from what anybody may see.

    Args:
        protocol: as read.
        bound: phases whose doses were sealed after a review.
    """
    return tuple(
        phase.name
        for phase in protocol.phases
        if takes_capsules(phase) and (not chosen_later(phase) or phase.name in bound)
    )


def make_order(
    protocol: Protocol,
    formulation: Formulation,
    plan: CapsulePlan,
    kits: Sequence[Kit],
    given: Iterable[Given],
    *,
    ordered: Collection[str],
    made_on: dt.date,
    first_day: dt.date,
    batches: Collection[str] = (),
) -> Order:
    """The order of the phases asked for.

    Args:
        protocol: as read.
        formulation: of its drug.
        plan: its capsules.
        kits: every kit that the protocol could need.
        given: what each period gets, where it is known.
        ordered: names of phases that are made now.
        made_on: day on which the batches are made that need not wait.
        first_day: of the trial.
        batches: names of those of these phases that are made now; empty: all.
    """
    filled = fill_kits(kits, plan, given)
    now = tuple(one for one in filled if one.kit.period.phase in ordered and (not batches or one.kit.batch in batches))
    made = plan_batches(now, plan, formulation)
    needs = tuple(
        _need(protocol, phase, plan, kits, filled, ordered=phase.name in ordered)
        for phase in protocol.phases
        if takes_capsules(phase)
    )
    capsules = sum(line.capsules for batch in made for line in batch.lines)
    most = sum(need.capsules for need in needs)
    return Order(
        protocol=protocol,
        formulation=formulation,
        plan=plan,
        phases=needs,
        kits=now,
        batches=made,
        ledger=_plan_ledger(made, now),
        costs=tuple(cost_of(capsules, price) for price in formulation.prices),
        costs_most=tuple(cost_of(most, price) for price in formulation.prices),
        liquid=_liquid(protocol, formulation, now),
        made_on=made_on,
        first_day=first_day,
    )


def _need(
    protocol: Protocol,
    phase: Phase,
    plan: CapsulePlan,
    all_kits: Iterable[Kit],
    filled: Iterable[FilledKit],
    *,
    ordered: bool,
) -> PhaseNeed:
    """What one phase needs: counted where its doses are known, else bounded."""
    kits = [one for one in all_kits if one.period.phase == phase.name]
    own = [one for one in filled if one.kit.period.phase == phase.name]
    nights = sum(one.nights for one in kits)
    a_night = plan.choice.a_night
    drug = sum(
        content * count for one in own for spare in (False, True) for content, count in one.count(spare=spare).items()
    )
    return PhaseNeed(
        phase=phase,
        known=bool(own),
        ordered=ordered,
        kits=len(own) if own else len(kits),
        nights=sum(one.kit.nights for one in own) if own else nights,
        capsules=(
            sum(sum(one.count(spare=spare).values()) for one in own for spare in (False, True))
            if own
            else sum(one.nights + one.spare for one in kits) * a_night
        ),
        drug_ug=drug if own else _most_drug(protocol, phase, kits),
        first_evening=kits[0].first_evening,
        last_evening=kits[-1].last_evening,
    )


def _most_drug(protocol: Protocol, phase: Phase, kits: Sequence[Kit]) -> int:
    """The most drug that a phase can need whose doses a review will choose, micrograms."""
    doses = sorted((micrograms(one) or 0 for one in most_doses(phase, protocol.drug.ladder_mg)), reverse=True)
    if phase.pairs:
        doses = doses[:1] * phase.pairs
    lengths: dict[int, int] = {}
    for kit in kits:
        lengths[kit.period.period] = lengths.get(kit.period.period, 0) + kit.nights + kit.spare
    longest = sorted(lengths.values(), reverse=True)
    return sum(dose * nights for dose, nights in zip(doses, longest, strict=False))


def _plan_ledger(batches: Iterable[Batch], filled: Iterable[FilledKit]) -> Ledger:
    made: dict[int, int] = {}
    retained: dict[int, int] = {}
    for line in (line for batch in batches for line in batch.lines):
        made[line.content_ug] = made.get(line.content_ug, 0) + line.capsules
        retained[line.content_ug] = retained.get(line.content_ug, 0) + line.retained
    ledger = Ledger.of_made(made)
    for content, capsules in retained.items():
        ledger = ledger.move(content, capsules, "overage", "retained")
    for one in filled:
        ledger = ledger.hand_out(one)
    return ledger


def _liquid(protocol: Protocol, formulation: Formulation, filled: Sequence[FilledKit]) -> LiquidNeed | None:
    liquid = formulation.liquid
    if liquid is None:
        return None
    volumes = [
        (dose, dose * 1000 // liquid.ug_per_ml) for dose in (micrograms(one) or 0 for one in protocol.drug.ladder_mg)
    ]
    with_drug = [one for one in filled if one.dose_ug]
    total_ul = sum(one.dose_ug * 1000 // liquid.ug_per_ml * one.kit.nights for one in with_drug)
    nights = sum(one.kit.nights for one in with_drug)
    batches = max(-(-total_ul // (1000 * liquid.batch_ml)), -(-nights // liquid.days))
    blinded = any(protocol.phase(one.kit.period.phase).blinded for one in filled)
    return LiquidNeed(liquid, tuple(volumes), batches, blinded)
