"""The chart of pharmacology by itself: as a file in the form that the end of its name says, or in a notebook."""

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from pathlib import Path

from modicum.pharmacology import Course
from modicum.reports import theme
from modicum.reports.charts import pharmacology as chart
from modicum.reports.page import style_sheet

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{hash}'; font-src data:">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title><style>{css}</style></head>
<body><main><h1>{title}</h1>{figure}{sentences}</main></body></html>
"""


_MARGINS = "main{max-width:46.5rem;margin:0 auto;padding:2rem 1rem}main p{margin:.7em 0}"


def write_chart(courses: Sequence[Course], sentences: Sequence[str], path: Path) -> None:
    """Write the chart as SVG, PNG, PDF or one HTML page without script or network.

    Args:
        courses: one for each dose, of one scenario.
        sentences: what stands below it on a page.
        path: whose end says the form; services check it.
    """
    import vl_convert

    if path.suffix.lower() == ".html":
        path.write_text(page(courses, sentences), encoding="utf-8")
        return
    spec = {**chart.spec(courses, chart.WIDE), "background": theme.colour("paper"), "padding": 14}
    svg = theme.paper_svg(spec)
    if path.suffix.lower() == ".svg":
        path.write_text(svg, encoding="utf-8")
    elif path.suffix.lower() == ".png":
        path.write_bytes(vl_convert.svg_to_png(svg, scale=2.0))
    else:
        path.write_bytes(vl_convert.svg_to_pdf(svg))


def page(courses: Sequence[Course], sentences: Sequence[str]) -> str:
    """The chart and the sentences as one HTML page in the look of a report."""
    text = chart.alternative(courses)
    widths = (("wide", chart.WIDE), ("narrow", chart.NARROW))
    figure = "".join(theme.web_svg(chart.spec(courses, width), text, name) for name, width in widths)
    css = style_sheet(figure) + _MARGINS
    return _PAGE.format(
        hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        title=f"Naltrexone, {_doses(courses)}",
        css=css,
        figure=figure,
        sentences=_paragraphs(sentences),
    )


def notebook(courses: Sequence[Course], sentences: Sequence[str]) -> str:
    """The sentences and the chart for a notebook."""
    return f"<div>{_paragraphs(sentences)}{theme.paper_svg(chart.spec(courses, chart.WIDE))}</div>"


def _doses(courses: Sequence[Course]) -> str:
    return ", ".join(f"{one.dose_mg:g} mg" for one in courses)


def _paragraphs(sentences: Sequence[str]) -> str:
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
