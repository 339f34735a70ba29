"""Sheets: an answer laid out for its page, once, when it is given: before the reveal and after it.

The words, numbers and charts are those of the report. Before the reveal no chart has a colour of a dose, and nothing is
shown by period; after it there is also the diary with what was taken.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.blocks import Block, Fact, Figure, Numbers, Paragraph
from modicum.reports.charts import diary, dose_effect
from modicum.reports.sections import SIDE_EFFECTS
from modicum.reports.telling import Telling, tell
from modicum.reports.tongue import Tongue
from modicum.services.diary.words import LANGUAGES, say
from modicum.services.folders import put_file
from modicum.web.charts.drawing import Drawn, draw, uncoloured
from modicum.web.charts.grids import Grid
from modicum.web.trials import answer_file

ENGLISH = "en"
BEFORE = frozenset({"dose_effect", "smallest_dose"})
AFTER = BEFORE | {"diary"}
_NAMES = {"dose_effect": "effect", "smallest_dose": "smallest"}  # on a page that must not know a dose


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
        facts: what it rests on, in a language of their own where they say so.
        before: parts that are shown before the reveal.
        after: parts that are shown after it.
        language: of all this.
        sentence_language, tell_language: of what was decided; "" where it is the same.
    """

    kicker: str
    sentence: str
    lead: str
    tell: tuple[str, ...]
    note: str
    facts: tuple[Fact, ...]
    before: tuple[Part, ...]
    after: tuple[Part, ...]
    language: str = ENGLISH
    sentence_language: str = ""
    tell_language: str = ""


_KEPT = TypeAdapter(Sheet)


def lay_out(answer: Answer, language: str = ENGLISH) -> Sheet:
    """The sheet of an answer.

    Args:
        answer: as the report shows it.
        language: of the sheet.
    """
    telling = tell(answer, language, partial(say, language=language))
    page = telling.view.prescriber
    return Sheet(
        kicker=_said(page.kicker),
        sentence=_said(page.sentence),
        lead=_said(page.lead),
        tell=tuple(map(_said, page.tell)),
        note=_said(page.note),
        facts=tuple(
            Fact(fact.label, _said(fact.value), tuple(map(_said, fact.notes)), fact.language) for fact in page.facts
        ),
        before=tuple(_parts(telling, BEFORE, blinded=True)),
        after=tuple(_parts(telling, AFTER, blinded=False)),
        language=language,
        sentence_language=page.sentence_language,
        tell_language=page.tell_language,
    )


def keep_sheets(trial: str, answer: Answer) -> None:
    """Lay an answer out in every language, and keep the sheets beside its reports.

    Args:
        trial: its name in the store.
        answer: as the report shows it.
    """
    for language in LANGUAGES:
        place = sheet_of(trial, language)
        place.parent.mkdir(parents=True, exist_ok=True)
        put_file(place, _KEPT.dump_json(lay_out(answer, language)), os.urandom(8).hex())


def read_sheet(trial: str, language: str = ENGLISH) -> Sheet | None:
    """The sheet of an answer, in English where an earlier version laid out no other; None where it cannot be read."""
    place = sheet_of(trial, language)
    try:
        return _KEPT.validate_json((place if place.exists() else sheet_of(trial)).read_bytes())
    except (OSError, ValueError):
        return None


def sheet_of(trial: str, language: str = ENGLISH) -> Path:
    """The file of the sheet in a language."""
    return answer_file(trial, "sheet", "json", language)


def _said(text: str) -> str:
    """A text as the report says it: numbers stay with their units, and nothing in it is no text."""
    return wording.unbroken(wording.legible(text))


def _parts(telling: Telling, charts: frozenset[str], *, blinded: bool) -> Iterator[Part]:
    """The sections with these charts; after the reveal that of side effects too, which counts them by dose."""
    for section in telling.view.prescriber.sections:
        drawn = any(isinstance(block, Figure) and block.chart in charts for block in section.blocks)
        if drawn or (not blinded and section.heading == telling.tongue.say(SIDE_EFFECTS)):
            pieces = (_piece(telling, block, blinded=blinded) for block in section.blocks)
            yield Part(section.heading, tuple(piece for piece in pieces if piece is not None))


def _piece(telling: Telling, block: Block, *, blinded: bool) -> Piece | None:
    if isinstance(block, Paragraph):
        return Piece(text=_said(block.text))
    if isinstance(block, Numbers):
        grid = Grid(block.table, block.folded, block.titled, telling.tongue.language, blinded)
        return Piece(grid=grid)
    if isinstance(block, Figure) and block.chart:
        return Piece(chart=_chart(telling, block, blinded=blinded))
    return Piece(text=_said(block.caption)) if isinstance(block, Figure) and block.caption else None


def _chart(telling: Telling, figure: Figure, *, blinded: bool) -> Drawn:
    module, answer, tongue = telling.charts[figure.chart], telling.answer, telling.tongue
    pointed_at = _POINTED_AT.get(figure.chart)

    def spec(width: float) -> dict[str, Any]:
        drawn = module.spec(answer, width)
        return uncoloured(drawn) if blinded else drawn

    def told(row: Mapping[str, Any]) -> str:
        return pointed_at(answer, row, tongue) if pointed_at is not None else ""

    return draw(
        _NAMES.get(figure.chart, figure.chart),
        spec,
        figure.alternative,
        key=() if blinded else figure.key,
        caption=_said(figure.caption),
        language=tongue.language,
        told=told if pointed_at is not None else None,
        blinded=blinded,
    )


_POINTED_AT: dict[str, Callable[[Answer, Mapping[str, Any], Tongue], str]] = {
    "diary": diary.pointed_at,
    "dose_effect": dose_effect.pointed_at,
}
