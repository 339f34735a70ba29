"""A small grammar of Vega-Lite marks: the words in which the charts of a report are written.

Charts are plain Vega-Lite documents, so that a report is drawn without loading Altair; ``charts.chart`` gives the same
documents as Altair charts.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from modicum.reports.theme import colour, config

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def scale(low: float, high: float, *, flip: bool = False) -> Spec:
    """A linear scale that shows exactly ``low`` to ``high``."""
    domain = [high, low] if flip else [low, high]
    return {"domain": domain, "nice": False, "zero": False}


def along(field: str, given: Spec, axis: Spec | None = None) -> Spec:
    """A quantitative position channel on a given scale, without an axis unless one is given."""
    return {"field": field, "type": "quantitative", "scale": given, "axis": axis}


def at(value: float) -> Spec:
    """A position in pixels from the left or the top."""
    return {"value": value}


def marks(kind: str, rows: Rows, encoding: Mapping[str, Any], **properties: Any) -> Spec:
    """One layer: a mark for every row.

    Args:
        kind: Vega-Lite mark.
        rows: the data.
        encoding: channels; a text is the name of a quantitative field that shares the scale of its partner channel,
            for ``text`` a nominal field, for ``color`` a field that holds colours.
        properties: of the mark; a ``color``, ``fill`` or ``stroke`` is the name of a token.
    """
    for name in ("color", "fill", "stroke"):
        if name in properties:
            properties[name] = colour(properties[name])
    channels: Spec = {}
    for channel, what in encoding.items():
        if not isinstance(what, str):
            channels[channel] = what
        elif channel == "text":
            channels[channel] = {"field": what, "type": "nominal"}
        elif channel in ("color", "fill", "stroke"):
            channels[channel] = {"field": what, "type": "nominal", "scale": None}
        else:
            channels[channel] = {"field": what} if channel in ("x2", "y2") else {"field": what, "type": "quantitative"}
    return {"data": {"values": list(rows)}, "mark": {"type": kind, **properties}, "encoding": channels}


def text(rows: Rows, encoding: Mapping[str, Any], **properties: Any) -> Spec:
    """A layer of words, ink unless said otherwise."""
    return marks("text", rows, encoding, **{"color": "ink", "align": "left", **properties})


def panel(layers: Sequence[Spec], width: float, height: float, title: str = "", offset: float = 24) -> Spec:
    """Layers in one frame, with the title of the vertical axis above its left end."""
    spec: Spec = {"width": width, "height": height, "layer": [layer for layer in layers if layer["data"]["values"]]}
    if title:
        spec["title"] = {"text": title, "offset": offset, "dx": -28, "limit": width + 28, "color": colour("ink-2")}
    return spec


def drawing(panels: Sequence[Spec], spacing: float = 14) -> Spec:
    """A whole chart: one panel, or several under each other on one horizontal scale."""
    top: Spec = {"$schema": SCHEMA, "config": config()}
    if len(panels) == 1:
        return {**top, **panels[0]}
    return {**top, "vconcat": list(panels), "spacing": spacing, "resolve": {"scale": {"x": "shared"}}}


def steps(low: float, high: float, at_most: int) -> list[float]:
    """Round numbers from ``low`` to ``high``, at most so many, spaced by 1, 2 or 5 times a power of ten.

    Example:
        >>> steps(0, 10, 6)
        [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    span = high - low
    if not span > 0:
        return [low]
    power = 10.0 ** math.floor(math.log10(span / at_most))
    step = next(s * power for s in (1, 2, 5, 10, 20) if span / (s * power) <= at_most - 1 + 1e-9)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(k * step, 12) + 0.0 for k in range(first, last + 1)]


def text_width(words: str, size: float = 13) -> float:
    """Width of a line of text, px, on the safe side for the look's sans."""
    return 0.53 * size * len(words)
