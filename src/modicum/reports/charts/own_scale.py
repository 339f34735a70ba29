"""My scale: what changed for me? The patient's own scale, with and without the drug."""

from collections.abc import Callable
from dataclasses import dataclass

from modicum.analysis.question import Question
from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.grammar import Rows, Spec, along, at, drawing, marks, panel, scale, steps, text, text_width
from modicum.reports.theme import dose_tokens

BASE = 78


@dataclass(frozen=True)
class Levels:
    """Levels on the patient's scale, outcome units, cut at its ends.

    ``low`` and ``high`` are the ends of the 95 % interval with the drug; where not ``certain`` only they are shown.
    """

    dose_mg: float
    without: float
    with_drug: float
    low: float
    high: float
    certain: bool


@dataclass(frozen=True)
class Words:
    """What the chart says, in one language.

    Args:
        better: at an end of the scale that has no words of its own.
        worse: likewise.
        written: a number as it is written in English, to the language.
        level: of the outcome, in words.
        between: two levels, in words.
        without: the label of the level without the drug.
        with_drug: the label of the level with it.
    """

    better: str
    worse: str
    written: Callable[[str], str]
    level: Callable[[Question, float], str]
    between: Callable[[Question, float, float], str]
    without: Callable[[Question], str]
    with_drug: Callable[[Answer, Levels], str]


def levels(answer: Answer) -> Levels | None:
    """What the chart shows, or None where no dose was taken or no entry used."""
    dose = wording.focus(answer)
    if dose is None or not dose.taken or answer.uninformative:
        return None
    question = answer.question
    summary = wording.shown(answer, dose)
    base = wording.level_without(answer)

    def inside(value: float) -> float:
        return min(max(value, question.low), question.high)

    low, high = (inside(base + end) for end in summary.interval95)
    certain = answer.verdict.code not in ("cannot-tell", "futile")
    return Levels(dose.dose_mg, inside(base), inside(base + summary.mean), low, high, certain)


def spec(answer: Answer, width: float, words: Words | None = None) -> Spec:
    """The chart for a frame so many pixels wide.

    Args:
        answer: what is shown.
        width: px.
        words: of another language than English.

    Raises:
        ValueError: there is nothing to show; ask :func:`levels` first.
    """
    shown = levels(answer)
    if shown is None:
        raise ValueError("no dose was taken, so there is no level with a drug to show")
    words = words or ENGLISH
    inner = width - 30
    question = answer.question
    across = scale(question.low, question.high)
    values = steps(question.low, question.high, 11)
    heavy = [v for k, v in enumerate(values) if k in (0, len(values) - 1) or k == (len(values) - 1) / 2]
    x = along("v", across)
    token = dose_tokens(question.ladder_mg)[shown.dose_mg] if shown.dose_mg in question.ladder_mg else "dose-4"
    first, last = (words.better, words.worse) if question.better == "lower" else (words.worse, words.better)
    ends = [
        (question.low, "left", -4, question.low_label or first),
        (question.high, "right", 6, question.high_label or last),
    ]
    body = _difference(shown, across, token) if shown.certain else _range(shown, across, token)
    return drawing([panel([
        marks("rule", [{"v": question.low, "w": question.high}], {"x": x, "x2": "w", "y": at(BASE)}, color="ink",
              strokeWidth=1.5),
        *[marks("rule", [{"v": v} for v in values if (v in heavy) is long], {"x": x, "y": at(BASE), "y2": at(to)},
                color="ink", strokeWidth=1.25) for long, to in ((True, BASE + 12), (False, BASE + 8))],
        text([{"v": v, "t": words.written(_number(question, v))} for v in values],
             {"x": x, "y": at(BASE + 16), "text": "t"}, align="center", baseline="top", fontSize=14, color="ink-2"),
        *[text([{"v": v, "t": end}], {"x": x, "y": at(BASE + 36), "text": "t"}, align=side, dx=dx, baseline="top",
               limit=inner / 2, color="ink-2") for v, side, dx, end in ends],
        *body,
        *_labels(answer, shown, across, inner, words),
    ], inner, BASE + 52)])  # fmt: skip


def _number(question: Question, value: float) -> str:
    return wording.written(wording.per(question) * value).replace("-", wording.MINUS)


