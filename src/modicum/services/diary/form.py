"""The form of what a phone hands in: ``modicum.entry/1``."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

MOST_BYTES = 65_536
_UUID7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"

Identity = Annotated[str, StringConstraints(pattern=_UUID7)]
Column = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Severity = Annotated[int, Field(ge=0, le=3)]
Medicine = Annotated[str, StringConstraints(max_length=200)]


def _in_our_time(moment: dt.datetime) -> dt.datetime:
    if not 2000 <= moment.year <= 2200:
        raise ValueError("no year in which anybody keeps this diary")
    return moment


class Submission(BaseModel):
    """One evening, as the phone handed it in.

    Args:
        schema_name: of the form.
        id: made on the phone, UUIDv7.
        corrects: id of the entry that it replaces, or None.
        day: of the trial, as the phone took it.
        about: which evening, seen from ``happened_at``.
        happened_at: clock of the phone when the entry was finished, with its offset.
        zone: IANA name of the phone's zone.
        number: counts the entries of the phone.
        answers: by item; None where the person would rather not say.
        took: the capsule of the night before; None where that was not asked.
        side_effects: severity by name, 0 (none) to 3 (severe).
        guess: own chance that the capsules hold the drug, 0 to 1, or None.
        guess_reason: why.
        medications: new ones, as the person writes them.
        note: for the clinic; never exported.
        leaves: whether the person leaves the trial with it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    schema_name: Annotated[Literal["modicum.entry/1"], Field(alias="schema")]
    id: Identity
    corrects: Identity | None = None
    day: Annotated[int, Field(ge=-1, le=36_600, strict=True)]
    about: Literal["today", "yesterday"]
    happened_at: Annotated[AwareDatetime, AfterValidator(_in_our_time)]
    zone: Annotated[str, StringConstraints(max_length=64)]
    number: Annotated[int, Field(ge=1, strict=True)]
    answers: dict[Column, Annotated[float, Field(strict=True)] | None]
    took: Literal["yes", "no", "unsure"] | None
    side_effects: dict[Column, Annotated[Severity, Field(strict=True)]]
    guess: Annotated[float, Field(ge=0, le=1, strict=True)] | None = None
    guess_reason: Literal["benefit", "side-effect", "none", ""] = ""
    medications: Annotated[tuple[Medicine, ...], Field(max_length=20)] = ()
    note: Annotated[str, StringConstraints(max_length=2_000)] = ""
    leaves: Annotated[bool, Field(strict=True)] = False

    @property
    def answers_something(self) -> bool:
        """Whether it answers anything about its evening; a new medicine alone does not."""
        return bool(self.answers or self.side_effects or self.took is not None or self.guess is not None)

    @property
    def says_something(self) -> bool:
        """Whether the trial has to know of it: an answer, or that the person leaves, at whatever hour."""
        return self.answers_something or self.leaves


def read_submission(content: Any) -> Submission | None:
    """An entry of the form, or None."""
    try:
        return Submission.model_validate(content)
    except ValidationError:
        return None
