"""One look for web, notebook and print: colours are parsed from ``look/tokens.css``, so they cannot drift.

A chart is drawn with the light values. On a page every colour becomes a class (``f-ink``, ``s-dose-3``), so that one
drawing follows light, dark and print, without a ``style`` attribute that a strict content-security policy would refuse.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from modicum.foundation.errors import InternalError
from modicum.reports.wording import legible

LOOK = Path(__file__).parent / "look"
# Source Sans 3 renamed, with fallbacks for a notebook: a family whose name ends in a digit loses vl-convert the list.
FONT = "Modicum Sans, system-ui, sans-serif"
RAMP = tuple(f"dose-{step}" for step in range(1, 7))
_COLOUR = re.compile(r"--([a-z0-9-]+):(#[0-9a-f]{6})")
_SVG = "{http://www.w3.org/2000/svg}"
_KEPT = frozenset({"none", "transparent"})
_COORDINATES = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2")
_DOT = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0Z?")
_MOVE = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")


@cache
def tokens_css() -> str:
    """The text of ``tokens.css``."""
    return (LOOK / "tokens.css").read_text(encoding="utf-8")


@cache
def palette(dark: bool = False) -> Mapping[str, str]:
    """The colour tokens by name, as lower-case hexadecimal.

    Example:
        >>> palette()["paper"], palette(dark=True)["paper"]
        ('#ffffff', '#142025')
    """
    css = tokens_css()
    part = css.split(":root[data-theme=dark]")[1] if dark else css.split("@media")[0]
    return dict(_COLOUR.findall(part))


def colour(token: str) -> str:
    """The light value of a token, for a chart's specification."""
    return palette()[token]


def dose_tokens(ladder: Sequence[float]) -> dict[float, str]:
    """Token of the amber ramp for each dose; a short ladder spreads over the ramp, and the order never changes.

    Example:
        >>> dose_tokens([1.0, 2.0, 4.0])
        {1.0: 'dose-1', 2.0: 'dose-3', 4.0: 'dose-6'}
    """
    doses = sorted(ladder)
    steps = max(len(doses) - 1, 1)
    if len(doses) == 1:
        return {doses[0]: RAMP[3]}
    return {dose: RAMP[int(rung * (len(RAMP) - 1) / steps + 0.49)] for rung, dose in enumerate(doses)}


def config(dark: bool = False) -> dict[str, Any]:
    """The Vega-Lite configuration of the look."""
    p = palette(dark)
    text = {"font": FONT, "fontSize": 13, "color": p["ink-2"]}
    return {
        "background": "transparent",
        "font": FONT,
        "padding": 2,
        "view": {"stroke": None},
        "axis": {
            "domain": False,
            "domainColor": p["axis"],
            "grid": False,
            "gridColor": p["grid"],
            "tickColor": p["axis"],
            "tickSize": 5,
            "labelFont": FONT,
            "labelFontSize": 13,
            "labelColor": p["ink-2"],
            "labelPadding": 5,
            "titleFont": FONT,
            "titleFontSize": 13,
            "titleFontWeight": 400,
            "titleColor": p["ink-2"],
            "titlePadding": 8,
        },
        "axisX": {"domain": True},
        "axisY": {"ticks": False},
        "text": text,
        "title": {**text, "fontWeight": 400, "anchor": "start", "frame": "group"},
        "point": {"filled": True, "opacity": 1, "color": p["dot"]},
        "line": {"strokeWidth": 2, "color": p["course"], "strokeCap": "round"},
        "rule": {"color": p["mcid"]},
        "area": {"color": p["band-95"], "line": False, "opacity": 1},
        "range": {"ramp": [p[token] for token in RAMP], "ordinal": [p[token] for token in RAMP]},
    }


def enable() -> None:
    """Make ``modicum`` the theme of Altair charts in this process."""
    import altair as alt

    @alt.theme.register("modicum", enable=True)
    def modicum() -> alt.theme.ThemeConfig:
        return alt.theme.ThemeConfig({"config": config()})  # pyright: ignore[reportArgumentType]


def dark_spec(chart: Any) -> dict[str, Any]:
    """The same chart as a Vega-Lite document for a dark notebook: each token's light value becomes its dark one."""
    swap = {light: palette(dark=True)[name] for name, light in palette().items() if name in palette(dark=True)}
    text = re.sub(r"#[0-9a-f]{6}", lambda hit: swap.get(hit[0], hit[0]), json.dumps(as_spec(chart)))
    return {**json.loads(text), "background": palette(dark=True)["paper"]}


def as_spec(chart: Any) -> dict[str, Any]:
    """A Vega-Lite document from one, or from an Altair chart."""
    return chart if isinstance(chart, dict) else chart.to_dict()


@cache
def _renderer() -> Any:
    """vl-convert with the look's fonts registered, loaded when the first chart is drawn."""
    import vl_convert

    vl_convert.register_font_directory(str(LOOK / "fonts"))
    return vl_convert


def _drawn(chart: Any) -> str:
    """A chart as vl-convert draws it. A control character in a label would end the process there."""
    return _renderer().vegalite_to_svg(_legible(as_spec(chart)))


