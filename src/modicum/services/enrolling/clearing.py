"""A screening as the record keeps it, and the prescriber's word on what it asks.

Nothing that a screening says is softened here: a stop stays a stop, a question that was not answered is answered before
anything is signed, and every other question needs words of its own.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modicum.records.chain import canonical, content_hash
from modicum.services.screening import Screened

_UNANSWERED = "unanswered"  # the rule of a question that nobody answered


@dataclass(frozen=True)
class Query:
    """Something that a screening asks of the prescriber.

    Args:
        key: by which its answer is kept.
        given: the line or the answer that it is about.
        finding: that asks; None for a line that was not recognised.
    """

    key: str
    given: str
    finding: Mapping[str, Any] | None = None


def screening_content(screened: Screened, medications: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the event of a screening says: what was given, and the whole document with its hash.

    Args:
        screened: what the rules say, for the prescriber.
        medications: as typed.
        answers: as given.
    """
    document = screened.document
    return {
        "schema": "modicum.screening/1",
        "medications": medications,
        "answers": {key: str(value) for key, value in answers.items()},
        "document": document,
        "document_sha256": content_hash(canonical(document)),
    }


def open_questions(document: Mapping[str, Any]) -> list[str]:
    """What was not answered of the history, as "key: not answered"; to be answered before anything is signed.

    Args:
        document: ``modicum.screen/1``.
    """
    return [one["input"] for one in document["findings"] if one["rule"] == _UNANSWERED]


def queries(document: Mapping[str, Any]) -> list[Query]:
    """What the prescriber has to answer in words: every finding that asks, and every line that was not recognised.

    Args:
        document: ``modicum.screen/1``.
    """
    asking = [one for one in document["findings"] if one["severity"] == "ask" and one["rule"] != _UNANSWERED]
    unread = document["not_recognised"]
    return [
        *(Query(f"unread-{number}", line) for number, line in enumerate(unread, 1)),
        *(Query(f"ask-{number}", one["input"] or one["rule"], one) for number, one in enumerate(asking, 1)),
    ]


def signed_content(sequence: int, words: Mapping[str, str], reason: str, by: str) -> dict[str, Any]:
    """What the event of a signed word says.

    Args:
        sequence: of the screening.
        words: on each query, by its key.
        reason: why a start is right all the same.
        by: who signs.
    """
    return {
        "schema": "modicum.screening-signed/1",
        "screening": sequence,
        "words": dict(words),
        "reason": reason,
        "by": by,
    }


def earliest_start(document: Mapping[str, Any]) -> dt.date | None:
    """The first day on which every washout that can be counted is over; None where there is none to count.

    Args:
        document: ``modicum.screen/1``.
    """
    days = [day for one in document["findings"] if (day := over_on(one)) is not None]
    return max(days, default=None)


def over_on(finding: Mapping[str, Any]) -> dt.date | None:
    """The day on which the washout of a finding is over; None where the day or the length is not known.

    Args:
        finding: of a ``modicum.screen/1`` document.
    """
    if finding["wait_days"] is None or finding["last_taken"] is None:
        return None
    return dt.date.fromisoformat(finding["last_taken"]) + dt.timedelta(days=finding["wait_days"])
