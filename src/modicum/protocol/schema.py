"""A protocol as a value: what a TOML file of schema ``modicum.protocol/1`` holds."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, PrivateAttr, Tag

from modicum.protocol.items import Citation, Grade, Outcome, SideEffectItem
from modicum.protocol.record import MOST_ENTRIES, Chance, Days, Name, Names, Part, Positive, Prose, Words
from modicum.protocol.rules import (
    Calibration,
    ConfirmationRules,
    Onset,
    Priors,
    ResponseRule,
    Rules,
    Screening,
    StepDownRules,
    TitrationRules,
)
from modicum.protocol.treatment import Drug, Maintenance, Reentry, Supply

SCHEMA = "modicum.protocol/1"

PhaseKind = Literal["run-in", "titration", "crossover", "confirmation", "step-down", "open", "washout", "maintenance"]
Order = Literal["as listed", "ascending with hidden placebo", "fair coin per pair", "any order"]
DoseWord = Literal["ladder", "candidate", "below candidate"]


def _form(value: object) -> str:
    return "word" if isinstance(value, str) else "list"


Doses = Annotated[
    Annotated[tuple[Positive, ...], Field(max_length=30), Tag("list")] | Annotated[DoseWord, Tag("word")],
    Discriminator(_form),
]


class Phase(Part):
    """One stretch of the trial, with what is taken, who knows it, and how the order is drawn.

    Args:
        name: of the phase, as a diary's ``phase`` column says it.
        kind: what the phase is for; it decides which rules apply.
        title: words for it; the name where empty.
        blinded: whether the person and the prescriber do not know what is in the capsules.
        announced: probability of active drug that the person is told, 0 to 1.
        max_days: longest length of the phase, days.
        doses_mg: the doses tried: a list, "ladder" (all, ascending), "candidate" (the dose chosen by titration), or
            "below candidate" (the doses that the step-down rule picks); empty: no capsules at all.
        block_days: length of one block of one dose, days; left out where the phase is one stretch or made of pairs.
        placebo_blocks: number of blocks of placebo of the same length among the others.
        placebo_in_different_gaps: whether no two placebo blocks may be neighbours in the same gap between doses.
        pairs: number of pairs dose/placebo, 0 where there are none.
        half_days: length of each half of a pair, days.
        order: how the order is drawn: "as listed" (not drawn), "ascending with hidden placebo" (uniform over the
            admissible places of the placebo blocks), "fair coin per pair", "any order" (uniform over all orders).
        sequences: number of sequences that can come out, where the ladder alone fixes it; checked.
        looks: after which pairs "works" may be declared, counted over the phase.
        note: in words, what the fields above cannot say.
    """

    name: Name
    kind: PhaseKind
    title: Prose = ""
    blinded: bool
    announced: Chance
    max_days: Days
    doses_mg: Doses = ()
    block_days: Days | None = None
    placebo_blocks: Annotated[int, Field(ge=0, le=20)] = 0
    placebo_in_different_gaps: bool = False
    pairs: Annotated[int, Field(ge=0, le=40)] = 0
    half_days: Days | None = None
    order: Order = "as listed"
    sequences: Annotated[int, Field(ge=1)] | None = None
    looks: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(max_length=40)] = ()
    note: Prose = ""

    @property
    def has_placebo(self) -> bool:
        """Whether some of the capsules hold no drug."""
        return self.placebo_blocks > 0 or self.pairs > 0

    @property
    def drug_free(self) -> bool:
        """Whether no drug is taken at all."""
        return self.doses_mg == ()


class Protocol(Part):
    """A trial as data.

    Args:
        schema_version: "modicum.protocol/1"; in the file the field is called ``schema``.
        name: by which it is called; the name of its file in the library.
        title: one line, for the head of a report.
        version: of this protocol, for example "1.0".
        summary: what it does, for whom, at what price, in plain words.
        drug: what is given, and in which doses.
        phases: the stretches of the trial, in order.
        outcomes: items that the diary asks, the primary one among them.
        primary: name of the one outcome that decides.
        covariates: columns of the diary that enter the model ("weekend" is made from dates, "cycle" from cycle_day).
        side_effects: asked in the diary, severity 0 to 3.
        rules: what is decided, when, and by which probability.
        onset: how fast a dose takes effect and wears off.
        priors: what is assumed before the first entry.
        screening: who may start.
        supply: how the doses are made up.
        maintenance: what follows where a dose works; left out: nothing.
        calibration: how often a useless drug would be declared to work.
        sources: what the protocol rests on.
    """

    model_config = ConfigDict(title="Modicum protocol", validate_by_name=False, validate_by_alias=True)

    schema_version: Annotated[Literal["modicum.protocol/1"], Field(alias="schema")]
    name: Name
    title: Words
    version: Words
    summary: Prose = ""
    drug: Drug
    phases: Annotated[tuple[Phase, ...], Field(min_length=1, max_length=50)]
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1, max_length=100)]
    primary: str
    covariates: Names = ()
    side_effects: Annotated[tuple[SideEffectItem, ...], Field(max_length=MOST_ENTRIES)] = ()
    rules: Rules = Rules()
    onset: Onset = Onset()
    priors: Priors = Priors()
    screening: Screening = Screening()
    supply: Supply = Supply()
    maintenance: Maintenance | None = None
    calibration: Calibration = Calibration(shown_by="Not simulated.")
    sources: Annotated[tuple[Citation, ...], Field(max_length=MOST_ENTRIES)] = ()
    _sha256: str = PrivateAttr(default="")
    _source: str = PrivateAttr(default="")

    @property
    def primary_outcome(self) -> Outcome:
        """The one outcome that decides."""
        return next(outcome for outcome in self.outcomes if outcome.name == self.primary)

    @property
    def planned_days(self) -> float:
        """Planned maximum length, days: the phases at their longest."""
        return float(sum(phase.max_days for phase in self.phases))

    @property
    def has_confirmation(self) -> bool:
        """Whether there is a confirmation phase, so that only its candidate is tested."""
        return any(phase.kind == "confirmation" for phase in self.phases)

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes it was read from, hexadecimal; empty where it was made in Python."""
        return self._sha256

    @property
    def source(self) -> str:
        """The file or library name it was read from."""
        return self._source

    def cited(self, source: str) -> str:
        """A source id as its full reference with grade; text that is no id is returned as it is.

        Args:
            source: as in ``mcid_source``.
        """
        for citation in self.sources:
            if citation.id == source:
                unread = "" if citation.verified else ", unverified"
                doi = f", doi:{citation.doi}" if citation.doi else ""
                return f"{citation.citation}{doi} ({citation.grade}{unread})"
        return source

    def phase(self, name: str) -> Phase:
        """The phase of that name.

        Args:
            name: as in ``phases``.

        Raises:
            KeyError: there is no such phase.
        """
        for phase in self.phases:
            if phase.name == name:
                return phase
        raise KeyError(name)


__all__ = [
    "SCHEMA",
    "Calibration",
    "Citation",
    "ConfirmationRules",
    "Drug",
    "Grade",
    "Maintenance",
    "Onset",
    "Outcome",
    "Phase",
    "Priors",
    "Protocol",
    "Reentry",
    "ResponseRule",
    "Rules",
    "Screening",
    "SideEffectItem",
    "StepDownRules",
    "Supply",
    "TitrationRules",
]
