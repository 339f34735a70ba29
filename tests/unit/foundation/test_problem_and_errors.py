import dataclasses

import pytest

from modicum.foundation.errors import DiaryError, InputError, InternalError, ModicumError, OptionsError, Problem
from modicum.foundation.version import version

PROBLEM = Problem("MOD-DIARY-07", "diary.csv:3", "x", "This is not a number", "Write a number.")


def test_a_problem_reads_as_place_message_value_fix_and_code():
    assert str(PROBLEM) == "diary.csv:3: This is not a number (received 'x'). Write a number. [MOD-DIARY-07]"


def test_a_problem_without_a_value_does_not_mention_one():
    assert "received" not in str(dataclasses.replace(PROBLEM, value=""))


def test_a_full_stop_in_the_message_is_not_doubled():
    assert ".." not in str(dataclasses.replace(PROBLEM, message="This is not a number.", value=""))


def test_problems_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        PROBLEM.code = "MOD-DIARY-08"  # pyright: ignore[reportAttributeAccessIssue]


def test_an_input_error_lists_every_problem_in_order():
    other = dataclasses.replace(PROBLEM, code="MOD-DIARY-08")
    error = DiaryError([PROBLEM, other])
    assert error.problems == (PROBLEM, other)
    assert str(error).splitlines() == [str(PROBLEM), str(other)]


def test_the_error_document_has_every_field_of_every_problem():
    document = OptionsError(iter([PROBLEM])).to_document()
    assert document == {"schema": "modicum.error/1", "problems": [dataclasses.asdict(PROBLEM)]}


def test_bad_input_and_own_faults_share_only_their_root():
    assert issubclass(DiaryError, InputError)
    assert issubclass(InputError, ModicumError)
    assert not issubclass(InternalError, InputError)


def test_the_version_is_that_of_the_installation():
    assert version()[0].isdigit()
