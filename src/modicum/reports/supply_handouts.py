"""The prescriber's and the patient's documents on the supply. They are made from a handout, which knows no arm."""

from collections.abc import Callable, Iterator

from modicum.foundation.version import version
from modicum.reports import supply_words as words
from modicum.reports import wording
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
from modicum.reports.tables import Table
from modicum.reports.view import FOOT
from modicum.supply.cost import cost_of
from modicum.supply.formulation import Price
from modicum.supply.handout import Handout, HandoutPhase
from modicum.supply.periods import chosen_later

STOPPED = "If you stop, or the trial ends"
CHANGE = (
    "Take the kits in their order, and change to the next one after the evenings of the one in use, missed ones "
    "counted, even if capsules are left: spare ones usually are."
)
RETURNS = "{} every kit back to the pharmacy with all that is left in it, empty ones too; it is counted there."


def prescriber_view(handout: Handout, prices: tuple[Price, ...]) -> View:
    """Everything that the prescriber's document says.

    Args:
        handout: what anybody may see.
        prices: of the formulation.
    """
    protocol = handout.protocol
    page = PrescriberPage(
        name="For the prescriber",
        kicker=f"Capsules for {handout.slot}: {protocol.title} ({protocol.name} {protocol.version}).",
        sentence=_made(handout),
        lead=_alike(handout),
        tell=(),
        note="",
        sections=tuple(_prescriber_sections(handout)),
        aside="In short",
        facts=tuple(_prescriber_facts(handout, prices)),
        foot=FOOT,
    )
    return View(f"Capsules for {handout.slot} - Modicum", page.sentence, _tag(handout), version(), page, None)


def patient_view(handout: Handout, language: str = "en", say: Callable[[str], str] = str) -> View:
    """Everything that the patient's document says.

    Args:
        handout: what anybody may see.
        language: of it, "en" or "de"; English where it is another.
        say: words of a protocol or a formulation to that language, or to themselves where nobody translated them.
    """
    if language == "de":
        from modicum.reports.german import handout as german
        from modicum.reports.german import supply

        return german.patient_view(supply.translated(handout, say))
    page = PrescriberPage(
        name="For you",
        kicker=handout.contacts.patient or handout.slot,
        sentence=f"{_nightly(handout)}, one kit after the other.",
        lead=_patient_lead(handout),
        tell=(),
        note="",
        sections=tuple(_patient_sections(handout)),
        aside="Whom to ring",
        facts=tuple(_contacts(handout)),
        foot="Your doctor and your pharmacy decide with you. This page takes no decision.",
    )
    return View("Your capsules - Modicum", page.sentence, _tag(handout), version(), page, None, large=True)


def _tag(handout: Handout) -> str:
    return "Virtual patient" if handout.contacts.virtual else ""


def _nightly(handout: Handout) -> str:
    """What is taken each evening."""
    return f"{wording.sentence(words.capsules(handout.a_night))} every evening" if handout.alike else "Every evening"


def _made(handout: Handout) -> str:
    """The finding: what is being made."""
    names = wording.listed(f"the {words.title(one).lower()}" for one in handout.phases if one.ordered)
    return f"The pharmacy is making the kits for {names}."


def _alike(handout: Handout) -> str:
    if not handout.alike:
        return "Nothing is blinded: every label says what its kit holds."
    nightly = words.capsules(handout.a_night)
    return (
        f"Every kit is alike: {nightly} a night, the same size and weight, the same words on the label. The pharmacy "
        "knows what a kit holds; nobody who sees the patient does."
    )


def _prescriber_facts(handout: Handout, prices: tuple[Price, ...]) -> Iterator[Fact]:
    kits = sum(len(one.kits) for one in handout.phases)
    nights = sum(kit.nights + kit.spare for one in handout.phases for kit in one.kits)
    yield Fact("Kits in the whole trial", f"at most {kits}", ("each phase at its longest",))
    if handout.alike:
        capsules = nights * handout.a_night
        costs = [(cost_of(capsules, price).cents, price.currency) for price in prices]
        yield Fact("Capsules", f"at most {capsules:,}", ("with the spare ones",))
        yield Fact("Cost", f"at most {words.prices(costs)}" if costs else "not known", ("by prices without a date",))
    yield from _contacts(handout)


def _contacts(handout: Handout) -> Iterator[Fact]:
    contacts = handout.contacts
    for label, text, context in (
        (
            "In an emergency, day and night",
            contacts.on_call,
            "can find out what a kit holds" if handout.alike else "for whoever treats",
        ),
        ("Prescriber", contacts.prescriber, "for everything else"),
        ("Pharmacy", contacts.pharmacy, "for kits and returns"),
    ):
        yield Fact(label, text or words.BLANK, (context,))


