"""A list of clinics: read whole or not at all, with every problem at once; found by place or postcode."""

import dataclasses
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modicum.foundation.errors import OptionsError
from modicum.services.directory import COLUMNS, LISTED, UNLISTED, Listing, find, listed, read_listings

HEADER = ",".join(COLUMNS)
ROW = "Harbour Street,1 Harbour Street,Tilbury,RM18 7AA,GB,+44 1375 000000,https://harbour.example.org,en pl"
SITES = {"Harbour Street", "Quay House"}


def read(*rows, header=HEADER, sites=SITES):
    return read_listings("\n".join([header, *rows]).encode(), sites)


def problems(*rows, **more):
    with pytest.raises(OptionsError) as refused:
        read(*rows, **more)
    return [(one.code, one.where) for one in refused.value.problems]


def test_a_row_becomes_a_clinic():
    (found,) = read(ROW)
    assert (found.name, found.postcode, found.languages) == ("Harbour Street", "RM18 7AA", ("en", "pl"))
    assert Listing.of(found.to_content()) == found


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_and_a_mark_of_bytes_do_not_matter(separator):
    text = "\ufeff" + "\r\n".join([HEADER, ROW]).replace(",", separator) + "\r\n\r\n"
    assert len(read_listings(text.encode(), SITES)) == 1


def test_columns_may_stand_in_any_order_and_the_website_may_be_empty():
    order = list(reversed(COLUMNS))
    cells = dict(zip(COLUMNS, ROW.split(","), strict=True)) | {"website": ""}
    (found,) = read(",".join(cells[name] for name in order), header=",".join(order))
    assert (found.place, found.website) == ("Tilbury", "")


def test_every_problem_of_every_row_is_told_at_once():
    rows = [
        ROW,
        ROW,
        "Elsewhere,,Tilbury,RM18 7AA,Germany,none,javascript:alert(1),English",
        "Quay House,2 Quay,Hull",
    ]
    assert problems(*rows) == [
        ("MOD-LIST-07", "line 3, name"),
        ("MOD-LIST-04", "line 4, street"),
        ("MOD-LIST-05", "line 4, country"),
        ("MOD-LIST-05", "line 4, telephone"),
        ("MOD-LIST-05", "line 4, website"),
        ("MOD-LIST-05", "line 4, languages"),
        ("MOD-LIST-06", "line 4, name"),
        ("MOD-LIST-03", "line 5"),
    ]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("website", "ftp://clinic.example.org"),
        ("website", "https://user@clinic.example.org"),
        ("website", "https://clinic"),
        ("website", "https://[clinic.example.org"),
        ("telephone", "call us"),
        ("country", "gb"),
        ("postcode", "=1+1"),
        ("languages", "en; Deutsch"),
    ],
)
def test_a_cell_that_is_not_of_its_form_is_told(column, cell):
    cells = dict(zip(COLUMNS, ROW.split(","), strict=True)) | {column: cell}
    assert problems(",".join(cells.values())) == [("MOD-LIST-05", f"line 2, {column}")]


def test_columns_that_are_missing_unknown_or_there_twice_are_told_together():
    header = HEADER.replace("postcode", "zip").replace("street", "place")
    where = [("MOD-LIST-02", "line 1")] * 4
    assert problems(ROW, header=header) == where


@pytest.mark.parametrize(
    "content",
    [b"", HEADER.encode(), b"\xff\xfe\x00", b"PK\x03\x04\x00", b"x" * 1_000_001, f'{HEADER}\n"open'.encode()],
)
def test_what_is_no_table_is_refused_in_one_sentence(content):
    with pytest.raises(OptionsError) as refused:
        read_listings(content, SITES)
    assert [one.code for one in refused.value.problems] == ["MOD-LIST-01"]


def outcome(content):
    """The clinics, or the problems."""
    try:
        return read_listings(content, SITES)
    except OptionsError as refused:
        return refused.problems


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"{HEADER}\n{text}".encode()))
def test_whatever_the_file_holds_it_is_read_or_its_problems_are_told(content):
    assert outcome(content)


CLINICS = [
    dataclasses.replace(read(ROW)[0], name=name, place=place, postcode=code, country=country)
    for name, place, code, country in (
        ("A", "Bad Tölz", "83646", "DE"),
        ("B", "Berlin", "10115", "DE"),
        ("C", "Stoke-on-Trent", "ST1 1AA", "GB"),
        ("D", "Łódź", "90-001", "PL"),
    )
]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", "ABCD"),
        ("  BERL ", "B"),
        ("tolz", "A"),
        ("Bad Töl", "A"),
        ("on trent", "C"),
        ("st11", "C"),
        ("ST1 1", "C"),
        ("101", "B"),
        ("90001", "D"),
        ("erlin", ""),
        ("%", ""),
    ],
)
def test_a_clinic_is_found_by_the_beginning_of_its_place_or_postcode(words, names):
    assert "".join(one.name for one in find(CLINICS, words)) == names


def test_the_last_word_on_a_site_counts():
    first, second = read(ROW)[0], dataclasses.replace(read(ROW)[0], place="Grays")

    def event(trial, kind, listing=None):
        return SimpleNamespace(trial=trial, kind=kind, said=listing.to_content() if listing else {})

    told = [event("site:1", LISTED, first), event("site:2", LISTED, first), event("site:1", LISTED, second)]
    assert listed(told)["site:1"].place == "Grays"
    assert set(listed([*told, event("site:1", UNLISTED)])) == {"site:2"}
