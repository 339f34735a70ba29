"""Checks of the rules that types alone cannot make."""

from collections.abc import Iterator

from modicum.protocol.finding import Finding
from modicum.protocol.positions import Path
from modicum.protocol.schema import Protocol


def check_rule_phases(protocol: Protocol) -> Iterator[Finding]:
    """A phase with rules of its own has them, and there are none for a phase that is not there."""
    kinds = {phase.kind for phase in protocol.phases}
    rules = protocol.rules
    blinded_titration = any(phase.kind == "titration" and phase.blinded for phase in protocol.phases)
    open_drug = any(not phase.blinded and not phase.drug_free for phase in protocol.phases)
    given = {
        "confirmation": (rules.confirmation, "confirmation" in kinds, True),
        "step_down": (rules.step_down, "step-down" in kinds, True),
        "titration": (rules.titration, blinded_titration, "confirmation" in kinds),
        "response": (rules.response, open_drug, False),
    }
    for name, (rule, present, needed) in given.items():
        path: Path = ("rules", name)
        needs: tuple[Path, ...] = (("phases",), ("rules",))
        if rule is not None and not present:
            message = f"There are rules for '{name}', and no phase that they apply to."
            yield Finding("MOD-PROTO-28", path, "", message, "Remove them, or add the phase.", needs)
        if rule is None and present and needed:
            message = f"There is a phase that needs [rules.{name}], and none are given."
            yield Finding("MOD-PROTO-28", path, "", message, f"Add [rules.{name}].", needs)


def check_maintenance(protocol: Protocol) -> Iterator[Finding]:
    """A window of maintenance holds entries enough, and is over before a re-challenge is due."""
    kept = protocol.maintenance
    if kept is None:
        return
    if kept.window_days < 2 * kept.entry_days:
        message = (
            f"A window of {kept.window_days:g} days has fewer than two entries, one every {kept.entry_days:g} days."
        )
        fix = "Look at more days, or ask more often."
        yield Finding("MOD-PROTO-29", ("maintenance", "window_days"), f"{kept.window_days:g}", message, fix)
    if kept.rechallenge_after_days < kept.window_days:
        message = f"A re-challenge would be due before the first window of {kept.window_days:g} days is over."
        path: Path = ("maintenance", "rechallenge_after_days")
        value = f"{kept.rechallenge_after_days:g}"
        yield Finding("MOD-PROTO-29", path, value, message, "Wait longer, or look at fewer days.", (("maintenance",),))


def check_thresholds(protocol: Protocol) -> Iterator[Finding]:
    """Thresholds of one phase do not contradict each other."""
    confirmation, step_down = protocol.rules.confirmation, protocol.rules.step_down
    if confirmation:
        path: Path = ("rules", "confirmation")
        if confirmation.p_early is not None and confirmation.p_early < confirmation.p_better:
            message = f"p_early must not be below p_better, which is {confirmation.p_better:g}."
            fix = "An early look asks for more than the last one, not for less."
            yield Finding("MOD-PROTO-29", (*path, "p_early"), f"{confirmation.p_early:g}", message, fix, (path,))
        rising = (confirmation.p_stop_all, confirmation.p_choose_again, confirmation.p_candidate)
        if list(rising) != sorted(rising):
            message = "p_stop_all, p_choose_again and p_candidate must rise in this order."
            fix = "A dose that is good enough to be chosen cannot be bad enough to be dropped."
            yield Finding(
                "MOD-PROTO-29", (*path, "p_candidate"), f"{confirmation.p_candidate:g}", message, fix, (path,)
            )
        pairs = max((phase.pairs for phase in protocol.phases if phase.kind == "confirmation"), default=0)
        if pairs and confirmation.own_pairs > pairs:
            message = f"A candidate cannot have {confirmation.own_pairs} pairs of its own: the phase has {pairs}."
            value = str(confirmation.own_pairs)
            fix = "Write fewer own_pairs, or more pairs."
            yield Finding("MOD-PROTO-29", (*path, "own_pairs"), value, message, fix, (("phases",),))
    if step_down and step_down.p_low >= step_down.p_high:
        path = ("rules", "step_down")
        message = "p_low must be below p_high: doses between them are tried."
        fix = "Exchange the two."
        yield Finding("MOD-PROTO-29", (*path, "p_high"), f"{step_down.p_high:g}", message, fix, (path,))
