"""Sheets: an answer laid out for its page, once, when it is given: before the reveal and after it.

The words, numbers and charts are those of the report. Before the reveal no chart has a colour of a dose, and nothing is
shown by period; after it there is also the diary with what was taken.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import TypeAdapter

from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.blocks import Block, Fact, Figure, Numbers, Paragraph, Section
from modicum.reports.charts import drawable
from modicum.reports.sections import sections
from modicum.reports.tongue import MONTHS
from modicum.reports.view import prescriber_page
from modicum.services.folders import put_file
from modicum.web.charts.drawing import Drawn, draw, uncoloured
from modicum.web.charts.grids import Grid

LANGUAGE = "en"  # of the reports
BEFORE = frozenset({"dose_effect", "smallest_dose"})
AFTER = BEFORE | {"diary"}
_NAMES = {"dose_effect": "effect", "smallest_dose": "smallest"}  # on a page that must not know a dose
_SIDE_EFFECTS = "Side effects"


@dataclass(frozen=True)
class Piece:
    """A paragraph, a chart or a table; one of them."""

    text: str = ""
    chart: Drawn | None = None
    grid: Grid | None = None


@dataclass(frozen=True)
class Part:
    """A heading and what stands below it."""

    heading: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Sheet:
    """An answer as its page shows it.

    Args:
        kicker: what this is and when it was.
        sentence: the answer.
        lead: how much and how sure.
        tell: what would tell: the words that lead to it, and the sentence; empty where nothing is said.
        note: what must not be missed, or "".
        facts: what it rests on.
        before: parts that are shown before the reveal.
        after: parts that are shown after it.
        language: of all this.
    """

    kicker: str
    sentence: str
    lead: str
    tell: tuple[str, ...]
    note: str
    facts: tuple[Fact, ...]
    before: tuple[Part, ...]
    after: tuple[Part, ...]
    language: str = LANGUAGE


_KEPT = TypeAdapter(Sheet)


def lay_out(answer: Answer) -> Sheet:
    """The sheet of an answer.

    Args:
        answer: as the report shows it.
    """
    page = prescriber_page(answer)
    found = sections(answer)
    return Sheet(
        kicker=_said(page.kicker),
        sentence=_said(page.sentence),
        lead=_said(page.lead),
        tell=tuple(map(_said, page.tell)),
        note=_said(page.note),
        facts=tuple(Fact(fact.label, _said(fact.value), tuple(map(_said, fact.notes))) for fact in page.facts),
        before=tuple(_parts(answer, found, BEFORE, blinded=True)),
        after=tuple(_parts(answer, found, AFTER, blinded=False)),
    )


def keep_sheet(trial: str, answer: Answer) -> None:
    """Lay an answer out and keep the sheet beside its report.

    Args:
        trial: its name in the store.
        answer: as the report shows it.
    """
    place = sheet_of(trial)
    place.parent.mkdir(parents=True, exist_ok=True)
    put_file(place, _KEPT.dump_json(lay_out(answer)), os.urandom(8).hex())


def read_sheet(trial: str) -> Sheet | None:
    """The sheet of an answer; None where it is not on this disk, or cannot be read."""
    try:
        return _KEPT.validate_json(sheet_of(trial).read_bytes())
    except (OSError, ValueError):
        return None


def sheet_of(trial: str) -> Path:
    """The file of the sheet."""
    return settings.MODICUM_DATA / "answers" / trial / "sheet.json"


def _said(text: str) -> str:
    """A text as the report says it: numbers stay with their units, and nothing in it is no text."""
    return wording.unbroken(wording.legible(text))


def _parts(answer: Answer, found: tuple[Section, ...], charts: frozenset[str], *, blinded: bool) -> Iterator[Part]:
    """The sections with these charts; after the reveal that of side effects too, which counts them by dose."""
    for section in found:
        drawn = any(isinstance(block, Figure) and block.chart in charts for block in section.blocks)
        if drawn or (not blinded and section.heading == _SIDE_EFFECTS):
            pieces = (_piece(answer, block, blinded=blinded) for block in section.blocks)
            yield Part(section.heading, tuple(piece for piece in pieces if piece is not None))


def _piece(answer: Answer, block: Block, *, blinded: bool) -> Piece | None:
    if isinstance(block, Paragraph):
        return Piece(text=_said(block.text))
    if isinstance(block, Numbers):
        grid = Grid(block.table, block.folded, block.titled, LANGUAGE, blinded)
        return Piece(grid=grid)
    if isinstance(block, Figure) and block.chart:
        return Piece(chart=_chart(answer, block, blinded=blinded))
    return Piece(text=_said(block.caption)) if isinstance(block, Figure) and block.caption else None


def _chart(answer: Answer, figure: Figure, *, blinded: bool) -> Drawn:
    module = drawable(answer)[figure.chart]

    def spec(width: float) -> dict[str, Any]:
        drawn = module.spec(answer, width)
        return uncoloured(drawn) if blinded else drawn

    return draw(
        _NAMES.get(figure.chart, figure.chart),
        spec,
        figure.alternative,
        key=() if blinded else figure.key,
        caption=_said(figure.caption),
        language=LANGUAGE,
        told=partial(_TOLD[figure.chart], answer) if figure.chart in _TOLD else None,
        blinded=blinded,
    )


def _day(answer: Answer, row: Mapping[str, Any]) -> str:
    """A point of the diary."""
    if not {"day", "y", "low", "high"} <= row.keys():
        return ""
    number, start = int(row["day"]), answer.diary.start
    day = start + dt.timedelta(days=number) if start is not None else None
    date = f", {day.day} {MONTHS[day.month - 1]} {day.year}" if day is not None else ""
    return f"Day {number}{date}: {wording.level(answer.question, row['y'])}"


def _effect(answer: Answer, row: Mapping[str, Any]) -> str:
    """A row of the dose effects, which are drawn in the units that are shown."""
    if not {"name", "mean", "low95", "high95", "chance"} <= row.keys():
        return ""
    mean, low, high = (row[name] / wording.per(answer.question) for name in ("mean", "low95", "high95"))
    change = wording.signed(answer.question, mean)
    interval = wording.span(answer.question, (low, high))
    return f"{row['name']}: {change} (95 % interval {interval}); chance that it helps {row['chance']}"


_TOLD: dict[str, Callable[[Answer, Mapping[str, Any]], str]] = {"diary": _day, "dose_effect": _effect}
