"""Short varied diaries of virtual people, for the dense quadrature."""

from dataclasses import replace
from typing import Any

from modicum.analysis.question import Onset
from verification.reference_trials import Trial, diary_of, question_document, question_of

_IMMEDIATE = {"onset": Onset("immediate")}

_MIXED = (0.0, 3.0, 1.5, 0.0, 4.5, 3.0, 0.0, 4.5, 1.5, 3.0, 0.0, 1.5, 4.5, 0.0, 3.0, 1.5)

SMALL = (
    Trial(
        "nightly-12-rows",
        tuple((4.5 * on, 1, 0.5) for on in (0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1)),
        {4.5: -1.5},
        tau=0.0,
        missing=0.0,
        question=_IMMEDIATE,
    ),
    Trial("fixed-onset-20-rows", ((0.0, 5, 0.0), (1.5, 5, 0.5), (0.0, 5, 0.5), (4.5, 5, 0.5)), {1.5: -1.0, 4.5: -1.5},
          missing=0.0, question={"onset": Onset("fixed", 2.0)}),
    Trial("pair-16-rows", ((0.0, 4, 0.0), (4.5, 6, 0.5), (0.0, 6, 0.5)), {4.5: -2.5}, omega=0.0, ell=6.0, missing=0.0),
    Trial("two-pairs-32-rows", ((0.0, 6, 0.0), (4.5, 7, 0.5), (0.0, 7, 0.5), (0.0, 7, 0.5), (4.5, 7, 0.5)), {4.5: -3.0},
          sigma=0.8, missing=0.06),
    Trial("open-step-18-rows", ((0.0, 8, 0.0), (4.5, 10, 1.0)), {4.5: -2.0}, told_by="", missing=0.0),
    Trial("open-without-expectation", ((0.0, 6, 0.0), (0.5, 6, 1.0), (1.5, 6, 1.0)), {0.5: -0.5, 1.5: -2.0}, told_by="",
          missing=0.0, question={"expectation": False}),
    Trial("two-a-day-24-rows", ((0.0, 4, 0.0), (4.5, 4, 0.5), (0.0, 4, 0.5)), {4.5: -1.5}, hours=(8.0, 20.0), ell=0.7,
          missing=0.0),
    Trial("white-noise-only-20-rows", ((0.0, 5, 0.0), (4.5, 8, 0.5), (0.0, 7, 0.5)), {4.5: -1.5}, omega=1.0,
          missing=0.0),
    Trial("half-missing-40-days", ((0.0, 8, 0.0), (3.0, 16, 0.5), (0.0, 16, 0.5)), {3.0: -1.5}, missing=0.5),
    Trial("three-doses-nightly", tuple((d, 1, 0.5) for d in _MIXED),
          {1.5: -0.5, 3.0: -1.0, 4.5: -1.5}, tau=0.0, missing=0.0, question=_IMMEDIATE),
)  # fmt: skip


def stored(trial: Trial, seed: int = 20240611) -> tuple[dict[str, Any], dict[str, Any]]:
    """The diary and the question as documents."""
    return diary_of(trial, seed), question_document(question_of(trial))


def quick(trial: Trial) -> Trial:
    """The same diary with its onset fixed, so that one axis less has to be integrated."""
    return replace(trial, question={**trial.question, "onset": Onset("fixed", 3.0)})
