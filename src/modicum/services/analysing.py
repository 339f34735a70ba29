"""From a diary to an answer: the verb behind ``modicum analyse`` and :func:`modicum.analyse`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from modicum.analysis.compiled.waiting import announced_to
from modicum.analysis.question import Onset
from modicum.foundation.errors import DiaryError, InputError, OptionsError, Problem, ProtocolError
from modicum.records.diary import Diary
from modicum.services.asking import Asked, ask
from modicum.services.cautions import cautions, inexact
from modicum.services.options import Options, Reading, check_options
from modicum.services.periods import named, source_column, with_values_before
from modicum.services.result import Result

if TYPE_CHECKING:
    from modicum.protocol import Protocol

LEFT_TO_PROTOCOL = frozenset({"MOD-OPT-02", "MOD-OPT-03", "MOD-OPT-04"})  # said by a protocol, once it can be read

Progress = Callable[[str, float], None]


def analyse(
    diary: object,
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
    likelihood: bool = False,
    skip_bad_rows: bool = False,
) -> Result:
    """Say what a diary shows about each dose, and which is the smallest that works.

    Args:
        diary: path of a CSV or Parquet file, a pandas or polars frame, or a :class:`~modicum.records.Diary`.
        protocol: name of a shipped protocol, path of a protocol file, or a protocol read before.
        outcome: column of the outcome; several may be named.
        kind: "gaussian", "binary", "count" or "ordinal"; else it is read off the answers before the first dose.
        better: "lower" or "higher"; needed without a protocol.
        range: the two ends of the scale, outcome units; needed without a protocol.
        mcid: smallest difference that matters, outcome units; else a tenth of the range is assumed.
        primary: which of several outcomes decides.
        onset: "immediate", a median in days with an optional sd of its logarithm ("4,0.8"), or "fixed=2".
        mapping: column of the file by field of the diary, for example ``{"day": "study_day"}``.
        levels: dose by text, for example ``{"Herbal tea": 1, "No tea": 0}``.
        day_from_row: whether the number of the row is the day.
        where: text by column; only rows that hold it are read.
        covariates: columns that enter the model.
        likelihood: whether the document lists the components of the likelihood.
        skip_bad_rows: whether invalid rows are set aside instead of refusing the diary.

    Raises:
        InputError: with every problem of protocol, options and diary at once.
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
    reading = Reading(mapping, levels, day_from_row, where, skip_bad_rows)
    return carry_out(diary, protocol, options, reading, likelihood=likelihood)


def carry_out(
    diary: object,
    protocol: "str | Path | Protocol | None",
    options: Options,
    reading: Reading,
    *,
    likelihood: bool = False,
    progress: Progress | None = None,
    problems: Iterable[Problem] = (),
) -> Result:
    """Answer, with options that are already checked one by one.

    Args:
        diary: see :func:`analyse`.
        protocol: see :func:`analyse`.
        options: what was said about outcome and model.
        reading: what was said about the file.
        likelihood: whether the document lists the components of the likelihood.
        progress: called with the name of a step and the share that is done, 0 to 1.
        problems: what the caller already found wrong, to be reported with the rest.

    Raises:
        InputError: with every problem of protocol, options and diary at once.
    """
    read, asked, plan = questioned(diary, protocol, options, reading, problems)
    with announced_to(None if progress is None else lambda text: progress(text, 0.0)):
        return _answer(read, asked, plan, options, likelihood=likelihood, progress=progress)


def questioned(
    diary: object,
    protocol: "str | Path | Protocol | None",
    options: Options,
    reading: Reading,
    problems: Iterable[Problem] = (),
) -> "tuple[Diary, Asked, Protocol | None]":
    """Read protocol and diary, and build the questions.

    Args:
        diary: see :func:`analyse`.
        protocol: see :func:`analyse`.
        options: what was said about outcome and model.
        reading: what was said about the file.
        problems: what the caller already found wrong, to be reported with the rest.

    Returns:
        The diary with what its covariates need, the questions asked of it, and the protocol.

    Raises:
        InputError: with every problem of protocol, options and diary at once.
    """
    found = [*problems, *options.problems]
    plan = _protocol(protocol, found)
    read = _diary(diary, plan, options, reading, found)
    if read is not None:
        read = with_values_before(read, named(options.covariates, plan))
    asked = ask(options, plan, read)
    told = {problem.where for problem in found}
    unknown = LEFT_TO_PROTOCOL if plan is None and protocol is not None else frozenset[str]()
    found += [
        problem for problem in asked.problems if problem.where.split(" ")[0] not in told and problem.code not in unknown
    ]
    if found or read is None:
        raise refusal(found)
    return read, asked, plan


def _protocol(given: object, problems: list[Problem]) -> "Protocol | None":
    if given is None:
        return None
    from modicum.protocol import Protocol, read_protocol

    if isinstance(given, Protocol):
        return given
    if not isinstance(given, str | Path):
        fix = "Give the name of a shipped protocol, the path of a protocol file, or a protocol read before."
        problems.append(Problem("MOD-OPT-01", "--protocol", repr(given), "This is not a protocol", fix))
        return None
    try:
        return read_protocol(given)
    except InputError as error:
        problems += error.problems
        return None


def _diary(
    given: object, plan: "Protocol | None", options: Options, reading: Reading, problems: list[Problem]
) -> Diary | None:
    if isinstance(given, Diary):
        problems += [
            Problem(
                "MOD-OPT-10",
                f"--{name.replace('_', '-')}" if name != "mapping" else "--map",
                str(value),
                "This option is for reading a file, but the diary has already been read",
                "Give it to read_diary, or give the file here.",
            )
            for name, value in vars(reading).items()
            if value
        ]
        return given
    from modicum.records import read_diary

    try:
        return read_diary(
            given,  # pyright: ignore[reportArgumentType] - the reader itself says which sources it takes
            protocol=plan,
            outcomes=tuple(dict.fromkeys((*options.outcomes, *filter(None, [options.primary])))),
            covariates=tuple(dict.fromkeys(map(source_column, options.covariates))),
            ranges=options.ranges,
            **vars(reading),
        )
    except InputError as error:
        problems += error.problems
        return None


def _answer(
    diary: Diary,
    asked: Asked,
    plan: "Protocol | None",
    options: Options,
    *,
    likelihood: bool,
    progress: Progress | None,
) -> Result:
    from modicum.decision.answering import answer

    question, *secondary = asked.questions
    found = answer(
        diary,
        question,
        protocol=plan,
        secondary=tuple(secondary),
        likelihood_components=likelihood,
        progress=progress,
    )
    cautioned = cautions(diary, question, plan, onset_given=options.onset is not None)
    rough = () if found.uninformative else inexact(*found.numerical_error, found.numerical_error_p)
    warnings = tuple(dict.fromkeys((*diary.warnings, *asked.warnings, *cautioned, *rough, *found.warnings)))
    return Result(replace(found, warnings=warnings), with_components=likelihood)


def refusal(problems: list[Problem]) -> InputError:
    """One error for all problems; a diary's or a protocol's own kind where nothing else is wrong."""
    prefixes = {problem.code.rsplit("-", 1)[0] for problem in problems}
    if prefixes == {"MOD-DIARY"}:
        return DiaryError(problems)
    if prefixes == {"MOD-PROTO"}:
        return ProtocolError(problems)
    if prefixes <= {"MOD-OPT"}:
        return OptionsError(problems)
    return InputError(problems)
