"""Kits: one for each period, alike in number of capsules, spare, dates and words whatever they hold."""

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from modicum.protocol import Protocol
from modicum.supply.capsules import CapsulePlan
from modicum.supply.codes import KitCode
from modicum.supply.formulation import Formulation
from modicum.supply.periods import Given, Period, chosen_later, is_resumed, list_periods


@dataclass(frozen=True)
class Run:
    """Nights of a kit whose capsules are alike.

    Args:
        first_night: within the kit, from 1.
        nights: number of them.
        spare: further nights' worth of the same capsules.
        half: whether a dose that is taken up again is halved here.
    """

    first_night: int
    nights: int
    spare: int
    half: bool


@dataclass(frozen=True)
class Kit:
    """A kit as anybody may see it. Nothing here depends on what it holds.

    Args:
        code: on its label.
        period: that it is for.
        runs: nights with alike capsules.
        batch: name of the batch that it is made in.
        make_on: earliest day of making, so that no capsule is taken beyond its date.
        use_before: first day on which no capsule of it may be taken.
        first_evening: on which a capsule of it is taken, every phase at its longest.
        last_evening: the last of them.
    """

    code: str
    period: Period
    runs: tuple[Run, ...]
    batch: str
    make_on: dt.date
    use_before: dt.date
    first_evening: dt.date
    last_evening: dt.date

    @property
    def nights(self) -> int:
        """Nights that it is planned for."""
        return self.period.nights

    @property
    def spare(self) -> int:
        """Nights' worth of spare capsules."""
        return sum(run.spare for run in self.runs)


@dataclass(frozen=True)
class FilledKit:
    """A kit with what it holds; for the pharmacist alone.

    Args:
        kit: its public side.
        dose_ug: of each night, micrograms; 0 for placebo.
        capsules_ug: for each run, contents of the capsules of one night, micrograms.
    """

    kit: Kit
    dose_ug: int
    capsules_ug: tuple[tuple[int, ...], ...]

    def count(self, *, spare: bool) -> dict[int, int]:
        """Capsules by content, those of the planned nights or the spare ones.

        Args:
            spare: whether the spare ones are counted.
        """
        found: dict[int, int] = {}
        for run, capsules in zip(self.kit.runs, self.capsules_ug, strict=True):
            for content in capsules:
                found[content] = found.get(content, 0) + (run.spare if spare else run.nights)
        return found


def plan_kits(
    protocol: Protocol,
    plan: CapsulePlan,
    formulation: Formulation,
    codes: Sequence[KitCode],
    *,
    made_on: dt.date,
    first_day: dt.date,
) -> tuple[Kit, ...]:
    """Every kit that a protocol could need, in order; what any of them holds is not asked.

    Kits of one phase are one batch. Where a review may choose again after each pair, each pair is a batch of its own,
    so that nothing is made for a dose that is given up. A batch that would outlast its beyond-use date is parted.

    Args:
        protocol: as read.
        plan: its capsules.
        formulation: of its drug.
        codes: of every period.
        made_on: day on which what is ordered now is made.
        first_day: of the trial, day 0.
    """
    periods = list_periods(protocol, formulation.figure("longest_kit_nights"))
    code_of = {(one.phase, one.period, one.part): one.code for one in codes}
    keeps = dt.timedelta(days=formulation.figure("beyond_use_days"))
    overage = Fraction(repr(protocol.supply.overage))
    found: list[Kit] = []
    for phase, group in groupby(periods, key=lambda one: one.phase):
        by_pair = chosen_later(protocol.phase(phase)) and protocol.phase(phase).pairs > 0
        batches = list(_batches(tuple(group), keeps.days, by_pair))
        for number, batch in enumerate(batches, 1):
            name = f"{phase} {number}" if len(batches) > 1 else phase
            last = _evening(first_day, batch[-1].last_day)
            make_on = max(made_on, last - keeps + dt.timedelta(days=1))
            found += [
                Kit(
                    code=code_of[one.phase, one.period, one.part],
                    period=one,
                    runs=_runs(one, plan.half_nights, overage),
                    batch=name,
                    make_on=make_on,
                    use_before=make_on + keeps,
                    first_evening=_evening(first_day, one.first_day),
                    last_evening=_evening(first_day, one.last_day),
                )
                for one in batch
            ]
    return tuple(found)


def _evening(first_day: dt.date, day: int) -> dt.date:
    return first_day + dt.timedelta(days=day)


def _batches(periods: Sequence[Period], keeps_days: int, by_pair: bool) -> Iterator[tuple[Period, ...]]:
    """Periods that are made together."""
    batch: list[Period] = []
    for one in periods:
        too_long = batch and one.last_day - batch[0].first_day >= keeps_days
        next_pair = by_pair and one.period % 2 == 1 and one.part == 1
        if batch and (too_long or next_pair):
            yield tuple(batch)
            batch = []
        batch.append(one)
    if batch:
        yield tuple(batch)


def _runs(period: Period, half_nights: int, overage: Fraction) -> tuple[Run, ...]:
    """The first nights, on which a dose may be halved, and the others; in every kit, placebo included."""
    first = min(half_nights, period.nights) if period.part == 1 else 0
    lengths = [(1, first, True), (first + 1, period.nights - first, False)]
    return tuple(Run(start, nights, math.ceil(overage * nights), half) for start, nights, half in lengths if nights)


def fill_kits(kits: Iterable[Kit], plan: CapsulePlan, given: Iterable[Given]) -> tuple[FilledKit, ...]:
    """The kits whose doses are known, with what they hold.

    Args:
        kits: of the phases that are ordered.
        plan: the capsules.
        given: what each period gets.
    """
    dose_of: Mapping[tuple[str, int], int] = {(one.phase, one.period): one.dose_ug for one in given}
    found: list[FilledKit] = []
    for kit in kits:
        dose = dose_of.get((kit.period.phase, kit.period.period))
        if dose is not None:
            halved = is_resumed(dose_of, kit.period)
            nights = [dose // 2 if run.half and halved else dose for run in kit.runs]
            found.append(FilledKit(kit, dose, tuple(plan.capsules(night) for night in nights)))
    return tuple(found)
