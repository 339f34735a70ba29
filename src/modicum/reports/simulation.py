"""The page on virtual people: protocols side by side, for the screen, for paper and for a notebook."""

from collections.abc import Mapping
from typing import Any

from modicum.reports import charts, notebook, page, sections, simulation_tables, wording
from modicum.reports import simulation_words as words
from modicum.reports.blocks import (
    Block,
    Command,
    Fact,
    Figure,
    Heading,
    Items,
    Key,
    Numbers,
    Pairs,
    Paragraph,
    PrescriberPage,
    Section,
    View,
)
from modicum.reports.charts import simulation as drawn
from modicum.reports.sides import Rows, archetypes, sides
from modicum.reports.tables import VERDICT_WORDS
from modicum.reports.view import FOOT

TAG = "Virtual people"


def render_simulation(document: Mapping[str, Any], rows: Rows) -> str:
    """The page as HTML that needs no network and no script.

    Args:
        document: of a simulation or a plan. The same document gives the same bytes.
        rows: its protocols.
    """
    drawings = {name: charts.figure(chart, rows) for name, chart in drawn.drawable(rows).items()}
    return page.document(view(document, rows), drawings)


def print_simulation(document: Mapping[str, Any], rows: Rows) -> bytes:
    """The same as a PDF."""
    from modicum.reports import paper

    specs = {name: chart.spec(rows, paper.CHART) for name, chart in drawn.drawable(rows).items()}
    return paper.printed(view(document, rows), specs)[0]


def simulation_html(document: Mapping[str, Any], rows: Rows) -> str:
    """The finding and a table of all numbers for a notebook."""
    found = words.sentence(document, rows), words.lead(document, rows)
    return notebook.piece(*found, simulation_tables.numbers(rows), TAG)


def view(document: Mapping[str, Any], rows: Rows) -> View:
    """Everything that the page says."""
    found = words.sentence(document, rows)
    people = wording.plural(document["participants"], "virtual person", "virtual people")
    whose = f"{rows[0]['name']}, before" if "noise" in document else "Before"
    each = "kind of response" if len(rows) == 1 or "noise" in document else "protocol and kind of response"
    once = PrescriberPage(
        name="For the prescriber",
        kicker=f"{whose} anyone is dosed: {people} for each {each}.",
        sentence=found,
        lead=words.lead(document, rows),
        tell=(),
        note=words.note(document, rows),
        sections=_sections(document, rows),
        aside="In short",
        facts=_facts(document, rows),
        foot=FOOT,
    )
    return View(f"{found.rstrip('.')} - Modicum", found, TAG, document["version"], once, None)


def _sections(document: Mapping[str, Any], rows: Rows) -> tuple[Section, ...]:
    """The sections in the order of reading."""
    found = [_diary(document)] if "noise" in document else []
    found += [_declared(rows), _right_dose(rows), _weeks(rows), _endings(rows)]
    numbers = Section("All numbers", (Paragraph(words.ENDED_RIGHTLY), Numbers(simulation_tables.numbers(rows))))
    return (*found, numbers, _people(document), _computation(document, rows))


def _figure(name: str, rows: Rows, caption: str, key: tuple[Key, ...] = ()) -> Figure:
    """A chart with its alternative text; the caption alone where there is nothing to draw."""
    chart = drawn.drawable(rows).get(name)
    return Figure(name, chart.alternative(rows), key, caption) if chart else Figure("", "", (), caption)


def _diary(document: Mapping[str, Any]) -> Section:
    """What was read from the diary, and what to know about it."""
    noise = document["noise"]
    entries = wording.plural(noise["n_observed"], "entry", "entries")
    over = wording.plural(noise["n_days"], "day")
    outcome = wording.stopped(f"{document['label']}: {entries} over {over}")
    table = Numbers(simulation_tables.noise(document), titled=False)
    read = words.READ if words.noise_told(document) else words.UNREAD
    blocks: list[Block] = [Paragraph(f"{outcome} {words.LEVEL} {read}"), table]
    warned = [sections.warning(warning) for warning in document["warnings"]]
    blocks += [Heading("What to know about this diary"), Items(tuple(warned))] if warned else []
    return Section("What the diary tells of the noise", tuple(blocks))


