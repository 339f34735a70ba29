"""Sensitivity: would another model have said something else about the dose?"""

from typing import Any

from modicum.analysis.estimate import Summary
from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.grammar import Spec, along, at, drawing, marks, panel, scale, steps, text, text_width
from modicum.reports.theme import dose_tokens
from modicum.reports.tongue import ENGLISH, Tongue

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


AS_ANALYSED = "As analysed"


def change_words(change: str, tongue: Tongue = ENGLISH) -> str:
    """A changed assumption in words; the name itself where it has none yet."""
    return tongue.say(CHANGES[change]) if change in CHANGES else wording.sentence(change)


def effects(answer: Answer, tongue: Tongue = ENGLISH) -> list[tuple[str, Summary]]:
    """The effect of the dose in view, as analysed and under each changed assumption."""
    dose = wording.focus(answer)
    if dose is None or not dose.taken:
        return []
    rows = [(tongue.say(AS_ANALYSED), wording.shown(answer, dose))]
    for row in answer.sensitivity:
        same = next((d for d in row.doses if d.dose_mg == dose.dose_mg), None)
        if same is not None:
            rows.append((change_words(row.change, tongue), wording.shown(answer, same)))
    return rows


def spec(answer: Answer, width: float, tongue: Tongue = ENGLISH) -> Spec:
    """The chart for a frame so many pixels wide; in a narrow one the assumption stands above its interval."""
    wide = width > 500
    question = answer.question
    dose = wording.focus(answer)
    rows = _rows(answer, tongue)
    token = dose_tokens([d.dose_mg for d in answer.doses])[dose.dose_mg] if dose else "dose-4"
    left = max((text_width(row["name"], 14) for row in rows), default=0) + 16 if wide else 8
    inner = width - left - 16
    matters = question.sign * wording.per(question) * question.mcid
    low = min([0.0, matters, *(row["low"] for row in rows)])
    high = max([0.0, matters, *(row["high"] for row in rows)])
    pad = 0.04 * (high - low)
    across = scale(low - pad, high + pad)
    change = tongue.say("Change on {dose}", question, dose.dose_mg) if dose else tongue.say("Change")
    axis: Spec = {
        "values": steps(low, high, 8 if wide else 6),
        "title": tongue.axis_title(question, change),
        "labelExpr": tongue.signed_labels,
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


def _rows(answer: Answer, tongue: Tongue) -> list[dict[str, Any]]:
    """One row for each assumption."""
    per = wording.per(answer.question)
    return [
        {"row": place, "name": name, "mean": per * effect.mean}
        | {end: per * value for end, value in zip(("low", "high"), effect.interval95, strict=True)}
        for place, (name, effect) in enumerate(effects(answer, tongue))
    ]


def alternative(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """The finding and its numbers in words."""
    question, rows = answer.question, effects(answer, tongue)
    dose = wording.focus(answer)
    if not rows or dose is None:
        return tongue.say("No other model was computed.")
    said = "; ".join(f"{name} {tongue.signed(question, effect.mean)}" for name, effect in rows)
    units = f", {unit}" if (unit := tongue.unit_word(question)) else ""
    others = tongue.many(len(rows) - 1, "{n} other assumption", "{n} other assumptions")
    values = {"noun": tongue.noun(question), "others": others, "units": units, "said": said}
    text = "Effect of {dose} on {noun} under {others}{units}: {said}."
    return tongue.say(text, question, dose.dose_mg, **values)
