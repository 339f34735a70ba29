"""The capsules of a protocol: strengths and number a night, fixed once for the whole trial and alike on every night."""

from collections.abc import Iterator
from dataclasses import dataclass

from modicum.foundation.errors import Problem, SupplyError, problem
from modicum.protocol import Protocol
from modicum.supply.amounts import micrograms, say_mg
from modicum.supply.formulation import Formulation
from modicum.supply.periods import most_doses, takes_capsules
from modicum.supply.strengths import MOST_A_NIGHT, Choice, choose_strengths


@dataclass(frozen=True)
class CapsulePlan:
    """What is swallowed each night, and what it is made of. Follows from the protocol alone.

    Args:
        choice: strengths, and how every dose is made up.
        most_a_night: capsules a night that were allowed.
        fill_ug: powder of every capsule, drug and filler together, micrograms.
        size: of the capsule.
        filler: what fills it up.
        alike: whether every night has the same number of capsules, because some phase is blinded.
        half_nights: nights on half the dose when it is taken up again.
        most_ug: the highest dose, micrograms.
        alternatives: what one, two and three capsules a night would need, chosen freely.
    """

    choice: Choice
    most_a_night: int
    fill_ug: int
    size: str
    filler: str
    alike: bool
    half_nights: int
    most_ug: int
    alternatives: tuple[Choice, ...]

    @property
    def numbered(self) -> bool:
        """Whether capsules of one kit that look alike can differ, so that they are packed night by night."""
        return (self.alike and self.choice.a_night > 1) or self.half_nights > 0

    def capsules(self, dose_ug: int) -> tuple[int, ...]:
        """Contents of the capsules of one night, micrograms; without needless filler where nothing is blinded.

        Args:
            dose_ug: of that night, micrograms.
        """
        made = self.choice.made_of[dose_ug]
        return made if self.alike else tuple(one for one in made if one)


def plan_capsules(protocol: Protocol, formulation: Formulation, most: int | None = None) -> CapsulePlan:
    """The capsules of a protocol.

    Without ``most`` the protocol decides: its strengths, and its number a night up to three. With it, strengths are
    chosen freely. Every dose that the protocol could need counts, also those that a review may choose, and the halves
    of all of them where a dose is taken up again by halves.

    Args:
        protocol: as read.
        formulation: of its drug.
        most: capsules on one night, 1 to 3, instead of the protocol's own.

    Raises:
        SupplyError: with every problem at once.

    Example:
        >>> from modicum.protocol import read_protocol
        >>> from modicum.supply.formulation import shipped_formulation
        >>> protocol = read_protocol("ldn-smallest-dose")
        >>> formulation = shipped_formulation(protocol.drug.name)
        >>> plan_capsules(protocol, formulation).choice.strengths_ug
        (500, 1500, 3000, 4500)
        >>> plan_capsules(protocol, formulation, most=3).choice.strengths_ug
        (500, 1500)
    """
    problems = [*_check_drug(protocol), *_check_most(most), *_check_amounts(protocol)]
    if problems:
        raise SupplyError(problems)
    doses = needed_doses(protocol)
    allowed = () if most else tuple(micrograms(one) or 0 for one in protocol.supply.strengths_mg)
    cap = most or min(protocol.supply.max_capsules, MOST_A_NIGHT)
    choice = choose_strengths(doses, cap, allowed, formulation.sold_ug)
    fill = formulation.figure("fill_ug")
    if choice is None:
        raise SupplyError([_unmade(protocol, cap)])
    if choice.strengths_ug[-1] > fill:
        raise SupplyError([_too_strong(choice, formulation)])
    free = [choose_strengths(doses, number, (), formulation.sold_ug) for number in range(1, MOST_A_NIGHT + 1)]
    return CapsulePlan(
        choice=choice,
        most_a_night=cap,
        fill_ug=fill,
        size=formulation.capsule_size,
        filler=protocol.supply.filler or formulation.filler,
        alike=any(phase.blinded for phase in protocol.phases if takes_capsules(phase)),
        half_nights=protocol.supply.half_nights,
        most_ug=max(doses),
        alternatives=tuple({one.a_night: one for one in free if one is not None}.values()),
    )