def _prescriber_sections(handout: Handout) -> Iterator[Section]:
    yield _kits(handout, "Kits")
    waits = [one for one in handout.phases if not one.ordered]
    if waits:
        rows = tuple(Item(_waits(one)) for one in waits)
        yield Section("What is not being made now", (Items(rows),))
    yield Section("On the emergency card", (Items(tuple(Item(one) for one in words.warnings(handout))),))
    if handout.alike:
        unblinding = (
            "Treat first, and as if the drug was taken. Whoever is on call opens the allocation with the emergency "
            "key; the code of the kit tells the period. A record of who, why and when is kept."
        )
        yield Section("Unblinding in an emergency", (Paragraph(unblinding),))


def _waits(found: HandoutPhase) -> str:
    name = words.title(found)
    when = words.span(found.kits[0].first_evening, found.kits[-1].last_evening)
    why = "its dose is chosen by a review" if chosen_later(found.phase) else "not part of this order"
    return f"{name}: {why}. At most {words.count(len(found.kits), 'kit')}, {when} at the latest."


def _kits(handout: Handout, heading: str, *, patient: bool = False) -> Section:
    """The kits of the phases that are made now."""
    rows: list[tuple[str, ...]] = []
    groups: dict[int, str] = {}
    for found in handout.phases:
        if found.ordered:
            groups[len(rows)] = words.title(found)
            rows += [_kit(handout, found, place) for place in range(len(found.kits))]
    packed = "Capsules + spare" if handout.alike else "Nights + spare"
    head = ("Kit", "Code", "Evenings", packed, "Use before")
    table = Table(
        "Kits, in the order in which they are taken", head, tuple(rows), left=frozenset({0, 1, 2}), groups=groups
    )
    late = "The evenings are planned: a phase can be shorter, and then the next kit comes sooner."
    most = " A phase that a review plans can need fewer kits than these." if _variable(handout) and not patient else ""
    back = "" if patient else f" {RETURNS.format('The patient brings')}"
    blocks: list[Block] = [Numbers(table), Paragraph(late + most + back)]
    return Section(heading, tuple(blocks))


def _variable(handout: Handout) -> bool:
    return any(one.ordered and chosen_later(one.phase) for one in handout.phases)


def _kit(handout: Handout, found: HandoutPhase, place: int) -> tuple[str, ...]:
    kit = found.kits[place]
    contents = found.nights_ug.get(kit.period.period)
    holds = f"; {words.dose(sum(contents))} a night" if contents is not None else ""
    return (
        f"{words.number(kit, found.kits)}{holds}",
        words.kit_name(kit),
        words.span(kit.first_evening, kit.last_evening),
        words.packed(handout, kit),
        words.day(kit.use_before),
    )


def _patient_lead(handout: Handout) -> str:
    time = handout.protocol.drug.dose_time
    what = words.capsules(handout.a_night) if handout.alike else "what the label says"
    lead = f"Take {what} at about {time}, with water."
    if handout.alike and words.handout_has_placebo(handout):
        lead += " Some kits hold the drug, some hold none. Nobody who sees you knows which, and all look alike."
    return lead


def _patient_sections(handout: Handout) -> Iterator[Section]:
    yield _kits(handout, "Your kits", patient=True)
    pouch = "Each night has a number. Take what is under the number of the night. " if handout.numbered else ""
    yield Section(
        "How to go about it",
        (
            Items(
                (
                    Item(f"{pouch}{CHANGE}"),
                    Item("A missed evening stays missed: never take two nights at once. Write it in the diary."),
                    Item("Dropped or lost one? Use a spare one of the same kit."),
                    Item(
                        "Carry the emergency card, and show it to everyone who treats you, a dentist too, before any "
                        "pain medicine. What it says is on the last page."
                    ),
                    Item("Keep the kits at room temperature, dry, in the dark, away from children."),
                    Item(RETURNS.format("Bring")),
                )
            ),
        ),
    )
    yield _stopping(handout)


def _stopping(handout: Handout) -> Section:
    """The page on stopping, with the warnings of the card."""
    contacts = handout.contacts
    rows = (
        ("In an emergency, day and night", contacts.on_call or words.BLANK * 2),
        ("Prescriber", contacts.prescriber or words.BLANK * 2),
        ("Pharmacy", contacts.pharmacy or words.BLANK * 2),
    )
    return Section(
        STOPPED,
        (
            Paragraph("Tell your doctor, on the same day if you can. You need not give a reason."),
            Paragraph("What the emergency card says holds after the last capsule, too:"),
            Items(tuple(Item(one) for one in words.warnings(handout))),
            Paragraph("Keep carrying the card until your doctor says otherwise, and bring back all kits."),
            Heading("Whom to ring"),
            Pairs(rows),
            Heading("How to find out what was in the capsules"),
            Paragraph(words.unblinding(handout)),
        ),
        sheet=True,
    )
