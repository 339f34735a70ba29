"""The record as the operator sees it: who, when, what, why, before and after; no answer, no dose, no name."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic_databases import on_both
from modicum.services.auditing import KINDS, show
from modicum.web.accounts.models import Membership, Role
from modicum.web.operating.words import FIELDS, HAPPENED
from modicum.web.store.appending import append

NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
AUDIT = "/operate/audit/"


def tell(trial, kind, content, *, actor="reviews", at=NOW, number=0):
    append(trial=trial, kind=kind, client_id=f"{kind}-{number}", content=content, actor=actor, received_at=at)


def text(world, query="", viewer="operator"):
    return world.client(viewer).get(f"{AUDIT}{query}").content.decode()


def happenings(page):
    """What the page lists, the newest first."""
    return re.findall(r"<div><p><b>([^<]+)</b>", page)


@on_both
def test_who_changed_what_from_what_to_what(world):
    place = f"/clinic/sites/{world.harbour.pk}/"
    world.client("operator").post(place, {"name": "Harbour Street", "on_call": "020 7946 0001", "pharmacy": "Quay"})
    page = text(world)
    assert happenings(page)[:2] == ["Somebody logged in", "The site was changed"]
    assert "<del>020 7946 0000</del>" in page
    assert "<ins>020 7946 0001</ins>" in page
    assert "by Dr Operator" in page


def test_what_somebody_changes_of_herself_is_on_the_record_too(world):
    client = world.client("analyst")
    for _ in range(2):
        client.post("/clinic/account/", {"name": "Dr Changed", "language": "en"})
    page = text(world)
    assert happenings(page).count("An account was changed") == 1
    assert "<del>Dr Analyst</del>" in page
    assert "<ins>Dr Changed</ins>" in page


def test_a_form_that_changed_nothing_is_no_event(world):
    place = f"/clinic/sites/{world.harbour.pk}/"
    world.client("operator").post(place, {"name": "Harbour Street", "on_call": "020 7946 0000", "pharmacy": ""})
    assert "The site was changed</b>" not in text(world)


def test_no_name_no_answer_and_no_dose_is_shown_whatever_an_event_holds(world):
    canary = {
        "canary": "canary",
        "dose_mg": "canary",
        "answers": {"pain": "canary"},
        "reason": "canary",
        "why": "canary",
    }
    canary |= {"said": "canary", "block": "canary", "result": "canary", "medicine": "canary", "note": "canary"}
    for number, kind in enumerate((*KINDS, "something-new")):
        tell(world.ines.trial, kind, {**canary, "path": "emergency"}, number=number)
    page = text(world)
    assert "canary" not in page
    assert "Halloran" not in page
    assert "Person 0001" in page
    assert "something-new" in page


def test_a_reason_is_read_by_those_alone_who_prescribe_there(world):
    tell(world.ines.trial, "stopped", {"reason": "She fell on the stairs"})
    tell(world.ines.trial, "opened", {"path": "review", "why": "a review is due", "key": "review"})
    page = text(world)
    assert "She fell" not in page
    assert "A reason is on record" in page
    assert "a review is due" in page
    Membership.objects.create(person=world.people["operator"], site=world.harbour, role=Role.PRESCRIBER)
    page = text(world)
    assert "She fell on the stairs" in page
    assert "HALLORAN, Ines" in page


@on_both
def test_it_is_narrowed_by_person_kind_day_and_who(world):
    tell(world.ines.trial, "decided", {"number": 1}, at=NOW + dt.timedelta(days=1))
    tell(f"site:{world.harbour.pk}", "listed", {}, actor=f"staff:{world.people['prescriber'].pk}")
    client = world.client("operator")

    def found(query):
        return happenings(client.get(f"{AUDIT}?{query}").content.decode())

    assert found("number=1&kind=decided") == ["A decision was told"]
    assert found("number=2") == []
    assert found("day=2026-03-02") == ["The clinic was listed"]
    assert found("day=2026-03-03") == ["A decision was told"]
    assert "The clinic was listed" in found(f"actor=staff:{world.people['prescriber'].pk}")
    assert "A decision was told" not in found(f"actor=staff:{world.people['prescriber'].pk}")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("day=yesterday", 400),
        ("number=-1", 400),
        ("kind=nothing", 400),
        ("actor=staff:somebody", 400),
        ("before=x", 200),
        ("before=-5", 200),
        ("before=99999999999999999999999", 200),
        ("before=%F0%9F%98%80", 200),
        ("number=%00", 400),
    ],
)
def test_what_cannot_be_looked_for_is_said_and_breaks_nothing(world, query, status):
    assert world.client("operator").get(f"{AUDIT}?{query}").status_code == status


def test_events_of_another_site_are_not_there(world):
    tell(world.jonas.trial, "decided", {"number": 1})
    tell(f"site:{world.quay.pk}", "exported", {"count": 3})
    page = text(world)
    assert "A decision was told</b>" not in page
    assert "Trials were exported</b>" not in page
    assert "A decision was told</b>" in text(world, viewer="foreign operator")


def test_every_event_is_on_one_page_and_on_no_other(world):
    for number in range(120):
        tell(world.ines.trial, "decided", {"number": number}, number=number)
    client, query, seen = world.client("operator"), f"{AUDIT}?kind=decided", []
    while query:
        page = client.get(query).content.decode()
        seen += re.findall(r"no\. (\d+)</small>", page)
        older = re.search(r'href="(\?[^"]*before=\d+)">Older', page)
        query = f"{AUDIT}{older[1].replace('&amp;', '&')}" if older else ""
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, key=int, reverse=True)


def test_a_page_of_fifty_asks_few_questions(world):
    for number in range(60):
        tell(world.ines.trial, "decided", {"number": number}, number=number)
    client = world.client("operator")
    client.get(AUDIT)
    with CaptureQueriesContext(connection) as asked:
        client.get(AUDIT)
    assert len(asked) <= 20


def test_every_kind_that_is_shown_has_words():
    assert set(HAPPENED) == set(KINDS)
    said = {"before": {"name": "a"}, "after": {"name": "b"}}
    for kind in KINDS:
        shown = show(kind, said, knows_person=True)
        assert all(change.field in FIELDS for change in shown.changes)


def test_that_a_kit_of_one_person_is_recalled_is_not_shown_since_it_may_tell_what_it_holds(world):
    tell(world.ines.trial, "recalled", {"kit": "canary", "lot": "canary", "why": "canary"})
    tell(f"site:{world.harbour.pk}", "recalled", {"lot": "canary", "why": "canary"}, number=1)
    for query in ("", "?kind=recalled", "?kind=recalled&number=1"):
        page = text(world, query)
        assert happenings(page).count("A lot was recalled") == (0 if "number" in query else 1), query
        assert "canary" not in page


def test_two_worlds_look_alike_to_the_operator(world):
    """What is sealed differs; a page without the moment and the number of its events does not."""
    pages = []
    for arm in ("0.5", "4.5"):
        tell(
            world.ines.trial, "opened", {"path": "review", "why": "a review is due", "allocation": arm * 20}, number=arm
        )
        page = text(world, "?kind=opened").partition("<li>")[2].partition("</li>")[0]
        pages.append(re.sub(r"no\. \d+", "", page))
    assert pages[0] == pages[1]
