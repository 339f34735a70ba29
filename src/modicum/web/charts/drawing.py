"""Drawing: a chart of a page, from the same documents as the charts of the reports.

A page shows two drawings, for wide and for narrow, and always the words that say what they show; a table stands behind
them. What a page of a blinded role shows is refused where it holds a colour that means a dose.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from modicum.foundation.errors import InternalError
from modicum.reports import theme
from modicum.reports.blocks import Key
from modicum.reports.charts import NARROW, WIDE
from modicum.reports.swatches import swatch
from modicum.web.charts import engine
from modicum.web.charts.grids import Grid

Spec = dict[str, Any]
Told = Callable[[Mapping[str, Any]], str]
_HEXADECIMAL = re.compile(r"#[0-9a-f]{6}")
_OF_A_DOSE = re.compile(r"(?:dose-(?:\d|soft)|placebo)$")
_UNCOLOURED = {"dose-soft": "act-soft", "placebo": "dot"}


@dataclass(frozen=True)
class Drawn:
    """A chart as a page shows it, with ``charts/figure.html``.

    Args:
        name: of the chart on its page.
        alternative: the finding and its numbers in words.
        drawings: both, as SVG whose colours are classes.
        spec: the wide one as a Vega-Lite document for the browser, its colours named by token; None where there is
            nothing to point at.
        grid: the table behind it.
        key: its signs.
        caption: below it.
        language: of these words, where it is not that of the page.
    """

    name: str
    alternative: str
    drawings: str
    spec: Spec | None = None
    grid: Grid | None = None
    key: tuple[Key, ...] = ()
    caption: str = ""
    language: str = ""

    @property
    def engine(self) -> str:
        """Where a browser finds what reads a chart."""
        return engine.address()

    @property
    def markup(self) -> SafeString:
        """Both drawings, for a template."""
        return mark_safe(self.drawings)  # noqa: S308  (drawn here)

    @property
    def signs(self) -> list[tuple[SafeString, str]]:
        """Drawing and words of each sign of the key."""
        return [(mark_safe(swatch(key)), key.words) for key in self.key]  # noqa: S308  (drawn here)


def draw(
    name: str,
    spec: Callable[[float], Spec],
    alternative: str,
    *,
    grid: Grid | None = None,
    key: Sequence[Key] = (),
    caption: str = "",
    language: str = "",
    told: Told | None = None,
    blinded: bool = False,
) -> Drawn:
    """A chart, drawn twice.

    Args:
        name: of the chart on its page: letters, digits and hyphens.
        spec: the Vega-Lite document for a frame so many pixels wide, in token colours only.
        alternative: the finding and its numbers in words, a sentence or two.
        grid: the table behind it.
        key: its signs; they hold no dose where the page is blinded.
        caption: below it.
        language: of these words, where it is not that of the page.
        told: what is said of a mark that is pointed at, from its row of the data, "" for nothing; None where there is
            nothing to point at.
        blinded: whether it is for somebody who must not know a dose.

    Raises:
        InternalError: a colour is no token, or is one of a dose on a page for a blinded role.
    """
    wide = spec(WIDE)
    used = {*tokens(wide), *(one.token for one in key), *(one.sign for one in key)}
    if blinded and (shown := sorted(filter(_OF_A_DOSE.match, used))):
        raise InternalError(f"the chart {name} of a blinded page is drawn in colours of a dose: {', '.join(shown)}")
    drawings = theme.web_svg(wide, alternative, "wide") + theme.web_svg(spec(NARROW), alternative, "narrow")
    pointed = None if told is None else _named(_telling(wide, told))
    return Drawn(name, alternative, drawings, pointed, grid, tuple(key), caption, language)


def uncoloured(spec: Spec) -> Spec:
    """The same chart without a colour that means a dose: for who does not yet know what the capsules held."""
    names = {name: _UNCOLOURED.get(name, "act") for name in theme.palette() if _OF_A_DOSE.match(name)}
    swap = {theme.colour(name): theme.colour(other) for name, other in names.items()}
    return _replaced(spec, lambda text: _HEXADECIMAL.sub(lambda hit: swap.get(hit[0], hit[0]), text))


def tokens(spec: Spec) -> set[str]:
    """Names of the colours that a chart is drawn in."""
    names = {value: name for name, value in theme.palette().items()}
    found = {hit for text in _texts({**spec, "config": None}) for hit in _HEXADECIMAL.findall(text)}
    return {names.get(str(value), str(value)) for value in found}


def _named(spec: Spec) -> Spec:
    """The document with every colour and the fonts named as in ``tokens.css``, for the browser to look up."""
    names = {value: f"--{name}" for name, value in theme.palette().items()}
    ramps = {"range": None}
    plain = {**spec, "config": {**spec.get("config", {}), **ramps}}

    def named(text: str) -> str:
        return "--sans" if text == theme.FONT else _HEXADECIMAL.sub(lambda hit: names[hit[0]], text)

    return _replaced(plain, named)


def _telling(spec: Spec, told: Told) -> Spec:
    """The document with what is said of each mark that is pointed at."""
    for inner in ("vconcat", "layer"):
        if inner in spec:
            return {**spec, inner: [_telling(one, told) for one in spec[inner]]}
    rows = [{**row, "told": told(row)} for row in spec.get("data", {}).get("values", ())]
    if not any(row["told"] for row in rows):
        return spec
    encoding = {**spec["encoding"], "tooltip": {"field": "told", "type": "nominal"}}
    return {**spec, "data": {"values": rows}, "encoding": encoding}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(one)


def _replaced(value: Any, text: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(one, text) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, text) for one in value]
    return text(value) if isinstance(value, str) else value
