"""The diary revealed: how did the outcome run under each dose?"""

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from modicum.analysis.estimate import DoseBlock
from modicum.analysis.question import Question
from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.grammar import Rows, Spec, along, at, drawing, marks, panel, scale, steps, text, text_width
from modicum.reports.theme import colour, dose_tokens
from modicum.reports.tongue import ENGLISH, Tongue

MOST_POINTS = 420
DAY_STEPS = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1456)


def observed(answer: Answer) -> tuple[np.ndarray, np.ndarray]:
    """Times (days) and scores of the entries that were used."""
    scores = np.asarray(answer.diary.scores.get(answer.question.outcome, np.full(len(answer.diary), np.nan)), float)
    use = np.isfinite(scores) & ~answer.diary.censored
    return np.asarray(answer.diary.time_days, float)[use], scores[use]


def points(answer: Answer) -> tuple[list[dict[str, float]], int]:
    """The entries as points; a long diary as means of whole runs of days, with the lowest and highest score of each.

    Returns:
        The points, and the days in each run (0 where every point is one entry).
    """
    times, scores = observed(answer)
    if len(times) <= MOST_POINTS:
        return [
            {"day": float(t), "y": float(s), "low": float(s), "high": float(s)}
            for t, s in zip(times, scores, strict=True)
        ], 0
    days = next((d for d in (1, *DAY_STEPS[2:]) if np.ptp(times) / d <= MOST_POINTS), DAY_STEPS[-1])
    runs = np.floor(times / days).astype(int)
    out = []
    for run in np.unique(runs):
        here = scores[runs == run]
        middle = float(times[runs == run].mean())
        out.append({"day": middle, "y": float(here.mean()), "low": float(here.min()), "high": float(here.max())})
    return out, days


def is_placebo(answer: Answer, block: DoseBlock) -> bool:
    """Whether a block without drug was a blinded one: the person was told that there might be drug in it."""
    if block.dose_mg > 0:
        return False
    if math.isfinite(block.announced) and block.announced > 0:
        return True
    if answer.diary.blinded is None:
        return False
    times = answer.diary.time_days
    inside = (times >= block.start_days) & (times < block.end_days)
    return bool(np.any(answer.diary.blinded[inside] == 1))


def content(answer: Answer, block: DoseBlock, tongue: Tongue = ENGLISH) -> str:
    """What a block held, in words: "2 mg", "placebo" or "no drug"."""
    if not math.isfinite(block.dose_mg):
        return tongue.say("not known")
    if block.dose_mg > 0:
        return wording.sentence(tongue.dose(answer.question, block.dose_mg))
    if is_placebo(answer, block):
        return tongue.say("placebo")
    return tongue.say("no {drug}", answer.question)


def merged(answer: Answer, tongue: Tongue = ENGLISH) -> list[tuple[float, float, float, str]]:
    """Runs of the same content: start (days), end (days), dose (mg), words."""
    out: list[tuple[float, float, float, str]] = []
    for block in answer.blocks:
        words = content(answer, block, tongue)
        if out and out[-1][3] == words and block.start_days - out[-1][1] < 0.01:
            out[-1] = (out[-1][0], block.end_days, block.dose_mg, words)
        else:
            out.append((block.start_days, block.end_days, block.dose_mg, words))
    return out


def spec(answer: Answer, width: float, tongue: Tongue = ENGLISH) -> Spec:
    """The chart for a frame so many pixels wide."""
    wide = width > 500
    inner = width - 34
    first, last = _span(answer)
    across = scale(first, last)
    values = _days(first, last, inner)
    above = _course(answer, across, inner, wide, tongue)
    axis = {"values": values, "title": tongue.say("Day"), "format": "d", "labelOverlap": True}
    below = _strip(answer, across, axis, inner, tongue, wide=wide)
    high = 240 if wide else 220
    title = _title(answer.question, tongue)
    held = tongue.say("What was taken") + (f", {answer.question.dose_unit}" if answer.question.dose_unit else "")
    named = any("text" in layer["encoding"] for layer in above)
    return drawing(
        [panel(above, inner, high, title, 24 if named else 10), panel(below, inner, 84 if wide else 76, held, 4)]
    )


def _title(question: Question, tongue: Tongue) -> str:
    """The outcome and the ends of its scale."""
    words = question.low_label, question.high_label
    numbers = (tongue.number(f"{end:g}") for end in (question.low, question.high))
    low, high = (f"{number} {word}".strip() for number, word in zip(numbers, words, strict=True))
    label = wording.sentence(question.label or question.outcome)
    return (
        f"{label} ({low}, {high})" if any(words) else f"{label} ({tongue.say('{low} to {high}', low=low, high=high)})"
    )


