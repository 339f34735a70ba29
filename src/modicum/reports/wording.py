"""Words for numbers: how a report says a dose, a difference, a chance and a count. Nothing here computes a result."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from modicum.analysis.estimate import DoseEffect, Interval, Summary
from modicum.analysis.question import Question
from modicum.decision.answer import Answer, Secondary


class Measured(Protocol):
    """Anything that says how large a difference matters: a question, or the scale of another outcome."""

    @property
    def mcid(self) -> float:
        """Smallest difference that matters, outcome units, > 0."""
        ...

    @property
    def unit(self) -> str:
        """Word for the units."""
        ...

    @property
    def kind(self) -> str:
        """Kind of outcome."""
        ...


@dataclass(frozen=True)
class Scale:
    """A stand-in for a question where only the size of a difference that matters is known."""

    mcid: float
    unit: str
    kind: str


MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
_NO_TEXT = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
CHANCE = "in chance"  # the unit of an effect on a yes-or-no outcome
NOTHING, TOO_LITTLE = "no effect", "too little"


def scale_of(other: Secondary) -> Scale:
    """The scale of another outcome; where no difference is said to matter, a fifth of its widest interval."""
    widest = max((abs(end) for dose in other.doses if dose.taken for end in dose.effect.interval95), default=0.0)
    return Scale(other.mcid or widest / 5 or 1.0, other.unit, "binary" if other.unit == CHANCE else "gaussian")


def per(question: Measured) -> float:
    """What a value is multiplied by where it is said: a chance is said of 100."""
    return 100.0 if question.kind == "binary" else 1.0


def unit_word(question: Measured) -> str:
    """The unit as it is said: of a chance "in 100"."""
    return "in 100" if question.kind == "binary" else question.unit


def subject(question: Question, article: str = "") -> str:
    """What changes, inside a sentence: the outcome, or the chance of it."""
    return f"{article}chance of {noun(question)}" if question.kind == "binary" else noun(question)


def improve(question: Question) -> str:
    """What help would do: "make your pain better"; a chance is lowered or raised."""
    if question.kind != "binary":
        return f"make your {subject(question)} better"
    return f"{'lower' if question.better == 'lower' else 'raise'} your {subject(question)}"


def worsens(question: Question) -> str:
    """What harm does: "makes your pain worse"; a chance is raised or lowered."""
    if question.kind != "binary":
        return f"makes your {subject(question)} worse"
    return f"{'raises' if question.better == 'lower' else 'lowers'} your {subject(question)}"


def written(value: float) -> str:
    """A number in full, thousands marked, without needless digits.

    Example:
        >>> written(0.1), written(10.0), written(223932.14), written(2.5e11)
        ('0.1', '10', '223,932.1', '250,000,000,000')
    """
    return f"{value:g}" if abs(value) < 1000 else f"{value:,.1f}".removesuffix(".0")


def whole(value: float) -> str:
    """A number as the nearest whole one, halves upwards: in charts, in tables and in a terminal alike.

    Example:
        >>> whole(34.5), whole(35.5), whole(0.49)
        ('35', '36', '0')
    """
    return f"{math.floor(value + 0.5)}"


def digits(question: Measured) -> int:
    """Decimals that show a tenth of the smallest difference that matters."""
    return min(max(0, math.ceil(-math.log10(per(question) * question.mcid) - 1e-9) + 1), 4)


def plain(question: Measured, value: float) -> str:
    """A value in the outcome's units (a chance of 100), thousands marked, with a true minus sign."""
    text = f"{per(question) * value:,.{digits(question)}f}"
    return (text if text.strip("-0.") else text.lstrip("-")).replace("-", MINUS)


def level(question: Measured, value: float) -> str:
    """A level, which beside a scale needs no unit; a chance is said "in 100"."""
    amount = plain(question, value)
    return f"{amount}{NBSP}{unit_word(question)}" if question.kind == "binary" else amount


def signed(question: Measured, value: float) -> str:
    """A difference with its sign, "0.0" without one."""
    text = plain(question, value)
    return text if text.startswith(MINUS) or not text.strip("0.") else f"+{text}"


def span(question: Measured, interval: Interval) -> str:
    """An interval of differences, for example "−2.8 to −0.7"."""
    return f"{signed(question, interval[0])} to {signed(question, interval[1])}"


def unit(question: Question, amount: str) -> str:
    """A number with its unit, in the singular for 1."""
    many = unit_word(question)
    word = many[:-1] if amount == "1" and many.endswith("s") else many
    return f"{amount}{NBSP}{word}" if word else amount


def mcid(question: Question) -> str:
    """The smallest difference that matters, with its unit: "1 point"."""
    return unit(question, written(per(question) * question.mcid))


def least(question: Question) -> str:
    """The smallest difference that matters beside numbers that have its unit; of a chance with "in 100"."""
    return mcid(question) if question.kind == "binary" else written(question.mcid)


def size(question: Question, effect: float) -> str:
    """A difference in words: "1.8 points lower", or "no different"."""
    amount = plain(question, abs(effect))
    if not amount.strip("0."):
        return "no different"
    return f"{unit(question, amount)} {'higher' if effect > 0 else 'lower'}"


def modelled_scale(question: Question) -> str:
    """What effects are modelled on: the outcome's units, or the scale of the link."""
    if question.kind == "gaussian":
        return question.unit
    return (
        "on the scale of log rates" if question.kind in ("poisson", "negative-binomial") else "on the scale of log odds"
    )


