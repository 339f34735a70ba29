"""The diary of a trial as it was known at a moment: every planned day a row, with the entry that had arrived."""

import datetime as dt
from collections.abc import Sequence

import numpy as np

from modicum.protocol.schema import Protocol
from modicum.records.diary import Diary
from modicum.records.events import Entry, as_known_at
from modicum.trial.block import Block, in_force

EVENING = 20.0 / 24.0
_DAY = 86_400.0
_DAY_AT, _CLOCK_AT, _RECEIVED_DAY_AT, _RECEIVED_CLOCK_AT, _TOOK_AT, _GUESS_AT, _STOPS_AT, _ITEMS_AT = range(8)

_Line = tuple[tuple[float, ...], str]  # the numbers of an entry, and why its guess was given


class Pages:
    """What was written in one trial, in the order received. Each entry is read into numbers once.

    Args:
        protocol: of the trial.
        start: midnight of day 0.
        virtual: whether the participant is.
    """

    def __init__(self, protocol: Protocol, start: dt.datetime, *, virtual: bool = False):
        self._start, self._virtual = start, virtual
        self._outcomes = tuple(item.name for item in protocol.outcomes)
        self._side_effects = tuple(item.name for item in protocol.side_effects)
        self._unasked = (np.nan,) * (len(self._outcomes) + len(self._side_effects))
        self._entries: list[Entry] = []
        self._lines: dict[str, _Line] = {}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order in which they arrived."""
        return tuple(self._entries)

    def add(self, entry: Entry) -> None:
        """An entry arrives."""
        self._entries.append(entry)
        self._lines[entry.id] = (self._read(entry), "" if entry.guess is None else entry.guess_reason)

    def known_at(self, now: dt.datetime, blocks: Sequence[Block]) -> Diary:
        """The diary as known at a moment.

        Days without an entry that had arrived are rows with the plan alone, so that the plan is known of every day.

        Args:
            now: the moment; days whose evening is after it are left out.
            blocks: of the trial so far.
        """
        lines = [self._lines[entry.id] for entry in as_known_at(self._entries, now)]
        planned = sum(block.days for block in blocks)
        written = {numbers[_DAY_AT] for numbers, _ in lines}
        lines += [(self._blank(day), "") for day in range(planned) if day not in written]
        until = (now - self._start).total_seconds() / _DAY
        kept = [line for line in lines if 0 <= line[0][_DAY_AT] < planned and sum(_when(line)) <= until]
        return self._diary(sorted(kept, key=_when), in_force(blocks))

    def _read(self, entry: Entry) -> tuple[float, ...]:
        took = np.nan if entry.took is None else float(entry.took)
        guess = np.nan if entry.guess is None else entry.guess
        scores = (float(entry.scores.get(name, np.nan)) for name in self._outcomes)
        severity = (float(entry.side_effects.get(name, np.nan)) for name in self._side_effects)
        times = (*self._clock(entry.happened_at), *self._clock(entry.received_at))
        return (*times, took, guess, float(entry.stops), *scores, *severity)

    def _clock(self, moment: dt.datetime) -> tuple[int, float]:
        """Calendar day from the start, and the share of it that has passed."""
        since = moment - self._start
        return since.days, (since.seconds + since.microseconds / 1e6) / _DAY

    def _blank(self, day: int) -> tuple[float, ...]:
        return (day, EVENING, day, EVENING, np.nan, np.nan, 0.0, *self._unasked)

    def _diary(self, lines: Sequence[_Line], blocks: Sequence[Block]) -> Diary:
        """Lines as a diary; the blocks are those in force."""
        table = np.array([numbers for numbers, _ in lines], float).reshape(len(lines), _ITEMS_AT + len(self._unasked))
        days = table[:, _DAY_AT].astype(int)
        block_of_day = np.repeat(np.arange(len(blocks)), [block.days for block in blocks])[days]
        planned = np.array([block.capsule_mg for block in blocks])[block_of_day]
        guess, stops = table[:, _GUESS_AT], table[:, _STOPS_AT]
        guessed = bool(np.isfinite(guess).any())
        items = table[:, _ITEMS_AT:].T
        return Diary(
            time_days=days + table[:, _CLOCK_AT],
            received_days=table[:, _RECEIVED_DAY_AT] + table[:, _RECEIVED_CLOCK_AT],
            dosing_day=days,
            dose_mg=planned * table[:, _TOOK_AT],
            planned_mg=planned,
            scores=dict(zip(self._outcomes, items, strict=False)),
            side_effects=dict(zip(self._side_effects, items[len(self._outcomes) :], strict=True)),
            announced=np.array([block.announced for block in blocks], float)[block_of_day],
            guess=guess if guessed else None,
            guess_reason=tuple(why for _, why in lines) if guessed else None,
            phase=tuple(blocks[at].phase for at in block_of_day),
            stopped=stops if stops.any() else None,
            rows_read=len(days),
            virtual=self._virtual,
        )


def _when(line: _Line) -> tuple[float, float]:
    numbers, _ = line
    return numbers[_DAY_AT], numbers[_CLOCK_AT]