def _span(answer: Answer) -> tuple[float, float]:
    """First and last day shown."""
    times, _ = observed(answer)
    ends = [float(t) for t in (*times[:1], *times[-1:])]
    ends += [float(t) for t in (*answer.course.time_days[:1], *answer.course.time_days[-1:])]
    ends += [block.start_days for block in answer.blocks[:1]] + [block.end_days for block in answer.blocks[-1:]]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    return (low, high) if high - low >= 1 else (low - 0.5, high + 0.5)


def _days(first: float, last: float, inner: float) -> list[int]:
    """Days to label: multiples of a week, a fortnight and so on, with room for each number."""
    room = max(2, int(inner / (text_width(f"{last:.0f}") + 18)))
    step = next((s for s in DAY_STEPS if (last - first) / s <= room), DAY_STEPS[-1])
    return list(range(math.ceil(first / step) * step, math.floor(last) + 1, step))


def _course(answer: Answer, across: Spec, inner: float, wide: bool, tongue: Tongue) -> list[Spec]:
    """Points, fitted course with its bands, the course without drug, and the phases."""
    dots, run = points(answer)
    drawn = [p for dot in dots for p in (dot["low"], dot["high"])]
    low, high = min([answer.question.low, *drawn]), max([answer.question.high, *drawn])
    up = scale(low, high)
    y_axis = {"values": steps(low, high, 6), "grid": True, "title": None, "format": "~f", **tongue.axis_signs("~f")}
    x, y = along("day", across), along("y", up, y_axis)
    found = [] if answer.uninformative else _nodes(answer, run, int(inner / 1.5))
    nodes = [_inside(node, low, high) for node in found]
    band = {"x": x, "y2": "high"}
    edges, names = _phases(answer, across, inner)
    spread = [dot for dot in dots if dot["high"] > dot["low"]] if run else []
    size = (16 if len(dots) <= 200 else 11) if wide else (8 if len(dots) <= 200 else 5)
    return [
        marks("area", _banded(nodes, "95"), {**band, "y": along("low", up, y_axis)}, color="band-95"),
        marks("area", _banded(nodes, "50"), {**band, "y": along("low", up, y_axis)}, color="band-80"),
        marks("rule", edges, {"x": x}, color="line-strong", strokeWidth=1),
        marks("rule", spread, {"x": x, "y": along("low", up, y_axis), "y2": "high"}, color="line", strokeWidth=1),
        marks("point", dots, {"x": x, "y": y}, color="dot", size=size, filled=True, opacity=1),
        marks("line", nodes, {"x": x, "y": along("without_drug", up, y_axis)}, color="ink-2", strokeWidth=1.25,
              strokeDash=[2, 3], strokeCap="butt"),
        marks("line", nodes, {"x": x, "y": along("mean", up, y_axis)}, color="course",
              strokeWidth=1.25 if run else 2),
        text(names, {"x": x, "y": at(0), "text": "name"}, color="ink-2", align="center", baseline="bottom", dy=-5),
    ]  # fmt: skip


def _nodes(answer: Answer, run: int, at_most: int) -> list[dict[str, float | None]]:
    """The fitted course with its bands, broken where the grid leaves days out.

    Where points are means of runs of days the course is the mean of the same runs; else it is thinned to what a line
    can show.
    """
    course = answer.course
    names = ("mean", "without_drug", "low95", "high95", "low50", "high50")
    table = np.array([course.time_days, *(getattr(course, name) for name in names)], float)
    if run and table.shape[1]:
        _, group = np.unique(np.floor(table[0] / run), return_inverse=True)
        table = np.array([np.bincount(group, row) / np.bincount(group) for row in table])
    table = table[:, :: max(1, math.ceil(table.shape[1] / at_most))]
    gaps = np.diff(table[0])
    usual = float(np.median(gaps)) if len(gaps) else 1.0
    out: list[dict[str, float | None]] = []
    for place, column in enumerate(table.T):
        if place and gaps[place - 1] > max(3 * usual, 2.0):
            out.append({"day": float(column[0]) - gaps[place - 1] / 2, **dict.fromkeys(names)})
        out.append({"day": float(column[0]), **{n: round(float(v), 6) for n, v in zip(names, column[1:], strict=True)}})
    return out


def _inside(node: dict[str, float | None], low: float, high: float) -> dict[str, float | None]:
    """A node of the course cut to the frame: a band ends at its edge, a line that leaves it breaks."""
    out = dict(node)
    for name, value in node.items():
        if value is None or name == "day" or low <= value <= high:
            continue
        out[name] = None if name in ("mean", "without_drug") else min(max(value, low), high)
    return out


def _banded(nodes: list[dict[str, float | None]], level: str) -> Rows:
    """The band of one level, as low and high."""
    return [{"day": node["day"], "low": node[f"low{level}"], "high": node[f"high{level}"]} for node in nodes]


