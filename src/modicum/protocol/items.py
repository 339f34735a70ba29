"""What the diary asks: outcomes with their scales, and side effects."""

from typing import Literal

from modicum.protocol.record import Name, Names, Part, Positive, Prose, SourceIds, Words

Grade = Literal[
    "label or regulator", "guideline", "trial", "review", "register", "practice page", "recalled", "assumption"
]


class Outcome(Part):
    """One item of the diary, in our own plain words.

    Args:
        name: name of its column in a diary.
        label: words for it in a report.
        question: as the diary asks it.
        unit: word for its units.
        kind: "gaussian", "binary", "count" or "ordinal".
        low: lower end of the scale, outcome units.
        high: upper end of the scale, outcome units.
        low_label: words at the lower end.
        high_label: words at the upper end.
        better: which direction is better, "lower" or "higher".
        recall: the time that the question looks back over.
        mcid: smallest difference that matters, outcome units, > 0, fixed before the first dose.
        mcid_source: id of the source of the MCID, or "assumption: " and the reason.
        mcid_grade: how good that source is.
        sum_of: names of the items that add up to this one; empty where it is asked itself.
    """

    name: Name
    label: Words
    question: Words
    unit: Words = "points"
    kind: Literal["gaussian", "binary", "count", "ordinal"] = "gaussian"
    low: float
    high: float
    low_label: Prose = ""
    high_label: Prose = ""
    better: Literal["lower", "higher"]
    recall: Prose = "the last 24 hours"
    mcid: Positive
    mcid_source: Words
    mcid_grade: Grade = "assumption"
    sum_of: Names = ()


class SideEffectItem(Part):
    """A side effect that the diary asks about, graded 0 (none) to 3 (severe).

    Args:
        name: the column of a diary is ``side_effect:<name>``.
        label: words for it in the diary and in a report.
        note: why it is asked.
        sources: ids of the sources.
    """

    name: Name
    label: Words
    note: Prose = ""
    sources: SourceIds = ()


class Citation(Part):
    """A source that the protocol rests on.

    Args:
        id: short name, by which other parts refer to it.
        citation: author, year and place, or the name of the page.
        doi: DOI or PubMed number, if any.
        supports: what it is cited for.
        grade: what kind of source it is; "recalled" and "assumption" are not evidence.
        verified: whether the figure was read at the source or in a copy of it, not recalled.
    """

    id: Name
    citation: Words
    doi: Prose = ""
    supports: Words
    grade: Grade
    verified: bool
