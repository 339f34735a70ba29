"""Replacing: a kit that was recalled, is beyond its date, lost, damaged or back too early is made again.

So its period goes on. What has left the pharmacy is never handed out again, whole or not: nobody knows how it was kept.

The prescriber orders nothing anew, and nothing of it depends on what the kit holds. A replacement is a kit like any
other, in a batch of its own, and can be replaced itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modicum.allocation.draws import Randomness
from modicum.foundation.errors import Problem, SupplyError, problem
from modicum.services import folders
from modicum.services.diary.story import Story
from modicum.services.dispensing.acting import LONGEST_WHY, Deed, check_over, find_kit
from modicum.services.dispensing.kit_plan import KitPlan
from modicum.services.dispensing.nights import is_over
from modicum.services.dispensing.supplies import LOST, RECALLED, REPLACED, Supplied
from modicum.services.kits_again import keep_again, open_again
from modicum.supply.codes import say_code

EXPIRED, DAMAGED = "expired", "damaged"
MISTAKEN, EARLY = "handed out by mistake", "back early"
REASONS = (RECALLED, EXPIRED, LOST, DAMAGED, MISTAKEN, EARLY)


@dataclass(frozen=True)
class Wanted:
    """What a pharmacist asks for.

    Args:
        code: of the kit that is replaced, as it was typed or scanned.
        reason: one of ``REASONS``.
        why: the same in her own words; may be "".
    """

    code: str
    reason: str
    why: str = ""

    @property
    def said(self) -> tuple[str, str]:
        """Reason and words, as they are kept."""
        return self.reason, self.why.strip()


def replace_kit(
    deed: Deed, plan: KitPlan, story: Story, wanted: Wanted, *, folder: Path, randomness: Randomness
) -> Supplied:
    """Have a kit made again. Asked for again in the same words it is the same.

    Its code is drawn and kept first, then the replacement is told, both before anything of it is opened or printed.

    Args:
        deed: of the pharmacist.
        plan: of the course that the kit is of.
        story: of the trial.
        wanted: which kit, and why.
        folder: of the allocation of this course, where anything was drawn.
        randomness: number of bytes to that many bytes of chance.

    Returns:
        The kit that is to be made.

    Raises:
        SupplyError: no kit has this code or it is not this patient's, nothing is taken of it any more, it was not made,
            was replaced for another reason, or the reason is not so.
    """
    kit = find_kit(deed, wanted.code)
    found = list(_check_words(*wanted.said))
    if not kit.replaced_by:
        found += [*_check_kit(deed, plan, story, kit), *_check_reason(deed, plan, kit, wanted.reason)]
    if found:
        raise SupplyError(found)
    if not kit.replaced_by:
        again, (reason, why) = _keep_code(deed, plan, kit, folder, randomness), wanted.said
        deed.tell(REPLACED, kit.code, {"by": again, "batch": f"{kit.phase} {again}", "reason": reason, "why": why})
    after = deed.supplies().kits
    told = after[kit.code]
    if (told.replaced_for, told.replaced_why) != wanted.said:  # before, or by somebody else at the same moment
        message = f"This kit was replaced already, by kit {say_code(told.replaced_by)}: {told.replaced_for}"
        fix = "That is kept, and the kit is made once. Look at the list of kits."
        raise SupplyError([problem("MOD-SUPPLY-35", "kit code", say_code(kit.code), message, fix)])
    return after[told.replaced_by]


def replaceable(deed: Deed, plan: KitPlan, story: Story, kit: Supplied) -> bool:
    """Whether a kit can be replaced for some reason.

    Args:
        deed: of the pharmacist.
        plan: of the course that it is of.
        story: of the trial.
        kit: of the trial.
    """
    return not kit.replaced_by and not _check_kit(deed, plan, story, kit)


def _check_kit(deed: Deed, plan: KitPlan, story: Story, kit: Supplied) -> list[Problem]:
    """Why a kit that was not replaced cannot be, whatever the reason."""
    found, said = check_over(deed, kit.course), say_code(kit.code)
    if kit.made_on is None:
        message, fix = "This kit is not written down as made", "Make it: there is nothing to replace yet."
        found.append(problem("MOD-SUPPLY-22", "kit code", said, message, fix))
    if is_over(story, kit, plan.nights_before(kit), deed.now):
        message, fix = "The nights that this kit is for are over", "Take it back, and hand out the next one."
        found.append(problem("MOD-SUPPLY-36", "kit code", said, message, fix))
    return found


def _check_words(reason: str, why: str) -> Iterator[Problem]:
    if reason not in REASONS:
        fix = f"Choose one of: {', '.join(REASONS)}."
        yield problem("MOD-SUPPLY-34", "reason", reason, "A kit is replaced for a reason", fix)
    if len(why) > LONGEST_WHY or not why.isprintable():
        fix = f"Write up to {LONGEST_WHY} signs on one line."
        yield problem("MOD-SUPPLY-34", "why", why, "What happened is too long, or holds signs of control", fix)


def _check_reason(deed: Deed, plan: KitPlan, kit: Supplied, reason: str) -> Iterator[Problem]:
    """That a reason is not so: the list of kits knows what was recalled, what keeps, and what has come back."""
    code, message, fix = "MOD-SUPPLY-37", "", ""
    if reason in (EXPIRED, DAMAGED) and kit.left == 0:
        code, message, fix = (
            "MOD-SUPPLY-36",
            "This kit came back used up",
            "Say that it came back early, or count again.",
        )
    elif reason == RECALLED and not kit.recalled:
        message, fix = "This kit was not recalled", "Recall the lot first: other kits may be of it."
    elif reason == EXPIRED and kit.use_before and max(deed.now.date(), plan.planned(kit).last_evening) < kit.use_before:
        message, fix = f"This kit keeps until {kit.use_before}, beyond its last evening", "Hand it out, or look again."
    elif reason == LOST and kit.returned_at is not None:
        message, fix = "This kit came back, so that it is not lost", "Choose another reason."
    elif reason == MISTAKEN and kit.left != kit.capsules:
        message, fix = "This kit has not come back whole", "Take it back and count it, or choose another reason."
    elif reason == EARLY and kit.returned_at is None:
        message, fix = "This kit has not come back", "Take it back first, or choose another reason."
    if message:
        yield problem(code, "reason", reason, message, fix)


def _keep_code(deed: Deed, plan: KitPlan, kit: Supplied, folder: Path, randomness: Randomness) -> str:
    """The code of the kit that is made again: one of which the person has no kit, and could have none."""
    period, others = plan.planned(kit).period, {*deed.supplies().kits, *(one.code for one in plan.kits)}
    if not plan.begun.allocation:
        return open_again(plan.slot, plan.protocol.sha256, period, kit.code, others=others)
    fingerprint = folders.read_allocation(folder)[0].fingerprint
    return keep_again(folder, fingerprint, period, kit.code, randomness, others=others)
