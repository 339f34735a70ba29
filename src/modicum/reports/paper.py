"""The report on paper: both pages as one tagged PDF/UA-1 file, the view of the answer laid out by Typst."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from modicum.decision.answer import Answer
from modicum.foundation.errors import InternalError
from modicum.reports import columns, theme, wording
from modicum.reports.blocks import Figure, Frame, Key, Numbers, Section, View
from modicum.reports.grammar import Spec
from modicum.reports.page import TEMPLATES
from modicum.reports.swatches import swatch
from modicum.reports.telling import tell

# A chart is drawn so many pixels wide and shown as wide as the text, so that its type has the size of a caption; a tall
# one is made smaller, so that it stands on one sheet with its heading and its caption.
CHART, TALLEST = 720.0, 580.0
UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"
UNPRINTED = Frame().unprinted
# What both faces of the look hold; Typst brings fonts for Greek, Cyrillic, Hebrew, Arabic and most of Latin.
OWN = frozenset(
    [*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA0, 0x100)), *"ıŒœʼˆ˚˜–—‘’‚“”„•…′″‹›⁄€™↑↓−∕", UNPRINTABLE]
)
_UNSHAPED = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")


def render_pdf(answer: Answer, language: str = "en", say: Callable[[str], str] = str) -> bytes:
    """The report as a PDF: the prescriber's pages, and the patient's page on a sheet of its own.

    Args:
        answer: what is shown. The same answer gives the same bytes.
        language: of all pages, "en" or "de"; English where it is another.
        say: words of a protocol to that language, or to themselves where nobody translated them.

    Returns:
        A tagged PDF that Typst has checked against PDF/UA-1.

    Raises:
        InternalError: Typst refuses the document.
    """
    return typeset(answer, language, say)[0]


def typeset(answer: Answer, language: str = "en", say: Callable[[str], str] = str) -> tuple[bytes, tuple[str, ...]]:
    """The PDF of an answer, and what Typst warns of."""
    told = tell(answer, language, say)
    specs = {name: module.spec(told.answer, CHART) for name, module in told.charts.items()}
    return printed(told.view, specs, told.frame.unprinted, told.frame.part)


def printed(
    shown: View, specs: Mapping[str, Spec], unprinted: str = UNPRINTED, part: str = columns.PART
) -> tuple[bytes, tuple[str, ...]]:
    """The PDF of a view, and what Typst warns of.

    Args:
        shown: what the pages say.
        specs: every chart that they name, for a frame as wide as the text.
        unprinted: what they say where a character has no shape.
        part: how a part of a table is called, by its name and its number.
    """
    return compiled("report.typ", {**_data(shown, specs, part), "unprinted": unprinted})


def compiled(name: str, content: Mapping[str, Any]) -> tuple[bytes, tuple[str, ...]]:
    """The PDF that a template makes of its data, and what Typst warns of.

    PDF/UA allows no character without a glyph. Those that Typst names are replaced and the pages say so; where it
    cannot name them, every character outside the fonts of the look is replaced.

    Args:
        name: of the template.
        content: values of JSON; ``unprinted`` is what the pages say where a character has no shape.

    Raises:
        InternalError: Typst refuses the document.
    """
    import typst

    data = dict(content)
    missing: frozenset[str] = frozenset()
    while True:
        try:
            return _compiled(name, _encoded(data, missing))
        except typst.TypstError as error:
            said = f"{error.message}\n{error.diagnostic}"
            more = _named(said) - missing or _foreign(data) - missing
            if "PDF/UA-1" not in said or not more:
                raise InternalError(f"Typst refuses the report: {said}") from error
            missing |= more


def _compiled(name: str, data: str) -> tuple[bytes, tuple[str, ...]]:
    """What Typst makes of the data, without a date, so that it depends on nothing else."""
    import typst

    document, warnings = typst.compile_with_warnings(
        str(TEMPLATES / name),
        root=str(TEMPLATES),
        font_paths=[str(theme.LOOK / "fonts")],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={"report": data},
    )
    return bytes(document or b""), tuple(warning.message for warning in warnings)


def _named(said: str) -> frozenset[str]:
    """The characters that Typst could not display."""
    texts = [_ESCAPE.sub(lambda hit: chr(int(hit[1], 16)), text) for text in _UNSHAPED.findall(said)]
    return frozenset("".join(texts)) - OWN


def _foreign(data: dict[str, Any]) -> frozenset[str]:
    """Every character outside the fonts of the look."""
    return frozenset(json.dumps(data, ensure_ascii=False)) - OWN


def _encoded(data: dict[str, Any], missing: Iterable[str]) -> str:
    """The data as JSON, without the characters that are missing."""
    noted = {**data, "unprinted": data.get("unprinted", UNPRINTED) if missing else ""}
    return json.dumps(noted, ensure_ascii=False).translate(dict.fromkeys(map(ord, missing), UNPRINTABLE))


def _data(shown: View, specs: Mapping[str, Spec], part: str = columns.PART) -> dict[str, Any]:
    """Everything that the sheets show: the view, the drawings by name, the signs of their keys, and the colours."""
    page = shown.prescriber
    data = {
        "view": {
            **asdict(shown),
            "prescriber": {**asdict(page), "sections": [_section(s, part) for s in page.sections]},
        },
        "charts": {name: _chart(spec) for name, spec in specs.items()},
        "signs": {f"{key.sign} {key.token}": theme.on_paper(swatch(key)) for key in _keys(page.sections)},
        "colours": dict(theme.palette()),
    }
    return clean(data)


def _chart(spec: dict[str, Any]) -> dict[str, Any]:
    """A drawing and the width at which it is shown, pt."""
    svg = theme.paper_svg(spec)
    wide, tall = (float(size) for size in re.findall(r'\b(?:width|height)="([\d.]+)"', svg)[:2])
    return {"svg": svg, "width": min(columns.SHEET * min(wide / CHART, 1.0), TALLEST * wide / tall)}


def _section(section: Section, part: str) -> dict[str, Any]:
    """A section, with every table parted into such as fit a sheet."""
    blocks = [
        {**asdict(block), "parts": [asdict(one) for one in columns.parts(block.table, part)]}
        if isinstance(block, Numbers)
        else asdict(block)
        for block in section.blocks
    ]
    return {"heading": section.heading, "blocks": blocks, "sheet": section.sheet}


def _keys(sections: Iterable[Section]) -> list[Key]:
    """Every sign in the key of a chart."""
    return [key for section in sections for block in section.blocks if isinstance(block, Figure) for key in block.key]


def clean(value: Any) -> Any:
    """Values of JSON, with numbers on one line with their units, and without what is no text."""
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return wording.unbroken(wording.legible(value)) if isinstance(value, str) else value
