"""What a page says, in pieces that know neither HTML nor paper: both forms of a report lay out the same pieces."""

from dataclasses import dataclass, field

from modicum.reports.tables import Table


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of text."""

    text: str
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True)
class Key:
    """A sign of a chart and its meaning.

    Args:
        sign: name of the sign in ``swatches``.
        words: what it means.
        token: the colour of the sign where it depends on a dose, else "".
    """

    sign: str
    words: str
    token: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart with its key and caption; without a chart, the caption alone.

    Args:
        chart: name of the chart in ``charts.drawable``, or "".
        alternative: the finding and its numbers in words, or "" without a chart.
        key: signs of the chart.
        caption: text below, or "".
    """

    chart: str
    alternative: str
    key: tuple[Key, ...] = ()
    caption: str = ""
    kind: str = field(default="figure", init=False)


@dataclass(frozen=True)
class Numbers:
    """A table.

    Args:
        table: its cells and label.
        titled: whether the label is shown; it is always told to who cannot see the table.
        folded: where a screen shows it only when asked to, the words that ask; else "".
    """

    table: Table
    titled: bool = True
    folded: str = ""
    kind: str = field(default="numbers", init=False)


@dataclass(frozen=True)
class Pairs:
    """Labels with their values."""

    rows: tuple[tuple[str, str], ...]
    kind: str = field(default="pairs", init=False)


@dataclass(frozen=True)
class Item:
    """A line of a list: what is said, its code and where it was found, and its language where not that of the page."""

    text: str
    code: str = ""
    where: str = ""
    language: str = ""


@dataclass(frozen=True)
class Items:
    """A list."""

    rows: tuple[Item, ...]
    kind: str = field(default="items", init=False)


@dataclass(frozen=True)
class Command:
    """A command line, word by word as it is typed."""

    words: tuple[str, ...]
    kind: str = field(default="command", init=False)


@dataclass(frozen=True)
class Form:
    """Labels with room to write beside them; on paper only."""

    rows: tuple[str, ...]
    kind: str = field(default="form", init=False)


Block = Paragraph | Heading | Figure | Numbers | Pairs | Items | Command | Form


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it.

    Args:
        heading: of the section.
        blocks: in order.
        sheet: whether it begins a sheet of its own on paper.
    """

    heading: str
    blocks: tuple[Block, ...]
    sheet: bool = False


@dataclass(frozen=True)
class Fact:
    """A line of the column beside the page: label, value (or ""), and lines of context in a language of their own."""

    label: str
    value: str
    notes: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True)
class PrescriberPage:
    """The prescriber's page.

    Args:
        name: whom it is for.
        kicker: what this is and when it was.
        sentence: the answer.
        lead: how much and how sure.
        tell: what would tell: the words that lead to it, and the sentence; empty where nothing is said.
        note: what must not be missed, or "".
        sections: in the order of reading.
        aside: name of the column beside the page.
        facts: the column beside the page.
        foot: what the product is for.
        sentence_language, tell_language: of what was decided, where it is not that of the page.
    """

    name: str
    kicker: str
    sentence: str
    lead: str
    tell: tuple[str, ...]
    note: str
    sections: tuple[Section, ...]
    aside: str
    facts: tuple[Fact, ...]
    foot: str
    sentence_language: str = ""
    tell_language: str = ""


@dataclass(frozen=True)
class Frame:
    """The language of a document, and the fixed words around its pages, on a screen and on paper.

    ``stands`` has a place for what the patient's page stands on, ``part`` for the name of a table and a number.
    """

    language: str = "en"
    skip: str = "Skip to your result"
    about: str = "About this page"
    prints: str = "This page prints on one sheet, to take with you."
    stands: str = "It stands on {} of yours."
    record: str = "Head of the clinic's record when it was made:"
    skip_to_answer: str = "Skip to the answer"
    pages: str = "Pages of this report"
    full_report: str = "The full report, for your prescriber"
    part: str = "{}, part {}"
    unprinted: str = (
        "Some characters of these pages have no shape in the fonts of this file; each stands as "
        "\N{REPLACEMENT CHARACTER}. The report in HTML shows them."
    )


@dataclass(frozen=True)
class PatientPage:
    """The patient's page: answer, own scale (or None), how much, and sections; ``entries`` is what it stands on.

    ``sentence_language`` is that of the answer where it is not that of the page.
    """

    name: str
    kicker: str
    sentence: str
    figure: Figure | None
    lead: str
    sections: tuple[Section, ...]
    entries: str
    sentence_language: str = ""


@dataclass(frozen=True)
class View:
    """The pages, and what belongs to the file.

    Args:
        title: of the document.
        description: one sentence about it.
        tag: the mark of a virtual patient, or "".
        version: of Modicum.
        prescriber, patient: the pages; no patient's page where nothing is said to one patient.
        large: whether the type on paper is that of a patient's page.
        language: of the pages on paper.
    """

    title: str
    description: str
    tag: str
    version: str
    prescriber: PrescriberPage
    patient: PatientPage | None
    large: bool = False
    language: str = "en"
