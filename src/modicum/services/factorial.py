"""A drug and a factor drawn by chance beside it: the verb behind ``modicum factorial``, and its Python form."""

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from modicum.foundation.errors import OptionsError, Problem
from modicum.protocol.factors import FACTOR, factors_of
from modicum.protocol.schema import Protocol
from modicum.records.diary import Diary
from modicum.services.analysing import _protocol, questioned
from modicum.services.options import Options, Reading, check_options
from modicum.services.periods import changes_within
from modicum.services.two_by_two import TwoByTwo, foreseen, lived

if TYPE_CHECKING:
    from modicum.analysis.question import Onset, Question

FEWEST_DAYS = 7  # as a dose counts as tried after a week (docs/model.md, What is decided)
# Noise where a trial is only planned: that of the typical person of the design study; all are assumptions.
SD_OF_RANGE, ONE_DAY_CORRELATION, WHITE_SHARE = 0.15, 0.5, 0.3
_EVENING = 20 / 24

Source = str | Path | Protocol | None


def factorial(
    diary: object = None,
    *,
    protocol: Source = None,
    factor: str | None = None,
    outcome: str | None = None,
    better: str | None = None,
    range: tuple[float, float] | None = None,  # noqa: A002 - the word of the field and of the command line
    mcid: float | None = None,
    onset: "str | Onset | None" = None,
    covariates: str | Iterable[str] | None = (),
) -> TwoByTwo:
    """Say what a diary shows about one dose, a factor drawn by chance beside it, and their interaction.

    Args:
        diary: as for :func:`modicum.analyse`; left out, the power of the protocol is computed before the trial.
        protocol: name of a shipped protocol, path of a protocol file, or a protocol read before.
        factor: column of the factor, 1 where it is in force; else the one that the protocol asks for among its
            covariates, whose name begins with ``factor.``.
        outcome: column of the outcome; else the protocol's primary one.
        better: "lower" or "higher"; needed without a protocol.
        range: the two ends of the scale, outcome units; needed without a protocol.
        mcid: smallest difference that matters, outcome units.
        onset: of the drug, as for :func:`modicum.analyse`.
        covariates: further columns that enter the model.

    Returns:
        Effects of drug and factor, their interaction, and how likely an interaction was to be told.

    Raises:
        InputError: with every problem of protocol, options and diary at once.
    """
    options = check_options(outcome=outcome, better=better, scale=range, mcid=mcid, onset=onset, covariates=covariates)
    return carry_out(diary, protocol, factor, options)


def carry_out(diary: object, protocol: Source, factor: str | None, options: Options) -> TwoByTwo:
    """The same with options that are already checked one by one; see :func:`factorial`."""
    wrong: list[Problem] = []
    plan = _protocol(protocol, wrong)
    name, problems = (factor or "", []) if wrong else _name(factor, plan)
    if diary is None and plan is None and not wrong:
        problems = []  # that a protocol is needed is said first
    if diary is None:
        return _before(plan, name, options, [*options.problems, *wrong, *problems])
    extra = (*options.covariates, *([factor] if factor else ()))
    read, asked, found = questioned(diary, plan or protocol, replace(options, covariates=extra), Reading(), problems)
    _refuse(_uncrossed(asked.questions[0], read, name))
    from modicum.decision.factorial import factorial as crossed

    result = crossed(_alone(asked.questions[0], name), read, name, found)
    _refuse(_few_days(result.days, name))
    warnings = (*read.warnings, *asked.warnings, *_unsettled(read, name))
    return lived(result, found, virtual=read.virtual, warnings=warnings)


def planned_diary(plan: Protocol, factor: str) -> Diary:
    """The evenings of a protocol of pairs: the order changes with the pair, the factor is in force in half of them.

    Args:
        plan: with one dose against placebo in pairs; other phases are without drug and factor.
        factor: name of its column.
    """
    dose, told, with_factor = [np.empty(0)], [np.empty(0)], [np.empty(0)]
    for phase in plan.phases:
        mg = phase.doses_mg[0] if isinstance(phase.doses_mg, tuple) and len(phase.doses_mg) == 1 else 0.0
        if not phase.pairs or not phase.half_days or not mg:
            length = int(phase.max_days) if phase.drug_free else 0
            dose.append(np.zeros(length))
            with_factor.append(np.zeros(length))
        else:
            half = int(phase.half_days)
            orders = [[mg, 0.0] if pair % 2 == 0 else [0.0, mg] for pair in np.arange(phase.pairs)]
            dose.append(np.repeat(np.ravel(orders), half))
            with_factor.append(np.repeat([float(pair % 4 in (1, 2)) for pair in np.arange(phase.pairs)], 2 * half))
        told.append(np.full(len(dose[-1]), phase.announced))
    mg_by_day = np.concatenate(dose)
    days = np.arange(len(mg_by_day))
    return Diary(
        time_days=days + _EVENING,
        received_days=days + _EVENING,
        dosing_day=days,
        dose_mg=mg_by_day,
        planned_mg=mg_by_day,
        scores={plan.primary: np.full(len(days), plan.primary_outcome.low)},
        covariates={factor: np.concatenate(with_factor)},
        announced=np.concatenate(told),
        dose_hour=plan.drug.dose_hour,
    )


