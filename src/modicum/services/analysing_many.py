"""From many diaries to their effects at once: the verb behind :func:`modicum.analyse_many`."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from modicum.analysis.question import Onset
from modicum.foundation.errors import Problem
from modicum.records.diary import Diary
from modicum.records.frame import is_frame
from modicum.services.analysing import _diary, _protocol, refusal
from modicum.services.asking import ask
from modicum.services.options import Options, Reading, check_options
from modicum.services.periods import named, with_values_before
from modicum.services.population import Described, Population, Refused, gathered

if TYPE_CHECKING:
    from modicum.analysis.batch.fits import Fits
    from modicum.analysis.batch.packing import Trial
    from modicum.protocol import Protocol

CHUNK = 256  # diaries read before they are fitted together: memory holds no more of them

Tell = Callable[[str], None]


def analyse_many(
    diaries: Iterable[object],
    *,
    protocol: "str | Path | Protocol | None" = None,
    outcome: str | Iterable[str] | None = None,
    kind: str | None = None,
    better: str | None = None,
    range: tuple[float, float] | None = None,  # noqa: A002 - the word of the field and of the command line
    mcid: float | None = None,
    primary: str | None = None,
    onset: str | Onset | None = None,
    mapping: Mapping[str, str] | None = None,
    levels: Mapping[str, float] | None = None,
    day_from_row: bool = False,
    where: Mapping[str, str] | None = None,
    covariates: str | Iterable[str] | None = (),
    skip_bad_rows: bool = False,
    intervals: bool = False,
    smallest: bool = False,
    numerical_error: bool = False,
    tell: Tell | None = None,
) -> Population:
    """Say what each of many diaries shows about each dose: the deciding outcome, without a verdict or a table.

    ``diaries`` are paths, frames or :class:`~modicum.records.Diary`, taken from the iterable as they are needed. One
    that cannot be used is set aside with all its problems, and the others are analysed; rows that ``skip_bad_rows``
    sets aside are listed with their diary. Gaussian outcomes only.

    The options down to ``skip_bad_rows`` are those of :func:`modicum.analyse`. Beside the rest, ``intervals`` finds
    95 % intervals, ``smallest`` the posterior of the smallest effective dose (it takes longest), and
    ``numerical_error`` the difference from a coarser grid. ``tell`` is called with a sentence when something has to be
    compiled first; by default it goes to standard error.

    Raises:
        InputError: with every problem of protocol and options, which concern all diaries.
    """
    options = check_options(
        outcome=outcome,
        primary=primary,
        kind=kind,
        better=better,
        scale=range,
        mcid=mcid,
        onset=onset,
        covariates=covariates,
        without_dose=bool(levels),
    )
    problems = [*_not_several(diaries), *options.problems]
    plan = _protocol(protocol, problems)
    kind = options.kind or _kind_of_protocol(options, plan)
    problems += [_only_gaussian("--kind", kind)] if kind not in (None, "gaussian") else []
    if problems:
        raise refusal(problems)
    road = _Road(plan, options, Reading(mapping, levels, day_from_row, where, skip_bad_rows))
    also = {"interval95": intervals, "p_smallest": smallest, "numerical_error": numerical_error}
    return _fitted(diaries, road, also, tell or _to_standard_error)


def _fitted(diaries: Iterable[object], road: "_Road", also: dict[str, bool], tell: Tell) -> Population:
    """Chunk after chunk, prepared one by one and fitted together."""
    from modicum.analysis.batch.fitting import Wanted, fit_many

    parts: "list[tuple[list[Described], Fits]]" = []
    refused: list[Refused] = []
    for chunk in _chunks(diaries, CHUNK):
        ready = [one for position, diary in chunk if (one := road.prepare(position, diary, refused)) is not None]
        fits = fit_many([trial for _, trial in ready], wanted=Wanted(**also), tell=tell)
        parts.append(([described for described, _ in ready], fits))
    return gathered(parts, tuple(refused))


@dataclass(frozen=True)
class _Road:
    """The road from a diary to a trial that can be fitted; the same for all."""

    plan: "Protocol | None"
    options: Options
    reading: Reading

    def prepare(self, position: int, given: object, refused: list[Refused]) -> "tuple[Described, Trial] | None":
        """The diary with its question, or None; then its problems are in the list."""
        from modicum.analysis.batch.fitting import trial_of
        from modicum.analysis.schedule import schedule_of
        from modicum.decision.announcements import announcements

        problems: list[Problem] = []
        diary = _diary(given, self.plan, self.options, self.reading, problems)
        if diary is not None:
            diary = with_values_before(diary, named(self.options.covariates, self.plan))
        asked = ask(self.options, self.plan, diary)
        told = {problem.where for problem in problems}
        problems += [problem for problem in asked.problems if problem.where.split(" ")[0] not in told]
        problems += [
            _only_gaussian(f"--kind ({one.outcome})", one.kind) for one in asked.questions[:1] if one.kind != "gaussian"
        ]
        name = _name(given)
        if problems or diary is None:
            refused.append(Refused(position, name, tuple(problems)))
            return None
        question = asked.questions[0]
        phased, by_phase = announcements(diary, self.plan)
        trial = trial_of(question, diary, schedule_of(phased, by_phase))
        return Described.of(position, name, question, trial.design, diary=diary, assumed=asked.warnings), trial


def _chunks(diaries: Iterable[object], size: int) -> Iterator[list[tuple[int, object]]]:
    numbered = enumerate(diaries)
    while chunk := list(islice(numbered, size)):
        yield chunk


def _name(given: object) -> str:
    if isinstance(given, Diary):
        return given.source
    return Path(given).name if isinstance(given, str | Path) else ""


def _not_several(diaries: object) -> list[Problem]:
    """What is wrong where one diary, or nothing, was given in the place of several."""
    one = isinstance(diaries, str | bytes | bytearray | PathLike | Diary | Mapping) or is_frame(diaries)
    if isinstance(diaries, Iterable) and not one:
        return []
    fix = "Give a list of diaries, also of a single one: [diary]; of a dict give its values."
    kind = type(diaries).__name__
    return [Problem("MOD-OPT-25", "diaries", kind, "Many diaries are asked for, and this is not a list of them", fix)]


def _kind_of_protocol(options: Options, plan: "Protocol | None") -> str | None:
    """The kind of the deciding outcome where the protocol says it."""
    if plan is None:
        return None
    name = options.primary or next(iter(options.outcomes), plan.primary)
    return next((item.kind for item in plan.outcomes if item.name == name), None)


def _only_gaussian(where: str, kind: str) -> Problem:
    return Problem(
        "MOD-OPT-23",
        where,
        kind,
        "Many diaries at once are analysed for Gaussian outcomes only",
        "Use analyse for each of these diaries, or say kind='gaussian' if the scale has many steps.",
    )


def _to_standard_error(text: str) -> None:
    print(f"modicum: {text}", file=sys.stderr, flush=True)
