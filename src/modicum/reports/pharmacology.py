"""Pharmacology by itself: the chart as a file, a page with its numbers and sources, and the chart in a notebook."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from modicum.pharmacology import HYPOTHESIS, Course
from modicum.pharmacology.explanation import NOT_A_CLAIM, headline
from modicum.reports import charts, page, pharmacology_tables, theme, wording
from modicum.reports.blocks import Fact, Figure, Numbers, Pairs, Paragraph, PrescriberPage, Section, View
from modicum.reports.charts import pharmacology as chart
from modicum.reports.view import FOOT

CAPTION = (
    "From one evening to the next. The dashed lines are half of the receptors and the usual tone. "
    "The lowest panel is a hypothesis."
)
TAG = "A model"
STORIES = {"days": "As PET measured it after 50 mg", "hours": "As tradition says; never measured"}


def write_chart(document: Mapping[str, Any], courses: Sequence[Course], path: Path) -> None:
    """Write the chart as SVG, PNG or PDF, or the page as HTML, in the form that the end of the name says.

    Args:
        document: of schema ``modicum.pharmacology/1``, of these courses.
        courses: one for each dose, of one scenario.
        path: whose end says the form; services check it.
    """
    form = path.suffix.lower()
    if form == ".html":
        path.write_text(render_pharmacology(document, courses), encoding="utf-8")
        return
    spec = {**chart.spec(courses, chart.WIDE), "background": theme.colour("paper"), "padding": 14}
    svg = theme.paper_svg(spec)
    if form == ".svg":
        path.write_text(svg, encoding="utf-8")
        return
    import vl_convert

    path.write_bytes(vl_convert.svg_to_png(svg, scale=2.0) if form == ".png" else vl_convert.svg_to_pdf(svg))


def render_pharmacology(document: Mapping[str, Any], courses: Sequence[Course]) -> str:
    """The page as HTML that needs no network and no script. The same document gives the same bytes."""
    return page.document(_view(document, courses), {"pharmacology": charts.figure(chart, courses)})


def notebook(courses: Sequence[Course], sentences: Sequence[str]) -> str:
    """The sentences and the chart for a notebook."""
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return f"<div>{said}{theme.paper_svg(chart.spec(courses, chart.WIDE))}</div>"


def _view(document: Mapping[str, Any], courses: Sequence[Course]) -> View:
    """Everything that the page says."""
    found, doses = headline(courses), wording.listed([f"{one.dose_mg:g} mg" for one in courses])
    once = PrescriberPage(
        name="For the prescriber",
        kicker=f"Naltrexone in the body of a typical person: {doses}.",
        sentence=found,
        lead=NOT_A_CLAIM,
        tell=(),
        note="",
        sections=_sections(document, courses),
        aside="In short",
        facts=_facts(document, doses),
        foot=FOOT,
    )
    return View(f"{found.rstrip('.')} - Modicum", found, TAG, document["version"], once, None)


def _sections(document: Mapping[str, Any], courses: Sequence[Course]) -> tuple[Section, ...]:
    """The sections in the order of reading."""
    figure = Figure("pharmacology", chart.alternative(courses), (), CAPTION)
    told = tuple(Paragraph(sentence) for sentence in document["explanation"] if sentence != NOT_A_CLAIM)
    rows = document["parameters"]
    assumed = sum(one["grade"] in pharmacology_tables.UNMEASURED for one in rows)
    read = f"{assumed} of {len(rows)} numbers are assumed. The others were read in labels, abstracts and tables."
    claims = "Every claim, and what was measured"
    return (
        Section("In the blood, on the receptors, and felt", (figure,)),
        Section("What that comes to", told),
        Section("All numbers", (Numbers(pharmacology_tables.figures(courses)),)),
        Section("What is claimed of low doses", (Numbers(pharmacology_tables.claims(), titled=False, folded=claims),)),
        Section(
            "How this was computed",
            (
                Paragraph(read),
                Numbers(pharmacology_tables.parameters(rows), titled=False, folded="Every number, with its source"),
                Pairs((("Modicum", document["version"]),)),
            ),
        ),
    )


def _facts(document: Mapping[str, Any], doses: str) -> tuple[Fact, ...]:
    """The column beside the page."""
    scenario = document["scenario"]
    return (
        Fact("Doses", doses, ("Of the hydrochloride, by mouth",)),
        Fact("Taken at 22:00", wording.plural(document["nights"], "night"), ("Shown is the day after the last",)),
        Fact("A blockade lasts", f"For {scenario}", (STORIES[scenario],)),
        Fact("The rebound", "A hypothesis", (wording.sentence(HYPOTHESIS.split(": ")[1]),)),
    )
