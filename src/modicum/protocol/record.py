"""What every part of a protocol shares: frozen, strict, and no field that the schema does not know."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Prose = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Chance = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Days = Annotated[float, Field(gt=0, le=3660)]


MOST_ENTRIES = 200  # in any list: more than any protocol has, few enough to be checked pairwise
SourceIds = Annotated[tuple[str, ...], Field(max_length=MOST_ENTRIES)]
Remarks = Annotated[tuple[Prose, ...], Field(max_length=MOST_ENTRIES)]
Names = Annotated[tuple[Name, ...], Field(max_length=MOST_ENTRIES)]


class Part(BaseModel):
    """One part of a protocol; values are frozen, a change makes a new value."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