def _legible(value: Any) -> Any:
    """A document whose texts are text."""
    if isinstance(value, dict):
        return {key: _legible(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_legible(item) for item in value]
    return legible(value) if isinstance(value, str) else value


def web_svg(chart: Any, text: str, css_class: str = "") -> str:
    """A chart as inline SVG that follows the page's theme.

    Args:
        chart: a Vega-Lite document or an Altair chart, drawn in token colours only.
        text: the text alternative: the finding and its numbers, one sentence or two.
        css_class: further classes of the drawing, for example "wide".

    Returns:
        An ``svg`` element with ``role=img``, colours as classes, and no ``style`` attribute.

    Raises:
        InternalError: a colour is not a token, or the renderer wrote a style attribute.
    """
    root = ElementTree.fromstring(_drawn(chart))  # noqa: S314  (drawn here, not received)
    for element in root.iter():
        _plain(element, element is root)
    for group in root.iter("g"):
        _one_path_of_dots(group)
    width, height = root.get("width", ""), root.get("height", "")
    box = root.get("viewBox", f"0 0 {width} {height}")
    root.attrib = {"class": f"chart {css_class}".strip(), "viewBox": box, "width": width, "height": height}
    root.attrib |= {"role": "img", "aria-label": text}
    return re.sub(r"<g( class=\"[^\"]*\")?\s*/>", "", ElementTree.tostring(root, encoding="unicode"))


def paper_svg(chart: Any) -> str:
    """A chart as an SVG drawing for white paper, its colours as they are.

    Args:
        chart: a Vega-Lite document or an Altair chart, drawn in token colours only.
    """
    return _drawn(chart).replace(colour("ground"), colour("paper"))


def on_paper(svg: str) -> str:
    """A small drawing whose colours are classes, as one that stands by itself.

    Example:
        >>> on_paper('<svg viewBox="0 0 4 4"><path class="f-ink s-paper" d="M0 0H4V4z"/></svg>')[-66:]
        '0 4 4"><path fill="#15252b" stroke="#ffffff" d="M0 0H4V4z"/></svg>'
    """
    attribute = {"f": "fill", "s": "stroke"}

    def coloured(classes: re.Match[str]) -> str:
        return " ".join(f'{attribute[name[0]]}="{colour(name[2:])}"' for name in classes[1].split())

    return re.sub(r'class="([^"]*)"', coloured, svg).replace("<svg ", f'<svg xmlns="{_SVG[1:-1]}" ', 1)


def _plain(element: ElementTree.Element, is_root: bool) -> None:
    """Strip what a page does not need, turn colours into classes, shorten coordinates."""
    if "style" in element.attrib:
        raise InternalError("a chart has a style attribute, which the content-security policy of a report refuses")
    element.tag = element.tag.removeprefix(_SVG)
    for name in list(element.attrib):
        if not is_root and (name.startswith("aria") or name in ("role", "class", "font-family", "pointer-events")):
            del element.attrib[name]
    _classes_for_colours(element)
    for name in _COORDINATES:
        if name in element.attrib:
            element.set(name, re.sub(r"-?\d+\.\d+", _tenth, element.attrib[name]))
    if element.get("transform") == "translate(0,0)":
        del element.attrib["transform"]


def _classes_for_colours(element: ElementTree.Element) -> None:
    """Turn every colour into a class; refuse one that is no token."""
    names = {value: name for name, value in palette().items()}
    classes = []
    for attribute, short in (("fill", "f"), ("stroke", "s")):
        value = element.get(attribute, "none").lower()
        if value in names:
            classes.append(f"{short}-{names[value]}")
            del element.attrib[attribute]
        elif value not in _KEPT:
            raise InternalError(f"colour {value!r} is not a token: every colour of a chart comes from tokens.css")
    if classes:
        element.set("class", " ".join(classes))


def _tenth(number: re.Match[str]) -> str:
    """A coordinate to a tenth of a pixel; a mark's own radius to a hundredth."""
    value = float(number[0])
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 10 else f"{value:.2f}".rstrip("0").removesuffix(".")


def _one_path_of_dots(group: ElementTree.Element) -> None:
    """Draw many equal dots as one path of round-capped points: a tenth of the bytes of one element each."""
    dots = list(group)
    if len(dots) < 12 or len({(dot.get("d"), dot.get("class"), dot.get("stroke")) for dot in dots}) != 1:
        return
    shape = _DOT.fullmatch(dots[0].get("d", ""))
    css = dots[0].get("class", "")
    moves = [_MOVE.fullmatch(dot.get("transform", "")) for dot in dots]
    if shape is None or not re.fullmatch(r"f-[a-z0-9-]+", css) or any(move is None for move in moves):
        return
    path = "".join(f"M{move[1]} {move[2]}h0" for move in moves if move)
    for dot in dots:
        group.remove(dot)
    width = f"{2 * float(shape[1]):.2f}"
    attributes = {"d": path, "class": f"s-{css[2:]}", "fill": "none", "stroke-linecap": "round", "stroke-width": width}
    ElementTree.SubElement(group, "path", attributes)
