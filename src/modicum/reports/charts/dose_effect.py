"""Dose effect: which doses help by at least the smallest difference that matters?"""

from collections.abc import Mapping
from typing import Any

from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.grammar import Spec, along, at, drawing, marks, panel, scale, steps, text, text_width
from modicum.reports.theme import colour, dose_tokens
from modicum.reports.tongue import ENGLISH, Tongue


def spec(answer: Answer, width: float, tongue: Tongue = ENGLISH) -> Spec:
    """The chart for a frame so many pixels wide."""
    wide = width > 500
    question = answer.question
    rows = _rows(answer, tongue)
    left, right = _margins(rows, tongue, wide)
    inner = width - left - right - 8
    low, high = _domain(answer, rows)
    across = scale(low, high)
    pitch, size = _pitch(len(rows))
    height = pitch * max(len(rows), 1)
    down = scale(-0.5, len(rows) - 0.5, flip=True)
    title = tongue.axis_title(question, tongue.say("Change in {outcome}", outcome=tongue.changing(question)))
    if not wide and text_width(title) > inner + right:
        title = tongue.axis_title(question, tongue.say("Change"))
    axis: Spec = {
        "values": steps(low, high, 8 if wide else 5),
        "title": title,
        "labelExpr": tongue.signed_labels,
        "titleAnchor": "start",
    }
    axis["titleLimit"] = inner + right
    frame = {"x": along("low95", across, axis), "y": along("row", down)}
    known = [row for row in rows if row["known"]]
    lines = _lines(answer, frame["x"], inner, wide, tongue)
    best = [row for row in rows if row["best"]]
    column = at(inner + 12)
    names = {"x": at(10 - left), "y": frame["y"], "text": "name"}
    return drawing([panel([
        *_tint(best, down, left, inner + right),
        *lines,
        marks("rule", known, {**frame, "x2": "high95", "color": "colour"}, strokeWidth=1.75),
        marks("rule", known, {**frame, "x": along("low80", across, axis), "x2": "high80", "color": "colour"},
              strokeWidth=5),
        marks("rule", known, {**frame, "x": along("low50", across, axis), "x2": "high50", "color": "colour"},
              strokeWidth=min(11, pitch / 2)),
        marks("point", known, {**frame, "x": along("mean", across, axis)}, fill="ink", stroke="paper", size=46,
              strokeWidth=1.5, filled=True, opacity=1),
        text(best, names, fontSize=size, fontWeight=600),
        text([row for row in known if not row["best"]], names, fontSize=size),
        text([row for row in rows if not row["known"]], names, fontSize=size, color="ink-3"),
        text(known, {"x": column, "y": frame["y"], "text": "chance"}, fontSize=size),
        text([r for r in rows if not r["known"]], {"x": column, "y": frame["y"], "text": "chance"}, color="ink-3"),
        text([{"t": tongue.say("Chance it helps" if wide else "Chance")}], {"x": column, "y": at(-6), "text": "t"},
             color="ink-2", baseline="bottom"),
    ], inner, height)])  # fmt: skip


def _pitch(count: int) -> tuple[float, float]:
    """Height of a row and size of its type, px: many doses stand closer."""
    if count <= 16:
        return (44, 14) if count <= 6 else (34, 14)
    return max(16.0, 560 / count), 12


def _rows(answer: Answer, tongue: Tongue) -> list[dict[str, Any]]:
    """One row a dose of the ladder, ascending; a dose that was not taken has no interval."""
    tokens = dose_tokens([d.dose_mg for d in answer.doses]) if answer.doses else {}
    rows = []
    for place, dose in enumerate(sorted(answer.doses, key=lambda d: d.dose_mg)):
        summary = wording.shown(answer, dose)
        row: dict[str, Any] = {
            "row": place,
            "name": wording.sentence(tongue.dose(answer.question, dose.dose_mg)),
            "known": dose.taken,
            "best": dose.taken and dose.dose_mg == answer.verdict.dose_mg,
            "chance": tongue.chance_short(wording.shown_chance(answer, dose))
            if dose.taken
            else tongue.say("not taken"),
        }
        if dose.taken:
            i95 = summary.interval95
            i80, i50 = summary.interval80 or i95, summary.interval50 or (summary.mean, summary.mean)
            per = wording.per(answer.question)
            row |= {"mean": per * summary.mean, "colour": colour(tokens[dose.dose_mg])}
            for level, (low, high) in (("95", i95), ("80", i80), ("50", i50)):
                row |= {f"low{level}": per * low, f"high{level}": per * high}
        rows.append(row)
    return rows


