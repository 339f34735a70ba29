"""The words of a page on virtual people: the finding, what it costs, and how sure the simulation is of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modicum.reports import wording
from modicum.reports.sides import Row, Rows, Side, archetypes, sides

NOTHING = "none"
MOST_NAMED, LONGEST_NAME = 4, 40  # protocols that a sentence names one by one, and characters of such a name
SHARES = ("declared", "declared_unqualified", "right_dose", "right_dose_exact", "ended_rightly")
DECLARED = (
    "The mark is the share of people for whom the drug was said to work, with the 95 % interval of the simulation. "
    "The upright stroke counts only those where the analysis that takes into account what people had guessed agrees; "
    "by eye there is no such analysis."
)
FALSE_ALARMS = "Where the drug does nothing, every one of them is a false alarm."
OPEN = (
    "Nobody was blinded in an open trial, so that drug and hope cannot be told apart: the model says so, and never "
    "that the drug works."
)
RIGHT_DOSE = (
    "The right dose is the lowest of 0.5, 1.5, 3 and 4.5 mg that truly helps by the smallest difference that matters. "
    "The mark counts people who end with it, give or take one of these steps; the upright stroke those who end "
    "exactly with it."
)
NO_RIGHT_DOSE = "No dose truly helps by the smallest difference that matters here, so that none is right."
WEEKS = "The mark is the mean with its 95 % interval, the upright stroke the median."
VERDICTS = "The number on a part is people out of 100, where it has room; the table below counts all of them."
ENDED_RIGHTLY = (
    "Ended rightly: with the right dose, give or take a step; where no dose is right, without being told that the drug "
    "works."
)
COMPUTED = (
    "Every virtual person lives every trial: takes what is in the capsule, hopes, forgets, and writes a diary. The "
    "protocol decides by the rules that it has for real people, and the last word on each diary is that of the "
    "analysis that real diaries get. Person and luck are the same under every protocol and every kind of response, so "
    "that a difference between protocols is one of protocols."
)
BY_EYE = (
    "By eye means the rule of response that the protocol states; in those that are shipped, better by 30 % or by "
    "2 points of 10 than in the week before the first dose, looked at after each step."
)
ERRORS = (
    "Intervals and standard errors are those of the simulation alone: they shrink with more virtual people, and do not "
    "say whether real people are like these. A standard error of 0 means that all of them fared alike; the interval "
    "says how far that can be trusted."
)
LEVEL = "The level is that of the last evening with a score, at which the virtual people begin."
READ = "The virtual people are as noisy as this leaves them: each is drawn from what the diary makes likely."
UNREAD = (
    "Every score is the same, which tells no noise: the virtual people are at that level, with the noise of the "
    "population."
)
REPLACED = "What the diary tells of the noise takes the place of what the population says of it."
_KINDS = {"eye": "usual practice", "blinded": "the blinded trial", "open": "the open trial"}


@dataclass(frozen=True)
class _Group:
    """Sides that are spoken of together: a name, and whether it is a plural."""

    name: str
    sides: tuple[Side, ...]
    plural: bool = False


def sentence(document: Mapping[str, Any], rows: Rows) -> str:
    """The finding, as the heading of a page."""
    if document["participants"] == 1:
        return "One virtual person is too few to tell how often a protocol is right."
    nothing, helped = _kinds(rows)
    if "noise" in document:
        alike = "with noise like this" if noise_told(document) else "at this level"
        return f"Of 100 people {alike}, {_of_one_person(rows, nothing, helped)}"
    if nothing:
        return _compared("Of 100 people for whom the drug does nothing", rows, nothing)
    if helped:
        return _compared("Of 100 people whom the drug helps", rows, helped)
    return _compared("Of 100 people whom the drug helps too little to matter", rows, archetypes(rows))


def _kinds(rows: Rows) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The archetypes in which the drug does nothing, and those in which some dose helps by what matters."""
    helped = {one["archetype"] for row in rows for one in row["archetypes"] if one["true_smallest_dose_mg"] is not None}
    every = archetypes(rows)
    return tuple(name for name in every if name == NOTHING), tuple(name for name in every if name in helped)


def _of_one_person(rows: Rows, nothing: Sequence[str], helped: Sequence[str]) -> str:
    """The finding for people as noisy as one; of an open climb, what usual practice finds by eye."""
    every = sides(rows)
    side = next((one for one in every if one.kind == "eye"), every[0])
    kinds = [("a drug that does nothing", nothing)] if nothing else []
    kinds += [("one that helps" if nothing else "a drug that helps", helped)] if helped else []
    (words, names), *others = kinds or [("a drug that helps too little to matter", archetypes(rows))]
    said = [f"calls {words} a success in {_count(_mean(side, names, _declared))}"]
    said += [f"{words} in {_count(_mean(side, names, _declared))}" for words, names in others]
    who = _KINDS["eye"] if side.kind == "eye" else "the trial"
    return f"{who} {', and '.join(said)}."


