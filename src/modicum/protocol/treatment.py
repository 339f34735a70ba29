"""What is given and how it is made up: the drug, its ladder of doses, and the capsules."""

from typing import Annotated, Literal

from pydantic import Field

from modicum.protocol.record import Chance, Days, Part, Positive, Prose, Remarks, SourceIds, Words

Reentry = Literal["at once", "half dose for 3 nights"]


class Drug(Part):
    """The treatment that is tried.

    Args:
        name: of the drug or treatment; doses are of the form named in ``form``.
        form: what is swallowed, for example "capsule".
        route: for example "by mouth".
        unit: "mg", or "" for a treatment without a dose (then the ladder is [1.0]: 1 with, 0 without).
        ladder_mg: the doses, ascending, > 0, in ``unit``.
        dose_time: clock time of the dose, "HH:MM"; the dose of a calendar day is taken the evening before.
        notes: what a prescriber should know.
        sources: ids of the sources behind the ladder and the time.
    """

    name: Words
    form: Words = "capsule"
    route: Words = "by mouth"
    unit: str = "mg"
    ladder_mg: Annotated[tuple[Positive, ...], Field(min_length=1, max_length=30)]
    dose_time: str = "22:00"
    notes: Prose = ""
    sources: SourceIds = ()

    @property
    def dose_hour(self) -> float:
        """Hour of the day at which the dose is taken, 0 to 24."""
        hours, minutes = self.dose_time.split(":")
        return int(hours) + int(minutes) / 60


class Supply(Part):
    """How the doses are made up by a pharmacy.

    Args:
        strengths_mg: capsule strengths that are ordered, mg; empty: one strength for each dose of the ladder.
        max_capsules: most capsules on one night, the same number every night of a blinded phase.
        filler: what placebo capsules hold and active ones are topped up with.
        avoid: fillers not to use.
        overage: share of capsules made beyond the planned number, 0 to 1.
        reentry: how a dose is taken up again after placebo; the prescriber chooses before the sequence is sealed.
        notes: for the pharmacist.
        sources: ids of the sources.
    """

    strengths_mg: Annotated[tuple[Positive, ...], Field(max_length=30)] = ()
    max_capsules: Annotated[int, Field(ge=1, le=12)] = 1
    filler: Prose = ""
    avoid: Remarks = ()
    overage: Annotated[float, Field(ge=0, le=1)] = 0.1
    reentry: Reentry = "at once"
    notes: Prose = ""
    sources: SourceIds = ()

    @property
    def half_nights(self) -> int:
        """Nights on half the dose when it is taken up again after placebo."""
        return 0 if self.reentry == "at once" else 3


class Maintenance(Part):
    """After the trial: the dose that was found, openly, one entry a week, and now and then a blinded second look at it.

    Args:
        entry_days: from one entry to the next, days; in a re-challenge the diary is kept daily again.
        rechallenge_after_days: a re-challenge is offered so long after the trial, and after each re-challenge.
        half_days: length of each half of a re-challenge, days; the dose and placebo, in an order by a fair coin.
        window_days: days whose mean is looked at.
        lost_share: a re-challenge is offered at once where that mean has lost this share of the effect.
    """

    entry_days: Days = 7
    rechallenge_after_days: Days = 182
    half_days: Days = 14
    window_days: Days = 28
    lost_share: Chance = 0.5
