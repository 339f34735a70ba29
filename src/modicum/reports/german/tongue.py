"""The prescriber's page in German: the same pieces as in English, with German words, numbers and dates."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache

from modicum.analysis.question import Question
from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.german import forms
from modicum.reports.german import wording as german
from modicum.reports.tongue import Decided, Line, Tongue, advice
from modicum.reports.wording import Measured

ENGLISH = "en"
_ALSO = re.compile(r"; also (?P<where>.+?): (?P<message>.+?) (?P<code>\[MOD-[A-Z]+-\d\d\])")


_OF_MCID = "Smallest difference that matters: "


class German(Tongue):
    """German.

    Args:
        say: words of a protocol to German, or to themselves where nobody translated them.
    """

    language = "de"
    chances_wide, chances_narrow = 128, 110
    signed_labels = f"replace({Tongue.signed_labels}, '.', ',')"

    def __init__(self, say: Callable[[str], str]) -> None:
        """A tongue with the words of a protocol."""
        self._said = say

    def template(self, text: str) -> str:
        """The German form of a text."""
        return _words()[text]

    def places(self, question: Question) -> dict[str, str]:
        """The drug, the outcome and what they do, in the cases that sentences need."""
        medicine = bool(question.dose_unit)
        known = {
            "das_mittel": german.drug(question),
            "dem_mittel": "dem Mittel" if medicine else "der Behandlung",
            "kein_mittel": "kein Mittel" if medicine else "keine Behandlung",
            "mittel": "Mittel" if medicine else "Behandlung",
            "es": "es" if medicine else "sie",
            "der_wert": german.outcome(question),
            "den_wert": german.outcome_object(question),
            "noun": self.noun(question),
            "verschlechtert": german.worsens(question),
        }
        return {**known, "Das_Mittel": wording.sentence(known["das_mittel"])}

    def dose_places(self, question: Question, dose_mg: float) -> dict[str, str]:
        """A dose by itself, and behind "mit"."""
        return {"dose": self.dose(question, dose_mg), "der_dosis": german.with_dose(question, dose_mg)}

    def number(self, text: str) -> str:
        """A number with a comma for the point."""
        return german.written(text)

    def date(self, day: date) -> str:
        """A date."""
        return f"{day.day}. {german.MONTHS[day.month - 1]} {day.year}"

    def axis_signs(self, form: str) -> dict[str, str]:
        """Labels with a comma."""
        return {"labelExpr": f"replace(format(datum.value, '{form}'), '.', ',')"}

    def inside(self, text: str) -> str:
        """A heading inside a sentence keeps its capitals."""
        return text

    def listed(self, words: Iterable[str]) -> str:
        """Words joined as in a sentence."""
        return german.listed(words)

    def unit_word(self, question: Measured) -> str:
        """The unit."""
        return "von 100" if question.kind == "binary" else question.unit

    def unit(self, question: Question, amount: str) -> str:
        """A number with its unit."""
        return german.unit(question, amount)

    def size(self, question: Question, effect: float) -> str:
        """A difference in words."""
        return german.size(question, effect)

    def noun(self, question: Question) -> str:
        """The outcome, quoted, since its gender is not known."""
        return f"„{german.noun(question)}“"

    def subject(self, question: Question) -> str:
        """The outcome as a subject."""
        return german.outcome(question)

    def changing(self, question: Question) -> str:
        """The same by itself."""
        noun = self.noun(question)
        return f"Chance auf {noun}" if question.kind == "binary" else noun

    def dose(self, question: Question, amount: float) -> str:
        """A dose."""
        return german.dose(question, amount)

    def decided(self, answer: Answer) -> Decided:
        """What was decided, read off the English sentences form by form."""
        verdict = answer.verdict

        known = self._places(answer.question, {one.name: one.label for one in answer.side_effects})

        def line(text: str) -> Line:
            said = forms.read(text, "decided", known)
            return Line(said) if said or not text else Line(text, ENGLISH)

        return Decided(line(verdict.sentence), tuple(map(line, verdict.reasons)), line(verdict.what_would_tell))

    def problem(self, code: str, message: str, fix: str, question: Question) -> Line:
        """What is wrong with a diary and what to do; in English where there is no form for it."""

        def said(text: str) -> str:
            known = self._places(question)
            return forms.read(wording.stopped(text), "problems", known) if text else ""

        also = [(hit["where"], said(hit["message"]), hit["code"]) for hit in _ALSO.finditer(message)]
        first, then = said(_ALSO.sub("", message)), said(fix)
        if not first or (fix and not then) or not all(found for _, found, _ in also):
            return Line(advice(message, fix), ENGLISH)
        more = [f"Auch {self.place(where)}: {found} {code}" for where, found, code in also]
        return Line(" ".join([first, *more, then]).strip())

    def place(self, where: str) -> str:
        """Where that was found."""
        return forms.place_said(where)

    def source(self, text: str) -> str:
        """Where a smallest difference comes from."""
        return forms.read(text, "sources", forms.Given({}, _plain)) or text

    def citation(self, text: str) -> str:
        """A reference; only what is said about it is in German."""
        if text.startswith(_OF_MCID):
            return f"{self.template('Smallest difference that matters')}: {self.source(text.removeprefix(_OF_MCID))}"
        rate = r"\(onset of the placebo response: ([\d.]+) a day\)"
        return re.sub(rate, lambda hit: f"(Eintritt der Placebowirkung: {self.number(hit[1])} pro Tag)", text)

    def _places(self, question: Question, labels: Mapping[str, str] | None = None) -> forms.Given:
        """What stands in the places of a form, by their kinds."""
        effects = {name.replace("_", " "): label for name, label in (labels or {}).items()} | {
            "red flag": "Warnzeichen"
        }

        def effect(name: str) -> str:
            return effects.get(name.replace("_", " "), name)

        def given(kind: str, said: str) -> dict[str, str]:
            if kind == "dose":
                dose = forms.dose_said(said)
                return {"dose": dose, "Dose": wording.sentence(dose), "der_dosis": forms.with_dose_said(said)}
            known = {
                "amount": lambda: forms.amount_said(said, question),
                "change": lambda: forms.amount_said(said, question),
                "chance": lambda: forms.chance_said(said),
                "tenths": lambda: forms.tenths_said(said),
                "tenth": lambda: forms.share_said(said),
                "n": lambda: forms.written(said),
                "low": lambda: forms.written(said),
                "high": lambda: forms.written(said),
                "numbers": lambda: forms.numbers_said(said),
                "named": lambda: german.listed(effect(name) for name in re.split(" and |, ", said)),
                "label": lambda: wording.sentence(self._said(said)),
                "place": lambda: self.place(said),
                "text": lambda: said.replace(" and more", " und weitere"),
            }
            return {kind: known[kind]() if kind in known else said}

        return forms.Given(self.places(question), given)


def _plain(kind: str, said: str) -> dict[str, str]:
    """What stands in a place that no question changes."""
    return {kind: forms.share_said(said) if kind == "tenth" else said}


@cache
def _words() -> dict[str, str]:
    """What the page says, by its English words."""
    return {one["en"]: one["de"] for one in forms.entries("prescriber")}