def _compared(opening: str, rows: Rows, names: Sequence[str]) -> str:
    """How often each group is told of a success, in one sentence."""
    first, *others = _groups(rows)
    said = [f"{first.name} {'call' if first.plural else 'calls'} it a success in {_counts(first, names, _declared)}"]
    said += [f"{group.name} in {_counts(group, names, _declared)}" for group in others]
    return f"{opening}, {'; '.join(said)}."


def _groups(rows: Rows) -> tuple[_Group, ...]:
    """Who is spoken of: usual practice, blinded trials and open ones, by name where several of a kind are few."""
    every = sides(rows)
    kinds = {kind: tuple(side for side in every if side.kind == kind) for kind in _KINDS}
    shown = [kind for kind, found in kinds.items() if found and not (kind == "open" and kinds["eye"])]
    spoken = [side for kind in shown for side in kinds[kind]]
    few = len(spoken) <= MOST_NAMED and all(len(side.label) <= LONGEST_NAME for side in spoken)
    out = list[_Group]()
    for kind in shown:
        found = kinds[kind]
        if few and (len(found) > 1 or len(shown) == 1):
            out += [_Group(side.label, (side,)) for side in found]
        else:
            plural = len(found) > 1 and kind != "eye"
            out.append(_Group(_KINDS[kind] + "s" * plural, found, plural))
    return tuple(out)


def noise_told(document: Mapping[str, Any]) -> bool:
    """Whether the noise of a plan is that of its diary; else only the level is, and the noise is the population's."""
    return document["noise"].get("from", "diary") == "diary"


def lead(document: Mapping[str, Any], rows: Rows) -> str:
    """What is found where the drug helps, and how long it takes."""
    if document["participants"] == 1:
        return "Ask for more of them, for example with --participants 200."
    nothing, helped = _kinds(rows)
    mean = f" (mean of {len(helped)} kinds of response)" if len(helped) > 1 else ""
    words = list[str]()
    if helped and nothing and "noise" not in document:
        words.append(f"Where it helps, it is said to work {_in_each(rows, helped, _declared)}{mean}.")
    if helped:
        words.append(f"The right dose, give or take a step, is found {_in_each(rows, helped, _right)}.")
    return " ".join([*words, _length(rows)])


def _length(rows: Rows) -> str:
    """How long the trials are."""
    groups = _groups(rows)
    (first, name), *others = ((_span([_weeks(side) for side in group.sides]), group.name) for group in groups)
    opening = f"On average a trial takes {first} weeks"
    if not others:
        return f"{opening}."
    return f"{wording.listed([f'{opening} in {name}', *(f'{weeks} in {named}' for weeks, named in others)])}."


def _in_each(rows: Rows, names: Sequence[str], read: Callable[[Row], float]) -> str:
    """A number of 100 for each group, inside a sentence."""
    groups = _groups(rows)
    if len(groups) == 1:
        return f"in {_counts(groups[0], names, read)} of 100"
    return wording.listed(f"in {_counts(group, names, read)} by {group.name}" for group in groups)


def note(document: Mapping[str, Any], rows: Rows) -> str:
    """How far the truth may lie from the shares."""
    people = document["participants"]
    if people == 1:
        return "Each share on this page comes from one virtual person, and can only be 0 or 100."
    shares = [one[name] for row in rows for one in row["archetypes"] for name in SHARES if one[name] is not None]
    far = max(max(share["p"] - share["interval95"][0], share["interval95"][1] - share["p"]) for share in shares)
    return (
        f"Each share on this page comes from {people:,} virtual people. With very many of them it could be up to "
        f"{max(1, wording.in_100(far))} in 100 lower or higher (95 % intervals)."
    )


def _declared(one: Row) -> float:
    return one["declared"]["p"]


def _right(one: Row) -> float:
    return one["right_dose"]["p"]


def _weeks(side: Side) -> float:
    """Mean length over all archetypes, weeks."""
    return _mean(side, tuple(side.archetypes), lambda one: one["weeks"]["mean"])


def _mean(side: Side, names: Sequence[str], read: Callable[[Row], float]) -> float:
    """Mean over archetypes; 0 of none."""
    found = [read(side.archetypes[name]) for name in names if name in side.archetypes]
    return sum(found) / len(found) if found else 0.0


def _counts(group: _Group, names: Sequence[str], read: Callable[[Row], float]) -> str:
    """How many of 100, or from how many to how many."""
    found = sorted(_mean(side, names, read) for side in group.sides)
    low, high = _count(found[0]), _count(found[-1])
    return low if low == high else f"{low} to {high}"


def _count(share: float) -> str:
    """A share as people of 100."""
    if share == 0:
        return "none"
    return "fewer than 1" if share < 0.005 else str(wording.in_100(share))


def _span(values: Sequence[float]) -> str:
    """From the smallest to the largest, rounded."""
    low, high = f"{min(values):.0f}", f"{max(values):.0f}"
    return low if low == high else f"{low} to {high}"
