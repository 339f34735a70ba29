"""Telling: an answer in the language of whoever reads it, with its pages, its charts and the words around them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from modicum.decision.answer import Answer
from modicum.reports import view as english
from modicum.reports.blocks import Frame, View
from modicum.reports.charts import ChartModule, drawable
from modicum.reports.tongue import ENGLISH, Tongue

GERMAN = "de"


@dataclass(frozen=True)
class Telling:
    """An answer in one language.

    Args:
        answer: with its words in that language.
        view: both pages of it.
        charts: that the pages name.
        tongue: that speaks on the prescriber's page.
        frame: the language, and the fixed words around the pages.
    """

    answer: Answer
    view: View
    charts: Mapping[str, ChartModule[Answer]]
    frame: Frame
    tongue: Tongue

    @property
    def alone(self) -> View:
        """The view of the patient's page by itself."""
        page = self.view.patient
        if page is None or self.frame.language != GERMAN:
            return self.view
        return replace(self.view, title=f"{page.sentence.rstrip('.')} - Modicum", description=page.sentence)


def tell(answer: Answer, language: str = "en", say: Callable[[str], str] = str) -> Telling:
    """An answer in a language.

    Args:
        answer: as it was found.
        language: "en" or "de"; English where it is another.
        say: words of a protocol to that language, or to themselves where nobody translated them.
    """
    if language != GERMAN:
        return Telling(answer, english.view(answer), drawable(answer), Frame(), ENGLISH)
    from modicum.reports import german

    tongue, words = german.German(say), german.translated(answer, say)
    charts = drawable(words, tongue)
    if "own_scale" in charts:
        charts["own_scale"] = german.chart
    return Telling(words, german.view(words, tongue), charts, german.FRAME, tongue)
