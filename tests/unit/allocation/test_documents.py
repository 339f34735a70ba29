import datetime as dt
import json

import pytest
from pydantic import ValidationError

from allocation_fixtures import opened, sealed
from modicum.allocation import Allocation
from modicum.allocation.canonical import UnreadableError, encode, write_moment
from modicum.allocation.papers import AllocationPapers, is_padded, pad
from modicum.foundation.errors import InternalError

FOUND = sealed(1)


def test_a_document_goes_through_its_bytes_and_back():
    assert Allocation.from_bytes(FOUND.document.to_bytes()) == FOUND.document


def test_papers_go_through_their_bytes_and_back():
    papers = opened(FOUND)
    assert AllocationPapers.from_bytes(papers.to_bytes()) == papers


def test_documents_are_frozen():
    with pytest.raises(ValidationError):
        FOUND.document.fingerprint = "0" * 64


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not JSON"),
        (b"[1]", "not a document"),
        (b"[" * 100_000, "not JSON"),
        (b'{"schema":"modicum.binding/1"}', "not a document"),
        (b'{"schema":"modicum.allocation/1"}', "head"),
        (json.dumps(FOUND.document.to_dict()).encode(), "canonical"),
        (FOUND.document.to_bytes() + b"\n", "canonical"),
        (b'{"a":NaN}', "not JSON"),
        (b'{"a":"\\ud800"}', "not JSON"),
        (b"\xff", "not JSON"),
    ],
)
def test_other_bytes_are_refused_with_the_reason(content, why):
    with pytest.raises(UnreadableError, match=why):
        Allocation.from_bytes(content)


def test_a_field_that_is_not_known_is_refused_by_its_name():
    data = FOUND.document.to_dict()
    content = encode({**data, "head": {**data["head"], "surprise": 1}})
    with pytest.raises(UnreadableError, match=r"head\.surprise"):
        Allocation.from_bytes(content)


def test_a_time_is_written_in_utc_to_the_second():
    zone = dt.timezone(dt.timedelta(hours=-5))
    assert write_moment(dt.datetime(2026, 3, 1, 20, 0, 1, 999, tzinfo=zone)) == "2026-03-02T01:00:01Z"


def test_papers_too_long_to_hide_their_length_are_an_internal_fault():
    papers = opened(FOUND)
    assert is_padded(papers)
    with pytest.raises(InternalError):
        pad(papers.model_copy(update={"participant": "x" * 20_000, "padding": ""}))
