"""The list of clinics: open to everybody, filled by those who run them, after they have seen what they list."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic_databases import on_both
from clinic_people import browser
from modicum.web.store.appending import events_of

PLACE, TAKE = "/operate/clinics/", "/operate/clinics/take/"
HEADER = "name,street,place,postcode,country,telephone,website,languages"
ROW = "Harbour Street,1 Harbour Street,Tilbury,RM18 7AA,GB,+44 20 7946 0000,https://harbour.example.org,en pl"
TABLE = f"{HEADER}\n{ROW}\n"


def found(query=""):
    return browser().get(f"/clinics/{query}").content.decode()


def kinds(world):
    return [event.kind for event in events_of(f"site:{world.harbour.pk}") if "listed" in event.kind]


@on_both
def test_a_clinic_is_listed_once_its_operator_has_seen_it_and_is_found_by_everybody(world):
    assert "No clinic is listed here yet." in found()
    client = world.client("operator")
    shown = client.post(PLACE, {"table": TABLE}).content.decode()
    assert "List this clinic?" in shown
    assert kinds(world) == []  # nothing is taken by looking
    kept = re.search(r"<textarea[^>]*>(.*?)</textarea>", shown, re.DOTALL)[1]
    assert client.post(TAKE, {"table": kept}).headers["Location"] == PLACE
    assert kinds(world) == ["listed"]
    page = found("?place=tilb")
    assert "One clinic is listed for tilb." in page
    assert "https://harbour.example.org" in page
    assert "polski" in page
    assert "No clinic is listed for Berlin." in found("?place=Berlin")


def test_a_file_is_read_like_a_text(world):
    file = SimpleUploadedFile("clinics.csv", ("\ufeff" + TABLE.replace(",", ";")).encode())
    assert "List this clinic?" in world.client("operator").post(PLACE, {"file": file}).content.decode()


def test_every_problem_is_told_at_once_and_what_was_typed_is_not_lost(world):
    bad = f"{HEADER}\nQuay House,,Hull,HU1,England,call,javascript:alert(1),en\nshort,row\n"
    for address in (PLACE, TAKE):
        answer = world.client("operator").post(address, {"table": bad})
        page = answer.content.decode()
        assert answer.status_code == 422
        said = re.findall(r"MOD-LIST-\d\d", page)
        assert said == ["MOD-LIST-04", *["MOD-LIST-05"] * 3, "MOD-LIST-06", "MOD-LIST-03"]
        assert "short,row" in page
        assert "javascript:alert(1)</a>" not in page
    assert kinds(world) == []


def test_nobody_lists_the_clinic_of_another(world):
    foreign = world.client("foreign operator").post(TAKE, {"table": TABLE})
    assert foreign.status_code == 422
    assert b"MOD-LIST-06" in foreign.content
    assert kinds(world) == []


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", b"PK\x03\x04", b"", b"a" * 1_100_000, HEADER.encode() * 3])
def test_what_is_no_table_is_refused_and_breaks_nothing(world, content):
    file = SimpleUploadedFile("clinics.csv", content)
    assert world.client("operator").post(PLACE, {"file": file}).status_code in (400, 422)


def test_what_somebody_writes_into_a_table_is_shown_as_text(world):
    row = ROW.replace("1 Harbour Street", "<script>alert(1)</script>")
    world.client("operator").post(TAKE, {"table": f"{HEADER}\n{row}\n"})
    page = found("?place=<b>x</b>") + found()
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert "&lt;script&gt;" in page


def test_a_clinic_that_is_listed_already_is_changed_and_the_same_again_is_no_event(world):
    client = world.client("operator")
    for row in (ROW, ROW, ROW.replace("Tilbury", "Grays")):
        client.post(TAKE, {"table": f"{HEADER}\n{row}\n"})
    assert kinds(world) == ["listed", "listed"]
    assert "Grays" in found()
    record = client.get("/operate/audit/?kind=listed").content.decode()
    assert "<del>Tilbury</del>" in record
    assert "<ins>Grays</ins>" in record


@on_both
def test_a_clinic_is_taken_off_the_list_by_who_runs_it(world):
    client = world.client("operator")
    client.post(TAKE, {"table": TABLE})
    remove = f"{PLACE}{world.harbour.pk}/remove/"
    assert world.client("foreign operator").post(remove).status_code == 404
    assert "Take this clinic off the list?" in client.get(remove).content.decode()
    client.post(remove)
    client.post(remove)
    assert kinds(world) == ["listed", "unlisted"]
    assert "No clinic is listed here yet." in found()


def test_the_open_pages_set_no_cookie_and_ask_few_questions(world):
    world.client("operator").post(TAKE, {"table": TABLE})
    for address in ("/clinics/", "/clinics/?place=t", "/privacy/"):
        with CaptureQueriesContext(connection) as asked:
            answer = browser().get(address)
        assert len(asked) <= 3, address
        assert not answer.cookies, address


def test_the_words_are_neutral(world):
    page = found() + browser().get("/privacy/").content.decode()
    for word in ("pain", "opioid", "naltrexone", "fibromyalgia", "patient"):
        assert word not in page.lower(), word