def _difference(shown: Levels, across: Spec, token: str) -> list[Spec]:
    """A bar from the level without the drug to the level with it."""
    x = along("v", across)
    two = [(shown.without, "placebo"), (shown.with_drug, token)]
    bar: Rows = [{"v": shown.with_drug, "w": shown.without}]
    return [
        marks("rule", bar, {"x": x, "x2": "w", "y": at(BASE - 13)}, color=token, strokeWidth=11),
        *[
            marks("rule", [{"v": v}], {"x": x, "y": at(BASE - 28), "y2": at(BASE)}, color=c, strokeWidth=3)
            for v, c in two
        ],
    ]


def _range(shown: Levels, across: Spec, token: str) -> list[Spec]:
    """Where the level with the drug may lie, and the level without."""
    x = along("v", across)
    bar: Rows = [{"v": shown.low, "w": shown.high}]
    return [
        marks("rule", bar, {"x": x, "x2": "w", "y": at(BASE - 13)}, color=token, strokeWidth=5),
        *[marks("rule", [{"v": v}], {"x": x, "y": at(BASE - 20), "y2": at(BASE - 6)}, color=token, strokeWidth=3)
          for v in (shown.low, shown.high)],
        marks("rule", [{"v": shown.without}], {"x": x, "y": at(BASE - 28), "y2": at(BASE)}, color="placebo",
              strokeWidth=3),
    ]  # fmt: skip


def _labels(answer: Answer, shown: Levels, across: Spec, inner: float, words: Words) -> list[Spec]:
    """Both levels as a word over a number, turned outwards so that they never meet, kept inside the frame."""
    question = answer.question
    low, high = across["domain"]
    said = [(shown.without, words.without(question), words.level(question, shown.without))]
    if shown.certain:
        said.append((shown.with_drug, words.with_drug(answer, shown), words.level(question, shown.with_drug)))
    else:
        between = words.between(question, shown.low, shown.high)
        said.append(((shown.low + shown.high) / 2, words.with_drug(answer, shown), between))
    said.sort(key=lambda item: item[0])
    out: list[Spec] = []
    edges = []
    for side, (value, label, number) in zip(("right", "left"), said, strict=True):
        pixel = (value - low) / (high - low) * inner
        length = max(text_width(label, 14), text_width(number, 15))
        start = pixel - length + 2 if side == "right" else pixel - 2
        edges.append([max(-12.0, min(start, inner + 12 - length)), length, side, label, number])
    clash = edges[0][0] + edges[0][1] + 10 - edges[1][0]
    if clash > 0:
        move = min(clash, edges[0][0] + 12)
        edges[0][0] -= move
        edges[1][0] += clash - move
    for start, length, side, label, number in edges:
        where = start + length if side == "right" else start
        out.append(text([{"t": label}], {"x": at(where), "y": at(20), "text": "t"}, align=side, baseline="bottom",
                        fontSize=14, color="ink-2", limit=inner))  # fmt: skip
        out.append(text([{"t": number}], {"x": at(where), "y": at(40), "text": "t"}, align=side, baseline="bottom",
                        fontSize=15, fontWeight=600))  # fmt: skip
    return out


def with_words(answer: Answer, shown: Levels) -> str:
    """The label of the level with the drug."""
    words = f"on {wording.dose(answer.question, shown.dose_mg)}"
    return f"{words}, {wording.drug(answer.question)} or hope" if wording.hoped(answer) else words


def alternative(answer: Answer) -> str:
    """The finding and its numbers in words."""
    shown = levels(answer)
    question = answer.question
    if shown is None:
        return "No dose was taken, so there is nothing to compare."
    low, high = (wording.written(wording.per(question) * end) for end in (question.low, question.high))
    scale_words = f"On your scale from {low} to {high}"
    level = wording.level(question, shown.without)
    base = f"{wording.subject(question, 'the ')} was about {level} without {wording.treatment(question)}"
    named = wording.dose(question, shown.dose_mg)
    hope = f", {wording.drug(question)} or hope together" if wording.hoped(answer) else ""
    if not shown.certain:
        ends = f"{wording.plain(question, shown.low)} and {wording.level(question, shown.high)}"
        return f"{scale_words}, {base}; on {named}{hope} it lay somewhere between {ends}."
    return f"{scale_words}, {base} and about {wording.level(question, shown.with_drug)} on {named}{hope}."


def _between(question: Question, low: float, high: float) -> str:
    return f"{wording.plain(question, low)} to {wording.level(question, high)}"


def _without(question: Question) -> str:
    return f"without {wording.treatment(question)}"


ENGLISH = Words("better", "worse", str, wording.level, _between, _without, with_words)
