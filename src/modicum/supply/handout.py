"""The handout: all that prescriber and patient see of the supply. It is made without asking what a kit holds."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from modicum.protocol import Phase, Protocol
from modicum.supply.amounts import say_mg
from modicum.supply.capsules import CapsulePlan
from modicum.supply.formulation import Formulation, Warned
from modicum.supply.kits import Kit
from modicum.supply.periods import open_course, takes_capsules


@dataclass(frozen=True)
class Contacts:
    """Whom the documents name; "" is left to be written by hand.

    Args:
        patient: name on label and card.
        prescriber: name and telephone.
        pharmacy: name and telephone.
        on_call: who unblinds in an emergency: name and telephone, day and night.
        virtual: whether the patient does not exist.
    """

    patient: str = ""
    prescriber: str = ""
    pharmacy: str = ""
    on_call: str = ""
    virtual: bool = False


@dataclass(frozen=True)
class HandoutPhase:
    """A phase as anybody may see it.

    Args:
        phase: of the protocol.
        kits: in order; as many as there could be.
        ordered: whether they are made now.
        nights_ug: capsules of a night in each period where nothing is blinded, as the protocol lists its doses; else
            empty.
    """

    phase: Phase
    kits: tuple[Kit, ...]
    ordered: bool
    nights_ug: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True)
class Handout:
    """What prescriber and patient see.

    Args:
        protocol: that is followed.
        slot: whose order it is.
        drug: its name on labels and cards.
        most_ug: the highest dose of the trial, micrograms.
        a_night: capsules a night.
        alike: whether every night has the same number.
        numbered: whether capsules are packed night by night.
        phases: every phase with capsules.
        warnings: of card and stop page.
        contacts: whom to ring.
        first_day: of the trial.
    """

    protocol: Protocol
    slot: str
    drug: str
    most_ug: int
    a_night: int
    alike: bool
    numbered: bool
    phases: tuple[HandoutPhase, ...]
    warnings: tuple[Warned, ...]
    contacts: Contacts
    first_day: dt.date

    def words_of(self, warned: Warned) -> str:
        """The words of a warning that hold for this trial, with their places.

        Args:
            warned: one of ``warnings``.
        """
        blinded = any(one.phase.blinded for one in self.phases)
        return warned.text if blinded else warned.open or warned.text

    def say(self, warned: Warned, most: str = "") -> str:
        """A warning with the drug and its highest dose in it.

        Args:
            warned: with ``{drug}`` and ``{most}``.
            most: the highest dose as it is written; in English where empty.
        """
        said = self.words_of(warned).replace("{drug}", self.drug)
        return said.replace("{most}", most or say_mg(self.most_ug))


def make_handout(
    protocol: Protocol,
    formulation: Formulation,
    plan: CapsulePlan,
    kits: Sequence[Kit],
    *,
    ordered: Collection[str],
    slot: str,
    contacts: Contacts,
    first_day: dt.date,
) -> Handout:
    """The handout of an order. No argument of it knows an arm.

    Args:
        protocol: as read.
        formulation: of its drug.
        plan: its capsules.
        kits: every kit that the protocol could need.
        ordered: names of phases that are made now.
        slot: whose order it is.
        contacts: whom the documents name.
        first_day: of the trial.
    """
    listed = {(one.phase, one.period): one.dose_ug for one in open_course(protocol)}
    phases = tuple(
        HandoutPhase(
            phase=phase,
            kits=tuple(one for one in kits if one.period.phase == phase.name),
            ordered=phase.name in ordered,
            nights_ug={
                period: plan.capsules(dose)
                for (name, period), dose in listed.items()
                if name == phase.name and not phase.blinded
            },
        )
        for phase in protocol.phases
        if takes_capsules(phase)
    )
    return Handout(
        protocol=protocol,
        slot=slot,
        drug=formulation.short or protocol.drug.name,
        most_ug=plan.most_ug,
        a_night=plan.choice.a_night,
        alike=plan.alike,
        numbered=plan.numbered,
        phases=phases,
        warnings=formulation.warnings,
        contacts=contacts,
        first_day=first_day,
    )
