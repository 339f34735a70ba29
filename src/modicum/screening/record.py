"""What a screening says: findings, the worst of them, and what a person has to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

Severity = Literal["stop", "ask", "note"]
Outcome = Literal["stop", "ask", "may-start"]

WORST_FIRST: tuple[Severity, ...] = ("stop", "ask", "note")
TAKEN_FOR = ", taken for "  # between a word and the name that it is taken to be misspelt


@dataclass(frozen=True)
class Unconfirmed:
    """A figure or a saying of a low grade: for prescribers only, never for patients, and it shortens no wait.

    Args:
        text: what is said.
        source: who says so.
        grade: of that source.
    """

    text: str
    source: str
    grade: str


@dataclass(frozen=True)
class FormWait:
    """How long to wait, were the form said.

    Args:
        form: "short" or "long", by how long a dose acts.
        days: without an opioid before the first dose.
        source: of that figure, and in whom it was found.
        grade: of that source.
    """

    form: str
    days: int
    source: str
    grade: str


@dataclass(frozen=True)
class Undecided:
    """A wait that has no figure: what the rules say instead, and what would lead on.

    Args:
        says: in words of the rules, for prescribers.
        source: of these words.
        grade: of that source.
        over_after_days: days since the last dose from which on it is asked instead of stopped; None where no day ends
            it, as after a depot.
        over_source: of that length; "" where there is none.
        by_form: the waits that a form would bring, where the line says none.
    """

    says: str
    source: str
    grade: str
    over_after_days: int | None = None
    over_source: str = ""
    by_form: tuple[FormWait, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One rule that a medicine or an answer has met.

    Args:
        rule: name of the rule.
        severity: "stop" (not to be started), "ask" (a question to be answered first) or "note".
        given: the line or the answer, as given.
        matched: what in it was read as what; a misspelling says so.
        reason: why, in words that patients may read.
        source: of the reason.
        grade: of that source: label, guideline, trial, review, register, practice page or recalled.
        wait_days: days without an opioid before the first dose, the upper end of its range; None where the prescriber
            decides: a patch, a depot, a form or a date that is not known.
        washout_days: the same for the form that was read, whether or not the date of the last dose is known.
        wait_confirmed: whether that figure rests on a label, a guideline or a trial that was read; only then do
            patients see it.
        wait_source: of that figure, and that it is from 50 mg; "" where there is none.
        last_taken: when it was last taken, where the line says so.
        unconfirmed: for prescribers only.
        undecided: of a wait without a figure, for prescribers only; None elsewhere.
    """

    rule: str
    severity: Severity
    given: str
    matched: str
    reason: str
    source: str
    grade: str
    wait_days: int | None = None
    washout_days: int | None = None
    wait_confirmed: bool = True
    wait_source: str = ""
    last_taken: date | None = None
    unconfirmed: tuple[Unconfirmed, ...] = ()
    undecided: Undecided | None = None


@dataclass(frozen=True)
class Screening:
    """Whether a person may start.

    Args:
        findings: worst first, in the order of the list within a severity.
        not_recognised: lines in which a name was found that nothing here knows, or no name at all: to be read by hand.
        history_given: whether answers about the person were given; a medication list alone is half of a screening.
    """

    findings: tuple[Finding, ...]
    not_recognised: tuple[str, ...]
    history_given: bool

    @property
    def result(self) -> Outcome:
        """The worst of all: a line that is not recognised is a question, and never clearance."""
        severities = {finding.severity for finding in self.findings}
        if "stop" in severities:
            return "stop"
        return "ask" if "ask" in severities or self.not_recognised else "may-start"


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings, the worst first, otherwise in their order."""
    return tuple(sorted(findings, key=lambda finding: WORST_FIRST.index(finding.severity)))
