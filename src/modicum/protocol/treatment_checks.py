"""Checks of the drug and its supply that types alone cannot make."""

import re
from collections.abc import Iterator
from itertools import pairwise

from modicum.protocol.finding import Finding
from modicum.protocol.schema import Protocol

DOSE_UNITS = ("mg", "")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_TOLERANCE_MG = 1e-9  # doses are decimal figures of a few digits; this is rounding of their sums


def check_ladder(protocol: Protocol) -> Iterator[Finding]:
    """The ladder ascends; a treatment without a dose has the ladder [1.0]."""
    ladder = protocol.drug.ladder_mg
    path = ("drug", "ladder_mg")
    if any(low >= high for low, high in pairwise(ladder)):
        ordered = sorted(set(ladder))
        yield Finding(
            "MOD-PROTO-13",
            path,
            str(list(ladder)),
            "The ladder must ascend, each dose once.",
            f"Write ladder_mg = {ordered}.",
        )
    if protocol.drug.unit == "" and ladder != (1.0,):
        message = 'A treatment without a dose (unit = "") has the ladder [1.0]: 1 with the treatment, 0 without.'
        yield Finding("MOD-PROTO-13", path, str(list(ladder)), message, "Write ladder_mg = [1.0], or give the unit.")


def check_unit(protocol: Protocol) -> Iterator[Finding]:
    """Doses are in mg, or have no unit."""
    unit = protocol.drug.unit
    if unit not in DOSE_UNITS:
        micro = unit.lower() in ("µg", "μg", "ug", "mcg", "microgram", "micrograms")
        fix = 'Divide the doses by 1000 and write unit = "mg".' if micro else 'Give the doses in mg: unit = "mg".'
        yield Finding(
            "MOD-PROTO-17", ("drug", "unit"), unit, 'This dose unit is not known; known are "mg" and "".', fix
        )


def check_dose_time(protocol: Protocol) -> Iterator[Finding]:
    """The dose time is a clock time."""
    if not _CLOCK.fullmatch(protocol.drug.dose_time):
        yield Finding(
            "MOD-PROTO-27",
            ("drug", "dose_time"),
            protocol.drug.dose_time,
            "The dose time must be a clock time from 00:00 to 23:59.",
            'Write it with four digits, for example dose_time = "22:00".',
        )


def _reachable(strengths: tuple[float, ...], most: int) -> set[float]:
    sums = {0.0}
    for _ in range(most):
        sums |= {round(total + strength, 6) for total in sums for strength in strengths}
        if len(sums) > 20_000:
            break
    return sums


def check_capsules(protocol: Protocol) -> Iterator[Finding]:
    """Every dose, and every half dose where re-entry needs it, can be made up from the strengths ordered."""
    supply = protocol.supply
    if not supply.strengths_mg:
        return
    doses = list(protocol.drug.ladder_mg)
    if supply.reentry != "at once":
        doses += [dose / 2 for dose in protocol.drug.ladder_mg]
    reachable = _reachable(supply.strengths_mg, supply.max_capsules)
    missing = [dose for dose in doses if not any(abs(dose - total) < _TOLERANCE_MG for total in reachable)]
    if missing:
        yield Finding(
            "MOD-PROTO-31",
            ("supply", "strengths_mg"),
            str(list(supply.strengths_mg)),
            f"With at most {supply.max_capsules} of these capsules a night, {_listed(missing)} cannot be made up.",
            "Add the strength, or allow more capsules a night (max_capsules).",
            (("drug", "ladder_mg"), ("supply", "max_capsules"), ("supply", "reentry")),
        )


def _listed(doses: list[float]) -> str:
    return ", ".join(f"{dose:g} mg" for dose in doses)


def check_strengths(protocol: Protocol) -> Iterator[Finding]:
    """No strength is listed twice."""
    strengths = protocol.supply.strengths_mg
    for index, strength in enumerate(strengths):
        if strength in strengths[:index]:
            path = ("supply", "strengths_mg", index)
            yield Finding("MOD-PROTO-16", path, f"{strength:g}", "This strength is listed twice.", "List it once.")
