"""Answering: the diary of a trial that is over, as a file that anybody can analyse again, and what it shows."""

import datetime as dt
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from modicum.decision.answer import Answer
from modicum.records.chain import content_hash
from modicum.records.writing import diary_csv
from modicum.reports import render, render_patient
from modicum.services.analysing import analyse
from modicum.services.diary.port import Store
from modicum.services.diary.story import ANSWERED, WANTED, Story, told
from modicum.services.diary.words import LANGUAGES, say
from modicum.services.result import Result
from modicum.trial.running import Trial

ENGLISH = "en"


@dataclass(frozen=True)
class Answered:
    """The answer of a trial.

    Args:
        diary: the exported diary, CSV.
        result: what it shows; the same as ``modicum analyse`` says of that file.
        page: the patient's page, HTML.
        reports: both pages, HTML, for the prescriber, by language.
        story: up to it.
    """

    diary: str
    result: Result
    page: str
    reports: Mapping[str, str]
    story: Story


def export_csv(trial: Trial) -> str:
    """The diary of a trial with everything that has arrived, doses among it: only for those who may see the arms."""
    return diary_csv(trial.everything())


def patient_page(shown: Answer, language: str) -> str:
    """The patient's page, HTML.

    Args:
        shown: what it shows.
        language: of the page; English where there is none in it.
    """
    return render_patient(shown, language, partial(say, language=language))


def reports(shown: Answer) -> dict[str, str]:
    """The report, HTML, in every language that its reader may have.

    Args:
        shown: what it shows.
    """
    return {language: render(shown, language, partial(say, language=language)) for language in LANGUAGES}


def is_answerable(story: Story) -> bool:
    """Whether a trial is over and has no answer yet; one that the person left is answered where she wants to know."""
    return story.ended and story.answered is None and (story.wanted or not story.left)


def is_left(story: Story) -> bool:
    """Whether the person left a trial that is over, and nobody has said that she wants to know."""
    return story.left and story.ended and story.answered is None and not story.wanted


def want_answer(store: Store, story: Story, *, now: dt.datetime, actor: str) -> Story:
    """Tell that a person who has left wants to know what was found. Told again, nothing changes.

    Args:
        store: that keeps it.
        story: up to now.
        now: clock of the clinic, with its zone.
        actor: who tells it for her.

    Raises:
        ValueError: she has not left, the trial is not over, or it was answered.
    """
    if story.wanted:
        return story
    if not is_left(story):
        raise ValueError(f"{story.trial} was not left without an answer.")
    content = {"schema": "modicum.wanted/1"}
    store.append(trial=story.trial, kind=WANTED, client_id=WANTED, content=content, actor=actor, received_at=now)
    return told(store, story.trial, story)


def _write_nothing(_page: str, _reports: Mapping[str, str], _shown: Answer) -> None:
    """Where there is nowhere to write to."""


def answer(
    store: Store,
    story: Story,
    trial: Trial,
    *,
    now: dt.datetime,
    actor: str,
    language: str = ENGLISH,
    write: Callable[[str, Mapping[str, str], Answer], None] = _write_nothing,
) -> Answered:
    """Answer a trial that is over, and keep the answer.

    Args:
        store: that keeps it.
        story: of the trial, begun.
        trial: as it stands, over.
        now: clock of the clinic, with its zone.
        actor: who asks.
        language: of the patient's page; where it is not English it is told with the answer, so that the page can be
            made again.
        write: keeps the patient's page, the reports by language and what they show, before the answer is told: whoever
            is told finds them.

    Raises:
        ValueError: it is not over, or was answered.
    """
    if not trial.over or story.begun is None:
        raise ValueError(f"{story.trial} is not over.")
    if story.answered is not None:
        raise ValueError(f"{story.trial} was answered.")
    diary = export_csv(trial)
    result = analyse(io.BytesIO(diary.encode()), protocol=trial.protocol)
    shown = replace(result.answer, chain_head=store.head())
    page, written = patient_page(shown, language), reports(shown)
    write(page, written, shown)
    content = {"schema": "modicum.answered/1", "result": result.document, "page_sha256": content_hash(page)}
    content |= {} if language == ENGLISH else {"language": language}
    store.append(trial=story.trial, kind=ANSWERED, client_id=ANSWERED, content=content, actor=actor, received_at=now)
    return Answered(diary, result, page, written, told(store, story.trial, story))
