"""The plan of kits: every kit that a trial or a re-challenge could need, and which can be made now.

No seal is opened for it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modicum.allocation import Binding
from modicum.allocation.draws import Randomness
from modicum.protocol import Protocol
from modicum.services import folders
from modicum.services.diary.beginning import Beginning
from modicum.services.diary.story import Story
from modicum.services.dispensing.courses import beginning_of
from modicum.services.dispensing.supplies import Supplied, Supplies, fold
from modicum.services.kit_codes import keep_kits, kit_codes, open_codes
from modicum.supply import (
    CapsulePlan,
    Formulation,
    Kit,
    Period,
    list_periods,
    plan_capsules,
    plan_kits,
    shipped_formulation,
)
from modicum.supply.handout import Contacts, Handout, make_handout
from modicum.supply.periods import chosen_later, open_course
from modicum.supply.replacements import Replacement, make_again, planned_for, swap


@dataclass(frozen=True)
class KitPlan:
    """The kits of a course as anybody may see them.

    Args:
        begun: what the course began with: its protocol, first day and allocation.
        slot: whose order it is, as it was sealed.
        course: the number of a re-challenge; 0 for the trial.
        formulation: of its drug.
        capsules: what is swallowed each night.
        kits: every one that could be needed, in order, as it is made first.
        again: those that are made again, each in a batch of its own.
        bound: periods whose doses a review has chosen: the first of each binding, by phase.
        starts: by phase, the first day that a trial would have had whose phases before it were all at their longest:
            that of this one, moved by the days that they were shorter, once the phase has begun.
    """

    begun: Beginning
    slot: str
    course: int
    formulation: Formulation
    capsules: CapsulePlan
    kits: tuple[Kit, ...]
    again: tuple[Kit, ...]
    bound: Mapping[str, tuple[int, ...]]
    starts: Mapping[str, dt.date]

    @property
    def protocol(self) -> Protocol:
        """That the course follows."""
        return self.begun.protocol

    @property
    def batches(self) -> dict[str, tuple[Kit, ...]]:
        """The kits by batch, in order; what is made again follows what was made first."""
        found: dict[str, list[Kit]] = {}
        for kit in self.kits:
            found.setdefault(kit.batch, []).append(kit)
        whole: dict[str, tuple[Kit, ...]] = {}
        for name, kits in found.items():
            periods = {kit.period for kit in kits}
            whole[name] = tuple(kits)
            whole |= {kit.batch: (kit,) for kit in self.again if kit.period in periods}
        return whole

    def again_in(self, batch: str) -> Replacement | None:
        """What is made again in a batch; None where kits are made in it for the first time.

        Args:
            batch: name of it.
        """
        found = next((kit for kit in self.again if kit.batch == batch), None)
        if found is None:
            return None
        return Replacement(found.period.phase, found.period.period, found.period.part, found.code, batch)

    def planned(self, kit: Supplied) -> Kit:
        """The kit that was planned for the nights of a kit.

        Args:
            kit: of the course, also one that is made again.
        """
        place = (kit.phase, kit.period, kit.part)
        return next(one for one in self.kits if (one.period.phase, one.period.period, one.period.part) == place)

    def nights_before(self, kit: Supplied) -> int:
        """Nights of a kit's period that earlier kits are for, ordered or not.

        Args:
            kit: of the course.
        """
        own = (one for one in self.kits if (one.period.phase, one.period.period) == (kit.phase, kit.period))
        return sum(one.nights for one in own if one.period.part < kit.part)

    def is_known(self, batch: str) -> bool:
        """Whether a batch can be made: what it holds is fixed, by the draw or by a review.

        Args:
            batch: name of it.
        """
        return all(self._is_known(kit) for kit in self.batches[batch])

    def _is_known(self, kit: Kit) -> bool:
        phase = self.protocol.phase(kit.period.phase)
        if not chosen_later(phase):
            return True
        last = max(self.bound.get(phase.name, (0,)))
        # A candidate is sealed for one pair after the other; what is tried below it, at once.
        return last > 0 and (phase.doses_mg != "candidate" or not phase.pairs or kit.period.period <= last + 1)

    def held(self, kit: Kit) -> int:
        """Capsules in a kit, spare ones included; the same whatever it holds where anything is blinded."""
        return (kit.nights + kit.spare) * self.a_night(kit)

    def a_night(self, kit: Kit) -> int:
        """Capsules a night of a kit."""
        if self.capsules.alike:
            return self.capsules.choice.a_night
        listed = {(one.phase, one.period): one.dose_ug for one in open_course(self.protocol)}
        dose = listed.get((kit.period.phase, kit.period.period))
        return len(self.capsules.capsules(dose)) if dose else self.capsules.choice.a_night

    def handout(self, contacts: Contacts, batch: str) -> Handout:
        """All that the labels of a batch say.

        Args:
            contacts: whom they name.
            batch: name of it.
        """
        first = self.batches[batch][0]
        phase = first.period.phase
        return make_handout(
            self.protocol,
            self.formulation,
            self.capsules,
            swap(self.kits, first) if first in self.again else self.kits,
            ordered={phase},
            slot=self.slot,
            contacts=contacts,
            first_day=self.starts[phase],
        )


def plan_supply(story: Story, folder: Path, *, made_on: dt.date, randomness: Randomness, course: int = 0) -> KitPlan:
    """The kits of a course; their codes are drawn when they are asked for first, and then kept.

    Of kits that are made again the codes stand in the record, as it was told when they were asked for.

    Args:
        story: of the trial, begun.
        folder: of the allocation of this course, where anything was drawn.
        made_on: day on which kits are made.
        randomness: number of bytes to that many bytes of chance.
        course: the number of a re-challenge; 0 for the trial.

    Raises:
        InputError: nothing can be made up for this protocol, or the allocation or its codes cannot be read.
        ValueError: the trial has not begun, or there is no such course.
    """
    begun, slot = beginning_of(story, folder, course), story.trial
    protocol = begun.protocol
    formulation = shipped_formulation(protocol.drug.name)
    capsules = plan_capsules(protocol, formulation)
    periods = list_periods(protocol, formulation.figure("longest_kit_nights"))
    bound, known = dict[str, tuple[int, ...]](), fold(Supplies(), story.beside).kits.values()
    if begun.allocation:
        document, evidence = folders.read_allocation(folder)
        slot = document.head.slot
        others = [kit.code for kit in known if kit.course != course]
        codes = kit_codes(keep_kits(folder, document.fingerprint, periods, None, randomness, others=others))
        for one in evidence.bindings:
            head = Binding.from_bytes(one.document).head
            bound[head.phase] = (*bound.get(head.phase, ()), head.from_period)
    else:
        codes = open_codes(story.trial, protocol.sha256, periods)
    starts = _starts(() if course else story.decided, begun.start.date(), periods)
    planned = {
        day: plan_kits(protocol, capsules, formulation, codes, made_on=made_on, first_day=day)
        for day in set(starts.values())
    }
    kits = tuple(planned[starts[one.phase]][number] for number, one in enumerate(periods))
    again = tuple(
        make_again(planned_for(kits, one), one, made_on=made_on)
        for one in (
            Replacement(kit.phase, kit.period, kit.part, kit.code, kit.batch)
            for kit in known
            if kit.instead_of and kit.course == course
        )
    )
    return KitPlan(begun, slot, course, formulation, capsules, kits, again, bound, starts)


def _starts(decided: Sequence[dict[str, Any]], first_day: dt.date, periods: Sequence[Period]) -> dict[str, dt.date]:
    """See :class:`KitPlan`."""
    began = dict[str, int]()
    for block in (one["block"] for one in decided if one["block"] is not None):
        began.setdefault(block["phase"], block["first_day"])
    planned = dict[str, int]()
    for one in periods:
        planned.setdefault(one.phase, one.first_day)
    return {phase: first_day + dt.timedelta(days=began.get(phase, day) - day) for phase, day in planned.items()}
