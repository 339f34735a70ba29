"""Smallest dose: which is the smallest that helps by what matters, and how sure are we? One mark is one of 100."""

from typing import Any

from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.grammar import Spec, along, at, drawing, marks, panel, scale, text, text_width
from modicum.reports.theme import colour, dose_tokens
from modicum.reports.tongue import ENGLISH, Tongue

# Marks of 5 by 12 px, and of 3.4 by 12 px; the renderer scales a shape by half the square root of its size.
TALL, TALLER = "M-.5,-1.2H.5V1.2H-.5Z", "M-.5,-1.76H.5V1.76H-.5Z"


def spec(answer: Answer, width: float, tongue: Tongue = ENGLISH) -> Spec:
    """The chart for a frame so many pixels wide: 50 marks a line, 25 in a narrow frame."""
    wide = width > 500
    across = 50 if wide else 25
    ticks, rows, lines = _marks(answer, across, tongue)
    left = max(text_width(row["name"], 14) for row in rows) + 52
    inner = width - left - 6
    sideways, down = scale(-0.6, across - 0.4), scale(-0.7, lines - 0.3, flip=True)
    place = {"x": along("x", sideways), "y": along("y", down)}
    mark = {"shape": TALL if wide else TALLER, "opacity": 1, "size": 100 if wide else 46}
    solid = [t for t in ticks if t["solid"]]
    hollow = [t for t in ticks if not t["solid"]]
    return drawing([panel([
        marks("point", solid, {**place, "color": "colour"}, filled=True, **mark),
        marks("point", hollow, place, filled=True, fill="ground", stroke="placebo", strokeWidth=1.5, **mark),
        text(rows, {"x": at(-left), "y": along("y", down), "text": "name"}, fontSize=14),
        text(rows, {"x": at(-16), "y": along("y", down), "text": "count"}, align="right", fontSize=15, fontWeight=600),
    ], inner, 20 * lines)])  # fmt: skip


def _marks(answer: Answer, across: int, tongue: Tongue) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float]:
    """Marks, row heads and the height in lines: a row for each taken dose, then "No dose"."""
    counts = wording.marks(answer)
    keys = [key for key in counts if key not in (wording.NOTHING, wording.TOO_LITTLE)]
    tokens = dose_tokens([d.dose_mg for d in answer.doses]) if answer.doses else {}
    ticks: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    line = 0.0
    nothing, little = counts[wording.NOTHING], counts[wording.TOO_LITTLE]
    for key in [*keys, "none"]:
        solid = nothing if key == "none" else counts[key]
        total = nothing + little if key == "none" else solid
        token = "placebo" if key == "none" else tokens.get(float(key), "dose-4")
        name = none_words(answer, tongue) if key == "none" else dose_words(answer, key, tongue)
        for mark in range(total):
            place = {"x": mark % across, "y": line + mark // across, "colour": colour(token)}
            ticks.append({**place, "solid": mark < solid})
        used = max(1, -(-total // across))
        rows.append({"name": name, "count": str(total), "y": line + (used - 1) / 2})
        line += used + 0.25
    return ticks, rows, line


SOME = "In {helped} of them the treatment would help by at least {mcid}; in {none} it would not."
NOBODY = "In none of them the treatment would help by at least {mcid}; in {none} it would not."
ALL = "In {helped} of them the treatment would help by at least {mcid}; in none it would not."


def dose_words(answer: Answer, key: str, tongue: Tongue = ENGLISH) -> str:
    """The head of a row: the dose; "Works" where there is only taken or not taken."""
    question = answer.question
    return tongue.say("Works") if wording.single(question) else wording.sentence(tongue.dose(question, float(key)))


def none_words(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """The head of the last row."""
    return tongue.say("Does not" if wording.single(answer.question) else "No dose")


def alternative(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """The finding and its numbers in words."""
    question = answer.question
    if wording.single(question):
        return sentence(answer, tongue)
    counts = wording.marks(answer)
    none = counts[wording.NOTHING] + counts[wording.TOO_LITTLE]
    doses = [
        f"{tongue.dose(question, float(key))} {count}"
        for key, count in counts.items()
        if key not in (wording.NOTHING, wording.TOO_LITTLE)
    ]
    listed = ", ".join([*doses, tongue.say("no dose {n}", n=none)])
    text = "Out of 100, the smallest dose that helps by at least {mcid} is: {listed}."
    return tongue.say(text, mcid=tongue.mcid(question), listed=listed)


def sentence(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """The chart as natural frequencies, most likely first."""
    question, counts = answer.question, wording.marks(answer)
    mcid, think = tongue.mcid(question), tongue.say("Think of 100 people with exactly this diary.")
    none = counts.pop(wording.NOTHING) + counts.pop(wording.TOO_LITTLE)
    if wording.single(question):
        text = ALL if not none else SOME if none < 100 else NOBODY
        return f"{think} {tongue.say(text, helped=100 - none, none=none, mcid=mcid)}"
    order = sorted((key for key in counts if counts[key]), key=lambda key: (-counts[key], float(key)))
    if not order:
        text = "In all of them no dose that was tried would help by at least {mcid}."
        return f"{think} {tongue.say(text, mcid=mcid)}"
    first, *rest = order
    text = "in {n} of them the smallest dose that helps by at least {mcid} would be {dose}"
    said = [tongue.say(text, question, float(first), n=counts[first], mcid=mcid)]
    said += [tongue.say("in {n} it would be {dose}", question, float(key), n=counts[key]) for key in rest]
    last = "in {n} no dose that was tried would" if none else "in none of them would every dose fail"
    said.append(tongue.say(last, n=none))
    return f"{think} {wording.sentence('; '.join(said))}."
