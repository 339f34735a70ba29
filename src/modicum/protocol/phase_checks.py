"""Checks of the phases that types alone cannot make: can this trial be run as written?"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from modicum.protocol.finding import Finding
from modicum.protocol.positions import Path
from modicum.protocol.schema import Phase, Protocol
from modicum.protocol.sequences import list_sequences, phase_doses, placebo_gaps

DRUG_FREE_KINDS = ("run-in", "washout")
PAIRED_KINDS = ("crossover", "confirmation")


Fault = tuple[bool, str, str, str]  # whether it applies, the field to change, the message, the fix

_KIND_FIELDS = ("kind", "doses_mg", "pairs", "placebo_blocks", "blinded")
_ANNOUNCED_FIELDS = ("announced", "blinded", "doses_mg", "pairs", "placebo_blocks")
_LENGTH_FIELDS = ("pairs", "half_days", "block_days", "placebo_blocks", "doses_mg", "max_days")
_LOOK_FIELDS = ("looks", "pairs")
_ORDER_FIELDS = ("order", "blinded", "pairs", "placebo_blocks", "doses_mg", "placebo_in_different_gaps")


def _find(
    protocol: Protocol, code: str, reads: tuple[str, ...], faults: Callable[[Phase], list[Fault]]
) -> Iterator[Finding]:
    for index, phase in enumerate(protocol.phases):
        needs: tuple[Path, ...] = (("drug", "ladder_mg"), *(("phases", index, field) for field in reads))
        for applies, key, message, fix in faults(phase):
            if applies:
                value = getattr(phase, key)
                shown = f"{value:g}" if isinstance(value, float) else str(value).lower()
                yield Finding(code, ("phases", index, key), shown, message, fix, needs)


def check_kinds(protocol: Protocol) -> Iterator[Finding]:
    """Each phase has what its kind needs, and not what its kind excludes."""
    return _find(protocol, "MOD-PROTO-19", _KIND_FIELDS, _kind_faults)


def _kind_faults(phase: Phase) -> list[Fault]:
    kind, drug_free = phase.kind, phase.drug_free
    no_drug = kind in DRUG_FREE_KINDS
    one_dose = phase.doses_mg == "candidate" or (isinstance(phase.doses_mg, tuple) and len(phase.doses_mg) == 1)
    words = 'Write doses_mg as a list, "ladder", "candidate" or "below candidate".'
    compares = "Give pairs and half_days, or placebo_blocks."
    return [
        (no_drug and not drug_free, "doses_mg", f"No drug is taken in a {kind}.", "Leave doses_mg out."),
        (not no_drug and drug_free, "kind", f"A {kind} needs doses.", words),
        (
            kind in PAIRED_KINDS and not phase.has_placebo,
            "kind",
            f"A {kind} compares with placebo, and this one has none.",
            compares,
        ),
        (
            phase.pairs > 0 and not drug_free and not one_dose,
            "doses_mg",
            "Pairs compare one dose with placebo.",
            'Give one dose, or "candidate"; several doses need blocks.',
        ),
        (
            kind == "confirmation" and not phase.blinded,
            "blinded",
            "A confirmation must be blinded: an open one cannot tell drug from hope.",
            "Write blinded = true.",
        ),
        (
            kind == "open" and phase.blinded,
            "blinded",
            "A phase of kind open is not blinded.",
            "Write blinded = false, or another kind.",
        ),
        (
            phase.placebo_blocks > 0 and not phase.blinded,
            "placebo_blocks",
            "Placebo blocks make sense only where nobody knows them.",
            "Write blinded = true, or leave them out.",
        ),
    ]


def check_announcements(protocol: Protocol) -> Iterator[Finding]:
    """What the person is told is what the capsules hold."""
    return _find(protocol, "MOD-PROTO-18", _ANNOUNCED_FIELDS, _announced_faults)


def _announced_faults(phase: Phase) -> list[Fault]:
    mixed = phase.blinded and phase.has_placebo
    return [
        (
            phase.drug_free and not phase.has_placebo and phase.announced != 0,
            "announced",
            f"No drug is taken in '{phase.name}' and everyone knows it: 0 must be announced.",
            "Write announced = 0.",
        ),
        (
            mixed and not 0 < phase.announced < 1,
            "announced",
            f"In '{phase.name}' some capsules hold no drug: neither 0 nor 1 can be announced honestly.",
            "Write announced = 0.5, or the share.",
        ),
        (
            not phase.drug_free and not mixed and phase.announced != 1,
            "announced",
            f"In '{phase.name}' the person knows when drug is taken: 1 must be announced.",
            "Write announced = 1.",
        ),
    ]


def check_doses(protocol: Protocol) -> Iterator[Finding]:
    """Every dose of a phase is on the ladder."""
    ladder = protocol.drug.ladder_mg
    for index, phase in enumerate(protocol.phases):
        doses = () if isinstance(phase.doses_mg, str) else phase.doses_mg
        for place, dose in enumerate(doses):
            if dose not in ladder:
                path: Path = ("phases", index, "doses_mg", place)
                nearest = min(ladder, key=lambda rung: abs(rung - dose))
                message = "This dose is not on the ladder."
                fix = f"Add it to ladder_mg, or take the nearest rung, {nearest:g}."
                yield Finding("MOD-PROTO-20", path, f"{dose:g}", message, fix, (("drug", "ladder_mg"),))


def check_looks(protocol: Protocol) -> Iterator[Finding]:
    """Looks ascend and lie within the pairs."""
    return _find(protocol, "MOD-PROTO-21", _LOOK_FIELDS, _look_faults)


def _look_faults(phase: Phase) -> list[Fault]:
    ascending = all(low < high for low, high in pairwise(phase.looks))
    last = max(phase.looks, default=0)
    return [
        (not ascending, "looks", "Looks must ascend, each once.", f"Write {sorted(set(phase.looks))}."),
        (
            last > phase.pairs,
            "looks",
            f"There is no pair {last} to look after: the phase has {phase.pairs}.",
            "Add pairs, or leave that look out.",
        ),
    ]


def check_lengths(protocol: Protocol) -> Iterator[Finding]:
    """Blocks, pairs and the phase fit together."""
    ladder = protocol.drug.ladder_mg
    return _find(protocol, "MOD-PROTO-22", _LENGTH_FIELDS, lambda p: _length_faults(p, needed_days(p, ladder)))


def _length_faults(phase: Phase, needed: float | None) -> list[Fault]:
    half, block, pairs = phase.half_days is not None, phase.block_days is not None, phase.pairs > 0
    return [
        (pairs and not half, "pairs", "Pairs need the length of each half.", "Give half_days."),
        (
            half and not pairs,
            "half_days",
            "half_days is the length of half a pair, and there are no pairs.",
            "Give pairs, or block_days instead.",
        ),
        (
            pairs and (block or phase.placebo_blocks > 0),
            "pairs",
            "A phase is made of pairs or of blocks, not both.",
            "Split it into two phases.",
        ),
        (
            phase.placebo_blocks > 0 and not block,
            "placebo_blocks",
            "Placebo blocks need their length.",
            "Give block_days.",
        ),
        (
            needed is not None and needed > phase.max_days + 1e-9,
            "max_days",
            f"Its blocks take {needed or 0:g} days, more than the phase may last.",
            f"Write max_days = {needed or 0:g}, or fewer or shorter blocks.",
        ),
    ]


def needed_days(phase: Phase, ladder_mg: tuple[float, ...]) -> float | None:
    """Days that all blocks or pairs of a phase take, or None where the data decide or there are none."""
    if phase.pairs and phase.half_days:
        return phase.pairs * 2 * phase.half_days
    doses = phase_doses(phase, ladder_mg)
    if phase.block_days is None or doses is None:
        return None
    return (len(doses) + phase.placebo_blocks) * phase.block_days


def check_succession(protocol: Protocol) -> Iterator[Finding]:
    """A run-in comes first; a candidate and a step-down come after what finds them."""
    kinds = [phase.kind for phase in protocol.phases]
    for index, phase in enumerate(protocol.phases):
        needs: tuple[Path, ...] = (*(("phases", place, "kind") for place in range(index + 1)),)
        for applies, key, message, fix in _succession_faults(phase, set(kinds[:index])):
            if applies:
                value = str(getattr(phase, key))
                yield Finding("MOD-PROTO-23", ("phases", index, key), value, message, fix, needs)


def _succession_faults(phase: Phase, before: set[str]) -> list[Fault]:
    steps_down = phase.kind == "step-down" or phase.doses_mg == "below candidate"
    return [
        (
            phase.kind == "run-in" and bool(before),
            "kind",
            "A run-in comes before everything else.",
            'Put it first, or call it a "washout".',
        ),
        (
            phase.doses_mg == "candidate" and not before & {"titration", "open"},
            "doses_mg",
            "No earlier phase finds a candidate.",
            "Put a titration before it, or give the dose.",
        ),
        (
            steps_down and not before & set(PAIRED_KINDS),
            "kind",
            "There is nothing to step down from.",
            "Put a confirmation or a crossover before it.",
        ),
    ]


def check_orders(protocol: Protocol) -> Iterator[Finding]:
    """The order is drawn wherever placebo hides, and in a way that fits the blocks."""
    ladder = protocol.drug.ladder_mg
    return _find(protocol, "MOD-PROTO-24", _ORDER_FIELDS, lambda p: _order_faults(p, placebo_gaps(p, ladder)))


def _order_faults(phase: Phase, gaps: int | None) -> list[Fault]:
    hidden = phase.blinded and phase.has_placebo and not phase.drug_free
    paired = phase.order == "fair coin per pair"
    return [
        (
            hidden and phase.order == "as listed",
            "order",
            "Placebo in a fixed order can be guessed: the order must be drawn, the first block included.",
            'Write order = "fair coin per pair", "ascending with hidden placebo" or "any order".',
        ),
        (
            phase.order != "as listed" and paired != (phase.pairs > 0),
            "order",
            f"This way of drawing does not fit a phase with {phase.pairs} pairs.",
            'Pairs are drawn by "fair coin per pair"; blocks by one of the others.',
        ),
        (
            phase.order == "ascending with hidden placebo" and not phase.placebo_blocks,
            "order",
            "There are no placebo blocks to hide.",
            "Give placebo_blocks.",
        ),
        (
            phase.placebo_in_different_gaps and gaps is not None and phase.placebo_blocks > gaps,
            "placebo_blocks",
            f"Placebo blocks in different gaps are at most as many as the gaps: {gaps}.",
            "Take fewer placebo blocks.",
        ),
    ]


def check_counts(protocol: Protocol) -> Iterator[Finding]:
    """A stated number of sequences is the number that can come out."""
    ladder = protocol.drug.ladder_mg
    return _find(protocol, "MOD-PROTO-26", ("sequences", *_ORDER_FIELDS), lambda p: _count_faults(p, ladder))


def _count_faults(phase: Phase, ladder_mg: tuple[float, ...]) -> list[Fault]:
    if phase.sequences is None:
        return []
    found = list_sequences(phase, ladder_mg)
    if found is None:
        message = "How many sequences there are cannot be listed before the trial."
        return [(True, "sequences", message, "Leave sequences out.")]
    message = f"This way of drawing the order has {len(found)} sequences."
    fix = f"Write sequences = {len(found)}, or change the constraint."
    return [(len(found) != phase.sequences, "sequences", message, fix)]
