"""Labels of kits in German: line by line what the English ones say."""

from collections.abc import Iterator

from modicum.reports import kit_labels
from modicum.reports import supply_words as english
from modicum.reports.german import supply as words
from modicum.reports.german.wording import counted
from modicum.supply.handout import Handout, HandoutPhase
from modicum.supply.kits import Kit


def lines(handout: Handout, found: HandoutPhase, kit: Kit) -> Iterator[str]:
    """What a label says below its code.

    Args:
        handout: with its words in German.
        found: its phase.
        kit: that it is for.
    """
    night = ", nach der Nummer der Nacht" if handout.numbered else ""
    yield f"Nehmen Sie jeden Abend {words.nightly(handout, found, kit)}{night}."
    yield f"{english.title(found)}, Packung {words.number(kit, found.kits)}; ab {words.day(kit.first_evening)}"
    if handout.alike:
        capsules = counted(kit.nights * handout.a_night, "Kapsel", "Kapseln")
        yield f"{capsules}, dazu {kit.spare * handout.a_night} als Reserve"
    else:
        yield f"{counted(kit.nights, 'Nacht', 'Nächte')}, dazu {kit.spare} als Reserve"
    yield words.holds(handout, found, kit)
    yield f"Zu verwenden vor dem {words.day(kit.use_before)}"
    yield "Bei Raumtemperatur, trocken und dunkel lagern. Für Kinder unzugänglich aufbewahren."
    yield handout.contacts.pharmacy or f"Apotheke: {english.BLANK * 2}"


WORDS = kit_labels.Words(
    "de", "Etiketten für {} - Modicum", "QR-Code der Packung {}", words.VIRTUAL, words.UNPRINTED, lines
)
