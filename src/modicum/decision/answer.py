"""The answer: everything that a report, a document or a chart says about one diary."""

from dataclasses import dataclass
from typing import Literal

from modicum.analysis.estimate import Course, DoseBlock, DoseEffect, Noise, Summary
from modicum.analysis.inference import Inference
from modicum.analysis.question import Question
from modicum.analysis.side_effects import SideEffectModel
from modicum.foundation.errors import Problem
from modicum.records.diary import Diary

VerdictCode = Literal[
    "works", "works-smaller-too", "nothing-that-matters", "harm", "futile", "open-label", "cannot-tell"
]


@dataclass(frozen=True)
class SmallestDose:
    """The posterior of the smallest effective dose, averaged over H0 and H1.

    ``probabilities`` maps "none" and ``repr(float(dose))`` of every taken dose to its probability; they add up to 1.
    ``dose_mg`` is the verdict's dose where the code is works or works-smaller-too, else None.
    """

    dose_mg: float | None
    probabilities: dict[str, float]


@dataclass(frozen=True)
class Verdict:
    """What is decided, by which rule, and how it is said.

    Args:
        code: of the rule; docs/model.md, What is decided, has the rules in order.
        dose_mg: the dose the verdict names, or None.
        strength: "clear", or "probable" where the averaged chance of what is said (help, or harm) is below one half.
        qualified: True where "works" holds only without, or only with, the participant's own belief.
        sentence: the answer in one sentence, for a prescriber.
        patient_sentence: the same for the patient, in plain words.
        reasons: the numbers of the rule that fired, one sentence each.
        what_would_tell: for "cannot tell": how many more periods would tell, and with what chance; else "".
    """

    code: VerdictCode
    dose_mg: float | None
    strength: Literal["clear", "probable"]
    qualified: bool
    sentence: str
    patient_sentence: str
    reasons: tuple[str, ...] = ()
    what_would_tell: str = ""


@dataclass(frozen=True)
class SensitivityRow:
    """The same diary under one changed assumption (docs/model.md, Each term, left out)."""

    change: str
    p_no_effect: float
    smallest_dose: SmallestDose
    doses: tuple[DoseEffect, ...]
    verdict_code: VerdictCode


@dataclass(frozen=True)
class Secondary:
    """Another outcome, estimated alike; it gets no verdict."""

    outcome: str
    label: str
    unit: str
    better: str
    mcid: float | None
    n_observed: int
    p_no_effect: float
    doses: tuple[DoseEffect, ...]


@dataclass(frozen=True)
class SideEffect:
    """A side effect as counted and as modelled.

    Args:
        name, label: of the side effect.
        asked: entries that asked.
        events, severe: entries with severity >= 1, and >= 2.
        by_dose: dose in force (mg), entries asked, entries with severity >= 1.
        rated_severe: whether any entry has severity 3.
        model: of severity >= 1, or None where no entry asked.
        model_severe: of severity >= 2, or None where there were fewer than three.
    """

    name: str
    label: str
    asked: int
    events: int
    severe: int
    by_dose: tuple[tuple[float, int, int], ...]
    rated_severe: bool = False
    model: SideEffectModel | None = None
    model_severe: SideEffectModel | None = None


@dataclass(frozen=True)
class Answer:
    """Everything about one diary that anyone shows.

    Args:
        title: for the head of a report: the protocol's title, or the outcome.
        question, diary: what was asked of what.
        protocol_name: name and version, or "".
        n_observed: entries of the primary outcome that were used.
        n_days: dosing days from the first entry to the last, inclusive.
        n_dose_unknown: dosing days without a known dose.
        n_censored: entries set aside after an opioid or a stop.
        p_no_effect: posterior probability of H0.
        blinded_drug_free: whether there was a blinded drug-free period; without one nothing is called "works".
        expectation: kappa, or None where the term is off.
        level_without_drug: posterior of the mean level without drug over the observed days, outcome units.
        numerical_error: ``(mean_in_sd, sd_relative)``: largest difference between the two grids.
        numerical_error_p: difference of P(H0) between the two grids.
        posterior: what all of this was read from.
        likelihood: the document's "likelihood" part.
        uninformative: whether there is no score, or every score is the same, so that no number says anything.
        focus_mg: the dose that all sentences speak of: the verdict's, else the most promising one taken, or None.
        candidate_mg: dose of the confirmation phase, or None.
        chain_head: hash of the last event of the store that the diary was taken from, or "": printed, not judged.
    """

    title: str
    question: Question
    diary: Diary
    protocol_name: str
    protocol_sha256: str
    n_observed: int
    n_days: int
    n_dose_unknown: int
    n_censored: int
    p_no_effect: float
    blinded_drug_free: bool
    doses: tuple[DoseEffect, ...]
    smallest_dose: SmallestDose
    verdict: Verdict
    noise: Noise
    expectation: Summary | None
    level_without_drug: Summary
    course: Course
    blocks: tuple[DoseBlock, ...]
    side_effects: tuple[SideEffect, ...]
    secondary: tuple[Secondary, ...]
    sensitivity: tuple[SensitivityRow, ...]
    likelihood: dict[str, object]
    numerical_error: tuple[float, float]
    numerical_error_p: float
    citations: tuple[str, ...]
    warnings: tuple[Problem, ...]
    posterior: Inference
    uninformative: bool
    focus_mg: float | None
    candidate_mg: float | None = None
    chain_head: str = ""
    outcomes_looked_at: int = 1
