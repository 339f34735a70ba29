"""Walking through a protocol: which block comes next, by its rules, given what every look has shown.

Each kind of phase is a generator that yields blocks, receives looks, and reads like the protocol's own text. A walk is
deterministic in roles and looks, so that the state of a trial is a walk repeated over what was recorded.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

from modicum.protocol.rules import ConfirmationRules, ResponseRule, StepDownRules, TitrationRules
from modicum.protocol.schema import Phase, Protocol
from modicum.protocol.sequences import phase_doses
from modicum.trial.block import Block, Ending, EndingCode, Look, LookKind, Roles

Walk = Generator[Block, Look, None]


class Over(Exception):  # noqa: N818 - not an error: the trial is over
    """A rule ended the trial."""

    def __init__(self, code: EndingCode, dose_mg: float | None = None):
        self.ending = Ending(code, dose_mg)
        super().__init__(code)


@dataclass
class Walker:
    """What a walk remembers from phase to phase.

    Args:
        protocol: walked through.
        roles: drawn before the first capsule.
        look: the last one.
        candidate: rung in confirmation, from 0.
        why: the decision that leads to the next block.
    """

    protocol: Protocol
    roles: Roles
    look: Look = field(default_factory=Look)
    candidate: int | None = None
    why: str = "start"

    @property
    def ladder(self) -> tuple[float, ...]:
        """Rungs, mg."""
        return self.protocol.drug.ladder_mg

    def spend(self, phase: Phase, capsule_mg: float, days: float, look: LookKind = "") -> Walk:
        """One block; where it ends in a look, the rule for harm is asked first."""
        guess = 0 < phase.announced < 1
        seen = yield Block(phase.name, phase.announced, capsule_mg, int(days), look, guess, self.why)
        self.why = "continue"
        if not look:
            return
        self.look = seen
        if look == "posterior" and capsule_mg > 0:
            self.stop_for_harm(self.rung(capsule_mg))

    def stop_for_harm(self, rung: int) -> None:
        """P(benefit of the last dose in force < -MCID) reaches the threshold."""
        if self.look.taken[rung] and self.look.p_harm[rung] >= self.protocol.rules.p_harm:
            raise Over("harm", self.ladder[rung])

    def rung(self, dose_mg: float) -> int:
        """The rung of a dose."""
        return min(range(len(self.ladder)), key=lambda k: abs(self.ladder[k] - dose_mg))

    def tried(self) -> list[int]:
        """Rungs that were assigned so far."""
        return [k for k, taken in enumerate(self.look.taken) if taken]


def walk(protocol: Protocol, roles: Roles) -> Generator[Block, Look, Ending]:
    """The blocks of a trial, one after the other; receives a look after every block that asks for one.

    Args:
        protocol: of the trial.
        roles: drawn before the first capsule.

    Returns:
        How it ended.
    """
    walker = Walker(protocol, roles)
    try:
        for phase in protocol.phases:
            yield from _KINDS[_kind(phase)](walker, phase)
    except Over as over:
        return over.ending
    return Ending("finished", None if walker.candidate is None else walker.ladder[walker.candidate])


def _kind(phase: Phase) -> str:
    if phase.kind == "titration":
        return "titration" if phase.blinded else "open titration"
    if phase.kind in ("confirmation", "step-down"):
        return phase.kind
    return "pairs" if phase.pairs else "blocks"


def _blocks(walker: Walker, phase: Phase) -> Walk:
    """Blocks in the drawn order, or one stretch; nothing is decided."""
    doses = walker.roles.sequences.get(phase.name) or phase_doses(phase, walker.ladder) or (0.0,)
    days = phase.block_days or phase.max_days / len(doses)
    for dose in doses:
        yield from walker.spend(phase, dose, days)


def _open_titration(walker: Walker, phase: Phase) -> Walk:
    """Usual practice: a step up while there is no response by eye; with one, stay (the trial is then over)."""
    protocol = walker.protocol
    rule = protocol.rules.response or ResponseRule()
    enough = rule.enough(protocol.primary_outcome.mcid)
    doses = phase_doses(phase, walker.ladder) or ()
    for dose in doses:
        yield from walker.spend(phase, dose, phase.block_days or phase.max_days / len(doses), "eye")
        if responds(walker.look, protocol, rule.share, enough):
            raise Over("responded", dose)
        walker.why = "step up"
    raise Over("no-response")


def responds(look: Look, protocol: Protocol, share: float, points: float) -> bool:
    """Better by a share of the level before the first dose, or by so many points; either is enough."""
    if look.before is None or look.lately is None:
        return False
    outcome = protocol.primary_outcome
    better = look.before - look.lately if outcome.better == "lower" else look.lately - look.before
    height = look.before - outcome.low if outcome.better == "lower" else outcome.high - look.before
    return better >= points or (better > 0 and better >= share * height)


def _titration(walker: Walker, phase: Phase) -> Walk:
    """A blinded climb with hidden placebo; left as soon as a tried dose is probably enough.

    A look after a placebo block is kept for the next active one, so that such a block never ends in a decision.
    """
    rules = walker.protocol.rules.titration or TitrationRules()
    sequence = walker.roles.sequences.get(phase.name) or phase_doses(phase, walker.ladder) or ()
    for place, dose in enumerate(sequence, start=1):
        last = place == len(sequence)
        active = dose > 0 or rules.leave_after == "any block"
        yield from walker.spend(phase, dose, phase.block_days or 1, "posterior" if active or last else "")
        if active and any(walker.look.p_mcid[k] > rules.p_leave for k in walker.tried()):
            walker.why = "leave for confirmation"
            break
    if max((walker.look.p_mcid[k] for k in walker.tried()), default=0.0) < rules.p_futile:
        raise Over("futile")
    walker.candidate = choose(walker, rungs_up=0)


def choose(walker: Walker, rungs_up: int) -> int:
    """The lowest dose with P(benefit >= MCID) of at least the threshold, else the most probable one.

    Args:
        walker: whose last look decides.
        rungs_up: most rungs above what was tried.
    """
    rules = walker.protocol.rules.confirmation or ConfirmationRules()
    highest = max(walker.tried(), default=-1) + rungs_up
    rungs = range(min(max(highest, 0), len(walker.ladder) - 1) + 1)
    likely = [k for k in rungs if walker.look.p_mcid[k] >= rules.p_candidate]
    return likely[0] if likely else max(rungs, key=lambda k: walker.look.p_mcid[k])


def passes(look: Look, rung: int, p_better: float, p_mcid: float) -> bool:
    """The dual criterion (Roychoudhury, Scheuer & Neuenschwander 2018)."""
    return look.p_better[rung] >= p_better and look.p_mcid[rung] >= p_mcid


def _pairs(walker: Walker, phase: Phase) -> Walk:
    """Pairs of a dose and placebo; "works" at a planned look ends the trial."""
    rules, doses = walker.protocol.rules, phase_doses(phase, walker.ladder) or walker.ladder[:1]
    rung = walker.rung(doses[0])
    for pair, halves in enumerate(_halves(walker, phase), start=1):
        yield from _pair(walker, phase, halves, rung, look=pair in phase.looks)
        if pair in phase.looks and passes(walker.look, rung, rules.p_better, rules.p_mcid):
            raise Over("works", walker.ladder[rung])


def _halves(walker: Walker, phase: Phase) -> list[Sequence[float]]:
    drawn = walker.roles.sequences.get(phase.name) or (1.0, 0.0) * phase.pairs
    return [drawn[at : at + 2] for at in range(0, len(drawn), 2)]


def _pair(walker: Walker, phase: Phase, halves: Sequence[float], rung: int, *, look: bool) -> Walk:
    """Both halves; the look, if any, is at the end of the pair whichever half comes last."""
    for place, half in enumerate(halves):
        kind: LookKind = "posterior" if look and place == 1 else ""
        yield from walker.spend(phase, walker.ladder[rung] if half > 0 else 0.0, phase.half_days or 1, kind)
    if look:
        walker.stop_for_harm(rung)


def _confirmation(walker: Walker, phase: Phase) -> Walk:
    """Blinded pairs of the candidate and placebo; each ends in a look, and "works" may be said at the planned ones."""
    rules = walker.protocol.rules.confirmation or ConfirmationRules()
    own, rechosen = 0, False
    for pair, halves in enumerate(_halves(walker, phase), start=1):
        rung = walker.candidate = walker.candidate or 0
        yield from _pair(walker, phase, halves, rung, look=True)
        own += 1
        enough = not rechosen or own >= rules.own_pairs
        p_better = rules.p_better_at(early=pair < max(phase.looks, default=0))
        if pair in phase.looks and enough and passes(walker.look, rung, p_better, rules.p_mcid):
            walker.why = "confirmed"
            return
        if pair < phase.pairs and (found := _again(walker, rules)) != rung:
            walker.candidate, own, rechosen, walker.why = found, 0, True, "choose again"
    raise Over("not-confirmed", walker.ladder[walker.candidate or 0])


def _again(walker: Walker, rules: ConfirmationRules) -> int:
    """The candidate of the next pair; ends the trial where nothing tried holds promise and the top was reached."""
    look, tried, rung = walker.look, walker.tried(), walker.candidate or 0
    if all(look.p_mcid[k] < rules.p_stop_all for k in tried):
        if max(tried) == len(walker.ladder) - 1:
            raise Over("stopped-all")
        return max(tried) + 1
    return choose(walker, rules.rungs_up) if look.p_mcid[rung] < rules.p_choose_again else rung


def _step_down(walker: Walker, phase: Phase) -> Walk:
    """After success: one block of each lower dose in doubt and of placebo, in the drawn order."""
    rules, candidate = walker.protocol.rules.step_down or StepDownRules(), walker.candidate or 0
    doubtful = [k for k in range(candidate) if rules.p_low < walker.look.p_mcid[k] < rules.p_high]
    days = phase.block_days or 1
    if not doubtful:
        return
    rungs = len(walker.ladder)
    play = [*doubtful, *range(rungs, rungs + phase.placebo_blocks)]
    ranks = walker.roles.ranks[phase.name]
    play = sorted(play, key=lambda place: ranks[place])[: int(phase.max_days // days)]
    for place in play:
        yield from walker.spend(phase, walker.ladder[place] if place < rungs else 0.0, days)


_KINDS: dict[str, Callable[[Walker, Phase], Walk]] = {
    "blocks": _blocks,
    "pairs": _pairs,
    "titration": _titration,
    "open titration": _open_titration,
    "confirmation": _confirmation,
    "step-down": _step_down,
}
