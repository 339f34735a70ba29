"""Clinicians: of how many of their patients do they report that the drug helped, and of how many is it true?

One column a protocol, one row a true share; each bar is the clinicians who report so many. All bars of a chart have one
scale, so that those of every panel cover the same area.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modicum.reports.grammar import Spec, along, drawing, marks, panel, scale, text, text_width
from modicum.reports.sides import Row, Side, sides
from modicum.reports.theme import colour
from modicum.reports.wording import in_100

WIDE, NARROW = 740, 324
MOST_BINS = 20  # steps of the horizontal axis; reports on more patients are rounded to them
TRUTHS = ("nobody", "a third", "two thirds")
KINDS = {"eye": "usual practice", "blinded": "blinded, unqualified", "open": "open, by the model"}
AXIS = "Patients of 100 of whom a clinician reports that the drug helped"
_HEAD, _FOOT = 46.0, 44.0  # px above and below the rows of a line of columns
_TITLE_SIZE = 17


@dataclass(frozen=True)
class _Frame:
    """Where everything stands, px.

    Args:
        width: of the chart.
        left: room for the words of a row beside it; 0 where they stand above it.
        inner, gap: width of a column, and between two.
        abreast: columns beside each other.
        bars: height of the highest bar.
        above, below: room over and under the bars of a row.
    """

    width: float
    left: float
    inner: float
    gap: float
    abreast: int
    bars: float
    above: float
    below: float

    @property
    def row(self) -> float:
        """Height of a row."""
        return self.above + self.bars + self.below

    @property
    def block(self) -> float:
        """Height of a line of columns."""
        return _HEAD + len(TRUTHS) * self.row + _FOOT

    def x(self, column: int) -> float:
        """Left end of a column."""
        return self.left + (column % self.abreast) * (self.inner + self.gap)

    def y(self, column: int, row: int) -> float:
        """The base line of a row in a column."""
        return (column // self.abreast) * self.block + _HEAD + row * self.row + self.above + self.bars

    def along(self, column: int, share: float, bins: int) -> float:
        """Where a share stands."""
        return self.x(column) + self.inner * (bins * share + 0.5) / (bins + 1)


def _frame(columns: int, width: float) -> _Frame:
    wide = width > 500
    abreast = min(columns, 3 if wide else 2)
    left, gap = (104.0, 30.0) if wide else (2.0, 28.0)
    inner = min((width - left - gap * (abreast - 1) - 10) / abreast, 420.0)
    if wide:
        return _Frame(width - 4, left, inner, gap, abreast, bars=88.0, above=26.0, below=28.0)
    return _Frame(width - 4, left, inner, gap, abreast, bars=72.0, above=48.0, below=26.0)


def spec(document: Mapping[str, Any], width: float) -> Spec:
    """The chart for a frame so many pixels wide."""
    every = sides(document["practices"])
    frame, high = _frame(len(every), width), _highest(every)
    height = frame.block * (1 + (len(every) - 1) // frame.abreast)
    where = {"x": along("x", scale(0, frame.width)), "y": along("y", scale(0, height, flip=True))}
    layers = [layer for k, side in enumerate(every) for layer in _column(side, k, frame, high, where)]
    title = {**where, "text": "t"}
    said = AXIS if width > 500 else "Patients of 100 reported as helped"
    axis = text([{"x": frame.left, "y": height - 8, "t": said}], title, color="ink-2")
    layers += [*_truths(len(every), frame, where), axis]
    return drawing([panel(layers, frame.width, height)])


def titled(document: Mapping[str, Any], width: float, finding: str) -> Spec:
    """The same with its finding above it, for where it stands by itself."""
    lines, words = [""], finding.split()
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], longer] if text_width(longer, _TITLE_SIZE) < width else [*lines, word]
    look = {"fontSize": _TITLE_SIZE, "fontWeight": 600, "color": colour("ink"), "anchor": "start", "lineHeight": 23}
    return {**spec(document, width), "title": {"text": lines, "offset": 16, **look}}


def shown(row: Row) -> Sequence[Row]:
    """What a chart shows of a practice: by the model what is said without qualification, by eye what is said."""
    return [one["declared_unqualified"] for one in row["true_shares"]]


def _bins(counts: Sequence[int]) -> list[float]:
    """Share of clinicians in each bin, from none of the patients to all of them."""
    patients, clinicians = len(counts) - 1, sum(counts)
    bins = min(patients, MOST_BINS)
    out = [0.0] * (bins + 1)
    for reported, count in enumerate(counts):
        out[int(reported * bins / patients + 0.5)] += count / clinicians
    return out


def _highest(every: Sequence[Side]) -> float:
    return max(max(_bins(one["counts"])) for side in every for one in shown(side.row))


def _column(side: Side, column: int, frame: _Frame, high: float, where: Mapping[str, Any]) -> list[Spec]:
    """One protocol: its name, and for each true share the bars, the truth and the numbers."""
    fill, hollow = ("dot", False) if side.kind == "eye" else ("act", side.kind == "open")
    left, named = frame.x(column), {**where, "text": "t"}
    top = frame.y(column, 0) - frame.bars - frame.above - _HEAD
    bars, rules, dashed, arrows, words, truths = [], [], [], [], [], []
    for row, one in enumerate(side.row["true_shares"]):
        found, base = shown(side.row)[row], frame.y(column, row)
        shares = _bins(found["counts"])
        half = 0.39 * frame.inner / len(shares)
        for k, share in enumerate(shares):
            if share > 0:
                middle = frame.along(column, k / (len(shares) - 1), len(shares) - 1)
                tall = max(frame.bars * share / high, 1.0)
                bars.append({"x": middle - half, "end": middle + half, "y": base - tall, "foot": base})
        rules.append({"x": left, "end": left + frame.inner, "y": base})
        true = frame.along(column, one["true_share"], len(shares) - 1)
        dashed.append({"x": true, "y": base - frame.bars - 4, "foot": base})
        arrows.append({"x": true, "y": base + 5})
        truths.append({"x": max(true, left + 16), "y": base + 17, "t": "truth"})
        words.append({"x": left, "y": base - frame.bars - 12, "t": _numbers(found, frame.inner)})
    steps = (0, 25, 50, 75, 100) if frame.left > 50 else (0, 50, 100)
    bins, last = len(_bins(shown(side.row)[0]["counts"])) - 1, frame.y(column, len(TRUTHS) - 1)
    axis = [{"x": frame.along(column, step / 100, bins), "y": last + 35, "t": f"{step}"} for step in steps]
    room = int(frame.inner / text_width("x", 14))
    look = {"fill": "ground", "stroke": fill, "strokeWidth": 1.5} if hollow else {"fill": fill}
    return [
        marks("rule", dashed, {**where, "y2": "foot"}, color="mcid", strokeWidth=1.5, strokeDash=[5, 3]),
        marks("rect", bars, {**where, "x2": "end", "y2": "foot"}, **look),
        marks("rule", rules, {**where, "x2": "end"}, color="axis", strokeWidth=1),
        marks("point", arrows, where, color="mcid", shape="triangle-up", size=42),
        marks("tick", _ticks(axis, last), where, color="axis", orient="vertical", size=5, thickness=1),
        text([{"x": left, "y": top + 8, "t": side.label_within(room)}], named, fontSize=14, fontWeight=600),
        text([{"x": left, "y": top + 26, "t": KINDS[side.kind]}], named, color="ink-2"),
        text(words, named, color="ink"),
        text([*truths, *axis], named, align="center", color="ink-2"),
    ]


def _ticks(axis: Sequence[Mapping[str, Any]], base: float) -> list[dict[str, float]]:
    return [{"x": one["x"], "y": base + 3} for one in axis]


def _truths(columns: int, frame: _Frame, where: Mapping[str, Any]) -> list[Spec]:
    """For how many the drug truly helps, beside each row, or above it."""
    named = {**where, "text": "t"}
    firsts = range(0, columns, frame.abreast)
    places = [(frame.y(first, row), words) for first in firsts for row, words in enumerate(TRUTHS)]
    if frame.left > 50:
        beside = [{"x": 0, "y": base - frame.bars / 2 - 9, "t": "The drug helps"} for base, _ in places]
        bold = [{"x": 0, "y": base - frame.bars / 2 + 9, "t": words} for base, words in places]
        return [text(beside, named, color="ink-2"), text(bold, named, fontSize=14, fontWeight=600)]
    above = [{"x": frame.left, "y": base - frame.bars - 32, "t": f"The drug helps {words}"} for base, words in places]
    return [text(above, named, fontSize=14, fontWeight=600)]


def _numbers(found: Row, room: float) -> str:
    """Mean and range of the reports, in words where there is room for them."""
    low, high = (in_100(end) for end in found["range90"])
    mean = f"{in_100(found['mean'])}"
    words = f"on average {mean}; 90 % of clinicians {low} to {high}"
    return words if text_width(words) <= room else f"mean {mean} ({low} to {high})"


def alternative(document: Mapping[str, Any]) -> str:
    """The finding and its numbers in words."""
    parts = [
        f"{side.label}, the drug helps {words}: on average {in_100(one['mean'])}, 90 % of clinicians "
        f"{in_100(one['range90'][0])} to {in_100(one['range90'][1])}"
        for side in sides(document["practices"])
        for words, one in zip(TRUTHS, shown(side.row), strict=True)
    ]
    return f"{AXIS}. {'; '.join(parts)}."
