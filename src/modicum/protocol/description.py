"""A protocol in words, as ``modicum protocol show`` prints it."""

import textwrap

from modicum.protocol.schema import Outcome, Protocol
from modicum.protocol.timetable import Row, say_dose, say_points, schedule

_WIDTHS = (9, 33, 23, 44)
_GAP = "  "


def describe(protocol: Protocol) -> str:
    """The whole protocol in plain text: what is taken when, who knows, what is decided, and on what it rests.

    Args:
        protocol: as read.

    Returns:
        Text of at most 115 columns, ending with a line break.
    """
    title = f"{protocol.title} ({protocol.name} {protocol.version})"
    parts = [
        title,
        "=" * len(title),
        "",
        *_wrap(protocol.summary),
        "",
        *_treatment(protocol),
        "",
        *_timetable(protocol),
        "",
        "Rules that hold throughout",
        *_rules(protocol),
        "",
        "Items, once an evening (the first decides)",
        *_items(protocol),
        "",
        "Side effects asked, 0 none to 3 severe",
        *_wrap(", ".join(item.label for item in protocol.side_effects) or "none", "  "),
        "",
        "How often a useless drug would be declared to work",
        *_wrap(protocol.calibration.shown_by, "  "),
        *[line for gap in protocol.calibration.not_covered for line in _wrap(f"Not simulated: {gap}.", "  ")],
        "",
        "Sources",
        *_sources(protocol),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _wrap(text: str, indent: str = "") -> list[str]:
    joined = " ".join(text.split())
    return textwrap.wrap(joined, 108, initial_indent=indent, subsequent_indent=indent) or [""]


def _treatment(protocol: Protocol) -> list[str]:
    drug, supply = protocol.drug, protocol.supply
    doses = ", ".join(say_dose(protocol, dose) for dose in drug.ladder_mg)
    lines = _wrap(f"{drug.name}, {drug.form}, {drug.route}, at {drug.dose_time}: {doses}. {drug.notes}")
    again = "the full dose at once" if supply.reentry == "at once" else supply.reentry
    lines += _wrap(f"At most {supply.max_capsules} a night; after placebo, {again}. {supply.notes}")
    for remark in protocol.screening.remarks:
        lines += _wrap(remark)
    return lines


def _timetable(protocol: Protocol) -> list[str]:
    days = protocol.planned_days
    lines = [
        f"Timetable, every phase at its longest: {days:g} days ({days / 7:.0f} weeks), counted from day 0",
        "",
        *_columns(("Days", "What is taken", "Who knows", "What is decided")),
    ]
    phase = ""
    for row in schedule(protocol):
        if row.phase != phase:
            phase = row.phase
            lines += ["", protocol.phase(phase).title or phase]
        lines += _columns((_days(row), row.taken, row.known_by, row.decision))
    return lines


def _days(row: Row) -> str:
    return f"{row.from_day:g}-{row.to_day:g}"


def _columns(cells: tuple[str, ...]) -> list[str]:
    wrapped = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, _WIDTHS, strict=True)]
    height = max(len(cell) for cell in wrapped)
    padded = [cell + [""] * (height - len(cell)) for cell in wrapped]
    rows = zip(*padded, strict=True)
    return [_GAP.join(part.ljust(width) for part, width in zip(row, _WIDTHS, strict=True)).rstrip() for row in rows]


def _rules(protocol: Protocol) -> list[str]:
    rules, matters = protocol.rules, say_points(protocol.primary_outcome, protocol.primary_outcome.mcid)
    nothing = f"P(no dose assigned {rules.min_days_assigned:g} days or more brings {matters})"
    sentences = [
        f"Stop for harm if P(worse by more than {matters}) reaches {rules.p_harm:g}, or at a side effect graded 3.",
        f"It does nothing that matters if {nothing} reaches {rules.p_nothing:g}, the top dose included.",
    ]
    if rules.p_agree is not None:
        needed = f"the belief-adjusted analysis must reach P(benefit > 0) of {rules.p_agree:g} too"
        sentences.append(
            f"Where guesses were given for side effects, {needed}; "
            "else 'works' is followed by 'perhaps through having noticed the drug'."
        )
    if not protocol.has_confirmation:
        sentences.append(f"Futile if the chance of 'works' by the planned end falls below {rules.p_futile:g}.")
    return [line for sentence in sentences for line in _wrap(sentence, "  ")]


def _items(protocol: Protocol) -> list[str]:
    first = protocol.primary_outcome
    ordered = (first, *(outcome for outcome in protocol.outcomes if outcome != first))
    return [line for outcome in ordered for line in _wrap(_item(outcome), "  ")]


def _item(outcome: Outcome) -> str:
    low = f"{outcome.low:g}" + (f" ({outcome.low_label})" if outcome.low_label else "")
    high = f"{outcome.high:g}" + (f" ({outcome.high_label})" if outcome.high_label else "")
    source = outcome.mcid_source.rstrip(".")
    return (
        f"{outcome.label}: {outcome.question} {low} to {high}, {outcome.better} is better. "
        f"What matters: {say_points(outcome, outcome.mcid)} ({source})."
    )


def _sources(protocol: Protocol) -> list[str]:
    lines: list[str] = []
    for source in protocol.sources:
        grade = source.grade + ("" if source.verified else ", not verified")
        place = f" {source.doi}." if source.doi else ""
        lines += _wrap(f"{source.id} [{grade}]: {source.citation}.{place} {source.supports}", "  ")
    return lines or ["  none"]