def _margins(rows: list[dict[str, Any]], tongue: Tongue, wide: bool) -> tuple[float, float]:
    """Room for the names on the left and for the chances on the right, px."""
    names = max((text_width(row["name"], 14) for row in rows), default=40)
    return names + (34 if wide else 22), tongue.chances_wide if wide else tongue.chances_narrow


def _domain(answer: Answer, rows: list[dict[str, Any]]) -> tuple[float, float]:
    """From the outermost interval end to the other, with zero and the MCID on both sides inside."""
    mcid = wording.per(answer.question) * answer.question.mcid
    ends = [row[end] for row in rows if row["known"] for end in ("low95", "high95")]
    low, high = min([-1.3 * mcid, *ends]), max([1.3 * mcid, *ends])
    pad = 0.03 * (high - low)
    return low - pad, high + pad


def _lines(answer: Answer, x: Spec, inner: float, wide: bool, tongue: Tongue) -> list[Spec]:
    """Zero, thin; the MCID, dashed and named; under harm the same difference on the worse side."""
    question = answer.question
    low, high = x["scale"]["domain"]
    value = question.sign * wording.per(question) * question.mcid
    mcid = tongue.mcid(question)
    less, more = (LESS, MORE) if wide else (LESS_NARROW, MORE_NARROW)
    named = tongue.say(less if question.better == "lower" else more, mcid=mcid)
    here = (value - low) / (high - low) * inner
    centred = text_width(named) / 2 <= min(here, inner - here) + 20
    align = "center" if centred else "right" if 2 * here > inner else "left"
    room = {"center": 2 * min(here, inner - here) + 40, "right": here + 20, "left": inner - here + 20}[align]
    dashed = [value, -value] if answer.verdict.code == "harm" else [value]
    at_value = {**x, "field": "v"}
    return [
        marks("rule", [{"v": 0}], {"x": at_value}, color="axis", strokeWidth=1),
        marks("rule", [{"v": v} for v in dashed], {"x": at_value}, color="mcid", strokeWidth=1.5, strokeDash=[5, 3]),
        text([{"v": value, "t": named}], {"x": at_value, "y": at(-6), "text": "t"}, align=align, baseline="bottom",
             limit=room),
    ]  # fmt: skip


def _tint(best: list[dict[str, Any]], down: Spec, left: float, right: float) -> list[Spec]:
    """A soft row behind the dose that the verdict names, behind everything else."""
    rows = [{"row": row["row"] - 0.46, "end": row["row"] + 0.46} for row in best]
    place = {"x": at(-left), "x2": at(right), "y": along("row", down), "y2": "end"}
    return [marks("rect", rows, place, color="dose-soft")] if rows else []


def alternative(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """The finding and its numbers in words."""
    question = answer.question
    known = wording.taken(answer)
    if not known:
        return tongue.say("No dose of the ladder was taken, so there is no effect to show.")
    parts = []
    for dose in known:
        summary = wording.shown(answer, dose)
        values = {
            "change": f"{tongue.signed(question, summary.mean)} {tongue.unit_word(question)}".strip(),
            "ends": tongue.span(question, summary.interval95),
            "mcid": tongue.mcid(question),
            "p": tongue.chance(wording.shown_chance(answer, dose)),
        }
        parts.append(tongue.say(OF_A_DOSE, question, dose.dose_mg, **values))
    first = tongue.say(TOGETHER if wording.hoped(answer) else AGAINST, question, outcome=tongue.changing(question))
    return f"{first} {'; '.join(parts)}."


LESS, MORE = "{mcid} less: the smallest difference that matters", "{mcid} more: the smallest difference that matters"
LESS_NARROW, MORE_NARROW = "{mcid} less matters", "{mcid} more matters"
OF_A_DOSE = "{dose}: {change} (95 % interval {ends}), chance of helping by {mcid} or more {p}"
AGAINST = "Change in {outcome} for each dose against no {drug}."
TOGETHER = "Change in {outcome} for each dose against no {drug}, {drug} or hope together."


def pointed_at(answer: Answer, row: Mapping[str, Any], tongue: Tongue = ENGLISH) -> str:
    """What a row of the dose effects says, which are drawn in the units that are shown; "" for another mark.

    Args:
        answer: what is shown.
        row: of the data of the mark.
        tongue: of the words.
    """
    if not {"name", "mean", "low95", "high95", "chance"} <= row.keys():
        return ""
    question = answer.question
    mean, low, high = (row[name] / wording.per(question) for name in ("mean", "low95", "high95"))
    change, ends = tongue.signed(question, mean), tongue.span(question, (low, high))
    text = "{name}: {change} (95 % interval {ends}); chance that it helps {chance}"
    return tongue.say(text, name=row["name"], change=change, ends=ends, chance=row["chance"])
