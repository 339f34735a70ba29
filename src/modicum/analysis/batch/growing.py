"""Growing diaries: the posteriors of many trials at every review, without starting afresh.

The state of the filter is kept on each trial's windows. New entries are filtered alone; windows are sought anew only
where they cut the posterior off, or have become much too wide for it. What was filtered must not have changed: a trial
whose earlier entries, doses or columns are other than before (a late entry, a corrected dose, a trend over a span that
has grown because no length was planned) begins afresh.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Bool

from modicum.analysis.axes import Counts
from modicum.analysis.batch.cells import state_length
from modicum.analysis.batch.fits import Fits
from modicum.analysis.batch.fitting import BATCH_COUNTS, Tell, Wanted, cores, fits_of, plan_of, room_for, run
from modicum.analysis.batch.kernel import Kept
from modicum.analysis.batch.packing import Trial, pack
from modicum.analysis.compiled.waiting import announced_to
from modicum.analysis.design import Design


@dataclass(frozen=True)
class _Seen:
    """What the state of one trial was made from, where it lies, and the windows it is on."""

    trial: Trial
    at: tuple[int, int]
    room: tuple[int, int]
    axes: np.ndarray


class GrowingFits:
    """Posteriors of trials that grow from review to review. About 0.3 MB a trial at the default counts.

    Args:
        counts: nodes on each axis.
        threads: how many; None for one a core. The answer does not depend on it.
        tell: called with a sentence when something has to be compiled first.
    """

    def __init__(self, counts: Counts = BATCH_COUNTS, *, threads: int | None = None, tell: Tell | None = None):
        self._counts, self._threads, self._tell = counts, threads, tell
        self._seen: dict[Hashable, _Seen] = {}
        self._state, self._used = np.empty(0), 0
        self._fresh: Bool[np.ndarray, " trial"] = np.zeros(0, bool)

    @property
    def fresh(self) -> Bool[np.ndarray, " trial"]:
        """Which trials of the last review began afresh, or had their windows sought anew, under H1."""
        return self._fresh

    def review(self, names: Sequence[Hashable], trials: Sequence[Trial], *, wanted: Wanted | None = None) -> Fits:
        """The posteriors as of now.

        Args:
            names: of the trials, by which they are known again; trials may come, pause and go.
            trials: with all entries so far.
            wanted: what is reported beside the rest; the numerical error and ``p_smallest`` are not offered here.

        Returns:
            One row a trial, in their order.
        """
        wanted = wanted or Wanted()
        if wanted.numerical_error or wanted.p_smallest:
            raise ValueError("A review gives neither the numerical error nor p_smallest; fit_many does.")
        packed = pack(trials)
        found, n = room_for(packed, wanted), len(trials)
        kept = Kept(self._state, np.zeros((n, 2), np.int64), np.zeros(n, np.int64), np.zeros((n, 2), bool))
        for i, (name, trial) in enumerate(zip(names, trials, strict=True)):
            known = self._seen.get(name)
            if known is not None and _continues(known.trial, trial):
                kept.seen[i], found.axes[i] = len(known.trial.design), known.axes
            kept.state_at[i] = self._place(known, trial)
        kept = kept._replace(state=self._state)
        with announced_to(self._tell):
            run((packed, plan_of(self._counts, wanted), found, kept), self._threads or cores())
        for i, (name, trial) in enumerate(zip(names, trials, strict=True)):
            at = (int(kept.state_at[i, 0]), int(kept.state_at[i, 1]))
            self._seen[name] = _Seen(trial, at, self._room(trial), found.axes[i].copy())
        self._fresh = kept.fresh[:, 0].copy()
        return fits_of(packed, found, wanted)

    def forget(self, names: Sequence[Hashable]) -> None:
        """Let go of trials that are over; their room is used again only when all are."""
        for name in names:
            self._seen.pop(name, None)
        if not self._seen:
            self._state, self._used = np.empty(0), 0

    def _room(self, trial: Trial) -> tuple[int, int]:
        fixed, doses = trial.design.fixed.shape[1], len(trial.design.ladder_mg)
        timed = len(trial.design.mean) - fixed
        return _length(self._counts, fixed, timed), _length(self._counts, fixed, timed - doses)

    def _place(self, known: _Seen | None, trial: Trial) -> tuple[int, int]:
        """Where the states of a trial lie: where they did if there is room enough, else at the end."""
        room = self._room(trial)
        if known is not None and all(have >= need for have, need in zip(known.room, room, strict=True)):
            return known.at
        at = (self._used, self._used + room[0])
        self._used = at[1] + room[1]
        if self._used > len(self._state):
            grown = np.empty(max(self._used, 2 * len(self._state)))
            grown[: len(self._state)] = self._state
            self._state = grown
        return at


@cache
def _length(counts: Counts, fixed: int, timed: int) -> int:
    """Length of the state of one hypothesis."""
    return state_length(plan_of(counts, Wanted()).counts[1], fixed, timed)


def _continues(before: Trial, now: Trial) -> bool:
    """Whether a trial is the same as before with entries added at its end."""
    old, new = before.design, now.design
    if len(old) > len(new) or old.names != new.names or (before.axes, before.priors) != (now.axes, now.priors):
        return False
    if (old.told is None) != (new.told is None):
        return False
    days = int(old.day_index[-1]) + 1 if len(old) else 0
    pairs = [(old.mean, new.mean), (old.covariance, new.covariance), *_filtered(old, new, len(old), days)]
    return all(np.array_equal(a, b) for a, b in pairs)


def _filtered(old: Design, new: Design, entries: int, days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """What has gone through the filter, then and now."""
    per_entry = [(getattr(old, n), getattr(new, n)[:entries]) for n in ("time_days", "score", "fixed", "day_index")]
    per_day = [(getattr(old, n)[:days], getattr(new, n)[:days]) for n in ("doses", "starts_days")]
    if old.told is not None and new.told is not None:
        per_day.append((old.told[:days], new.told[:days]))
    return per_entry + per_day
