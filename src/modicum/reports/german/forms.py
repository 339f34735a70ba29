"""Forms: sentences that were decided elsewhere in English, read off place by place and said in German.

A sentence of no known form stays as it is, and is marked as English by whoever shows it.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from modicum.analysis.question import Question
from modicum.reports.german.wording import unit_said, written

DOSE = r"[\d.]+ \S+|the treatment|level [\d.]+"
DRUGS = {"drug": "das Mittel", "treatment": "die Behandlung"}
_NUMBER = "[\N{MINUS SIGN}+\\d.,]+"
_PLACE = re.compile(r"\\{([a-z]+)(_\d)?\\}")
_CHANCE = re.compile(r"(?P<before>fewer than |more than )?(?P<count>\d+) in 100")
_TENTHS = re.compile(r"(about |less than |more than )(\d) chances? in 10")
_BEFORE = {None: "", "fewer than ": "weniger als ", "less than ": "weniger als ", "more than ": "mehr als "}
_BEFORE["about "] = "etwa "
_SHARES = {
    "a tenth of the range": "ein Zehntel des Bereichs",
    "a quarter of the mean count without drug": "ein Viertel der mittleren Anzahl ohne das Mittel",
    "a quarter of the mean count": "ein Viertel der mittleren Anzahl",
}
_PLACES = tuple(
    (re.compile(form), german)
    for form, german in (
        (r"\b(?:line|row) (?=\d)", "Zeile "),
        (r"\b(?:lines|rows) (?=\d)", "Zeilen "),
        (r"(?<=, )column (?=\S)", "Spalte "),
        (r"\band (\d+) more(?: rows?)?", r"und \1 weitere"),
        (r"^diary(?= \()", "Tagebuch"),
        (r"^protocol(?= \()", "Protokoll"),
        (r"\((1) day(?=\)| of)", r"(\1 Tag"),
        (r"\((\d+) days(?=\)| of)", r"(\1 Tage"),
        (r"(?<=Tag[e]) of (?=\d)", " von "),
        (r"\(([\d.e+-]+) to ([\d.e+-]+)\)", r"(\1 bis \2)"),
        (r"\(([\d.,]+) point\)", r"(\1 Punkt)"),
        (r"\(([\d.,]+) points\)", r"(\1 Punkte)"),
        (r"([\d.e-]+) of the standard deviation of a mean", r"\1 der Standardabweichung eines Mittelwerts"),
        (r"([\d.e-]+) % of a standard deviation", r"\1 % einer Standardabweichung"),
        (r"([\d.e-]+) in the chance of no effect", r"\1 in der Chance auf gar keine Wirkung"),
    )
)
_PATTERNS = {
    "dose": DOSE,
    "drug": "drug|treatment",
    "chance": r"(?:fewer than |more than )?\d+ in 100",
    "tenths": r"(?:about |less than |more than )\d chances? in 10",
    "tenth": "|".join(_SHARES),
    "n": _NUMBER,
    "low": _NUMBER,
    "high": _NUMBER,
    "numbers": r"[\d., ]+",
}


def dose_said(said: str) -> str:
    """A dose."""
    if said.lower() == "the treatment":
        return "die Behandlung"
    return written(re.sub("^level ", "Stufe ", said, flags=re.IGNORECASE))


def with_dose_said(said: str) -> str:
    """A dose behind "mit"."""
    return dose_said(said).replace("die Behandlung", "der Behandlung", 1)


def amount_said(said: str, question: Question) -> str:
    """An amount of the outcome, with its unit in German."""
    if question.kind == "binary":
        return chance_said(written(said))
    number, _, word = said.partition(" ")
    return f"{written(number)} {unit_said(word)}".rstrip()


def chance_said(said: str) -> str:
    """A chance of a hundred."""
    return _CHANCE.sub(lambda hit: f"{_BEFORE[hit['before']]}{hit['count']} von 100", said)


def tenths_said(said: str) -> str:
    """A chance of ten."""
    return _TENTHS.sub(lambda hit: f"{_BEFORE[hit[1]]}{hit[2]} von 10", said)


def share_said(said: str) -> str:
    """What a difference that nobody gave was taken to be."""
    return _SHARES[said]


def numbers_said(said: str) -> str:
    """A list of numbers, parted by what is no decimal sign."""
    return written(said.replace(", ", ";")).replace(";", "; ")


def place_said(said: str) -> str:
    """Where something was found: a line or a column of a file, with the days or the numbers that it is about.

    Example:
        >>> place_said("diary.csv, lines 3, 9 and 2 more, column pain")
        'diary.csv, Zeilen 3, 9 und 2 weitere, Spalte pain'
    """
    for form, german in _PLACES:
        said = form.sub(german, said)
    return said


@dataclass(frozen=True)
class Given:
    """What stands in the German places of a form.

    Args:
        always: places that follow from the question.
        said: a kind of place and what stands there in English, to the German places that follow from it.
    """

    always: Mapping[str, str]
    said: Callable[[str, str], Mapping[str, str]]


def read(sentence: str, catalogue: str, given: Given) -> str:
    """A sentence in German; "" where it has no known form.

    Args:
        sentence: as it was decided, in English.
        catalogue: name of the file with its forms.
        given: what stands in their places.
    """
    for form, german in _forms(catalogue):
        found = form.fullmatch(sentence)
        if found is not None:
            filled = dict(given.always)
            for name, said in found.groupdict().items():
                kind, _, number = name.partition("_")
                suffix = f"_{number}" if number else ""
                filled |= {f"{place}{suffix}": words for place, words in given.said(kind, said).items()}
            return german.format(**filled)
    return ""


@cache
def _forms(catalogue: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The forms of a file, in its order."""
    return tuple((_pattern(one["en"]), one["de"]) for one in entries(catalogue))


@cache
def entries(catalogue: str) -> tuple[dict[str, str], ...]:
    """The pairs of English and German in a file of this package."""
    text = (files("modicum.reports.german") / f"{catalogue}.toml").read_text(encoding="utf-8")
    (pairs,) = tomllib.loads(text).values()
    return tuple(pairs)


def _pattern(form: str) -> re.Pattern[str]:
    """A form as a pattern: each place a group of its name."""

    def group(hit: re.Match[str]) -> str:
        return f"(?P<{hit[1]}{hit[2] or ''}>{_PATTERNS.get(hit[1], '.+?')})"

    return re.compile(_PLACE.sub(group, re.escape(form)), re.IGNORECASE)
