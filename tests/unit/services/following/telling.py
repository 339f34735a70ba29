"""A story that a test tells event by event."""

import datetime as dt
import json
from dataclasses import dataclass

from diary_fixtures import START, beginning, written
from modicum.records.chain import canonical
from modicum.services.diary.story import Story, fold
from modicum.services.following import marks_of, needs_of


@dataclass(frozen=True)
class Said:
    """An event as a store keeps it."""

    sequence: int
    kind: str
    client_id: str
    content: str
    received_at: str
    actor: str = "staff:1"
    conflict: bool = False
    content_hash: str = ""
    hash: str = ""

    @property
    def said(self):
        return json.loads(self.content)


class Told:
    """A story that is told event by event."""

    def __init__(self):
        self.story, self.number = Story("t"), 0
        self.tell("begun", START, beginning().to_content())

    def tell(self, kind, at, content, **more):
        self.number += 1
        event = Said(self.number, kind, f"{kind}-{self.number}", canonical(content), at.isoformat(), **more)
        self.story = fold(self.story, [event])
        return self

    def evening(self, day, **values):
        content = written(day, **values)
        return self.tell("entry", max(at(day), dt.datetime.fromisoformat(content["happened_at"])), content)

    def decided(self, number, said, first_day, days=14):
        phase = "run-in" if first_day == 0 else "titration"
        block = None
        if days:
            block = {"phase": phase, "announced": 0.5, "first_day": first_day, "days": days}
            block |= {"capsule": first_day > 0, "guess": False}
        when = at(first_day, 8)
        content = {
            "schema": "modicum.decided/1",
            "number": number,
            "at": when.isoformat(),
            "said": said,
            "block": block,
        }
        return self.tell("decided", when, content, actor="reviews")

    def needs(self, day, hour=13):
        """What is needed, but for the reviews of these tests, which nobody computes unless a test does."""
        return [need.what for need in needs_of(marks_of(self.story), at(day, hour)) if need.what != "overdue"]


def at(day, hour=20):
    return START + dt.timedelta(days=day, hours=hour)


def kit(code, period):
    size = {"part": 1, "batch": "titration", "nights": 14, "capsules": 16, "spare": 2}
    return {"kit": code, "phase": "titration", "period": period, **size}
