"""A diary in columns: what one person wrote, as the analysis reads it."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from jaxtyping import Bool, Float, Int

from modicum.foundation.errors import Problem

Column = Float[np.ndarray, " entry"]


@dataclass(frozen=True)
class Diary:
    """One person's diary, sorted by time; a row is an entry, missing cells are NaN (text: empty).

    Args:
        time_days: clock time from midnight of day 0, days; whole-number day d is d + 20/24.
        received_days: when the clinic had the entry, same clock; equal to ``time_days`` where the file does not say.
        dosing_day: number of the dosing day of each entry; a dosing day starts at ``dose_hour`` of the day before.
        dose_mg: dose in force at the entry, mg, as taken; already one value a dosing day; NaN where unknown.
        planned_mg: dose scheduled, mg, or None where the file has no schedule.
        scores: outcome columns by name, in the instrument's units.
        covariates: any other numeric column by name.
        side_effects: severity 0-3 by name of the side effect (columns ``side_effect:<name>``).
        blinded: whether the entry was made blinded (1, 0, NaN), or None without such a column.
        announced: probability of active drug that the participant was told (0-1), or None.
        guess: the participant's own probability of active drug (0-1), or None.
        guess_reason: "benefit", "side-effect", "none" or "", or None.
        phase: name of the phase or "", or None.
        rescue: rescue medicine, any number, or None.
        opioid: opioid taken (1, 0, NaN), or None. The entry that says so and all later ones are censored.
        stopped: the trial was stopped (1, 0, NaN), or None. Later entries are censored.
        red_flag: an answer that the instrument marks as a red flag (1, 0, NaN), or None.
        dose_hour: hour of the day at which a dose is taken, 0-24 (protocol's ``dose_time``; 22 by default).
        start: calendar date of day 0 where the file gives dates.
        rows_read: rows in the file.
        refused: one problem for every row not used; ``rows_read == len(diary) + len(refused)``.
        warnings: what a reader should know though the row was used.
        virtual: whether the person is a virtual one.
        source: where it came from, for messages.
        sha256: of the bytes read.
    """

    time_days: Column
    received_days: Column
    dosing_day: Int[np.ndarray, " entry"]
    dose_mg: Column
    planned_mg: Column | None = None
    scores: dict[str, Column] = field(default_factory=dict)
    covariates: dict[str, Column] = field(default_factory=dict)
    side_effects: dict[str, Column] = field(default_factory=dict)
    blinded: Column | None = None
    announced: Column | None = None
    guess: Column | None = None
    guess_reason: tuple[str, ...] | None = None
    phase: tuple[str, ...] | None = None
    rescue: Column | None = None
    opioid: Column | None = None
    stopped: Column | None = None
    red_flag: Column | None = None
    dose_hour: float = 22.0
    start: date | None = None
    rows_read: int = 0
    refused: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    virtual: bool = False
    source: str = ""
    sha256: str = ""

    def __len__(self) -> int:
        return len(self.time_days)

    @property
    def censored(self) -> Bool[np.ndarray, " entry"]:
        """Entries that the analysis sets aside: from an opioid on, and after the trial was stopped."""
        out = np.zeros(len(self), bool)
        if self.opioid is not None:
            out |= np.maximum.accumulate(np.nan_to_num(self.opioid) > 0)
        if self.stopped is not None:
            stop = np.maximum.accumulate(np.nan_to_num(self.stopped) > 0)
            out[1:] |= stop[:-1]
        return out
