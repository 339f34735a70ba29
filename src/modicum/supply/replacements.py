"""Replacements: a kit that is made again, for the same period and with the same content, under another code."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from modicum.supply.kits import Kit
from modicum.supply.periods import Period


@dataclass(frozen=True)
class Replacement:
    """A kit that is made again. Nothing here depends on what it holds.

    Args:
        phase: name of the phase.
        period: block or half of a pair within the phase, from 1.
        part: of a stretch too long for one kit, from 1.
        code: on its label.
        batch: name of the batch that it is made in, alone.
    """

    phase: str
    period: int
    part: int
    code: str
    batch: str

    def is_for(self, period: Period) -> bool:
        """Whether a period is the one that it is for."""
        return (self.phase, self.period, self.part) == (period.phase, period.period, period.part)


def planned_for(kits: Iterable[Kit], replacement: Replacement) -> Kit:
    """The kit that was planned where a replacement is made.

    Args:
        kits: as they were planned.
        replacement: of one of them.
    """
    return next(kit for kit in kits if replacement.is_for(kit.period))


def make_again(planned: Kit, replacement: Replacement, *, made_on: dt.date) -> Kit:
    """A kit that is made again: whole, however much of it was taken, so that its size tells no day.

    It keeps as long as any other, and is planned from its making on where its period has begun by then.

    Args:
        planned: kit, as it was planned.
        replacement: of it.
        made_on: day of making.
    """
    keeps = planned.use_before - planned.make_on
    make_on = max(made_on, planned.last_evening - keeps + dt.timedelta(days=1))
    return replace(
        planned,
        code=replacement.code,
        batch=replacement.batch,
        make_on=make_on,
        use_before=make_on + keeps,
        first_evening=min(max(planned.first_evening, make_on), planned.last_evening),
    )


def swap(kits: Sequence[Kit], again: Kit) -> tuple[Kit, ...]:
    """Kits with one of them made again, in the place of the one that was planned.

    Args:
        kits: as they were planned.
        again: one that is made again.
    """
    return tuple(again if kit.period == again.period else kit for kit in kits)