def _phases(answer: Answer, across: Spec, inner: float) -> tuple[Rows, Rows]:
    """Where phases change, and the names that fit their width; none where there are too many to read."""
    runs: list[dict[str, Any]] = []
    for block in answer.blocks:
        if runs and runs[-1]["name"] == block.phase:
            runs[-1]["end"] = block.end_days
        else:
            runs.append({"name": block.phase, "start": block.start_days, "end": block.end_days})
    if len(runs) < 2 or len(runs) > 24:
        return [], []
    low, high = across["domain"]
    names = []
    for run in runs:
        words = wording.sentence(str(run["name"]).replace("_", " "))
        if text_width(words) <= (run["end"] - run["start"]) / (high - low) * inner - 4:
            names.append({"day": (run["start"] + run["end"]) / 2, "name": words})
    return [{"day": run["start"]} for run in runs[1:]], names


def _strip(answer: Answer, across: Spec, axis: Spec, inner: float, tongue: Tongue, *, wide: bool) -> list[Spec]:
    """What was taken: a bar as high as the dose, with the dose above it where there is room."""
    ladder = [*answer.question.ladder_mg, *(b.dose_mg for b in answer.blocks if b.dose_mg > 0)]
    top = max(ladder, default=1.0)
    tokens = dose_tokens(sorted(set(ladder))) if ladder else {}
    low, high = across["domain"]
    size = 13 if wide else 12
    bars, words = [], []
    for start, end, dose, held in merged(answer, tongue):
        if held == tongue.say("placebo"):
            token, height, short = "placebo", 0.06 * top, held
        elif dose > 0:
            token, height = tokens[dose], max(dose, 0.06 * top)
            short = tongue.number(f"{dose:g}") if answer.question.dose_unit else tongue.say("taken")
        else:
            token, height, short = "line-strong", 0.0, held
        if height:
            bars.append({"day": start, "end": end, "zero": 0.0, "top": height, "colour": colour(token)})
        room = (end - start) / (high - low) * inner
        if text_width(short, size) <= room + (4 if short[:1].isdigit() else 0):
            words.append({"day": (start + end) / 2, "top": height, "name": short, "drug": height > 0})
    up = scale(0, 1.35 * top)
    x = along("day", across, axis)
    y, where = along("zero", up), {"x": x, "y": along("top", up), "text": "name"}
    edge = {"stroke": "ground", "strokeWidth": 1} if len(bars) < 80 else {}
    floor = [{"day": low, "end": high, "zero": 0.0}]
    return [
        marks("rule", floor, {"x": x, "x2": "end", "y": y}, color="axis", strokeWidth=1),
        marks("rect", bars, {"x": x, "x2": "end", "y": y, "y2": "top", "color": "colour"}, **edge),
        text([w for w in words if w["drug"]], where, align="center", baseline="bottom", dy=-3, fontSize=size,
             fontWeight=600),
        text([w for w in words if not w["drug"]], where, align="center", baseline="bottom", dy=-3, fontSize=size,
             color="ink-2"),
    ]  # fmt: skip


def alternative(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """The finding and its numbers in words."""
    question = answer.question
    label = question.label or question.outcome
    times, scores = observed(answer)
    if not len(times):
        return tongue.say("{label}: no entry could be used, so there is no course to show.", label=label)
    course = answer.course
    text = "{label} over {days}, {entries}, from {low} to {high}."
    low, high = (tongue.plain(question, float(end)) for end in (scores.min(), scores.max()))
    entries = tongue.many(answer.n_observed, "{n} entry", "{n} entries")
    parts = [tongue.say(text, label=label, days=tongue.days(answer.n_days), entries=entries, low=low, high=high)]
    if len(course.mean) and not answer.uninformative:
        first, last = (tongue.plain(question, float(course.mean[k])) for k in (0, -1))
        level = tongue.plain(question, wording.level_without(answer))
        parts.append(tongue.say(COURSE_RUNS, question, first=first, last=last, level=level))
    runs = merged(answer, tongue)
    if len(runs) <= 20:
        listed = (
            tongue.say("{held} from day {day}", held=held, day=f"{math.ceil(start):g}") for start, _, _, held in runs
        )
        parts.append(tongue.say("Taken: {listed}.", listed=tongue.listed(listed)))
    else:
        parts.append(tongue.say("Taken: {n} runs of doses, listed in the table of periods.", n=len(runs)))
    return " ".join(parts)


COURSE_RUNS = "The fitted course starts at {first} and ends at {last}; the mean level without {the_drug} is {level}."


def pointed_at(answer: Answer, row: Mapping[str, Any], tongue: Tongue = ENGLISH) -> str:
    """What a point of the diary says; "" for another mark.

    Args:
        answer: what is shown.
        row: of the data of the mark.
        tongue: of the words.
    """
    if not {"day", "y", "low", "high"} <= row.keys():
        return ""
    number, start = int(row["day"]), answer.diary.start
    level = tongue.level(answer.question, row["y"])
    if start is None:
        return tongue.say("Day {day}: {level}", day=number, level=level)
    date = tongue.date(start + timedelta(days=number))
    return tongue.say("Day {day}, {date}: {level}", day=number, date=date, level=level)
