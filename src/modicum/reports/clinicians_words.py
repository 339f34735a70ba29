"""The words of a page on clinicians: how far they disagree, what they report, and what is assumed of them."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from modicum.reports import wording
from modicum.reports.sides import Row, Side, sides

SHOWN = "declared_unqualified"
CAPTION = (
    "Each bar is the clinicians who report that the drug helped so many of their patients; the dashed line is the "
    "share of people whom it truly helps. The numbers are the mean, and the range without the lowest and the highest "
    "5 % of clinicians. All bars have one scale. Blinded trials are shown as they end without qualification: the "
    "analysis that takes into account what people had guessed agrees."
)
GOOD_FAITH = (
    "Nobody here deceives anybody. Every clinician says of each patient what the diary seems to show. Bad spells pass, "
    "hope helps for a while, and the patients of one clinician are few; who starts people when they are worst, and "
    "says that it will help, sees more of both."
)
PAIRS = (
    "Of all pairs of different clinicians: how often the one whose drug helps nobody reports at least as large a "
    "share of helped patients as the one whose drug helps two thirds. Were both drugs alike, it would be a little more "
    "than half."
)
COMPUTED = (
    "Every patient is a virtual person who lives the whole trial; a clinician has so many consecutive ones. Who "
    "responds where a third do responds where two thirds do, and person and luck are the same for every drug and every "
    "protocol. By eye means better by 30 % or by 2 points of 10 than in the week before the first dose, looked at "
    "after each step, unless a protocol states another rule."
)
ERRORS = (
    "The standard errors are those of the simulation, over clinicians: they shrink with more of them, and do not say "
    "whether real clinicians or real people are like these. An error of 0 means that all of them fared alike, not that "
    "others must."
)
_KINDS = {"eye": "usual practice", "blinded": "the blinded trial", "open": "the open trial"}


def sentence(document: Mapping[str, Any]) -> str:
    """The finding, as the heading of a page and of a chart."""
    if document["clinicians"] == 1:
        return "One clinician is too few to tell how far clinicians disagree."
    (first, name), *others = [(_pairs(side.row), name) for side, name in _named(document)]
    opening = f"In {name}, a drug that helps nobody looks at least as good as one that helps two thirds"
    rest = "".join(f"; in {other} in {found}" for found, other in others)
    return f"{opening} in {first} of 100 pairs of clinicians{rest}."


def lead(document: Mapping[str, Any]) -> str:
    """What is reported of a drug that helps nobody, and of one that helps most."""
    (first, name), *others = [(side.row, name) for side, name in _named(document)]
    nobody = [f"{_mean(first, 0)} of 100 patients in {name}", *(f"{_mean(row, 0)} in {other}" for row, other in others)]
    most = [f"{_mean(side.row, -1)} in {name}" for side, name in _named(document)]
    opening = f"Where it helps nobody, clinicians report on average that it helped {wording.listed(nobody)}."
    return f"{opening} Where it helps two thirds of people, {wording.listed(most)}."


def assumed(document: Mapping[str, Any]) -> str:
    """Which habits rest on nothing but an assumption."""
    guessed = [one["says"] for one in document["habits"]["parameters"] if one["grade"] == "assumption"]
    if not guessed:
        return "Every habit of the clinicians has a source."
    return (
        "No source was found for how clinicians differ, so that these habits are assumptions, and how far reports lie "
        f"apart depends on them: {'; '.join(guessed)}."
    )


def responding(document: Mapping[str, Any]) -> str:
    """Who responds, and how."""
    return f"{document['archetype']}, {document['effect_mcid']:g} MCID"


def _named(document: Mapping[str, Any]) -> list[tuple[Side, str]]:
    """Each side by its kind, or where several are of one kind by its name."""
    every = sides(document["practices"])
    kinds = Counter(side.kind for side in every)
    return [(side, _KINDS[side.kind] if kinds[side.kind] == 1 else side.label) for side in every]


def _pairs(row: Row) -> str:
    found = row["pairs"][SHOWN]
    return _count(0.0 if found is None else found["p"])


def _mean(row: Row, place: int) -> str:
    return _count(row["true_shares"][place][SHOWN]["mean"])


def _count(p: float) -> str:
    """A share as so many of 100."""
    if p == 0:
        return "none"
    return "fewer than 1" if p < 0.005 else str(wording.in_100(p))
