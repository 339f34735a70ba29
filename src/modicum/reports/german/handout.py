"""The patient's page on the supply in German: paragraph by paragraph what the English one says."""

from collections.abc import Iterator

from modicum.foundation.version import version
from modicum.reports import supply_words as english
from modicum.reports.blocks import (
    Block,
    Fact,
    Heading,
    Item,
    Items,
    Numbers,
    Pairs,
    Paragraph,
    PrescriberPage,
    Section,
    View,
)
from modicum.reports.german import supply as words
from modicum.reports.tables import Table
from modicum.supply.handout import Handout, HandoutPhase

CHANGE = (
    "Nehmen Sie die Packungen in ihrer Reihenfolge, und wechseln Sie nach den Abenden der jetzigen zur nächsten, "
    "ausgelassene mitgezählt, auch wenn Kapseln übrig sind: Die der Reserve sind es meistens."
)
RETURNS = (
    "Bringen Sie jede Packung mit allem, was noch darin ist, in die Apotheke zurück, auch leere; dort wird gezählt."
)
_EMERGENCY, _PRESCRIBER, _PHARMACY = "Im Notfall, Tag und Nacht", "Ärztin oder Arzt", "Apotheke"


def patient_view(handout: Handout) -> View:
    """Everything that the patient's document says.

    Args:
        handout: with its words in German.
    """
    page = PrescriberPage(
        name="Für Sie",
        kicker=handout.contacts.patient or handout.slot,
        sentence=f"{_nightly(handout)}, eine Packung nach der anderen.",
        lead=_lead(handout),
        tell=(),
        note="",
        sections=tuple(_sections(handout)),
        aside="Wen Sie anrufen",
        facts=tuple(_contacts(handout)),
        foot="Ihre Arztpraxis und Ihre Apotheke entscheiden mit Ihnen. Diese Seite trifft keine Entscheidung.",
    )
    tag = words.VIRTUAL if handout.contacts.virtual else ""
    return View("Ihre Kapseln - Modicum", page.sentence, tag, version(), page, None, large=True, language="de")


def _nightly(handout: Handout) -> str:
    """What is taken each evening."""
    return f"Jeden Abend {words.capsules(handout.a_night)}" if handout.alike else "Jeden Abend"


def _lead(handout: Handout) -> str:
    what = words.capsules(handout.a_night) if handout.alike else "das, was auf dem Etikett steht,"
    lead = f"Nehmen Sie {what} gegen {handout.protocol.drug.dose_time} Uhr mit Wasser."
    if handout.alike and english.handout_has_placebo(handout):
        lead += (
            " Manche Packungen enthalten das Mittel, manche keines. Niemand, der Sie sieht, weiß, welche, und alle "
            "sehen gleich aus."
        )
    return lead


def _contacts(handout: Handout) -> Iterator[Fact]:
    contacts = handout.contacts
    for label, text, context in (
        (
            _EMERGENCY,
            contacts.on_call,
            "kann feststellen, was eine Packung enthält" if handout.alike else "für alle, die Sie behandeln",
        ),
        (_PRESCRIBER, contacts.prescriber, "für alles andere"),
        (_PHARMACY, contacts.pharmacy, "für Packungen und Rückgaben"),
    ):
        yield Fact(label, text or english.BLANK, (context,))


def _kits(handout: Handout) -> Section:
    """The kits of the phases that are made now."""
    rows: list[tuple[str, ...]] = []
    groups: dict[int, str] = {}
    for found in handout.phases:
        if found.ordered:
            groups[len(rows)] = english.title(found)
            rows += [_kit(handout, found, place) for place in range(len(found.kits))]
    packed = "Kapseln + Reserve" if handout.alike else "Nächte + Reserve"
    table = Table(
        "Packungen, in der Reihenfolge, in der sie genommen werden",
        ("Packung", "Code", "Abende", packed, "Verwenden vor"),
        tuple(rows),
        left=frozenset({0, 1, 2}),
        groups=groups,
    )
    late = "Die Abende sind geplant: Eine Phase kann kürzer sein, und dann kommt die nächste Packung früher."
    blocks: tuple[Block, ...] = (Numbers(table), Paragraph(late))
    return Section("Ihre Packungen", blocks)


def _kit(handout: Handout, found: HandoutPhase, place: int) -> tuple[str, ...]:
    kit = found.kits[place]
    contents = found.nights_ug.get(kit.period.period)
    holds = f"; {words.amount(sum(contents))} pro Abend" if contents is not None else ""
    return (
        f"{words.number(kit, found.kits)}{holds}",
        english.kit_name(kit),
        words.span(kit.first_evening, kit.last_evening),
        words.packed(handout, kit),
        words.day(kit.use_before),
    )


def _sections(handout: Handout) -> Iterator[Section]:
    yield _kits(handout)
    pouch = "Jede Nacht hat eine Nummer. Nehmen Sie, was unter der Nummer der Nacht ist. " if handout.numbered else ""
    yield Section(
        "So gehen Sie vor",
        (
            Items(
                (
                    Item(f"{pouch}{CHANGE}"),
                    Item(
                        "Ein ausgelassener Abend bleibt ausgelassen: Nehmen Sie nie zwei Nächte auf einmal. Schreiben "
                        "Sie es in das Tagebuch."
                    ),
                    Item("Heruntergefallen oder verloren? Nehmen Sie eine aus der Reserve derselben Packung."),
                    Item(
                        "Tragen Sie die Notfallkarte bei sich, und zeigen Sie sie vor jedem Schmerzmittel allen, die "
                        "Sie behandeln, auch in der Zahnarztpraxis. Was darauf steht, ist auf der letzten Seite."
                    ),
                    Item(
                        "Lagern Sie die Packungen bei Raumtemperatur, trocken, im Dunkeln und für Kinder unzugänglich."
                    ),
                    Item(RETURNS),
                )
            ),
        ),
    )
    yield _stopping(handout)


def _stopping(handout: Handout) -> Section:
    """The page on stopping, with the warnings of the card."""
    contacts = handout.contacts
    rows = (
        (_EMERGENCY, contacts.on_call or english.BLANK * 2),
        (_PRESCRIBER, contacts.prescriber or english.BLANK * 2),
        (_PHARMACY, contacts.pharmacy or english.BLANK * 2),
    )
    return Section(
        "Wenn Sie aufhören oder die Studie endet",
        (
            Paragraph(
                "Sagen Sie es Ihrer Ärztin oder Ihrem Arzt, wenn möglich am selben Tag. Einen Grund müssen Sie nicht "
                "nennen."
            ),
            Paragraph("Was auf der Notfallkarte steht, gilt auch nach der letzten Kapsel:"),
            Items(tuple(Item(one) for one in words.warnings(handout))),
            Paragraph(
                "Tragen Sie die Karte weiter, bis Ihre Ärztin oder Ihr Arzt etwas anderes sagt, und bringen Sie alle "
                "Packungen zurück."
            ),
            Heading("Wen Sie anrufen"),
            Pairs(rows),
            Heading("Wie sich feststellen lässt, was in den Kapseln war"),
            Paragraph(words.unblinding(handout)),
        ),
        sheet=True,
    )
