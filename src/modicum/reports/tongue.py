"""Tongue: how the prescriber's page speaks. The pages are laid out once; a language of its own says their words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from modicum.analysis.estimate import Interval
from modicum.analysis.question import Question
from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.wording import Measured

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A text, and its language where it is not that of the page."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Decided:
    """What was decided: its sentence, its reasons, and what would tell."""

    sentence: Line
    reasons: tuple[Line, ...]
    tell: Line


class Tongue:
    """English, and what another language puts in its place.

    Every text is given in English, with its places in braces; :meth:`template` is its form in this language. Where a
    question is given, ``drug`` and ``the_drug`` are filled in, and with ``dose_mg`` also ``dose``.
    """

    language = "en"
    chances_wide, chances_narrow = 104, 76  # px beside the effects, for a chance in a column of its own
    signed_labels = "replace(replace(format(datum.value, '+~f'), /^[+\u2212-]0$/, '0'), '-', '\u2212')"

    def axis_signs(self, form: str) -> dict[str, str]:
        """What an axis of numbers in a form needs besides, so that its numbers have the signs of this language."""
        return {}

    def template(self, text: str) -> str:
        """A text in this language, with its places."""
        return text

    def places(self, question: Question) -> dict[str, str]:
        """What stands in the places that follow from a question."""
        return {"drug": wording.drug(question), "the_drug": wording.treatment(question)}

    def dose_places(self, question: Question, dose_mg: float) -> dict[str, str]:
        """What stands in the places of a dose."""
        return {"dose": self.dose(question, dose_mg)}

    def say(
        self, text: str, question: Question | None = None, dose_mg: float | None = None, /, **values: object
    ) -> str:
        """A text with its places filled.

        Args:
            text: in English.
            question: that fills the places of the drug.
            dose_mg: that fills those of the dose.
            values: for the others, in this language already.
        """
        filled: dict[str, object] = {}
        if question is not None:
            filled |= self.places(question)
            filled |= self.dose_places(question, dose_mg) if dose_mg is not None else {}
        return self.template(text).format(**(filled | values))

    def many(self, count: int, one: str, more: str, question: Question | None = None, /, **values: object) -> str:
        """A text about so many things, which stand in it as ``n``.

        Args:
            count: of them.
            one: the text for one.
            more: the text for any other number.
            question: that fills the places of the drug.
            values: for the others.
        """
        return self.say(one if count == 1 else more, question, **values, n=self.count(count))

    def number(self, text: str) -> str:
        """A number as English writes it, in the signs of this language."""
        return text

    def count(self, count: int) -> str:
        """A count, thousands marked."""
        return self.number(f"{count:,}")

    def days(self, count: int) -> str:
        """So many days."""
        return self.many(count, "{n} day", "{n} days")

    def date(self, day: date) -> str:
        """A date as it is said, whatever the locale."""
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def inside(self, text: str) -> str:
        """A heading inside a sentence: in small letters."""
        return text.lower()

    def listed(self, words: Iterable[str]) -> str:
        """Words joined as in a sentence."""
        return wording.listed(words)

    def plain(self, question: Measured, value: float) -> str:
        """A value in the outcome's units, a chance of 100."""
        return self.number(wording.plain(question, value))

    def signed(self, question: Measured, value: float) -> str:
        """A difference with its sign."""
        return self.number(wording.signed(question, value))

    def span(self, question: Measured, interval: Interval) -> str:
        """An interval of differences."""
        low, high = (self.signed(question, end) for end in interval)
        return self.say("{low} to {high}", low=low, high=high)

    def unit_word(self, question: Measured) -> str:
        """The unit as it is said."""
        return wording.unit_word(question)

    def unit(self, question: Question, amount: str) -> str:
        """A number with its unit, in the singular for 1."""
        return wording.unit(question, amount)

    def written(self, question: Measured, value: float) -> str:
        """A value in full, without needless digits."""
        return self.number(wording.written(wording.per(question) * value))

    def mcid(self, question: Question) -> str:
        """The smallest difference that matters, with its unit."""
        return self.unit(question, self.written(question, question.mcid))

    def least(self, question: Question) -> str:
        """The same beside numbers that have its unit; of a chance with it."""
        return self.mcid(question) if question.kind == "binary" else self.written(question, question.mcid)

    def level(self, question: Question, value: float) -> str:
        """A level, which beside a scale needs no unit."""
        amount = self.plain(question, value)
        return self.unit(question, amount) if question.kind == "binary" else amount

    def size(self, question: Question, effect: float) -> str:
        """A difference in words."""
        return wording.size(question, effect)

    def about(self, question: Question, effect: float) -> str:
        """The same as one that is known roughly; that there is none stays as it is."""
        change = self.size(question, effect)
        return change if change == self.size(question, 0.0) else self.say("about {change}", change=change)

    def noun(self, question: Question) -> str:
        """The outcome inside a sentence."""
        return wording.noun(question)

    def subject(self, question: Question) -> str:
        """What changes, as the subject of a sentence: the outcome, or the chance of it."""
        return wording.subject(question, "the ")

    def changing(self, question: Question) -> str:
        """The same by itself, behind the word for a change."""
        return wording.subject(question)

    def axis_title(self, question: Question, what: str) -> str:
        """The title of an axis of differences."""
        word = self.unit_word(question)
        side = self.say("(left is better)" if question.better == "lower" else "(right is better)")
        return f"{what}, {word} {side}" if word else f"{what} {side}"

    def modelled_scale(self, question: Question) -> str:
        """What effects are modelled on."""
        scale = wording.modelled_scale(question)
        return scale if question.kind == "gaussian" else self.template(scale)

    def dose(self, question: Question, amount: float) -> str:
        """A dose in words."""
        return wording.dose(question, amount)

    def chance(self, p: float) -> str:
        """A probability in words."""
        if p < 0.01:
            return self.say("fewer than 1 in 100")
        return self.say("more than 99 in 100") if p > 0.99 else self.say("{n} in 100", n=wording.in_100(p))

    def chance_short(self, p: float) -> str:
        """The same for a column of numbers."""
        if p < 0.01:
            return self.say("<1 in 100")
        return self.say(">99 in 100") if p > 0.99 else self.say("{n} in 100", n=wording.in_100(p))

    def nothing(self, answer: Answer) -> str:
        """What "no effect" means here, behind "that"."""
        if not wording.hoped(answer):
            return self.say("{the_drug} does nothing at all", answer.question)
        if answer.expectation is not None:
            return self.say("{the_drug} adds nothing to the hope of it", answer.question)
        return self.say("neither {drug} nor the hope of it does anything", answer.question)

    def nothing_head(self, answer: Answer) -> str:
        """The same as a heading, where every effect is drug and hope together."""
        if answer.expectation is not None:
            return self.say("The {drug} adds nothing to the hope of it", answer.question)
        return self.say("Neither {drug} nor the hope of it does anything", answer.question)

    def decided(self, answer: Answer) -> "Decided":
        """What was decided, in this language as far as it has words for it."""
        verdict = answer.verdict
        return Decided(Line(verdict.sentence), tuple(map(Line, verdict.reasons)), Line(verdict.what_would_tell))

    def problem(self, code: str, message: str, fix: str, question: Question) -> Line:
        """What is wrong with a diary and what to do, as sentences."""
        return Line(advice(message, fix))

    def place(self, where: str) -> str:
        """Where that was found."""
        return where

    def source(self, text: str) -> str:
        """Where a smallest difference comes from."""
        return text

    def citation(self, text: str) -> str:
        """A reference."""
        return text


ENGLISH = Tongue()


def advice(message: str, fix: str) -> str:
    """What is wrong and what to do, as English sentences."""
    return f"{wording.stopped(message)} {wording.stopped(fix)}".strip()
