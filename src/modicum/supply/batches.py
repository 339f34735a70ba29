"""Batches: what is weighed and filled on one day, to the microgram."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from modicum.supply.capsules import CapsulePlan
from modicum.supply.formulation import Formulation
from modicum.supply.kits import FilledKit

DILUTIONS = (1, 10, 20, 50, 100)  # parts of powder with one part of drug; 1 is the drug itself


@dataclass(frozen=True)
class BatchLine:
    """Capsules of one content in a batch.

    Args:
        content_ug: of each, micrograms; 0 for placebo.
        nights: capsules for planned nights.
        spare: capsules beyond them.
        retained: capsules that are kept.
        drug_ug: drug in all of them, micrograms.
        weighed_ug: drug or dilution that is weighed for them, micrograms.
        filler_ug: filler that makes up the weight, micrograms.
    """

    content_ug: int
    nights: int
    spare: int
    retained: int
    drug_ug: int
    weighed_ug: int
    filler_ug: int

    @property
    def capsules(self) -> int:
        """All capsules."""
        return self.nights + self.spare + self.retained


@dataclass(frozen=True)
class Batch:
    """What is made on one day.

    Args:
        name: of the batch.
        phase: name of the phase.
        make_on: earliest day.
        use_before: first day on which no capsule of it may be taken.
        codes: of its kits, in order.
        lines: by content, placebo first.
        dilution: parts of powder with one part of drug; 1 where the drug itself can be weighed; 0 where nothing can.
        stock_drug_ug: drug that is weighed for the dilution, or for the capsules directly, micrograms.
    """

    name: str
    phase: str
    make_on: dt.date
    use_before: dt.date
    codes: tuple[str, ...]
    lines: tuple[BatchLine, ...]
    dilution: int
    stock_drug_ug: int

    @property
    def drug_ug(self) -> int:
        """Drug in the capsules, micrograms."""
        return sum(line.drug_ug for line in self.lines)

    @property
    def left_over_ug(self) -> int:
        """Drug in what is left of the dilution, micrograms."""
        return self.stock_drug_ug - self.drug_ug


def plan_batches(filled: Sequence[FilledKit], plan: CapsulePlan, formulation: Formulation) -> tuple[Batch, ...]:
    """The batches of kits whose content is known.

    Args:
        filled: kits with their content, in order.
        plan: the capsules.
        formulation: of the drug.
    """
    return tuple(
        _batch(name, tuple(group), plan, formulation) for name, group in groupby(filled, key=lambda one: one.kit.batch)
    )


def _batch(name: str, filled: Sequence[FilledKit], plan: CapsulePlan, formulation: Formulation) -> Batch:
    nights, spare = _total(filled, spare=False), _total(filled, spare=True)
    contents = sorted(nights)
    retained = formulation.figure("retained_capsules")
    drug = {one: one * (nights[one] + spare.get(one, 0) + retained) for one in contents}
    least = formulation.figure("least_weighed_ug")
    dilution = choose_dilution([(one, drug[one]) for one in contents if one], least, plan.fill_ug)
    lines = []
    for one in contents:
        capsules = nights[one] + spare.get(one, 0) + retained
        weighed = drug[one] * max(dilution, 1)
        filler = capsules * plan.fill_ug - weighed
        lines.append(BatchLine(one, nights[one], spare.get(one, 0), retained, drug[one], weighed, filler))
    kit = filled[0].kit
    total = sum(drug.values())
    return Batch(
        name=name,
        phase=kit.period.phase,
        make_on=kit.make_on,
        use_before=kit.use_before,
        codes=tuple(one.kit.code for one in filled),
        lines=tuple(lines),
        dilution=dilution,
        stock_drug_ug=max(total, least) if dilution > 1 else total,
    )


def choose_dilution(lines: Iterable[tuple[int, int]], least_ug: int, fill_ug: int) -> int:
    """The weakest dilution with which everything can be weighed and still fits the capsule.

    Args:
        lines: content of a capsule and drug in all of its kind, micrograms.
        least_ug: least amount that can be weighed, micrograms.
        fill_ug: powder of a capsule, micrograms.

    Returns:
        Parts of powder with one part of drug; 0 where no dilution does both.

    Example:
        >>> choose_dilution([(500, 9000), (4500, 81000)], 120_000, 225_000)
        20
    """
    asked = list(lines)
    for parts in DILUTIONS:
        if all(drug * parts >= least_ug and content * parts <= fill_ug for content, drug in asked):
            return parts
    return 0


def _total(filled: Iterable[FilledKit], *, spare: bool) -> dict[int, int]:
    found: dict[int, int] = {}
    for one in filled:
        for content, count in one.count(spare=spare).items():
            found[content] = found.get(content, 0) + count
    return found
