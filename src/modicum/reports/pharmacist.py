"""The pharmacist's document: all of an order, with batch sheets and counts. It alone tells what a kit holds."""

from collections.abc import Iterator

from modicum.foundation.version import version
from modicum.reports import supply_words as words
from modicum.reports import wording
from modicum.reports.blocks import (
    Block,
    Fact,
    Form,
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
from modicum.supply.amounts import say_mg, say_strength
from modicum.supply.batches import Batch
from modicum.supply.cost import Cost, say_cents
from modicum.supply.handout import Handout
from modicum.supply.kits import FilledKit
from modicum.supply.ledger import ACCOUNTS
from modicum.supply.order import Order, PhaseNeed
from modicum.supply.periods import chosen_later

FOOT = "Modicum works out quantities. The pharmacist checks them, decides, and signs."
NOTE = "This document tells what every kit holds. Neither the prescriber nor the patient may see it."
UNCONFIRMED = "unconfirmed"


def view(order: Order, handout: Handout) -> View:
    """Everything that the pharmacist's document says."""
    protocol = order.protocol
    sentence = _sentence(order)
    page = PrescriberPage(
        name="For the pharmacist alone",
        kicker=f"Order for {handout.slot}: {protocol.title} ({protocol.name} {protocol.version}).",
        sentence=sentence,
        lead=_lead(order),
        tell=(),
        note=NOTE if any(one.phase.blinded for one in handout.phases) else "",
        sections=tuple(_sections(order, handout)),
        aside="In short",
        facts=tuple(_facts(order)),
        foot=FOOT,
    )
    tag = "Virtual patient" if handout.contacts.virtual else ""
    return View(f"Order for {handout.slot} - Modicum", sentence, tag, version(), page, None)


def _sentence(order: Order) -> str:
    kits = words.count(len(order.kits), "kit")
    batches = words.count(len(order.batches), "batch", "batches")
    return f"{wording.sentence(kits)} to make, in {batches}: {order.capsules:,} capsules."


def _lead(order: Order) -> str:
    plan = order.plan
    if not plan.alike:
        return f"Nothing is blinded. At most {words.capsules(plan.choice.a_night)} a night."
    nightly = words.capsules(plan.choice.a_night)
    weight = say_mg(plan.fill_ug * plan.choice.a_night)
    each = "" if plan.choice.a_night == 1 else " together"
    kind = f"size {plan.size}, filled to {weight}{each}"
    alike = f"{wording.sentence(nightly)} every night in every kit, placebo too, {kind}."
    packing = " Packed night by night and numbered, since the capsules of a kit can differ." if plan.numbered else ""
    return f"{alike}{packing}"


def _facts(order: Order) -> Iterator[Fact]:
    plan = order.plan
    weighed = f"To weigh: {say_mg(order.stock_drug_ug)}"
    drug = wording.sentence(order.protocol.drug.name)
    yield Fact(f"{drug} in these capsules", say_mg(order.drug_ug), (weighed,))
    strengths = ", ".join(say_mg(one) for one in plan.choice.strengths_ug)
    yield Fact("Strengths", strengths, ("and placebo",) if any(one.phase.has_placebo for one in order.phases) else ())
    avoid = f"Not: {', '.join(order.protocol.supply.avoid)}" if order.protocol.supply.avoid else ""
    yield Fact("Filler", wording.sentence(plan.filler), (avoid,) if avoid else ())
    yield Fact("Making", words.day(order.made_on), ("where a batch need not wait",))
    cost = words.prices([(one.cents, one.price.currency) for one in order.costs])
    yield Fact("Cost of these capsules", cost, ("by prices without a date",) if order.costs else ())
    yield Fact("First day of the trial", words.day(order.first_day), ("each phase at its longest",))


def _sections(order: Order, handout: Handout) -> Iterator[Section]:
    yield _kits(order)
    for batch in order.batches:
        yield _batch(order, batch)
    yield _counts(order)
    yield _phases(order)
    yield _cost(order)
    if order.liquid:
        yield _liquid(order)
    yield _choices(order)
    yield _figures(order)


def _kits(order: Order) -> Section:
    rows: list[tuple[str, ...]] = []
    groups: dict[int, str] = {}
    for one in order.kits:
        kit = one.kit
        title = order.protocol.phase(kit.period.phase).title or kit.period.phase
        if title not in groups.values():
            groups[len(rows)] = title
        part = f".{kit.period.part}" if kit.period.parts > 1 else ""
        made = sum(one.count(spare=False).values()), sum(one.count(spare=True).values())
        rows.append(
            (
                words.kit_name(kit),
                f"{kit.period.period}{part}",
                words.span(kit.first_evening, kit.last_evening),
                _holds(one),
                f"{made[0]} + {made[1]}",
                words.day(kit.use_before),
            )
        )
    head = ("Kit", "Period", "Evenings", "Holds, each night", "Make", "Use before")
    label = "In the order in which they are taken; make: for the nights + spare"
    drawn = (
        "Codes were drawn for the whole trial before anybody looked at what a kit holds; " if order.plan.alike else ""
    )
    check = "the last letter of a code checks the others."
    text = f"Evenings are planned with every phase at its longest. {drawn}{check if drawn else wording.sentence(check)}"
    if order.plan.alike:
        text = f"Hand out one kit at a time: even how many there are can tell something. {text}"
    table = Table(label, head, tuple(rows), left=frozenset({0, 2, 3}), groups=groups)
    return Section("Kits", (Numbers(table), Paragraph(text)))


def _holds(one: FilledKit) -> str:
    """What a kit holds: "4.5 mg: 3 mg + 1.5 mg", night by night where they differ."""
    if all(len(capsules) == 1 for capsules in one.capsules_ug) and len(set(one.capsules_ug)) == 1:
        return words.dose(one.dose_ug)
    mixed = [words.mixture(capsules) for capsules in one.capsules_ug]
    if len(set(mixed)) == 1:
        return f"{words.dose(one.dose_ug)}: {mixed[0]}"
    nights = [f"nights {run.first_night} to {run.first_night + run.nights - 1}: " for run in one.kit.runs]
    return f"{words.dose(one.dose_ug)}; " + "; ".join(night + what for night, what in zip(nights, mixed, strict=True))


def _batch(order: Order, batch: Batch) -> Section:
    """A batch sheet: what to weigh, and room for what was done."""
    weighed = (
        "Drug to weigh" if batch.dilution == 1 else f"1 in {batch.dilution} to weigh" if batch.dilution else "Weigh"
    )
    head = ("Capsule", "Nights", "Spare", "Kept", "Capsules", "Drug in them", weighed, "Filler")
    rows = tuple(
        (
            say_strength(line.content_ug) if line.content_ug else "placebo",
            str(line.nights),
            str(line.spare),
            str(line.retained),
            str(line.capsules),
            say_mg(line.drug_ug) if line.content_ug else "none",
            (say_mg(line.weighed_ug) if batch.dilution else "as decided") if line.content_ug else "none",
            say_mg(line.filler_ug),
        )
        for line in batch.lines
    )
    blocks: list[Block] = [Paragraph(_batch_words(order, batch)), Numbers(Table("To weigh and fill", head, rows))]
    if batch.dilution > 1:
        blocks.append(Paragraph(_dilution_words(order, batch)))
    elif not batch.dilution:
        blocks.append(
            Paragraph(
                "Some of this is too little to be weighed well, even diluted 1 in 100: the pharmacist decides how."
            )
        )
    blocks += [Heading("Filled in and signed"), Form(_done(order, batch))]
    return Section(f"Batch sheet: {batch.name}", tuple(blocks), sheet=True)


def _batch_words(order: Order, batch: Batch) -> str:
    first = min(one.kit.first_evening for one in order.kits if one.kit.batch == batch.name)
    due = f", in time for {words.day(first)}" if first > batch.make_on else ""
    kits = ", ".join(f"{code[:3]}{wording.NBSP}{code[3:]}" for code in batch.codes)
    phase = order.protocol.phase(batch.phase)
    again = chosen_later(phase) and phase.pairs > 0
    wait = " Make it only once the review before it says to go on: the dose can change." if again else ""
    until = f"Use before {words.day(batch.use_before)}, and before any ingredient expires"
    return f"Make from {words.day(batch.make_on)}{due}. {until}. Kits {kits}.{wait}"


def _dilution_words(order: Order, batch: Batch) -> str:
    drug, parts = order.protocol.drug.name, batch.dilution
    stock = batch.stock_drug_ug
    rest = f"; {say_mg(batch.left_over_ug)} of drug is left over in it and is destroyed" if batch.left_over_ug else ""
    return (
        f"The 1 in {parts}: {say_mg(stock)} of {drug} and {say_mg(stock * (parts - 1))} of filler, mixed by "
        f"geometric dilution{rest}. Correct for assay and water by the certificate: amount x 100 / assay in %."
    )


def _done(order: Order, batch: Batch) -> tuple[str, ...]:
    drug = order.protocol.drug.name
    lots = (f"{wording.sentence(drug)}: lot, assay, expiry", "Filler: lot, expiry", "Capsules: lot, colour")
    return (
        *lots,
        "Made on",
        "Weighed by, checked by",
        "Mean weight and spread of 10 capsules of each kind",
        "Released by",
    )


def _counts(order: Order) -> Section:
    ledger = order.ledger
    head = ("", "Ordered", *(account.capitalize() for account in ACCOUNTS))
    rows = [
        (
            say_strength(content) if content else "placebo",
            str(sum(found.values())),
            *(str(found[one]) for one in ACCOUNTS),
        )
        for content, found in sorted(ledger.counts.items())
    ]
    rows.append(("capsules", str(ledger.ordered), *(str(ledger.capsules(one)) for one in ACCOUNTS)))
    rows.append(("drug", say_mg(ledger.ordered_ug), *(say_mg(ledger.amount_ug(one)) for one in ACCOUNTS)))
    sheet = Table(
        "Count sheet",
        ("Kit", "Made", "Handed out on", "Back on", "Capsules back", "Destroyed on", "By"),
        tuple(
            (words.kit_name(one.kit), _made(one.count(spare=False), one.count(spare=True)), "", "", "", "", "")
            for one in order.kits
        ),
        roomy=True,
    )
    return Section(
        "Counts and returns",
        (
            Paragraph(
                "Ordered = dispensed + retained + returned + destroyed + overage, in capsules and to the microgram. "
                "As planned: every night taken, no spare capsule used. What comes back is counted against the nights "
                "that the diary says were missed."
            ),
            Numbers(Table("Capsules by account, as planned", head, tuple(rows))),
            Numbers(sheet),
        ),
        sheet=True,
    )


def _made(nights: dict[int, int], spare: dict[int, int]) -> str:
    return f"{sum(nights.values())} + {sum(spare.values())}"


def _phases(order: Order) -> Section:
    head = ("Phase", "Evenings, at the latest", "Kits", "Capsules", "Drug", "State")
    rows = tuple(
        (
            need.phase.title or need.phase.name,
            words.span(need.first_evening, need.last_evening),
            _most(need, str(need.kits)),
            _most(need, f"{need.capsules:,}"),
            _most(need, say_mg(need.drug_ug)),
            "in this order" if need.ordered else "known" if need.known else "waits for a review",
        )
        for need in order.phases
    )
    table = Table(
        "Phases with capsules: spare ones are counted, those kept as samples are not",
        head,
        rows,
        left=frozenset({0, 1, 5}),
    )
    blocks: list[Block] = [Numbers(table)]
    unknown = [need for need in order.phases if not need.known]
    if unknown:
        names = wording.listed(f"the {need.phase.name}" for need in unknown)
        blocks.insert(
            0,
            Paragraph(
                f"Not known yet: {names}. A review chooses the dose, and it is bound under seal; then this order is "
                "repeated. What is said of it here is the most that it can need."
            ),
        )
    return Section("Phase by phase", tuple(blocks))


def _most(need: PhaseNeed, text: str) -> str:
    return text if need.known else f"at most {text}"


def _cost(order: Order) -> Section:
    if not order.costs:
        return Section("Cost", (Paragraph("No price of such capsules is at hand."),))
    rows = tuple(
        (
            f"{one.price.seller}: {say_cents(one.price.cents, one.price.currency)} for {one.price.capsules}",
            _money(one),
            _money(most),
            f"{one.price.source} ({one.price.grade}, {one.price.dated})",
        )
        for one, most in zip(order.costs, order.costs_most, strict=True)
    )
    now, most = order.costs[0].capsules, order.costs_most[0].capsules
    head = ("Price", f"These {now:,} capsules", f"Whole trial, at most {most:,}", "Source")
    text = (
        "Of the capsules really made, in proportion, and in brackets in whole packs. That placebo costs what the drug "
        "costs is assumed. Both prices are undated: ask."
    )
    return Section("Cost", (Paragraph(text), Numbers(Table("By price", head, rows, left=frozenset({0, 3})))))


def _money(cost: Cost) -> str:
    currency = cost.price.currency
    return f"{say_cents(cost.cents, currency)} ({say_cents(cost.packs_cents, '').strip()})"


def _liquid(order: Order) -> Section:
    need = order.liquid
    assert need is not None  # noqa: S101 - the caller has looked
    liquid = need.liquid
    volumes = ", ".join(f"{say_mg(dose)}: {say_mg(volume, 'mL')}" for dose, volume in need.volumes_ul)
    here = "A phase of this order is blinded: not here." if need.blinded else f"{need.batches} batches for this order."
    confirmed = "" if liquid.confirmed else f", {UNCONFIRMED}"
    return Section(
        "A liquid instead",
        (
            Paragraph(f"{liquid.warning} {here}"),
            Heading("How it is made"),
            Pairs(
                (
                    ("Strength", f"{say_mg(liquid.ug_per_ml)} in 1 mL"),
                    ("Volumes", volumes),
                    ("One batch", f"{liquid.batch_ml} mL: {liquid.formula}"),
                    ("Keeps", f"{liquid.days} days {liquid.keeping}"),
                    ("Source", f"{liquid.source} ({liquid.grade}{confirmed})"),
                )
            ),
        ),
    )


def _choices(order: Order) -> Section:
    nights = sum(need.nights for need in order.phases)
    price = order.costs_most[0].price if order.costs_most else None
    rows = tuple(
        (
            words.capsules(one.a_night),
            ", ".join(say_mg(strength) for strength in one.strengths_ug),
            f"{nights * one.a_night:,}",
            say_cents(-(-nights * one.a_night * price.cents // price.capsules), price.currency) if price else "",
        )
        for one in order.plan.alternatives
    )
    head = ("A night", "Fewest strengths", "Capsules of the whole trial", "At the lower price")
    text = (
        "More capsules a night need fewer strengths, and cost more. Strengths are chosen freely here; the number is "
        "fixed by the first order of a trial (--capsules), else by the protocol."
    )
    table = Table("One, two or three capsules a night", head, rows, left=frozenset({0, 1}))
    return Section("Other numbers of capsules", (Paragraph(text), Numbers(table)))


def _figures(order: Order) -> Section:
    found = order.formulation
    rows = tuple(
        Item(
            f"{one.sentence} Taken: {one.value:,} {one.unit}.",
            "" if one.confirmed else UNCONFIRMED,
            f"{one.source or 'no source'} ({one.grade})",
        )
        for one in found.figures
    )
    supply = order.protocol.supply
    cited = tuple(Item(order.protocol.cited(one)) for one in supply.sources)
    notes = [Paragraph(text.strip()) for text in (supply.notes, found.contradictions) if text.strip()]
    overage = f"Spare capsules: {100 * supply.overage:g} % of the nights of each kit, rounded up (protocol)."
    head = (Heading("What the protocol cites"), Items(cited)) if cited else ()
    return Section("What this rests on", (*notes, Items((*rows, Item(overage))), *head))
