"""The page on clinicians: their reports beside the truth, for screen and notebook; the chart as a file."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from modicum.reports import charts, notebook, page, simulation_tables, theme, wording
from modicum.reports import clinicians_words as words
from modicum.reports.blocks import (
    Command,
    Fact,
    Figure,
    Heading,
    Numbers,
    Pairs,
    Paragraph,
    PrescriberPage,
    Section,
    View,
)
from modicum.reports.charts import clinicians as chart
from modicum.reports.sides import Row, sides
from modicum.reports.tables import Table
from modicum.reports.view import FOOT

TAG = "Virtual clinicians"
_JUDGES = {"eye": "Judged by eye", "modicum": "Judged by Modicum"}


def write_chart(document: Mapping[str, Any], path: Path) -> None:
    """Write the chart as SVG, PNG or PDF, or the page as HTML, in the form that the end of the name says.

    Args:
        document: of schema ``modicum.clinicians/1``.
        path: where to write; services check its name.

    Raises:
        OSError: nothing can be written there.
    """
    form = path.suffix.lower()
    if form == ".html":
        path.write_text(render_clinicians(document), encoding="utf-8")
        return
    spec = chart.titled(document, chart.WIDE, words.sentence(document))
    svg = theme.paper_svg({**spec, "background": theme.colour("paper"), "padding": 14})
    if form == ".svg":
        path.write_text(svg, encoding="utf-8")
        return
    import vl_convert

    path.write_bytes(vl_convert.svg_to_png(svg, scale=2.0) if form == ".png" else vl_convert.svg_to_pdf(svg))


def render_clinicians(document: Mapping[str, Any]) -> str:
    """The page as HTML that needs no network and no script. The same document gives the same bytes."""
    return page.document(_view(document), {"clinicians": charts.figure(chart, document)})


def clinicians_html(document: Mapping[str, Any]) -> str:
    """The finding and a table of the reports for a notebook."""
    return notebook.piece(words.sentence(document), words.lead(document), reports(document), TAG)


def reports(document: Mapping[str, Any]) -> Table:
    """What clinicians report, for each true share and protocol, with Monte Carlo standard errors."""
    every = sides(document["practices"])
    lines = [(k, side) for k in range(len(chart.TRUTHS)) for side in every]
    body = tuple(
        (side.label, *_reported(one["declared"]), *_reported(one["declared_unqualified"]))
        for k, side in lines
        for one in [side.row["true_shares"][k]]
    )
    groups = {k * len(every): f"The drug helps {truth}" for k, truth in enumerate(chart.TRUTHS)}
    head = ("The drug, and the protocol", "Said to work", "90 % of clinicians", "Unqualified", "90 % of clinicians")
    label = "Patients out of 100 reported as helped, each mean ± its Monte Carlo standard error"
    return Table(label, head, body, groups=groups, dense=True)


def pairs(document: Mapping[str, Any]) -> Table:
    """In how many pairs of clinicians the useless drug looks at least as good."""
    body = tuple(
        (side.label, *(_give_or_take(side.row["pairs"][name]) for name in ("declared", "declared_unqualified")))
        for side in sides(document["practices"])
    )
    label = "Pairs of 100, ± Monte Carlo standard error"
    return Table(label, ("The protocol", "Said to work", "Unqualified"), body)


def _reported(found: Row) -> tuple[str, str]:
    low, high = (f"{100 * end:.0f}" for end in found["range90"])
    return _give_or_take({"p": found["mean"], "mcse": found["mcse"]}), f"{low} to {high}"


def _give_or_take(found: Mapping[str, float | None] | None) -> str:
    if found is None or found["p"] is None:
        return ""
    mean, error = f"{100 * found['p']:.1f}", found["mcse"]
    return mean if error is None else f"{mean}{wording.NBSP}±{wording.NBSP}{100 * error:.1f}"


def _view(document: Mapping[str, Any]) -> View:
    """Everything that the page says."""
    found = words.sentence(document)
    crew = wording.plural(document["clinicians"], "virtual clinician")
    each = wording.plural(document["patients"], "virtual patient")
    once = PrescriberPage(
        name="For the prescriber",
        kicker=f"Why clinicians disagree: {crew} with {each} each.",
        sentence=found,
        lead=words.lead(document),
        tell=(),
        note=words.assumed(document),
        sections=_sections(document),
        aside="In short",
        facts=_facts(document),
        foot=FOOT,
    )
    return View(f"{found.rstrip('.')} - Modicum", found, TAG, document["version"], once, None)


def _sections(document: Mapping[str, Any]) -> tuple[Section, ...]:
    """The sections in the order of reading."""
    figure = Figure("clinicians", chart.alternative(document), (), words.CAPTION)
    habits, people = document["habits"], document["people"]
    named = "How the clinicians differ"
    table = replace(simulation_tables.people({"people": habits}), label=named)
    pairs_told = (Paragraph(words.PAIRS), Numbers(pairs(document), titled=False))
    shas = [
        (f"{one['name']} {one['protocol_version']}, SHA-256", one["protocol_sha256"]) for one in document["practices"]
    ]
    return (
        Section("What each clinician would report", (figure, Paragraph(words.GOOD_FAITH))),
        Section("Who seems to have the better drug", pairs_told),
        Section("All numbers", (Numbers(reports(document)),)),
        Section(named, (Paragraph(_about(habits)), Numbers(table, titled=False))),
        Section(
            "What the patients are like",
            (
                Paragraph(_about(people)),
                Numbers(simulation_tables.people(document), folded="Every number, with its source"),
            ),
        ),
        Section(
            "How this was computed",
            (
                Paragraph(words.COMPUTED),
                Paragraph(words.ERRORS),
                Heading("The same numbers again"),
                Command(tuple(document["command"].split(" "))),
                Pairs(
                    (*((name, sha or "none: made in Python") for name, sha in shas), ("Modicum", document["version"]))
                ),
            ),
        ),
    )


def _about(part: Mapping[str, Any]) -> str:
    return f"{wording.stopped(part['title'])} {part['summary']}"


def _facts(document: Mapping[str, Any]) -> tuple[Fact, ...]:
    """The column beside the page."""
    return (
        Fact("Virtual clinicians", f"{document['clinicians']:,}", (document["habits"]["title"],)),
        Fact("Patients of each", f"{document['patients']:,}", (document["people"]["title"],)),
        Fact("Those whom the drug helps", words.responding(document), ("In smallest differences that matter (MCID)",)),
        *(
            Fact(f"{one['name']} {one['protocol_version']}", _JUDGES[one["judged_by"]], (one["title"],))
            for one in document["practices"]
        ),
        Fact("Seed", str(document["seed"]), ("The command at the end of this page gives the same numbers again",)),
    )
