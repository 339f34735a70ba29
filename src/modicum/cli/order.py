"""``modicum order``: what the pharmacist makes, and what everybody else may see of it."""

import datetime as dt
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modicum.cli import terminal
from modicum.cli.allocation import login

if TYPE_CHECKING:
    from modicum.services.ordering import Ordered

EXAMPLE = "Example: modicum order ldn-smallest-dose --allocation person-7 --key pharmacist.key --out order-7"


def order(
    source: Annotated[str, typer.Argument(metavar="P", help="A shipped protocol by name, or a protocol file.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new folder, for this one order.")],
    allocation: Annotated[
        Path | None, typer.Option(metavar="D", help="Folder of the allocation, where chance decides the order.")
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="K", help="File of the pharmacist's key.")] = None,
    phase: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this phase; else all whose doses are known. Repeatable."),
    ] = None,
    capsules: Annotated[
        int | None, typer.Option(metavar="N", help="Most capsules a night, 1 to 3; else the protocol's.")
    ] = None,
    made: Annotated[str, typer.Option(metavar="DATE", help="Day of making; else today.")] = "",
    start: Annotated[str, typer.Option(metavar="DATE", help="First day of the trial; else the day of the draw.")] = "",
    patient: Annotated[str, typer.Option(metavar="NAME", help="Name on label and card; else whose order it is.")] = "",
    virtual: Annotated[bool, typer.Option("--virtual", help="The patient does not exist: say so everywhere.")] = False,
    prescriber: Annotated[str, typer.Option(metavar="TEXT", help="Name and number; else left to be written.")] = "",
    pharmacy: Annotated[str, typer.Option(metavar="TEXT", help="Name and number; else left to be written.")] = "",
    on_call: Annotated[str, typer.Option(metavar="TEXT", help="Who unblinds, day and night: name and number.")] = "",
    language: Annotated[str, typer.Option(metavar="en|de", help="Language of what the patient reads.")] = "en",
    formulation: Annotated[
        Path | None, typer.Option(metavar="FILE", help="How this pharmacy makes capsules, as TOML; else a shipped one.")
    ] = None,
    slot: Annotated[str, typer.Option(metavar="NAME", help="Whose order, if nothing is drawn; else the folder.")] = "",
    who: Annotated[str, typer.Option(metavar="NAME", help="Who opens the seal; else the name of the login.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the pharmacist's document, and nothing else.")] = False,
) -> None:
    """Write the compounding order, the labels and the emergency card of a trial, apart for each reader."""
    from modicum.services.order_options import Asked
    from modicum.services.ordering import order as service
    from modicum.supply.handout import Contacts

    asked = Asked(
        phases=tuple(phase or ()),
        capsules=capsules,
        made=made,
        start=start,
        slot=slot,
        formulation=formulation,
        language=language,
        contacts=Contacts(patient, prescriber, pharmacy, on_call, virtual),
    )
    done = service(
        source,
        out,
        asked,
        folder=allocation,
        key=key,
        who=who or login(),
        now=dt.datetime.now(dt.UTC),
        randomness=secrets.token_bytes,
    )
    terminal.warn(done.warnings)
    if as_json:
        terminal.print_document(done.document)
    else:
        _say(done, out)


def _say(done: "Ordered", out: Path) -> None:
    """What was written, and what it comes to. What a kit holds is in the pharmacist's folder, not on the screen."""
    from modicum.reports import supply_words as words
    from modicum.supply.amounts import say_mg

    made, plan = done.order, done.order.plan
    currency = [(one.cents, one.price.currency) for one in made.costs]
    alike = "every night, alike in size and weight" if plan.alike else "at most on one night"
    strengths = ", ".join(say_mg(one) for one in plan.choice.strengths_ug)
    ledger = made.ledger
    lines = [
        f"{words.count(len(made.kits), 'kit').capitalize()} in {words.count(len(made.batches), 'batch', 'batches')}, "
        f"{made.capsules:,} capsules; "
        f"{words.capsules(plan.choice.a_night)} {alike}.",
        f"Strengths: {strengths}. {made.protocol.drug.name.capitalize()}: {say_mg(made.drug_ug)} in capsules, "
        f"{say_mg(made.stock_drug_ug)} to weigh.",
        f"Ordered {say_mg(ledger.ordered_ug)} = dispensed {say_mg(ledger.amount_ug('dispensed'))} "
        f"+ retained {say_mg(ledger.amount_ug('retained'))} + returned 0 mg + destroyed 0 mg "
        f"+ overage {say_mg(ledger.amount_ug('overage'))}, as planned.",
        f"Cost: {words.prices(currency)}." if currency else "Cost: no price of such capsules is at hand.",
        *(f"  {one.price.seller}: {one.price.source} ({one.price.grade}, {one.price.dated})" for one in made.costs),
        f"In {out}: hand the folder of each reader to that reader, and only that one.",
        *(f"  {name}" for name in done.document["files"]),
    ]
    for line in lines:
        terminal.people().print(line.replace("\N{NO-BREAK SPACE}", " "), markup=False, soft_wrap=True)
