"""German says all that English says, and the file that is read says what the file for translators says."""

import pytest

from unit.web.accounts.catalogue import as_read, in_file, in_source, places


def test_every_string_of_the_web_has_its_german_and_none_is_left_over():
    german = in_file()
    assert sorted(in_source() - set(german)) == []
    assert sorted(set(german) - in_source() - {("",)}) == []
    assert [key for key, words in german.items() if not all(words)] == []


def test_more_than_two_hundred_strings_are_looked_at():
    assert len(in_source()) > 200


def test_what_is_read_is_exactly_what_translators_wrote():
    written = {key[0]: list(words) for key, words in in_file().items()}
    assert as_read() == written


@pytest.mark.parametrize("key", [key for key in in_file() if places(key[0])], ids=lambda key: key[0][:30])
def test_german_has_a_place_for_every_value_and_no_other(key):
    expected = places(" ".join(key))
    for words in in_file()[key]:
        assert places(words) <= expected
    assert places(" ".join(in_file()[key])) == expected


THE_SAME = {
    "%(at)s UTC",
    "%(dose)s mg",
    "Export",
    "Name",
    "Normal",
    "Patient",
    "Person %(number)s",
    "Phase",
    "SHA-256",
    "Screening",
    "Text",
    "Version",
    "Website",
}


def test_german_is_not_english():
    same = {key[0] for key, words in in_file().items() if key[0] == words[0] and key != ("",)}
    assert same == THE_SAME
