"""Instruments: what can be asked in a condition, with whose wording, and the daily set of our own plain items."""

from typing import Annotated, Literal

from pydantic import Field

from modicum.protocol.items import Citation, Outcome
from modicum.protocol.record import Name, Part, Positive, Prose, Words

MOST_DAILY = 8  # a diary that asks more is kept less well; no figure was found, so that this is an assumption
LicenceState = Literal["own", "public domain", "licensed", "unclear", "not a questionnaire"]


class SmallestDifference(Part):
    """The smallest difference that matters on an instrument, as its sources say it.

    Args:
        says: in words, with what belongs to it.
        value: the figure, in ``unit``.
        unit: "points", "percent of the score", "category" or "T".
        sources: ids of the sources, the one of the figure first.
    """

    says: Words
    value: Positive
    unit: Literal["points", "percent of the score", "category", "T"]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]


class Licence(Part):
    """Under which terms the wording of an instrument can be used. None was checked: ask the owner.

    Args:
        state: what is known, in one of five ways; "unclear" where it is only said to be free.
        says: in words.
        obtain: who is asked for it; empty where nothing has to be obtained.
    """

    state: LicenceState
    says: Words
    obtain: Prose = ""


class Instrument(Part):
    """A questionnaire or scale that others made, by name; its wording is not here.

    Args:
        name: as it is called.
        listed_as: other names under which it is listed.
        conditions: keys of the conditions in which it is used.
        items: number of its items, in words where there are versions; empty where not found.
        low: lower end of its score; left out where not found.
        high: upper end of its score; left out where not found.
        better: which direction is better, "lower", "higher" or "mixed"; left out where not found.
        recall: the time that it looks back over; empty where not found.
        mcid: smallest difference that matters; left out where none was found.
        licence: terms of its wording.
        own: one of our own items that asks for the same in our own words.
        rated_by: who gives the answers.
        note: what else one should know.
    """

    name: Words
    listed_as: tuple[Words, ...] = ()
    conditions: Annotated[tuple[Name, ...], Field(min_length=1)]
    items: Prose
    low: float | None = None
    high: float | None = None
    better: Literal["lower", "higher", "mixed"] | None = None
    recall: Prose
    mcid: SmallestDifference | None = None
    licence: Licence
    own: Name | None = None
    rated_by: Literal["the person", "clinician", "laboratory", "somebody else"] = "the person"
    note: Prose = ""


class Condition(Part):
    """A condition: its codes, and the daily set.

    Args:
        title: in words.
        icd10: codes of the WHO's ICD-10.
        icd10_cm: codes of ICD-10-CM.
        daily: names of our own items, at most eight, the primary one first.
        note: what a prescriber should know before using the set.
    """

    title: Words
    icd10: tuple[Words, ...]
    icd10_cm: tuple[Words, ...]
    daily: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_DAILY)]
    note: Prose = ""

    @property
    def primary(self) -> str:
        """Name of the one item of the daily set that decides."""
        return self.daily[0]


class DietItem(Part):
    """What was eaten: a column that may explain an outcome, and is none itself.

    Args:
        name: of its column in a diary.
        label: words for it in a report.
        question: as the diary asks it.
        kind: "gaussian", "binary" or "count".
        unit: word for its units.
        low: lower end of the scale.
        high: upper end of the scale.
        low_label: words at the lower end.
        high_label: words at the upper end.
        recall: the time that the question looks back over.
    """

    name: Name
    label: Words
    question: Words
    kind: Literal["gaussian", "binary", "count"]
    unit: Words
    low: float = 0.0
    high: float
    low_label: Prose
    high_label: Prose
    recall: Prose


class Catalogue(Part):
    """Everything that can be asked: our own items, conditions with their daily sets, and instruments of others.

    Args:
        language: of the words of our own items.
        items: our own items by name, as a protocol has them.
        diet: items of diet by name.
        conditions: by key; "any" holds what fits all.
        instruments: of others.
        sources: of the smallest differences.
    """

    language: Name
    items: dict[Name, Outcome]
    diet: dict[Name, DietItem]
    conditions: dict[Name, Condition]
    instruments: tuple[Instrument, ...]
    sources: tuple[Citation, ...]

    def daily(self, condition: str) -> tuple[Outcome, ...]:
        """The daily set of a condition, the primary item first, ready to be put into a protocol.

        Args:
            condition: a key of ``conditions``.

        Example:
            >>> from modicum.protocol.conditions import read_catalogue
            >>> [item.name for item in read_catalogue().daily("chronic-pain")][:2]
            ['pain', 'sleep']
        """
        return tuple(self.items[name] for name in self.conditions[condition].daily)

    def used_in(self, condition: str) -> tuple[Instrument, ...]:
        """The instruments of a condition, in the order of the catalogue; what fits any condition is not among them.

        Args:
            condition: a key of ``conditions``.
        """
        return tuple(one for one in self.instruments if condition in one.conditions)

    def source(self, name: str) -> Citation:
        """The source of that id.

        Args:
            name: as in ``mcid.sources``.

        Raises:
            KeyError: there is no such source.
        """
        for one in self.sources:
            if one.id == name:
                return one
        raise KeyError(name)
