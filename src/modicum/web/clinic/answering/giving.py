"""Giving an answer: the work of the jobs, which leave its pages on the disk before it is told."""

import datetime as dt
import os
from collections.abc import Mapping

from modicum.decision.answer import Answer
from modicum.services.diary.answering import Answered, answer
from modicum.services.diary.reviewing import ACTOR, stand_at
from modicum.services.folders import put_file
from modicum.web.accounts.models import Participant
from modicum.web.clinic.answering.sheets import keep_sheets
from modicum.web.stories import STORE, keep, story_of
from modicum.web.trials import open_trial, page_of, report_of


def answer_trial(trial: str, now: dt.datetime, actor: str = ACTOR) -> Answered:
    """Answer a trial that is over, in the language of its diary. Its pages are on the disk before the answer is told.

    The report and the sheet of the clinic's page are written in every language: each of the staff reads in her own.

    Args:
        trial: its name in the store.
        now: with its zone.
        actor: who asks.

    Raises:
        ValueError: it is not over, or was answered.
    """
    story = story_of(trial)
    opened = open_trial(story, now, why="the trial is over")

    def write(page: str, reports: Mapping[str, str], shown: Answer) -> None:
        written = {page_of(trial): page} | {report_of(trial, said): report for said, report in reports.items()}
        for place, text in written.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            put_file(place, text.encode(), os.urandom(8).hex())
        keep_sheets(trial, shown)

    stands = stand_at(story, opened.roles, now, looks=opened.looks)
    spoken = Participant.objects.filter(trial=trial).values_list("language", flat=True).first() or "en"
    found = answer(STORE, story, stands, now=now, actor=actor, language=spoken, write=write)
    keep(found.story)
    return found
