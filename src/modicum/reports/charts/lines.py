"""Lines of a chart of virtual people: for each archetype one a side, named, or marked where a name has no room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modicum.reports.grammar import Spec, along, at, marks, scale, text, text_width
from modicum.reports.sides import Row, Rows, Side, archetype_words, sides
from modicum.reports.theme import colour

HEAD, GAP, KEY = 24.0, 9.0, 21.0  # px: head of an archetype, space after it, line of a key
LONGEST = 210.0  # px for the name of a protocol
SIGN_X = 8.0  # px from the edge to the middle of a mark that stands for a name


@dataclass(frozen=True)
class Line:
    """One side under one archetype, and where it stands, px from the top."""

    side: Side
    one: Row
    y: float


@dataclass(frozen=True)
class Layout:
    """Where everything stands.

    Args:
        wide: whether names stand on the left.
        alone: whether there is one side, so that archetypes are the names.
        left, inner: room for names, and for what is drawn, px.
        height: of the panel, px.
        thick: of a line, px.
        lines: one a side and archetype.
        heads: archetypes above their lines, or beside them where there is one side.
        key: what the marks mean, where names have no room.
    """

    wide: bool
    alone: bool
    left: float
    inner: float
    height: float
    thick: float
    lines: tuple[Line, ...]
    heads: tuple[tuple[str, float], ...]
    key: tuple[tuple[Side, float], ...]

    @property
    def down(self) -> Spec:
        """The vertical channel, px."""
        return along("y", scale(0, self.height, flip=True))


def layout_of(rows: Rows, kinds: Sequence[str], width: float, right: float, *, signed: bool = False) -> Layout:
    """A layout for some archetypes in a frame so many pixels wide.

    Args:
        rows: of the document.
        kinds: archetypes.
        width: of the frame, px.
        right: room on the right, px.
        signed: whether lines without a name need room for a mark.
    """
    every = sides(rows)
    wide, alone = width > 500, len(every) == 1
    beside = alone and wide
    thick = 32.0 if beside else 21.0 if len(every) <= 4 else 18.0
    words = [archetype_words(name) for name in kinds] if alone else [side.label for side in every]
    longest = max((text_width(word, 14 if alone else 13) for word in words), default=0.0)
    left = min(longest + 24, LONGEST) if wide else 22.0 if signed and not alone else 9.0
    y, heads, lines = 0.0, list[tuple[str, float]](), list[Line]()
    for name in kinds:
        here = [(side, side.archetypes[name]) for side in every if name in side.archetypes]
        heads.append((archetype_words(name), y + (thick if beside else HEAD) / 2))
        y += 0.0 if beside else HEAD
        lines += [Line(side, one, y + thick * (k + 0.5)) for k, (side, one) in enumerate(here)]
        y += thick * len(here) + (0.0 if beside else GAP)
    key = () if wide or alone else tuple((side, KEY * (k - len(every)) - 4) for k, side in enumerate(every))
    return Layout(wide, alone, left, width - left - right - 10, y, thick, tuple(lines), tuple(heads), key)


def names(layout: Layout) -> list[Spec]:
    """Archetypes, the names of the sides or their marks, and the key."""
    where = {"x": at(-layout.left), "y": layout.down, "text": "t"}
    beside, room = layout.left - 10, layout.left + layout.inner
    labels = [] if layout.alone or not layout.wide else [(line.side, line.y) for line in layout.lines]
    head = [{"y": y, "t": words} for words, y in layout.heads]
    bold = {"fontSize": 14, "fontWeight": 600, "limit": beside if layout.wide and layout.alone else room}
    return [
        text(head, where, color="ground", stroke="ground", strokeWidth=5, strokeJoin="round", **bold),
        text(head, where, **bold),
        text(_labels(labels, beside), where, color="ink-2", limit=beside),
        signs(layout.key, {"x": at(SIGN_X - layout.left), "y": layout.down}),
        text(_labels(layout.key, room - 22), {**where, "x": at(22 - layout.left)}, color="ink-2", limit=room - 22),
    ]


def _labels(placed: Sequence[tuple[Side, float]], room: float) -> list[dict[str, Any]]:
    """The name of each side, cut to so many pixels."""
    return [{"y": y, "t": side.label_within(int(room / text_width("x")))} for side, y in placed]


def signs(placed: Sequence[tuple[Side, float]], where: Mapping[str, Any], values: Sequence[float] = ()) -> Spec:
    """The mark of each side, at its value where there is one."""
    rows = [
        {"y": y, "shape": side.shape, "fill": colour(side.fill), "stroke": colour(side.ink)}
        | ({"v": values[k]} if values else {})
        for k, (side, y) in enumerate(placed)
    ]
    shape = {"field": "shape", "type": "nominal", "scale": None}
    encoding = {**where, "shape": shape, "fill": "fill", "stroke": "stroke"}
    return marks("point", rows, encoding, size=70, strokeWidth=2, opacity=1)
