"""The dose that was kept: what the trial found of it, and where its maintenance stands, without an arm being opened."""

import datetime as dt
from dataclasses import replace
from statistics import fmean
from typing import Any

from modicum.services.diary.beginning import Beginning
from modicum.services.diary.keeping import first_day, is_kept
from modicum.services.diary.story import Story
from modicum.trial.maintenance import Found, Rechallenge, Standing, standing


def found_of(story: Story) -> Found:
    """What a trial ended with, from its answer and its diary.

    The dose is the verdict's, and the benefit the mean effect of that dose, given that the drug does something. The
    level without drug is the mean score of all days on capsules, less what the answer says that the doses of those days
    brought: each dose's mean effect, for the days that it was in force. An effect that comes on late wears off late, so
    that its delay hardly moves that mean. Days on which nobody wrote are taken to be spread over the doses alike, and
    the hope in that level is that of a blinded trial, not of an open dose.

    Args:
        story: in which a dose is kept.

    Raises:
        ValueError: no dose is kept, or no day on capsules holds a score.
    """
    begun, result = _kept(story)
    outcome, dose_mg = begun.protocol.primary_outcome, result["verdict"]["dose_mg"]
    blocks = [one["block"] for one in story.decided if one["block"] is not None and one["block"]["capsule"]]
    nights = {night for block in blocks for night in range(block["first_day"], block["first_day"] + block["days"])}
    days = {night + 1 for night in nights if night < max(nights)}
    entries = [story.by_day[day].entry for day in sorted(days & story.by_day.keys())]
    scores = [entry.scores[outcome.name] for entry in entries if entry and outcome.name in entry.scores]
    if not scores:
        raise ValueError(f"{story.trial} has no score on a day on capsules.")
    brought = sum(dose["days"] * dose["mean"] for dose in result["doses"] if dose["taken"]) / len(days)
    effect = next(dose["mean"] for dose in result["doses"] if dose["dose_mg"] == dose_mg)
    return Found(
        dose_mg=dose_mg,
        level=fmean(scores) - brought,
        benefit=-effect if outcome.better == "lower" else effect,
        since=begun.start + dt.timedelta(days=first_day(story)),
    )


def standing_of(story: Story, now: dt.datetime) -> Standing:
    """Where the maintenance of a dose stands: kept, a re-challenge offered or under way, or stopped.

    Until the first day of a re-challenge that was accepted, the dose is kept, and no other is offered.

    Args:
        story: in which a dose is kept.
        now: clock of the clinic, with its zone.

    Raises:
        ValueError: no dose is kept, or no day on capsules holds a score.
    """
    begun, _ = _kept(story)
    # What comes first is sealed, and where maintenance stands depends only on when a re-challenge began.
    known = [Rechallenge(one.begun, drug_first=False) for one in story.rechallenges if one.begun <= now]
    found = standing(found_of(story), begun.protocol, story.entries, known, now)
    to_come = len(known) < len(story.rechallenges)
    return replace(found, stage="kept", reason="") if to_come and found.stage == "offered" else found


def _kept(story: Story) -> tuple[Beginning, dict[str, Any]]:
    if story.begun is None or story.answered is None or not is_kept(story):
        raise ValueError(f"{story.trial} keeps no dose.")
    return story.begun, story.answered["result"]
