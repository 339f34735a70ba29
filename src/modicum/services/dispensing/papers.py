"""Papers: labels, which anybody may see, and what kits hold, which is opened for the pharmacist and written nowhere."""

import datetime as dt
from pathlib import Path

from modicum.allocation.draws import Randomness
from modicum.reports import kit_labels, supplies
from modicum.services.dispensing.kit_plan import KitPlan
from modicum.services.order_options import Asked
from modicum.services.ordering import Ordered, work_out
from modicum.services.patient_words import words_in
from modicum.services.unblinding import KeyFile, Witness
from modicum.supply.handout import Contacts

BATCH_SHEET = "pharmacist/order.pdf"


def print_labels(plan: KitPlan, batch: str, contacts: Contacts, language: str = "en") -> bytes:
    """The labels of a batch, as a PDF: those of ``modicum order``.

    Args:
        plan: of the course, with the batch's day of making.
        batch: name of it.
        contacts: whom they name.
        language: of the patient, who reads them.
    """
    codes = frozenset(kit.code for kit in plan.batches[batch])
    return kit_labels.render_labels(plan.handout(contacts, batch), codes, language, words_in(language))


def open_batch(
    plan: KitPlan,
    batch: str,
    *,
    folder: Path | None,
    key: KeyFile | None,
    contacts: Contacts,
    made_on: dt.date,
    who: str,
    now: dt.datetime,
    randomness: Randomness,
    witness: Witness | None,
) -> Ordered:
    """What the kits of a batch hold: the allocation is opened on the path of supply, on the record.

    Args:
        plan: of the course.
        batch: name of one that is known.
        folder: of the allocation; None where nothing was drawn.
        key: the pharmacist's; None where nothing was drawn.
        contacts: whom the papers name.
        made_on: day of making.
        who: opens it.
        now: clock of the clinic, with its zone.
        randomness: number of bytes to that many bytes of chance.
        witness: told before it is opened.

    Raises:
        InputError: with every problem at once; then nothing was opened.
    """
    phase = plan.batches[batch][0].period.phase
    asked = Asked(
        phases=(phase,),
        batches=(batch,),
        again=plan.again_in(batch),
        made=made_on.isoformat(),
        start=plan.starts[phase].isoformat(),
        slot=plan.slot,
        contacts=contacts,
    )
    return work_out(
        plan.begun.protocol_text.encode(),
        asked,
        folder=folder,
        key=key,
        who=who,
        now=now,
        randomness=randomness,
        witness=witness,
    )


def print_batch_sheet(opened: Ordered) -> bytes:
    """The order with its batch sheets, as a PDF: that of ``modicum order``.

    Args:
        opened: a batch.
    """
    return supplies.render(opened.order, opened.handout)[BATCH_SHEET]