def _before(plan: Protocol | None, factor: str, options: Options, problems: list[Problem]) -> TwoByTwo:
    """The power of a protocol, before a diary is there."""
    if plan is None:
        message, fix = "Without a diary a protocol is needed", "Give the diary, or a --protocol whose power is asked."
        raise OptionsError(problems or [Problem("MOD-OPT-30", "--protocol", "", message, fix)])
    _refuse(problems)
    _refuse(_unplannable(plan))
    read, asked, _ = questioned(planned_diary(plan, factor), plan, options, Reading())
    _refuse(_uncrossed(asked.questions[0], read, factor))
    from modicum.decision.factorial import planned

    question = _alone(asked.questions[0], factor)
    days, power = planned(
        question,
        read,
        factor,
        onset_days=question.onset.median_days if question.onset.kind != "immediate" else 0.0,
        correlation_days=-1 / math.log(ONE_DAY_CORRELATION),
        white_share=WHITE_SHARE,
        sd=SD_OF_RANGE * (question.high - question.low),
    )
    return foreseen(question, plan, factor, days, power)


def _refuse(problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        raise OptionsError(found)


def _alone(question: "Question", factor: str) -> "Question":
    """The question without the factor among its covariates: it has columns of its own."""
    return replace(question, covariates=tuple(name for name in question.covariates if name != factor))


def _name(factor: str | None, plan: Protocol | None) -> tuple[str, list[Problem]]:
    if factor is not None:
        return factor, []
    asked = factors_of(plan) if plan else ()
    if len(asked) == 1:
        return asked[0], []
    message = "The protocol asks for several factors" if asked else "No factor is named, and no protocol asks for one"
    fix = f"Name its column with --factor, or write covariates = ['{FACTOR}diet'] in the protocol."
    return "", [Problem("MOD-OPT-30", "--factor", ", ".join(asked), message, fix)]


def _uncrossed(question: "Question", diary: Diary, factor: str) -> Iterable[Problem]:
    """What keeps a factor from being crossed with the drug."""
    column = diary.covariates.get(factor)
    if column is None:
        yield Problem("MOD-OPT-30", "--factor", factor, "The diary has no such column", "Add it: 1 with, 0 without.")
    elif len(wrong := np.unique(column[np.isfinite(column) & ~np.isin(column, (0.0, 1.0))])):
        fix = "Write 1 where it was drawn and 0 where it was not; how well it was kept to is another column."
        yield Problem("MOD-OPT-30", "--factor", f"{wrong[0]:g}", f"A factor is 0 or 1, and {factor} is not", fix)
    if question.kind != "gaussian":
        message = f"Two factors at once are analysed for scores only, and {question.outcome} is {question.kind}"
        yield Problem("MOD-OPT-31", "--outcome", question.outcome, message, "Name an item from 0 to 10.")
    if len(question.ladder_mg) != 1:
        doses = ", ".join(f"{dose:g}" for dose in question.ladder_mg)
        message = "A factor is crossed with one dose, and here are several"
        yield Problem("MOD-OPT-31", "dose_mg", doses, message, "Take a protocol of one dose against placebo.")


def _unplannable(plan: Protocol) -> Iterable[Problem]:
    pairs = [phase.pairs for phase in plan.phases if phase.pairs]
    if len(pairs) != 1 or pairs[0] < 2 or len(plan.drug.ladder_mg) != 1:
        message = "A factor is planned beside one dose against placebo, in one phase of at least two pairs"
        yield Problem("MOD-OPT-31", "--protocol", plan.name, message, "Take a protocol such as ldn-crossover.")


def _few_days(days: tuple[int, int, int, int], factor: str) -> Iterable[Problem]:
    names = ("neither", "the drug alone", f"{factor} alone", f"the drug and {factor}")
    for name, count in zip(names, days, strict=True):
        if count < FEWEST_DAYS:
            message = f"There are fewer than {FEWEST_DAYS} scored days with {name}: the four cannot be compared"
            fix = "Each of the four needs a week of its own; draw the factor by chance for whole periods."
            yield Problem("MOD-OPT-31", "diary", f"{count} days", message, fix)


def _unsettled(diary: Diary, factor: str) -> Iterable[Problem]:
    if changes_within(diary, factor):
        message = "It changes within the periods of a dose, which a factor drawn for whole periods does not"
        fix = "Write down what was drawn, not what was kept to: the latter may follow from how one feels."
        yield Problem("MOD-ASSUME-17", "--factor", factor, message, fix)
