"""From stored diaries and questions (dicts of lists and numbers) to the engine's own."""

from typing import Any

import numpy as np

from modicum.analysis.question import Onset, Priors, Question
from modicum.records.diary import Diary
from verification.independent_columns import column


def question_from(document: dict[str, Any]) -> Question:
    """A stored question."""
    return Question(
        **{
            **document,
            "ladder_mg": tuple(document["ladder_mg"]),
            "covariates": tuple(document["covariates"]),
            "priors": Priors(**document["priors"]),
            "onset": Onset(**document["onset"]),
        }
    )


def diary_from(document: dict[str, Any]) -> Diary:
    """A stored diary; the dose of day n acts from 22:00 of the day before."""
    time = column(document, "time_days")
    given = {name: column(document, name) for name in ("planned_mg", "announced", "blinded") if name in document}
    return Diary(
        time_days=time,
        received_days=time,
        dosing_day=np.floor(time + 2.0 / 24.0).astype(int),
        dose_mg=column(document, "dose_mg"),
        scores={"score": column(document, "score")},
        covariates={name: column(document["covariates"], name) for name in document.get("covariates", {})},
        virtual=True,
        **given,
    )
