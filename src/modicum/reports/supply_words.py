"""Words that the documents of an order share: dates, evenings, capsules and kits, the same for every reader."""

import datetime as dt
from collections.abc import Sequence

from modicum.reports import wording
from modicum.supply.amounts import say_mg, say_strength
from modicum.supply.codes import say_code
from modicum.supply.cost import say_cents
from modicum.supply.handout import Handout, HandoutPhase
from modicum.supply.kits import Kit

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BLANK = "\N{HORIZONTAL ELLIPSIS}" * 8
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def day(date: dt.date) -> str:
    """A date: "3 Jan 2027"."""
    return f"{date.day}{wording.NBSP}{_MONTHS[date.month - 1]}{wording.NBSP}{date.year}"


def span(first: dt.date, last: dt.date) -> str:
    """Two dates as a stretch, the year once where it is one."""
    if first == last:
        return day(first)
    start = day(first) if first.year != last.year else day(first).rsplit(wording.NBSP, 1)[0]
    return f"{start} to {day(last)}"


def count(number: int, noun: str, many: str = "") -> str:
    """A number with its noun, in letters up to twelve: "six kits"."""
    word = COUNTS[number] if number < len(COUNTS) else f"{number:,}"
    return f"{word} {noun if number == 1 else many or noun + 's'}"


def capsules(number: int) -> str:
    """A number of capsules: "one capsule", "2 capsules"."""
    return count(number, "capsule")


def mixture(contents_ug: Sequence[int]) -> str:
    """The capsules of one night: "3 mg + 1.5 mg", "filler"."""
    return " + ".join(say_strength(one) for one in contents_ug) or "nothing"


def dose(dose_ug: int) -> str:
    """A dose, or "placebo"."""
    return say_mg(dose_ug) if dose_ug else "placebo"


def kit_name(kit: Kit) -> str:
    """The code of a kit as it is read aloud."""
    return say_code(kit.code).replace(" ", wording.NBSP)


def number(kit: Kit, kits: Sequence[Kit]) -> str:
    """Which kit of its phase it is: "3 of 6"."""
    return f"{kits.index(kit) + 1} of {len(kits)}"


def title(found: HandoutPhase) -> str:
    """The title of a phase."""
    return found.phase.title or found.phase.name


def nightly(handout: Handout, found: HandoutPhase, kit: Kit) -> str:
    """What is taken each evening from a kit: "one capsule"; its contents where nothing is blinded."""
    contents = found.nights_ug.get(kit.period.period)
    return capsules(handout.a_night if handout.alike or contents is None else len(contents))


def holds(handout: Handout, found: HandoutPhase, kit: Kit) -> str:
    """What may be said of the content of a kit: the same for every kit of a blinded phase."""
    name = wording.sentence(handout.drug)
    contents = found.nights_ug.get(kit.period.period)
    if contents is not None:
        mixed = f" ({mixture(contents)})" if len(contents) > 1 else ""
        return f"{name} {say_mg(sum(contents))}{mixed}"
    return f"{name}, up to {say_mg(handout.most_ug)}" + (", or placebo" if handout_has_placebo(handout) else "")


def handout_has_placebo(handout: Handout) -> bool:
    """Whether any capsule of the trial holds no drug."""
    return any(one.phase.has_placebo for one in handout.phases)


def packed(handout: Handout, kit: Kit) -> str:
    """How many nights and spares a kit holds, in capsules where every night has the same number."""
    if handout.alike:
        return f"{kit.nights * handout.a_night} + {kit.spare * handout.a_night}"
    return f"{wording.plural(kit.nights, 'night')} + {kit.spare}"


def prices(cents: Sequence[tuple[int, str]]) -> str:
    """The range of what something costs by several prices."""
    if not cents:
        return "no price at hand"
    low, high = min(cents), max(cents)
    return say_cents(*low) if low == high else f"{say_cents(*low)} to {say_cents(high[0], '').strip()}"


def warnings(handout: Handout) -> tuple[str, ...]:
    """The warnings of the card, word for word."""
    return tuple(handout.say(one) for one in handout.warnings)


def unblinding(handout: Handout) -> str:
    """How to find out what the kit in use holds."""
    if not handout.alike:
        return "Nothing is blinded: the label of the kit in use says what it holds."
    return (
        "Ring the emergency number and read out the code on the label of the kit in use. They can find out at once "
        "what it holds. Do not wait for it: treat first."
    )
