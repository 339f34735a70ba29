"""Sensitivity: would another model have said something else about the dose?"""

from typing import Any

from modicum.analysis.estimate import Summary
from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.grammar import Spec, along, at, drawing, marks, panel, scale, steps, text, text_width
from modicum.reports.theme import dose_tokens

CHANGES = {
    "dose as taken": "Doses as taken",
    "belief adjusted": "Guesses taken into account",
    "no autocorrelation": "Days unrelated to each other",
    "no white noise": "All scatter carried over",
    "no trend": "No slow trend",
    "no carry-over": "Effect starts and ends at once",
    "no expectation": "No effect of expectation",
    "with expectation": "An effect of expectation",
    "prior half": "Smaller effects expected",
    "prior double": "Larger effects expected",
    "odds 1:3": "No effect thought less likely",
    "odds 3:1": "No effect thought more likely",
}


def change_words(change: str) -> str:
    """A changed assumption in words; the name itself where it has none yet."""
    return CHANGES.get(change, wording.sentence(change))


def effects(answer: Answer) -> list[tuple[str, Summary]]:
    """The effect of the dose in view, as analysed and under each changed assumption."""
    dose = wording.focus(answer)
    if dose is None or not dose.taken:
        return []
    rows = [("As analysed", wording.shown(answer, dose))]
    for row in answer.sensitivity:
        same = next((d for d in row.doses if d.dose_mg == dose.dose_mg), None)
        if same is not None:
            rows.append((change_words(row.change), wording.shown(answer, same)))
    return rows


def spec(answer: Answer, width: float) -> Spec:
    """The chart for a frame so many pixels wide; in a narrow one the assumption stands above its interval."""
    wide = width > 500
    question = answer.question
    dose = wording.focus(answer)
    rows = _rows(answer)
    token = dose_tokens([d.dose_mg for d in answer.doses])[dose.dose_mg] if dose else "dose-4"
    left = max((text_width(row["name"], 14) for row in rows), default=0) + 16 if wide else 8
    inner = width - left - 16
    matters = question.sign * wording.per(question) * question.mcid
    low = min([0.0, matters, *(row["low"] for row in rows)])
    high = max([0.0, matters, *(row["high"] for row in rows)])
    pad = 0.04 * (high - low)
    across = scale(low - pad, high + pad)
    title = wording.axis_title(question, f"Change on {wording.dose(question, dose.dose_mg)}" if dose else "Change")
    labels = "replace(replace(format(datum.value, '+~f'), /^[+\u2212-]0$/, '0'), '-', '\u2212')"
    axis: Spec = {
        "values": steps(low, high, 8 if wide else 6),
        "title": title,
        "labelExpr": labels,
        "titleAnchor": "start",
    }
    axis["titleLimit"] = inner
    pitch = 28 if wide else 42
    down = scale(-0.5, len(rows) - 0.5, flip=True)
    x, y = along("low", across, axis), along("row", down)
    first, rest = rows[:1], rows[1:]
    shift = 0 if wide else 9
    name = {"x": at(-left if wide else 0), "y": y, "text": "name"}
    higher = {"dy": 0 if wide else -10, "fontSize": 14 if wide else 13}
    lines = [{"low": 0.0}, {"low": matters}]
    return drawing([panel([
        marks("rule", lines[:1], {"x": x}, color="axis", strokeWidth=1),
        marks("rule", lines[1:], {"x": x}, color="mcid", strokeWidth=1.5, strokeDash=[5, 3]),
        marks("rule", first, {"x": x, "x2": "high", "y": y}, color=token, strokeWidth=5, yOffset=shift),
        marks("rule", rest, {"x": x, "x2": "high", "y": y}, color=token, strokeWidth=2, yOffset=shift),
        marks("point", rows, {"x": along("mean", across, axis), "y": y}, fill="ink", stroke="paper", size=40,
              strokeWidth=1.5, filled=True, opacity=1, yOffset=shift),
        text(rows, name, color="ground", stroke="ground", strokeWidth=4, **higher),
        text(first, name, fontWeight=600, **higher),
        text(rest, name, **higher),
    ], inner, pitch * len(rows))])  # fmt: skip


def _rows(answer: Answer) -> list[dict[str, Any]]:
    """One row for each assumption."""
    per = wording.per(answer.question)
    return [
        {"row": place, "name": name, "mean": per * effect.mean}
        | {end: per * value for end, value in zip(("low", "high"), effect.interval95, strict=True)}
        for place, (name, effect) in enumerate(effects(answer))
    ]


def alternative(answer: Answer) -> str:
    """The finding and its numbers in words."""
    rows = effects(answer)
    dose = wording.focus(answer)
    if not rows or dose is None:
        return "No other model was computed."
    said = [f"{name} {wording.signed(answer.question, e.mean)}" for name, e in rows]
    named, noun = wording.dose(answer.question, dose.dose_mg), wording.noun(answer.question)
    units = f", {unit}" if (unit := wording.unit_word(answer.question)) else ""
    others = wording.plural(len(rows) - 1, "other assumption")
    return f"Effect of {named} on {noun} under {others}{units}: {'; '.join(said)}."
