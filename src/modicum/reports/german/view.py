"""An answer as a view in German, both pages of it."""

from modicum.decision.answer import Answer
from modicum.reports import view as english
from modicum.reports.blocks import View
from modicum.reports.german import patient
from modicum.reports.tongue import Tongue


def view(answer: Answer, tongue: Tongue) -> View:
    """Both pages of a report.

    Args:
        answer: with its words in German.
        tongue: of the prescriber's page.
    """
    return english.view_of(answer, tongue, patient.page(answer))