def needed_doses(protocol: Protocol) -> tuple[int, ...]:
    """Every dose of a night that a protocol could need, ascending, micrograms; 0 where there is placebo.

    Args:
        protocol: whose doses are whole micrograms.
    """
    halves = (1, 2) if protocol.supply.half_nights else (1,)
    found: set[int] = set()
    for phase in protocol.phases:
        if takes_capsules(phase):
            doses = (
                protocol.drug.ladder_mg if phase.doses_mg == "candidate" else most_doses(phase, protocol.drug.ladder_mg)
            )
            found |= {micrograms(dose, parts) or 0 for dose in doses for parts in halves}
            found |= {0} if phase.has_placebo else set()
    return tuple(sorted(found))


def _check_drug(protocol: Protocol) -> Iterator[Problem]:
    drug = protocol.drug
    if not drug.unit:
        fix = "Make the two halves look alike as well as can be; Modicum makes up doses in mg."
        message = "The treatment has no dose, so there are no capsules to make up"
        yield problem("MOD-SUPPLY-01", "protocol: drug.unit", drug.name, message, fix)
    elif drug.form.strip().lower() not in ("capsule", "capsules"):
        fix = 'Write form = "capsule" in a protocol of its own, or order this form from the pharmacy by hand.'
        message = "Only capsules are made up so that every night is alike"
        yield problem("MOD-SUPPLY-02", "protocol: drug.form", drug.form, message, fix)
    if not any(takes_capsules(phase) for phase in protocol.phases):
        message = "No phase of this protocol takes capsules"
        yield problem("MOD-SUPPLY-17", "protocol", protocol.name, message, "Take a protocol with doses.")


def _check_most(most: int | None) -> Iterator[Problem]:
    if most is not None and not 1 <= most <= MOST_A_NIGHT:
        message = f"At most {MOST_A_NIGHT} capsules are taken on one night"
        yield problem("MOD-SUPPLY-15", "--capsules", most, message, f"Write 1 to {MOST_A_NIGHT}.")


def _check_amounts(protocol: Protocol) -> Iterator[Problem]:
    halves = (1, 2) if protocol.supply.half_nights else (1,)
    fix = "Round it in the protocol: doses are made up to the microgram."
    for field, amounts, cut in (
        ("drug.ladder_mg", protocol.drug.ladder_mg, halves),
        ("supply.strengths_mg", protocol.supply.strengths_mg, (1,)),
    ):
        for amount in amounts:
            for parts in cut:
                if micrograms(amount, parts) is None:
                    what = "half of this dose" if parts == 2 else "this amount"
                    message = f"In micrograms, {what} is not a whole number"
                    yield problem("MOD-SUPPLY-03", f"protocol: {field}", f"{amount!r} mg", message, fix)


def _unmade(protocol: Protocol, cap: int) -> Problem:
    listed = ", ".join(f"{one:g}" for one in protocol.supply.strengths_mg)
    message = f"With {cap} capsules a night the doses cannot be made up from these strengths"
    fix = f"Add a strength to the protocol, or choose strengths freely: --capsules {MOST_A_NIGHT}."
    return problem("MOD-SUPPLY-04", "protocol: supply.strengths_mg", f"{listed} mg", message, fix)


def _too_strong(choice: Choice, formulation: Formulation) -> Problem:
    fill = say_mg(formulation.figure("fill_ug"))
    message = f"This strength does not fit a capsule of size {formulation.capsule_size}, which holds {fill}"
    fix = "Give a formulation with a larger capsule (--formulation), or more capsules a night (--capsules)."
    return problem("MOD-SUPPLY-05", "strengths", say_mg(choice.strengths_ug[-1]), message, fix)
