"""Words for capsules and kits in German: dates, doses, evenings and the warnings of the card."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from modicum.reports import supply_words as english
from modicum.reports import wording
from modicum.reports.german.wording import counted, written
from modicum.supply.amounts import say_mg
from modicum.supply.handout import Handout, HandoutPhase
from modicum.supply.kits import Kit

VIRTUAL = "Virtueller Patient"
UNPRINTED = "Einige Zeichen haben in den Schriften dieser Datei keine Form."
_FEW = {1: "eine", 2: "zwei", 3: "drei"}


def translated(handout: Handout, say: Callable[[str], str]) -> Handout:
    """The handout with the words of its protocol and its formulation in German; nothing else is changed.

    Args:
        handout: what anybody may see.
        say: those words to German, or to themselves where nobody translated them.
    """
    phases = tuple(
        replace(one, phase=one.phase.model_copy(update={"title": say(english.title(one))})) for one in handout.phases
    )
    warnings = tuple(
        one.model_copy(update={"text": say(one.text), "open": say(one.open) if one.open else ""})
        for one in handout.warnings
    )
    return replace(handout, drug=say(handout.drug), phases=phases, warnings=warnings)


def day(date: dt.date) -> str:
    """A date.

    Example:
        >>> day(dt.date(2027, 1, 3))
        '03.01.2027'
    """
    return f"{date:%d.%m.%Y}"


def span(first: dt.date, last: dt.date) -> str:
    """Two dates as a stretch, the year once where it is one.

    Example:
        >>> span(dt.date(2027, 1, 3), dt.date(2027, 1, 16))
        '03.01. bis 16.01.2027'
    """
    if first == last:
        return day(first)
    start = day(first) if first.year != last.year else f"{first:%d.%m.}"
    return f"{start} bis {day(last)}"


def amount(amount_ug: int) -> str:
    """An amount of drug.

    Example:
        >>> amount(4500)
        '4,5 mg'
    """
    return written(say_mg(amount_ug))


def capsules(number: int) -> str:
    """A number of capsules, as an object: "eine Kapsel", "zwei Kapseln"."""
    return f"{_FEW.get(number, written(f'{number:,}'))} {'Kapsel' if number == 1 else 'Kapseln'}"


def number(kit: Kit, kits: Sequence[Kit]) -> str:
    """Which kit of its phase it is: "3 von 6"."""
    return f"{kits.index(kit) + 1} von {len(kits)}"


def nightly(handout: Handout, found: HandoutPhase, kit: Kit) -> str:
    """What is taken each evening from a kit, as an object; its contents where nothing is blinded."""
    contents = found.nights_ug.get(kit.period.period)
    return capsules(handout.a_night if handout.alike or contents is None else len(contents))


def holds(handout: Handout, found: HandoutPhase, kit: Kit) -> str:
    """What may be said of the content of a kit: the same for every kit of a blinded phase."""
    name = wording.sentence(handout.drug)
    contents = found.nights_ug.get(kit.period.period)
    if contents is not None:
        mixed = f" ({' + '.join(amount(one) for one in contents)})" if len(contents) > 1 else ""
        return f"{name} {amount(sum(contents))}{mixed}"
    return f"{name}, bis zu {amount(handout.most_ug)}" + (
        ", oder Placebo" if english.handout_has_placebo(handout) else ""
    )


def packed(handout: Handout, kit: Kit) -> str:
    """How many nights and spares a kit holds, in capsules where every night has the same number."""
    if handout.alike:
        return english.packed(handout, kit)
    return f"{counted(kit.nights, 'Nacht', 'Nächte')} + {kit.spare}"


def warnings(handout: Handout) -> tuple[str, ...]:
    """The warnings of the card; the handout has its words in German."""
    return tuple(handout.say(one, amount(handout.most_ug)) for one in handout.warnings)


def unblinding(handout: Handout) -> str:
    """How to find out what the kit in use holds."""
    if not handout.alike:
        return "Nichts ist verblindet: Auf dem Etikett der Packung, die in Gebrauch ist, steht, was sie enthält."
    return (
        "Rufen Sie die Notfallnummer an, und lesen Sie den Code auf dem Etikett der Packung vor, die in Gebrauch ist. "
        "Dort lässt sich sofort feststellen, was sie enthält. Warten Sie nicht darauf: Behandeln Sie zuerst."
    )
