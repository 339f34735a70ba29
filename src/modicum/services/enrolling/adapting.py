"""Adapting a protocol to one person: what may be changed safely, and what the changed one says of itself.

Changed may be which outcome decides and by how much, the doses of the ladder, the hour of the dose and the lengths of
blocks. Rules, looks, the number of pairs and the way of drawing are what the rates of wrong answers rest on: they stay.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from textwrap import fill
from typing import Any

from modicum.foundation.errors import Problem, ProtocolError
from modicum.protocol import Phase, Protocol, examine_protocol, list_sequences, read_protocol
from modicum.protocol.reading import protocol_bytes
from modicum.protocol.rules import Calibration, Priors
from modicum.protocol.sequences import phase_doses
from modicum.protocol.writing import protocol_toml

ENDING = "-adapted"
DOSE_TIMES = ("21:00", "21:30", "22:00", "22:30", "23:00", "23:30")  # after the evening's entry, before midnight
LONGEST_BLOCK_DAYS = 42
RUN_IN_DAYS = (7, 42)  # a week shows every weekday once
TIMES_ONSET = 3  # a block is at least so many times as long as a dose usually takes to act
LONGEST_REASON = 300
_WIDTH = 118


@dataclass(frozen=True)
class Wanted:
    """What a prescriber wants changed; what is None stays as it is.

    Args:
        primary: name of the outcome that decides.
        mcid: smallest difference in it that matters.
        reason: why that difference, for this person.
        dose_time: clock time of the dose.
        doses_mg: those of the ladder that are tried.
        lengths: days by name of the phase: of the run-in, of a block, or of half a pair.
    """

    primary: str | None = None
    mcid: float | None = None
    reason: str = ""
    dose_time: str | None = None
    doses_mg: tuple[float, ...] | None = None
    lengths: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Difference:
    """One thing that was changed.

    Args:
        field: "primary", "mcid", "doses_mg", "dose_time" or "length".
        of: name of the outcome or the phase that it is of, "" where it is of the whole.
        was: before.
        now: instead.
    """

    field: str
    of: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.field} {self.of}".rstrip() + f" {self.now} instead of {self.was}"


@dataclass(frozen=True)
class Adapted:
    """A protocol as it was chosen.

    Args:
        text: of its file.
        protocol: as read from that text.
        base: name of the shipped one.
        differences: from that one; none where it is the shipped one, byte for byte.
    """

    text: str
    protocol: Protocol
    base: str
    differences: tuple[Difference, ...]


def adaptable_length(phase: Phase) -> float | None:
    """The length of a phase that may be changed: of the run-in, of a block, or of half a pair; None for no other.

    Args:
        phase: of a protocol.
    """
    return phase.max_days if phase.kind == "run-in" else (phase.half_days or phase.block_days)


def adapt(name: str, wanted: Wanted) -> Adapted:
    """A shipped protocol, changed as wanted; the shipped one itself where nothing is.

    Args:
        name: of a shipped protocol.
        wanted: the changes.

    Raises:
        ProtocolError: with every problem at once, those of the changed protocol as it is read again among them.
    """
    base = read_protocol(name)
    problems = [*_problems(base, wanted)]
    changed = _changed(base, _without(wanted, {one.where for one in problems}))
    if changed is base and not problems:
        return Adapted(protocol_bytes(name).decode(), base, name, ())
    differences = _differences(base, changed)
    text = protocol_toml(changed.model_copy(update=_named(base, differences)))
    read, more = examine_protocol(text.encode())
    if problems or read is None:
        raise ProtocolError([*problems, *more])
    return Adapted(text, read, name, differences)


def _without(wanted: Wanted, wrong: set[str]) -> Wanted:
    """What is wanted but for what is wrong, so that the rest is read again and all problems are told at once."""
    fields = {name: None for name in ("primary", "mcid", "dose_time", "doses_mg") if name in wrong}
    if "reason" in wrong:
        fields["mcid"] = None
    lengths = {name: days for name, days in (wanted.lengths or {}).items() if f"length:{name}" not in wrong}
    return replace(wanted, **fields, lengths=lengths)


def _problems(base: Protocol, wanted: Wanted) -> Iterator[Problem]:
    names = [outcome.name for outcome in base.outcomes if outcome.kind == "gaussian"]
    if wanted.primary is not None and wanted.primary not in names:
        yield Problem(
            "MOD-ENROL-01", "primary", wanted.primary, "No outcome of this protocol has this name.", _one(names)
        )
    if wanted.mcid is not None:
        yield from _mcid_problems(base, wanted, wanted.mcid)
    if wanted.dose_time is not None and wanted.dose_time not in DOSE_TIMES:
        message = "The dose is taken after the evening's entry, and before midnight."
        yield Problem("MOD-ENROL-03", "dose_time", wanted.dose_time, message, _one(DOSE_TIMES))
    if wanted.doses_mg is not None:
        yield from _dose_problems(base, wanted.doses_mg)
    for name, days in (wanted.lengths or {}).items():
        yield from _length_problems(base, name, days)


def _mcid_problems(base: Protocol, wanted: Wanted, mcid: float) -> Iterator[Problem]:
    outcome = next((one for one in base.outcomes if one.name == (wanted.primary or base.primary)), base.primary_outcome)
    half = (outcome.high - outcome.low) / 2
    if not 0 < mcid <= half:
        message = "The smallest difference that matters is above 0, and at most half of the scale."
        yield Problem("MOD-ENROL-02", "mcid", f"{mcid:g}", message, f"Give a number up to {half:g}.")
    if mcid != outcome.mcid and not wanted.reason.strip():
        message = "A smallest difference of one's own needs its reason."
        yield Problem("MOD-ENROL-02", "reason", "", message, "Say why this much matters to this person.")


def _dose_problems(base: Protocol, doses_mg: tuple[float, ...]) -> Iterator[Problem]:
    ladder = base.drug.ladder_mg
    strange = [dose for dose in doses_mg if dose not in ladder]
    listed = _listed(ladder)
    if strange:
        message = "A dose is not on the ladder of this protocol."
        yield Problem("MOD-ENROL-04", "doses_mg", f"{strange[0]:g}", message, f"Take some of {listed}.")
    fewest = 2 if len(ladder) > 1 else 1
    if len(set(doses_mg)) < fewest:
        message = (
            "Two doses at least have to be tried: with fewer there is no smaller one to find, nor an order to hide."
        )
        fix = f"Take two or more of {listed}; for one dose alone choose a crossover."
        yield Problem("MOD-ENROL-04", "doses_mg", _listed(doses_mg), message, fix)


def _length_problems(base: Protocol, name: str, days: float) -> Iterator[Problem]:
    phase = next((one for one in base.phases if one.name == name and adaptable_length(one) is not None), None)
    where = f"length:{name}"
    if phase is None:
        message = "This phase has no length that could be changed."
        yield Problem("MOD-ENROL-05", where, f"{days:g}", message, _one([one.name for one in base.phases]))
        return
    low, high = limits(base, phase)
    if days != math.floor(days) or not low <= days <= high:
        message = f"This length is a whole number of days from {low} to {high}."
        yield Problem("MOD-ENROL-05", where, f"{days:g}", message, _why(phase))


def limits(base: Protocol, phase: Phase) -> tuple[int, int]:
    """The shortest and the longest that a length may be changed to, days.

    Args:
        base: the protocol.
        phase: one of its phases.
    """
    if phase.kind == "run-in":
        return RUN_IN_DAYS
    slow = 0.0 if base.onset.kind == "immediate" else base.onset.median_days
    return max(1, math.ceil(TIMES_ONSET * slow)), LONGEST_BLOCK_DAYS


def _why(phase: Phase) -> str:
    if phase.kind == "run-in":
        return "A week at least shows the noise of every weekday."
    return "A shorter block is over before a dose has acted; a longer one makes the trial endless."


def _one(names: Any) -> str:
    return f"Take one of {', '.join(names)}."


def _changed(base: Protocol, wanted: Wanted) -> Protocol:
    """The protocol with what is wanted; itself where that is what it says already."""
    update = {
        **_outcome_update(base, wanted),
        **_drug_update(base, wanted),
    }
    phases = tuple(_phase(base, phase, wanted) for phase in base.phases)
    if phases != base.phases:
        update["phases"] = phases
    return base.model_copy(update=update) if update else base


def _outcome_update(base: Protocol, wanted: Wanted) -> dict[str, Any]:
    primary = wanted.primary or base.primary
    update: dict[str, Any] = {}
    if primary != base.primary:
        update |= {"primary": primary, "priors": Priors(odds_no_effect=base.priors.odds_no_effect)}
    own = next((one for one in base.outcomes if one.name == primary), None)
    if own is not None and wanted.mcid is not None and wanted.mcid != own.mcid:
        source = f"assumption: set for this person by the prescriber: {' '.join(wanted.reason.split())}"[
            :LONGEST_REASON
        ]
        changed = own.model_copy(update={"mcid": wanted.mcid, "mcid_source": source, "mcid_grade": "assumption"})
        update["outcomes"] = tuple(changed if one is own else one for one in base.outcomes)
    return update


def _drug_update(base: Protocol, wanted: Wanted) -> dict[str, Any]:
    drug, supply = base.drug, base.supply
    update: dict[str, Any] = {}
    doses = drug.ladder_mg if wanted.doses_mg is None else tuple(sorted(set(wanted.doses_mg)))
    time = wanted.dose_time or drug.dose_time
    if (doses, time) != (drug.ladder_mg, drug.dose_time):
        update["drug"] = drug.model_copy(update={"ladder_mg": doses, "dose_time": time})
    if doses != drug.ladder_mg and supply.strengths_mg == drug.ladder_mg:
        update["supply"] = supply.model_copy(update={"strengths_mg": doses})
    return update


def _phase(base: Protocol, phase: Phase, wanted: Wanted) -> Phase:
    """A phase of other lengths or doses; its longest length and its number of orders follow."""
    days = (wanted.lengths or {}).get(phase.name, adaptable_length(phase))
    doses = base.drug.ladder_mg if wanted.doses_mg is None else tuple(sorted(set(wanted.doses_mg)))
    if days == adaptable_length(phase) and doses == base.drug.ladder_mg:
        return phase
    if phase.kind == "run-in":
        return phase.model_copy(update={"max_days": days, "note": ""})
    length = {"half_days" if phase.half_days else "block_days": days} if days is not None else {}
    changed = phase.model_copy(update=length)
    update: dict[str, Any] = {"max_days": _longest(changed, doses), "note": ""}
    if phase.sequences is not None:
        orders = list_sequences(changed, doses)
        update["sequences"] = None if orders is None else len(orders)
    return changed.model_copy(update=update)


def _longest(phase: Phase, doses: tuple[float, ...]) -> float:
    if phase.pairs and phase.half_days:
        return phase.pairs * 2 * phase.half_days
    if phase.block_days is None:
        return phase.max_days
    below = doses[:-1] if phase.doses_mg == "below candidate" else ()
    taken = phase_doses(phase, doses) or below
    return (len(taken) + phase.placebo_blocks) * phase.block_days


def _named(base: Protocol, differences: tuple[Difference, ...]) -> dict[str, Any]:
    """What the changed protocol says of itself: that no figure of the shipped one is its own."""
    what = "; ".join(str(one) for one in differences)
    return {
        "name": f"{base.name}{ENDING}",
        "title": f"{base.title}, adapted to one person",
        "version": f"{base.version}{ENDING}",
        "summary": fill(f"Adapted to one person from {base.name} {base.version}: {what}.", _WIDTH),
        "calibration": Calibration(
            target=base.calibration.target,
            shown_by=f"Not simulated. It was adapted from {base.name} {base.version}, whose figures are not its own.",
            not_covered=("everything, until it is planned for this person",),
        ),
    }


def _differences(base: Protocol, changed: Protocol) -> tuple[Difference, ...]:
    found = list[Difference]()
    if changed.primary != base.primary:
        found.append(Difference("primary", "", base.primary, changed.primary))
    for old, new in zip(base.outcomes, changed.outcomes, strict=True):
        if old.mcid != new.mcid:
            found.append(Difference("mcid", new.name, f"{old.mcid:g}", f"{new.mcid:g}"))
    if changed.drug.ladder_mg != base.drug.ladder_mg:
        found.append(Difference("doses_mg", "", _listed(base.drug.ladder_mg), _listed(changed.drug.ladder_mg)))
    if changed.drug.dose_time != base.drug.dose_time:
        found.append(Difference("dose_time", "", base.drug.dose_time, changed.drug.dose_time))
    for old, new in zip(base.phases, changed.phases, strict=True):
        was, now = adaptable_length(old), adaptable_length(new)
        if was != now:
            found.append(Difference("length", new.name, f"{was:g} days", f"{now:g} days"))
    return tuple(found)


def _listed(doses_mg: tuple[float, ...]) -> str:
    return ", ".join(f"{dose:g}" for dose in doses_mg)
