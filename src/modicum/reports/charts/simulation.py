"""Simulation: what do protocols get right and wrong, how long do they take, and what is said in the end?

All four charts have one layout: for each archetype a line for each protocol and judge, named on the left, or in a
narrow frame by its mark, which a key above explains.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modicum.reports.charts import WIDE, one_below_another
from modicum.reports.charts.lines import SIGN_X, Layout, Line, layout_of, names, signs
from modicum.reports.grammar import Spec, along, at, drawing, marks, panel, scale, steps, text, text_width
from modicum.reports.sides import Row, Rows, archetype_words, archetypes, sides
from modicum.reports.tables import VERDICT_WORDS
from modicum.reports.theme import colour
from modicum.reports.wording import hundred, whole

if TYPE_CHECKING:
    import altair

MOST_SAID = 24  # lines whose numbers a text alternative lists; beyond, it points to the table

# Verdicts from "works" to "harm", each with the tokens of its bar and of the number on it.
VERDICTS: Mapping[str, tuple[str, str]] = {
    "works": ("act", "ground"),
    "works-smaller-too": ("band-50", "ink"),
    "open-label": ("grid", "ink"),
    "cannot-tell": ("ground", "ink"),
    "nothing-that-matters": ("ink-3", "ground"),
    "futile": ("ink-2", "ground"),
    "harm": ("stop", "ground"),
}
OTHER = ("band-80", "ink")


@dataclass(frozen=True)
class Number:
    """What a chart shows of one side under one archetype.

    Args:
        value: where the mark stands.
        ends: 95 % interval of the simulation, or None where one person tells nothing of it.
        second: where the upright stroke stands.
    """

    value: float
    ends: tuple[float, float] | None
    second: float


@dataclass(frozen=True)
class Measured:
    """A chart of one number for each line, with its interval, and a second number beside it.

    Args:
        name: of the chart.
        title: of the horizontal axis; in a narrow frame, what stands before "for" or "who".
        heads: of the two columns of numbers.
        says: what the number is, in the text alternative.
        read: the numbers of one archetype; None where there are none.
        share: whether they are people of 100, and not weeks.
    """

    name: str
    title: str
    heads: tuple[str, str]
    says: str
    read: Callable[[Row], Number | None]
    share: bool = True

    def drawable(self, rows: Rows) -> tuple[str, ...]:
        """The archetypes for which there is such a number."""
        known = {one["archetype"] for row in rows for one in row["archetypes"] if self.read(one) is not None}
        return tuple(name for name in archetypes(rows) if name in known)

    def spec(self, rows: Rows, width: float) -> Spec:
        """The chart for a frame so many pixels wide."""
        columns = [text_width(head) + 14 for head in self.heads] if width > 500 else [36.0]
        layout = layout_of(rows, self.drawable(rows), width, sum(columns))
        found = [(line, number) for line in layout.lines if (number := self.read(line.one)) is not None]
        x, y = self._axis([number for _, number in found], layout, sum(columns)), layout.down
        ink = [colour(line.side.ink) for line, _ in found]
        bars = [
            {"v": number.ends[0], "end": number.ends[1], "y": line.y, "stroke": stroke}
            for (line, number), stroke in zip(found, ink, strict=True)
            if number.ends is not None
        ]
        tall = layout.thick * 0.36 if layout.thick < 30 else 9.0
        strokes = [
            {"v": number.second, "y": line.y - tall, "end": line.y + tall, "stroke": stroke}
            for (line, number), stroke in zip(found, ink, strict=True)
        ]
        placed, values = [(line.side, line.y) for line, _ in found], [number.value for _, number in found]
        return drawing([panel([
            marks("rule", bars, {"x": x, "x2": "end", "y": y, "stroke": "stroke"}, strokeWidth=2),
            marks("rule", strokes, {"x": x, "y": y, "y2": "end", "stroke": "stroke"}, strokeWidth=2),
            signs(placed, {"x": x, "y": y}, values),
            *names(layout),
            *self._columns(layout, found, columns),
        ], layout.inner, layout.height)])  # fmt: skip

    def _axis(self, numbers: Sequence[Number], layout: Layout, right: float) -> Spec:
        """The horizontal channel: all of 100 people, or weeks from 0."""
        most = max((end for n in numbers for end in (n.value, n.second, *(n.ends or ()))), default=1.0)
        values = [0.0, 25.0, 50.0, 75.0, 100.0] if self.share else steps(0, max(1.08 * most, 1.0), 7)
        title = self.title if layout.wide else self.title.split(" for ")[0].split(" who ")[0]
        axis = {"values": values, "title": title, "grid": True, "titleAnchor": "start"}
        high = 100.0 if self.share else max(1.04 * most, values[-1])
        return along("v", scale(0, high), axis | {"titleLimit": layout.inner + right})

    def _columns(self, layout: Layout, found: Sequence[tuple[Line, Number]], columns: Sequence[float]) -> list[Spec]:
        """The numbers themselves, on the right."""
        out, edge = list[Spec](), layout.inner
        for k, room in enumerate(columns):
            edge += room
            where = {"x": at(edge), "y": layout.down, "text": "t"}
            look = {"align": "right", "color": "ink-2" if k else "ink"}
            rows = [{"y": line.y, "t": self.said((number.value, number.second)[k])} for line, number in found]
            out.append(text(rows, where, **look))
            if layout.wide:
                head = {**where, "y": at(-6)}
                out.append(text([{"t": self.heads[k]}], head, baseline="bottom", align="right", color="ink-2"))
        return out

    def said(self, value: float) -> str:
        """A number as the chart writes it: people of 100, or weeks."""
        if self.share and 0 < value < 0.5:
            return "<1"
        return ">99" if self.share and 99.5 <= value < 100 else whole(value)

    def alternative(self, rows: Rows) -> str:
        """The finding and its numbers in words."""
        return _said(self.says, rows, self.drawable(rows), self._phrase)

    def _phrase(self, one: Row) -> str:
        number = self.read(one)
        if number is None:
            return "none"
        ends = number.ends
        return self.said(number.value) + (f" ({self.said(ends[0])} to {self.said(ends[1])})" if ends else "")


def _said(says: str, rows: Rows, kinds: Sequence[str], phrase: Callable[[Row], str]) -> str:
    """What a chart shows, line by line; of very many lines only what it shows."""
    every = sides(rows)
    if len(every) * len(kinds) > MOST_SAID:
        lines = f"{len(every)} protocols and judges and {len(kinds)} kinds of response"
        return f"{says}, for {lines}. The table on this page has every number."
    parts = [
        f"{archetype_words(name)}: "
        + "; ".join(f"{side.label} {phrase(side.archetypes[name])}" for side in every if name in side.archetypes)
        for name in kinds
    ]
    return f"{says}. {'. '.join(parts)}."


class Verdicts:
    """The chart of what was said in the end."""

    name = "verdicts"

    def drawable(self, rows: Rows) -> tuple[str, ...]:
        """Every archetype."""
        return archetypes(rows)

    def spec(self, rows: Rows, width: float) -> Spec:
        """The chart for a frame so many pixels wide."""
        layout = layout_of(rows, archetypes(rows), width, 8, signed=True)
        parts = [part for line in layout.lines for part in _parts(line, layout)]
        across, y = scale(0, 100), layout.down
        box = {"x": along("v", across), "x2": "end", "y": y, "y2": "foot", "fill": "fill", "stroke": "stroke"}
        number = {"x": along("middle", across), "y": along("heart", y["scale"]), "text": "t"}
        placed = [(line.side, line.y) for line in layout.lines] if layout.key else []
        return drawing([panel([
            marks("rect", [part for part in parts if not part["hollow"]], box, strokeWidth=1),
            marks("rect", [part for part in parts if part["hollow"]], box, strokeWidth=1),
            *(text([part for part in parts if part["ink"] == token and part["t"]], number, align="center", color=token)
              for token in ("ground", "ink")),
            *names(layout),
            signs(placed, {"x": at(SIGN_X - layout.left), "y": y}),
        ], layout.inner, layout.height)])  # fmt: skip

    def alternative(self, rows: Rows) -> str:
        """The finding and its numbers in words."""
        return _said("What was said in the end, of 100 people", rows, archetypes(rows), _verdict_phrase)


def verdicts(rows: Rows) -> tuple[str, ...]:
    """The verdicts that came out, from "works" to "harm"; one that is not known stands last."""
    seen = {code for row in rows for one in row["archetypes"] for code in one["verdicts"]}
    return (*(code for code in VERDICTS if code in seen), *sorted(seen - set(VERDICTS)))


def _hundred(one: Row) -> dict[str, int]:
    """The verdicts of one archetype as people of 100."""
    return hundred({code: one["verdicts"][code] for code in verdicts([{"archetypes": [one]}])})


def _parts(line: Line, layout: Layout) -> list[dict[str, Any]]:
    """The parts of one bar; a part that is wide enough has its number of 100 on it."""
    half, done, out = min(layout.thick / 2 - 2.5, 10.0), 0.0, list[dict[str, Any]]()
    shares = _hundred(line.one)
    for code, count in shares.items():
        fill, ink = VERDICTS.get(code, OTHER)
        hollow, width = fill in ("ground", "grid"), 100 * line.one["verdicts"][code] / line.one["participants"]
        out.append({
            "v": done, "end": done + width, "y": line.y - half, "foot": line.y + half, "fill": colour(fill),
            "stroke": colour("line-strong" if hollow else "ground"), "ink": ink, "hollow": hollow,
            "middle": done + width / 2, "heart": line.y, "t": str(count) if width * layout.inner >= 2200 else "",
        })  # fmt: skip
        done += width
    return out


def _verdict_phrase(one: Row) -> str:
    return ", ".join(f"{VERDICT_WORDS.get(code, code)} {count}" for code, count in _hundred(one).items())


def _share(main: str, second: str) -> Callable[[Row], Number | None]:
    """Two shares of an archetype as people of 100."""

    def read(one: Row) -> Number | None:
        if one[main] is None:
            return None
        low, high = one[main]["interval95"]
        return Number(100 * one[main]["p"], (100 * low, 100 * high), 100 * one[second]["p"])

    return read


def _weeks(one: Row) -> Number:
    found = one["weeks"]
    ends = None if found["interval95"] is None else (found["interval95"][0], found["interval95"][1])
    return Number(found["mean"], ends, found["median"])


DECLARED = Measured(
    "declared",
    "People out of 100 for whom the drug is said to work",
    ("said to work", "unqualified"),
    "People out of 100 for whom the drug is said to work, with 95 % intervals of the simulation",
    _share("declared", "declared_unqualified"),
)
RIGHT_DOSE = Measured(
    "right_dose",
    "People out of 100 who end with the right dose",
    ("within a step", "exactly"),
    "People out of 100 who end with the right dose, give or take one step, with 95 % intervals of the simulation",
    _share("right_dose", "right_dose_exact"),
)
WEEKS = Measured(
    "weeks",
    "Weeks",
    ("mean", "median"),
    "Mean length of a trial in weeks, with 95 % intervals of the simulation",
    _weeks,
    share=False,
)
CHARTS: tuple[Measured | Verdicts, ...] = (DECLARED, RIGHT_DOSE, WEEKS, Verdicts())


def drawable(rows: Rows) -> dict[str, Measured | Verdicts]:
    """The charts that have something to show, by name."""
    return {chart.name: chart for chart in CHARTS if chart.drawable(rows)}


def chart(rows: Rows) -> "altair.VConcatChart":
    """All charts under each other, as an Altair chart for a notebook."""
    *measured, last = (one.spec(rows, WIDE) for one in drawable(rows).values())
    return one_below_another([*measured, _key(verdicts(rows), last["width"]), last])


def _key(codes: Sequence[str], width: float) -> Spec:
    """What the parts of the bars mean; a page has it beside the chart."""
    signs, left = list[dict[str, Any]](), 0.0
    for code in codes:
        words, fill = VERDICT_WORDS.get(code, code), VERDICTS.get(code, OTHER)[0]
        signs.append({"v": left, "end": left + 14, "after": left + 20, "t": words, "fill": colour(fill)})
        left += 36 + text_width(words)
    across = scale(0, width)
    box = {"x": along("v", across), "x2": "end", "y": at(0), "y2": at(14), "fill": "fill"}
    title = "What was said in the end, people out of 100"
    return drawing([panel([
        marks("rect", signs, box, stroke="line-strong", strokeWidth=1),
        text(signs, {"x": along("after", across), "y": at(7), "text": "t"}, color="ink-2"),
    ], width, 14, title, offset=10)])  # fmt: skip
