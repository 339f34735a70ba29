"""A protocol as a timetable: what is taken when, who knows it, and what is decided."""

from dataclasses import dataclass

from modicum.protocol.rules import ResponseRule
from modicum.protocol.schema import Outcome, Phase, Protocol
from modicum.protocol.sequences import phase_doses


@dataclass(frozen=True)
class Row:
    """One stretch of the trial, at its longest.

    Args:
        phase: name of the phase.
        from_day: first day, counted from day 0.
        to_day: last day.
        taken: what is taken, in words.
        known_by: who knows what is in the capsules.
        decision: what is decided at the end of the stretch; "" where nothing is.
    """

    phase: str
    from_day: float
    to_day: float
    taken: str
    known_by: str
    decision: str


def schedule(protocol: Protocol) -> tuple[Row, ...]:
    """The timetable of a protocol, every phase at its longest.

    Args:
        protocol: as read.

    Returns:
        One row for each block or pair, or for the whole phase where it has neither.

    Example:
        >>> from modicum.protocol.reading import read_protocol
        >>> [row.to_day for row in schedule(read_protocol("ldn-crossover"))]
        [13.0, 41.0, 69.0, 97.0, 125.0]
    """
    rows: list[Row] = []
    start = 0.0
    for phase in protocol.phases:
        for taken, days, decision in _stretches(protocol, phase):
            row = Row(phase.name, start, start + days - 1, taken, _known_by(phase), decision)
            rows.append(row)
            start += days
    return tuple(rows)


def _known_by(phase: Phase) -> str:
    if not phase.blinded:
        return "everyone"
    if phase.has_placebo:
        return f"the pharmacist only; told: some capsules hold no drug (chance of drug {phase.announced:g})"
    return "the pharmacist only; told: every capsule holds drug"


def say_dose(protocol: Protocol, dose: float) -> str:
    """A dose in words: "1.5 mg", or the treatment where it has no dose."""
    unit = protocol.drug.unit
    return f"{dose:g} {unit}" if unit else protocol.drug.name


def say_points(outcome: Outcome, amount: float) -> str:
    """An amount of an outcome in words: "1 point", "2 points"."""
    unit = outcome.unit.removesuffix("s") if amount == 1 else outcome.unit
    return f"{amount:g} {unit}"


def say_doses(protocol: Protocol, phase: Phase) -> str:
    """The doses of a phase in words."""
    if isinstance(phase.doses_mg, str) and phase.doses_mg != "ladder":
        return {"candidate": "the candidate dose", "below candidate": "each lower dose in doubt"}[phase.doses_mg]
    doses = [say_dose(protocol, dose) for dose in phase_doses(phase, protocol.drug.ladder_mg) or ()]
    return ", ".join(doses[:-1]) + (" or " if len(doses) > 1 else "") + doses[-1] if doses else "nothing"


def _stretches(protocol: Protocol, phase: Phase) -> list[tuple[str, float, str]]:
    doses = phase_doses(phase, protocol.drug.ladder_mg)
    if phase.pairs and phase.half_days:
        parts = _pairs(protocol, phase, phase.half_days)
    elif phase.block_days and doses:
        parts = _blocks(protocol, phase, doses, phase.block_days)
    else:
        parts = [(_whole(protocol, phase), phase.max_days, _whole_decision(protocol, phase))]
    left = phase.max_days - sum(days for _, days, _ in parts)
    if left > 1e-9:
        parts.append(("time to spare", left, ""))
    return parts


def _whole(protocol: Protocol, phase: Phase) -> str:
    if phase.drug_free:
        return "placebo capsules" if phase.has_placebo else "no capsules"
    doses = say_doses(protocol, phase)
    if phase.block_days and phase.placebo_blocks:
        count = "one placebo block" if phase.placebo_blocks == 1 else f"{phase.placebo_blocks} placebo blocks"
        return f"{doses}, {phase.block_days:g} days each, and {count}, in random order"
    return doses


def _whole_decision(protocol: Protocol, phase: Phase) -> str:
    step = protocol.rules.step_down
    if phase.kind == "step-down" and step:
        return (
            f"in doubt is a dose with {_p_mcid(protocol)} between {step.p_low:g} and {step.p_high:g}; "
            f"the answer is the lowest dose with at least {step.p_answer:g}"
        )
    return "whether to begin" if phase.kind == "run-in" else ""


def _p_mcid(protocol: Protocol) -> str:
    outcome = protocol.primary_outcome
    return f"P(benefit >= {say_points(outcome, outcome.mcid)})"


def _blocks(
    protocol: Protocol, phase: Phase, doses: tuple[float, ...], block_days: float
) -> list[tuple[str, float, str]]:
    count = len(doses) + phase.placebo_blocks
    decisions = [_block_decision(protocol, phase)] * count
    last = _last_decision(protocol, phase)
    decisions[-1] = "; ".join(part for part in (decisions[-1], last) if part)
    if phase.placebo_blocks:
        nexts = "the next dose up or placebo" if phase.order == "ascending with hidden placebo" else "a dose or placebo"
        taken = [f"block {place + 1} of {count}: {nexts}" for place in range(count)]
    else:
        taken = [say_dose(protocol, dose) for dose in doses]
    return [(what, block_days, decision) for what, decision in zip(taken, decisions, strict=True)]


def _block_decision(protocol: Protocol, phase: Phase) -> str:
    rules, response = protocol.rules.titration, protocol.rules.response or ResponseRule()
    if phase.blinded and rules and phase.kind == "titration":
        after = "an active block" if rules.leave_after == "active block" else "any block"
        return f"leave for confirmation after {after} if {_p_mcid(protocol)} of a tried dose is above {rules.p_leave:g}"
    if not phase.blinded and phase.kind in ("titration", "open"):
        enough = say_points(protocol.primary_outcome, response.enough(protocol.primary_outcome.mcid))
        return f"step up, unless better by {response.share:.0%} or {enough} by eye: then stay"
    return ""


def _last_decision(protocol: Protocol, phase: Phase) -> str:
    rules = protocol.rules.titration
    if phase.blinded and rules and phase.kind == "titration":
        return f"at the end, stop as futile if the largest is below {rules.p_futile:g}"
    return ""


def _pairs(protocol: Protocol, phase: Phase, half_days: float) -> list[tuple[str, float, str]]:
    against = "placebo" if phase.blinded else "nothing"
    order = "order by a fair coin" if phase.order == "fair coin per pair" else "in this order"
    what = f"{say_doses(protocol, phase)} and {against}, {half_days:g} days each, {order}"
    return [
        (f"pair {pair} of {phase.pairs}: {what}", 2 * half_days, _pair_decision(protocol, phase, pair))
        for pair in range(1, phase.pairs + 1)
    ]


def _pair_decision(protocol: Protocol, phase: Phase, pair: int) -> str:
    rules = protocol.rules
    own = rules.confirmation if phase.kind == "confirmation" else None
    parts: list[str] = []
    if pair in phase.looks:
        p_better = own.p_better_at(early=pair < max(phase.looks)) if own else rules.p_better
        p_mcid = own.p_mcid if own else rules.p_mcid
        parts.append(f"works if P(benefit > 0) is above {p_better:g} and {_p_mcid(protocol)} above {p_mcid:g}")
    if own and pair < phase.pairs:
        parts.append(
            f"all tried doses below {own.p_stop_all:g}: stop, or one rung up; "
            f"candidate below {own.p_choose_again:g}: choose again"
        )
    return "; ".join(parts)
