"""What is said of a drug and a factor beside it: the ``modicum.factorial/1`` document and its sentences."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from modicum.decision.words import amount, dose_words, in_100
from modicum.foundation.errors import Problem
from modicum.foundation.version import version
from modicum.protocol.factors import FACTOR

if TYPE_CHECKING:
    from modicum.analysis.question import Question
    from modicum.decision.factorial import FactorEffect, Factorial, Power
    from modicum.protocol import Protocol

CELLS = ("neither", "drug", "factor", "both")
SELDOM = 0.5  # below it a trial is likelier than not to leave the question open
ASSUMED = (
    "The factor was drawn by chance for whole periods; nothing in a diary can show that.",
    "It comes on and goes as fast as the drug; drug, factor and interaction have the same prior.",
    "Whoever keeps a diet knows it: its own effect is the diet and hope together.",
)
ASSUMED_BEFORE = (
    "The factor is drawn by chance for half of the pairs, and kept through both halves of a pair.",
    ASSUMED[1],
    "A residual sd of 0.15 of the range, a correlation of 0.5 from one day to the next, 0.3 of the variance white, an"
    " entry every evening: assumptions, not this person.",
)


@dataclass(frozen=True, repr=False)
class TwoByTwo:
    """What a diary says, or a trial could say, about a drug and a factor beside it.

    Args:
        document: the ``modicum.factorial/1`` document.
        warnings: what a reader should know.
    """

    document: dict[str, Any]
    warnings: tuple[Problem, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """The answer in words; what it rests on is in the document's ``assumptions``."""
        return self.document["sentences"]

    @property
    def told(self) -> bool | None:
        """Whether it is known in which direction the factor changes what the drug does; None where planned."""
        return self.document["interaction_told"]

    def to_json(self, *, indent: int | None = 2) -> str:
        """The document as JSON text."""
        return json.dumps(self.document, indent=indent, ensure_ascii=False, allow_nan=False)

    def __repr__(self) -> str:
        return f"<TwoByTwo {' '.join(self.sentences)}>"


def lived(found: "Factorial", plan: "Protocol | None", *, virtual: bool, warnings: Sequence[Problem]) -> TwoByTwo:
    """What a diary says."""
    question = found.question
    document = {
        **_head(question, plan, found.factor, found.days, planned=False),
        "effects": [_effect(one) for one in found.effects],
        "interaction_told": found.told,
        "power": [asdict(one) for one in found.power],
        "sentences": [_interaction(found), _shown(question, found.power), _drug(found)],
        "assumptions": list(ASSUMED),
        "numerical_error": found.error,
        "virtual": virtual,
        "version": version(),
    }
    return TwoByTwo(document, tuple(warnings))


def foreseen(
    question: "Question", plan: "Protocol", factor: str, days: tuple[int, int, int, int], power: "Sequence[Power]"
) -> TwoByTwo:
    """What a trial that is only planned could say."""
    mcid, twice = power
    sentences = [
        f"An interaction of {amount(mcid.difference, question)} would be told with a chance of"
        f" {in_100(mcid.interaction)}, one of {amount(twice.difference, question)} with {in_100(twice.interaction)};"
        f" the drug itself with {in_100(mcid.drug)} and {in_100(twice.drug)}."
    ]
    if mcid.interaction < SELDOM:
        sentences.append("For one person, expect that it cannot be told.")
    document = {
        **_head(question, plan, factor, days, planned=True),
        "effects": [],
        "interaction_told": None,
        "power": [asdict(one) for one in power],
        "sentences": sentences,
        "assumptions": list(ASSUMED_BEFORE),
        "numerical_error": None,
        "virtual": False,
        "version": version(),
    }
    return TwoByTwo(document)


def _head(
    question: "Question", plan: "Protocol | None", factor: str, days: tuple[int, int, int, int], *, planned: bool
) -> dict[str, Any]:
    return {
        "schema": "modicum.factorial/1",
        "planned": planned,
        "protocol": None if plan is None else f"{plan.name} {plan.version}",
        "outcome": question.outcome,
        "label": question.label,
        "unit": question.unit,
        "better": question.better,
        "mcid": question.mcid,
        "dose_mg": question.ladder_mg[0],
        "factor": factor,
        "days": dict(zip(CELLS, days, strict=True)),
    }


def _effect(one: "FactorEffect") -> dict[str, Any]:
    return {
        "of": one.of,
        "mean": one.effect.mean,
        "sd": one.effect.sd,
        "interval95": list(one.effect.interval95),
        "p_better": one.p_better,
        "p_mcid": one.p_mcid,
    }


def _interaction(found: "Factorial") -> str:
    question, one = found.question, found.interaction
    drug, factor = dose_words(question.ladder_mg[0], question), found.factor.removeprefix(FACTOR)
    size = f"{_signed(one.effect.mean)} {question.unit} (95 % interval {_interval(one)})"
    if not found.told:
        return f"Whether {factor} changes what {drug} does cannot be told: the difference is {size}."
    more = "more good" if one.p_better > 0.5 else "less good"
    return f"{drug} does {more} with {factor} than without it: the difference is {size}."


def _shown(question: "Question", power: "Sequence[Power]") -> str:
    mcid, twice = power
    return (
        f"A difference of {amount(mcid.difference, question)} would have been told with a chance of"
        f" {in_100(mcid.interaction)}, one of {amount(twice.difference, question)} with {in_100(twice.interaction)}."
    )


def _drug(found: "Factorial") -> str:
    question = found.question
    one = next(effect for effect in found.effects if effect.of == "drug")
    drug, factor = dose_words(question.ladder_mg[0], question), found.factor.removeprefix(FACTOR)
    return (
        f"{drug} in the mean over days with and without {factor}: {_signed(one.effect.mean)} {question.unit}"
        f" (95 % interval {_interval(one)}), better by at least {amount(question.mcid, question)} with a chance of"
        f" {in_100(one.p_mcid)}, if the drug does anything."
    )


def _interval(one: "FactorEffect") -> str:
    return " to ".join(map(_signed, one.effect.interval95))


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "\u2212")
