"""Tables of a page on virtual people: every number with its error, how trials ended, and what the people are like."""

from collections.abc import Callable, Mapping
from typing import Any

from modicum.reports import wording
from modicum.reports.charts.simulation import verdicts
from modicum.reports.sides import ENDING_WORDS, Row, Rows, archetype_words, archetypes, sides
from modicum.reports.simulation_words import noise_told
from modicum.reports.tables import VERDICT_WORDS, Table

ASSUMPTION = "assumption"
_NOISE = {
    "level": "Level without drug, last evening",
    "sd": "Sd of what nothing explains",
    "one_day_correlation": "Its correlation from one day to the next",
    "white_share": "Share of it that does not carry over",
}


def numbers(rows: Rows) -> Table:
    """Every share and length, with Monte Carlo standard errors."""
    columns: dict[str, Callable[[Row], str]] = {
        "Said to work": lambda one: _share(one["declared"]),
        "Unqualified": lambda one: _share(one["declared_unqualified"]),
        "Right dose, give or take a step": lambda one: _share(one["right_dose"]),
        "Exactly the right dose": lambda one: _share(one["right_dose_exact"]),
        "Ended rightly": lambda one: _share(one["ended_rightly"]),
        "Weeks, mean": lambda one: _give_or_take(one["weeks"]["mean"], one["weeks"]["mcse"]),
        "Weeks, median": lambda one: wording.whole(one["weeks"]["median"]),
        "Days with a complaint": lambda one: _give_or_take(**one["side_effect_days"]),
    }
    label = "People out of 100, weeks and days, each ± its Monte Carlo standard error"
    return _by_line(label, rows, columns)


def said(rows: Rows) -> Table:
    """What was said in the end, counted."""
    columns = {wording.sentence(VERDICT_WORDS.get(code, code)): _counter("verdicts", code) for code in verdicts(rows)}
    return _by_line("What was said in the end, people counted", rows, columns)


def endings(rows: Rows) -> Table:
    """Which rule ended the trials, counted."""
    seen = {code for row in rows for one in row["archetypes"] for code in one["endings"]}
    known = [*(code for code in ENDING_WORDS if code in seen), *sorted(seen - set(ENDING_WORDS))]
    columns = {wording.sentence(ENDING_WORDS.get(code, code)): _counter("endings", code) for code in known}
    return _by_line("How the trials ended, people counted", rows, columns)


def _counter(part: str, code: str) -> Callable[[Row], str]:
    return lambda one: f"{one[part].get(code, 0):,}"


def _by_line(label: str, rows: Rows, columns: Mapping[str, Callable[[Row], str]]) -> Table:
    """A row for each archetype and side, grouped by archetype; for one side a row for each archetype."""
    every = sides(rows)
    lines = [(name, side) for name in archetypes(rows) for side in every if name in side.archetypes]
    alone = len(every) == 1
    body = tuple(
        (archetype_words(name) if alone else side.label, *(read(side.archetypes[name]) for read in columns.values()))
        for name, side in lines
    )
    firsts = [k for k, (name, _) in enumerate(lines) if not k or lines[k - 1][0] != name]
    groups = {} if alone else {k: archetype_words(lines[k][0]) for k in firsts}
    head = ("The drug" if alone else "The drug, and the protocol", *columns)
    return Table(label, head, body, groups=groups, dense=True)


def _share(share: Mapping[str, float] | None) -> str:
    return "" if share is None else _give_or_take(100 * share["p"], 100 * share["mcse"])


def _give_or_take(mean: float, mcse: float) -> str:
    """A number with its standard error, on one line."""
    return f"{mean:.1f}{wording.NBSP}±{wording.NBSP}{mcse:.1f}"


def noise(document: Mapping[str, Any]) -> Table:
    """What was read from the diary, and what is the population's where it told only the level."""
    rows = list[tuple[str, ...]]()
    for name, words in _NOISE.items():
        found = document["noise"][name]
        unit = f" {document['unit']}" if name in ("level", "sd") and document["unit"] else ""
        low, high = (_short(end) for end in found["interval95"])
        read = f"{low} to {high}" if name == "level" or noise_told(document) else "of the population"
        rows.append((words, f"{_short(found['mean'])}{unit}", read))
    return Table("What was read from the diary", ("Quantity", "Mean", "95 % interval"), tuple(rows))


def people(document: Mapping[str, Any]) -> Table:
    """What the virtual people are like, and where each number comes from."""
    rows = [
        (
            wording.sentence(one["name"].replace("_", " ")),
            f"{_value(one)}: {one['says']}",
            one["grade"],
            "none found" if one["source"] == ASSUMPTION else one["source"],
        )
        for one in document["people"]["parameters"]
    ]
    head = ("Parameter", "Value, and what it is", "Grade", "Source")
    words = frozenset(range(len(head)))
    return Table("What the virtual people are like", head, tuple(rows), left=words, tag=ASSUMPTION, dense=True)


def assumed(document: Mapping[str, Any]) -> tuple[int, int]:
    """How many parameters are assumptions, and how many there are."""
    every = document["people"]["parameters"]
    return sum(one["grade"] == ASSUMPTION for one in every), len(every)


def _value(one: Mapping[str, Any]) -> str:
    """A parameter's value with its unit, and how people differ in it."""
    parts = [f"sd of its logarithm {one['log_sd']:g}"] if one["log_sd"] is not None else []
    parts += [f"sd {one['sd']:g}"] if one["sd"] else []
    low, high = one["low"], one["high"]
    if parts and low is not None and high is not None:
        parts.append(f"{low:g} to {high:g}")
    elif parts and (low is not None or high is not None):
        parts.append(f"at least {low:g}" if low is not None else f"at most {high:g}")
    spread = f" ({', '.join(parts)})" if parts else ""
    return f"{wording.written(one['value'])} {one['unit']}{spread}".replace(" -", f" {wording.MINUS}")


def _short(value: float) -> str:
    """A number with three figures or so."""
    size = abs(value)
    text = f"{value:.2f}" if size < 10 else f"{value:.1f}" if size < 100 else f"{value:,.0f}"
    return text.replace("-", wording.MINUS)
