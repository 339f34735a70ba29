"""An answer as a view whose patient's page is in German."""

from dataclasses import replace

from modicum.decision.answer import Answer
from modicum.reports import view as english
from modicum.reports.blocks import View
from modicum.reports.german import patient


def view(answer: Answer) -> View:
    """What the document says; the prescriber's page, which it does not show, stays as it is.

    Args:
        answer: with its words in German.
    """
    page = patient.page(answer)
    return replace(
        english.view(answer),
        title=f"{page.sentence.rstrip('.')} - Modicum",
        description=page.sentence,
        tag="Virtueller Patient" if answer.diary.virtual else "",
        patient=page,
    )
