"""What an analysis hands back: the answer, and the forms in which it can be looked at, kept or sent."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modicum.decision.answer import Answer, Verdict
from modicum.foundation.version import version
from modicum.services.places import REPORT

if TYPE_CHECKING:
    import altair
    import arviz
    import numpy as np


@dataclass(frozen=True, repr=False)
class Result:
    """The answer to one diary.

    Args:
        answer: everything that is known, as the reports show it.
        with_components: whether the document lists the components of the likelihood.
    """

    answer: Answer
    with_components: bool = False

    @property
    def verdict(self) -> Verdict:
        """What is decided, and how it is said."""
        return self.answer.verdict

    @property
    def document(self) -> dict[str, Any]:
        """The ``modicum.result/1`` document: only text, numbers, null, lists and objects."""
        from modicum.decision.document import document

        return document(self.answer, version=version(), with_components=self.with_components)

    def to_json(self, *, indent: int | None = 2) -> str:
        """The document as JSON text, without NaN or Infinity."""
        return json.dumps(self.document, indent=indent, ensure_ascii=False, allow_nan=False)

    def chart(self) -> "altair.Chart | altair.VConcatChart | altair.HConcatChart | altair.LayerChart":
        """The diary with the fitted course, and the effect of every dose, as one Altair chart."""
        from modicum.reports.charts import chart

        return chart(self.answer)

    def draws(self, count: int = 4000, seed: int = 0) -> "dict[str, np.ndarray]":
        """Random draws from the posterior given that the drug does something.

        Args:
            count: number of draws, > 0.
            seed: of the random generator; the same seed gives the same draws.

        Returns:
            One array of ``count`` by name of coefficient (``dose:<mg>`` are the effects, outcome units) or parameter.
        """
        return self.answer.posterior.draws(count, seed)

    def to_arviz(self, draws: int = 4000, seed: int = 0) -> "arviz.InferenceData":
        """The posterior as ArviZ inference data; needs the extra ``modicum[arviz]``."""
        from modicum.exchange.arviz import to_inference_data

        return to_inference_data(self.draws(draws, seed), self.answer)

    def report(self, path: str | Path, language: str = "en") -> Path:
        """Write the report, the prescriber's page and the patient's page in one HTML or PDF file without network.

        Args:
            path: where to write.
            language: of both pages, "en" or "de"; English where it is another.

        Raises:
            OptionsError: when the name does not end in .html or .pdf, or nothing can be written there.
        """
        from modicum.reports import write_report
        from modicum.services.patient_words import words_in

        return REPORT.write(path, lambda place: write_report(self.answer, place, language, words_in(language)))

    def _repr_html_(self) -> str:
        from modicum.reports import notebook_html

        return notebook_html(self.answer)

    def __repr__(self) -> str:
        return f"<Result {self.verdict.code}: {self.verdict.sentence}>"