def noun(question: Question) -> str:
    """The outcome as a word inside a sentence: "pain" for "Pain, last 24 hours"."""
    head = re.split(r"[,(:]", question.label or question.outcome)[0].strip() or question.outcome
    ordinary = len(head) > 1 and head[0].isupper() and head[1:2].islower()
    return head[0].lower() + head[1:] if ordinary else head


def drug(question: Question) -> str:
    """What is taken: "drug", or "treatment" where there is no dose."""
    return "drug" if question.dose_unit else "treatment"


def treatment(question: Question) -> str:
    """The same with its article: "the drug", or "the treatment"."""
    return f"the {drug(question)}"


def single(question: Question) -> bool:
    """Whether there is one treatment without a dose, so that there is no smallest dose to ask for."""
    return not question.dose_unit and len(question.ladder_mg) <= 1


def dose(question: Question, amount: float) -> str:
    """A dose in words: "2 mg", or "the treatment" where there is only taken or not taken."""
    if question.dose_unit:
        return f"{amount:g}{NBSP}{question.dose_unit}"
    return "the treatment" if single(question) else f"level{NBSP}{amount:g}"


def listed(words: Iterable[str]) -> str:
    """Words joined as in a sentence: "a, b and c"."""
    items = list(words)
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def plural(count: int, word: str, many: str = "") -> str:
    """A count with its noun: "1 day", "12 days"."""
    return f"{count:,} {word if count == 1 else many or word + 's'}"


def in_100(p: float) -> int:
    """A probability as a whole number of 100, halves up."""
    return int(100 * p + 0.5)


def sentence(text: str) -> str:
    """Text with a capital first letter."""
    return text[:1].upper() + text[1:]


def stopped(text: str) -> str:
    """Text as a sentence: a capital first letter and a full stop."""
    text = text.strip()
    return sentence(text) if not text or text[-1] in ".?:" else f"{sentence(text)}."


def unbroken(text: str) -> str:
    """Text whose numbers stay on one line with their unit."""
    return re.sub(r"(\d) (mg|µg|g|points?|in 100|%)(?![a-zA-Z])", rf"\1{NBSP}\2", text)


def legible(text: str) -> str:
    r"""Text in which what is no text (control characters, halves of pairs, turns of the line) is a mark.

    Example:
        >>> legible("pain\x07")
        'pain\ufffd'
    """
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)


def hoped(answer: Answer) -> bool:
    """Whether every effect is drug and hope together, and there is no smallest dose: nothing was compared blinded."""
    return not answer.blinded_drug_free


def shown(answer: Answer, effect: DoseEffect) -> Summary:
    """The summary that a reader sees: with expectation where nothing was compared blinded, else the effect alone."""
    return effect.with_expectation if hoped(answer) and effect.with_expectation is not None else effect.effect


def shown_chance(answer: Answer, effect: DoseEffect) -> float:
    """The chance that a reader sees of reaching the MCID; like :func:`shown`, averaged where there is an average."""
    together = hoped(answer) and effect.with_expectation is not None
    return effect.p_mcid_with_expectation if together else effect.p_mcid


def p_worse(answer: Answer, effect: DoseEffect) -> float:
    """The chance that a dose makes it worse by the MCID, averaged over H0 and H1 like the chance that it helps."""
    return (1 - answer.p_no_effect) * effect.p_harm


def level_without(answer: Answer) -> float:
    """The level without the drug that a reader can find in the diary, outcome units.

    Blinded, it is the mean of the dotted line, hope included, as the entries on placebo are; else, where hope is shown
    with the drug, it is the level without either.
    """
    line = answer.course.without_drug
    return answer.level_without_drug.mean if hoped(answer) or not len(line) else float(line.mean())


def taken(answer: Answer) -> tuple[DoseEffect, ...]:
    """The doses that were in force on any day, ascending."""
    return tuple(sorted((d for d in answer.doses if d.taken), key=lambda d: d.dose_mg))


def focus(answer: Answer, doses: Sequence[DoseEffect] | None = None) -> DoseEffect | None:
    """The one dose that everything speaks of: the one the verdict names, else the one in view, or None."""
    named = answer.verdict.dose_mg if answer.verdict.dose_mg is not None else answer.focus_mg
    return next((d for d in (answer.doses if doses is None else doses) if d.dose_mg == named), None)


def hundred(probabilities: Mapping[str, float]) -> dict[str, int]:
    """Probabilities as counts that add up to 100 (largest remainders, earlier keys first).

    Example:
        >>> hundred({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})
        {'a': 34, 'b': 33, 'c': 33}
    """
    total = math.fsum(probabilities.values()) or 1.0
    raw = {key: 100 * p / total for key, p in probabilities.items()}
    out = {key: int(value) for key, value in raw.items()}
    short = 100 - sum(out.values())
    for key in sorted(raw, key=lambda k: out[k] - raw[k])[:short]:
        out[key] += 1
    return out


def marks(answer: Answer) -> dict[str, int]:
    """100 marks: one count for each taken dose, then "no effect" and "too little", together the marks of no dose."""
    given = answer.smallest_dose.probabilities
    none = given.get("none", 0.0)
    nothing = min(answer.p_no_effect, none)
    rungs = sorted((key for key in given if key != "none"), key=float)
    return hundred({**{key: given[key] for key in rungs}, NOTHING: nothing, TOO_LITTLE: none - nothing})
