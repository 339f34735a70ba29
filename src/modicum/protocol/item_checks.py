"""Checks of outcomes, names and sources that types alone cannot make."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from modicum.protocol.finding import Finding
from modicum.protocol.positions import Path
from modicum.protocol.schema import Outcome, Protocol


def suggest(word: str, known: Sequence[str], otherwise: str = "") -> str:
    """What to do about a word that is not known: the nearest known one, else the list, else ``otherwise``."""
    near = get_close_matches(word[:60], known, 1, 0.6)
    if near:
        return f"Did you mean '{near[0]}'?"
    return otherwise or (f"Known are: {', '.join(known)}." if known else "There is none to choose from.")


def check_primary(protocol: Protocol) -> Iterator[Finding]:
    """The primary outcome is one of the outcomes."""
    names = [outcome.name for outcome in protocol.outcomes]
    if protocol.primary not in names:
        yield Finding(
            "MOD-PROTO-14",
            ("primary",),
            protocol.primary,
            "The primary outcome must be the name of one of the outcomes.",
            suggest(protocol.primary, names),
            (("outcomes",),),
        )


def check_scales(protocol: Protocol) -> Iterator[Finding]:
    """Every scale has its ends the right way round, and an MCID inside it."""
    for index, outcome in enumerate(protocol.outcomes):
        path: Path = ("outcomes", index)
        if outcome.low >= outcome.high:
            yield Finding(
                "MOD-PROTO-15",
                (*path, "high"),
                f"{outcome.high:g}",
                f"The scale of '{outcome.name}' must end above its start, {outcome.low:g}.",
                "Write low < high; the direction is said by 'better'.",
                ((*path, "low"),),
            )
        elif outcome.mcid >= outcome.high - outcome.low:
            yield Finding(
                "MOD-PROTO-15",
                (*path, "mcid"),
                f"{outcome.mcid:g}",
                f"The smallest difference that matters must be less than the range, {outcome.high - outcome.low:g}.",
                "Give it in the units of the outcome.",
                ((*path, "low"), (*path, "high")),
            )
        yield from _check_kind(outcome, path)


def _check_kind(outcome: Outcome, path: Path) -> Iterator[Finding]:
    ends = (outcome.low, outcome.high)
    where: tuple[Path, ...] = ((*path, "low"), (*path, "high"))
    if outcome.kind == "binary" and ends != (0, 1):
        message = "A binary outcome is 0 or 1."
        yield Finding("MOD-PROTO-15", (*path, "kind"), outcome.kind, message, "Write low = 0 and high = 1.", where)
    if outcome.kind in ("count", "ordinal") and any(end != int(end) for end in ends):
        message = f"A {outcome.kind} outcome has whole numbers at both ends of its scale."
        yield Finding("MOD-PROTO-15", (*path, "kind"), outcome.kind, message, "Round low and high.", where)
    if outcome.kind == "count" and outcome.low != 0:
        message = "A count starts at 0."
        yield Finding("MOD-PROTO-15", (*path, "low"), f"{outcome.low:g}", message, "Write low = 0.")


def check_sums(protocol: Protocol) -> Iterator[Finding]:
    """A declared sum is of items that are asked, and its range is the sum of theirs."""
    asked = {outcome.name: outcome for outcome in protocol.outcomes if not outcome.sum_of}
    for index, outcome in enumerate(protocol.outcomes):
        path: Path = ("outcomes", index, "sum_of")
        unknown = [part for part in outcome.sum_of if part not in asked]
        for part in unknown:
            message = f"'{outcome.name}' sums '{part}', which is not an outcome that is asked itself."
            yield Finding("MOD-PROTO-25", path, part, message, suggest(part, list(asked)), (("outcomes",),))
        if outcome.sum_of and len(set(outcome.sum_of)) < len(outcome.sum_of):
            message = f"'{outcome.name}' sums an item twice."
            yield Finding("MOD-PROTO-25", path, str(list(outcome.sum_of)), message, "Name each item once.")
        elif outcome.sum_of and not unknown:
            low = sum(asked[part].low for part in outcome.sum_of)
            high = sum(asked[part].high for part in outcome.sum_of)
            if abs(low - outcome.low) + abs(high - outcome.high) > 1e-9 * (1 + abs(low) + abs(high)):
                yield Finding(
                    "MOD-PROTO-25",
                    path,
                    f"{outcome.low:g} to {outcome.high:g}",
                    f"The items of '{outcome.name}' add up to a range of {low:g} to {high:g}.",
                    f"Write low = {low:g} and high = {high:g}.",
                    (("outcomes",),),
                )


def _twice(names: Sequence[str], path: tuple[str, ...], key: str, what: str) -> Iterator[Finding]:
    for index, name in enumerate(names):
        if name in names[:index]:
            where: Path = (*path, index, key) if key else (*path, index)
            yield Finding("MOD-PROTO-16", where, name, f"There are two {what} of this name.", "Give each its own name.")


def check_names(protocol: Protocol) -> Iterator[Finding]:
    """No name is used twice among things of one kind, nor for an outcome and a covariate."""
    yield from _twice([phase.name for phase in protocol.phases], ("phases",), "name", "phases")
    yield from _twice([outcome.name for outcome in protocol.outcomes], ("outcomes",), "name", "outcomes")
    yield from _twice([item.name for item in protocol.side_effects], ("side_effects",), "name", "side effects")
    yield from _twice([source.id for source in protocol.sources], ("sources",), "id", "sources")
    yield from _twice(protocol.covariates, ("covariates",), "", "covariates")
    for index, name in enumerate(protocol.covariates):
        if name in {outcome.name for outcome in protocol.outcomes}:
            message = "An outcome cannot be a covariate of the same protocol."
            yield Finding("MOD-PROTO-16", ("covariates", index), name, message, "Remove it from one of the two lists.")


def check_references(protocol: Protocol) -> Iterator[Finding]:
    """Every source that is referred to is listed; an MCID may say "assumption: ..." instead."""
    known = [source.id for source in protocol.sources]
    references: list[tuple[Path, str]] = []
    for index, item in enumerate(protocol.side_effects):
        references += [(("side_effects", index, "sources"), source) for source in item.sources]
    references += [(("drug", "sources"), source) for source in protocol.drug.sources]
    references += [(("supply", "sources"), source) for source in protocol.supply.sources]
    for index, outcome in enumerate(protocol.outcomes):
        if not outcome.mcid_source.startswith("assumption:"):
            references.append((("outcomes", index, "mcid_source"), outcome.mcid_source))
    for path, source in references:
        if source not in known:
            message = "This source is not listed under [[sources]]."
            fix = suggest(source, known, 'List it under [[sources]], or write "assumption: " and the reason.')
            yield Finding("MOD-PROTO-30", path, source, message, fix, (("sources",),))