def _declared(rows: Rows) -> Section:
    """How often the drug is said to work."""
    caption = [words.DECLARED]
    caption += [words.FALSE_ALARMS] if words.NOTHING in archetypes(rows) else []
    caption += [words.OPEN] if any(side.kind == "open" for side in sides(rows)) else []
    return Section("How often the drug is said to work", (_figure("declared", rows, " ".join(caption)),))


def _right_dose(rows: Rows) -> Section:
    """How often the dose is right."""
    some = "right_dose" in drawn.drawable(rows)
    caption = words.RIGHT_DOSE if some else words.NO_RIGHT_DOSE
    return Section("How often the dose is right", (_figure("right_dose", rows, caption),))


def _weeks(rows: Rows) -> Section:
    """How long a trial takes."""
    return Section("How long a trial takes", (_figure("weeks", rows, words.WEEKS),))


def _endings(rows: Rows) -> Section:
    """How the trials ended, and what was said."""
    key = tuple(
        Key("part", VERDICT_WORDS.get(code, code), drawn.VERDICTS.get(code, drawn.OTHER)[0])
        for code in drawn.verdicts(rows)
    )
    return Section(
        "How the trials ended",
        (
            _figure("verdicts", rows, words.VERDICTS, key),
            Numbers(simulation_tables.said(rows), folded="What was said, as a table"),
            Numbers(simulation_tables.endings(rows), folded="Which rule ended the trials, as a table"),
        ),
    )


def _people(document: Mapping[str, Any]) -> Section:
    """What the virtual people are like."""
    assumed, every = simulation_tables.assumed(document)
    people = document["people"]
    replaced = [words.REPLACED] if "noise" in document and words.noise_told(document) else []
    marked = (
        f"{assumed} of these {every} numbers are assumptions, and marked so: no source was found, and what is found "
        "with them is no evidence about real people."
    )
    return Section(
        "What the virtual people are like",
        (
            Paragraph(f"{wording.stopped(people['title'])} {people['summary']}"),
            Paragraph(" ".join([marked, *replaced])),
            Numbers(simulation_tables.people(document), titled=False),
        ),
    )


def _computation(document: Mapping[str, Any], rows: Rows) -> Section:
    """How it was computed, from what, and how to get the same again."""
    by_eye = any(row["judged_by"] == "eye" for row in rows)
    pairs = [("Seed", str(document["seed"])), ("Population", document["population"])]
    pairs += [("Diary, SHA-256", document["input_sha256"])] if document.get("input_sha256") else []
    known = dict.fromkeys((row["name"], row["protocol_version"], row["protocol_sha256"]) for row in rows)
    pairs += [(f"{name} {version}, SHA-256", sha or "none: made in Python") for name, version, sha in known]
    pairs += [("Modicum", document["version"])]
    return Section(
        "How this was computed",
        (
            Paragraph(f"{words.COMPUTED} {words.BY_EYE}" if by_eye else words.COMPUTED),
            Paragraph(words.ERRORS),
            Heading("The same numbers again"),
            Command(tuple(document["command"].split(" "))),
            Pairs(tuple(pairs)),
        ),
    )


def _facts(document: Mapping[str, Any], rows: Rows) -> tuple[Fact, ...]:
    """The column beside the page."""
    known = {(row["name"], row["protocol_version"]): row for row in rows}
    return (
        Fact("Virtual people", f"{document['participants']:,}", ("The same, with the same luck, in every line",)),
        Fact(
            "The drug\N{RIGHT SINGLE QUOTATION MARK}s full benefit",
            f"{document['effect_mcid']:g} times what matters",
            ("In smallest differences that matter (MCID)",),
        ),
        *(
            Fact(f"{name} {version}", f"At most {row['planned_days'] / 7:.0f} weeks", (row["title"],))
            for (name, version), row in known.items()
        ),
        Fact("Seed", str(document["seed"]), ("The command at the end of this page gives the same numbers again",)),
    )
