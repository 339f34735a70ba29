"""What waits for a pharmacist is said on her first page, on the list, and on the kits of each patient."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic_people import PASSWORD
from contract.dispensing.desk import FIRST, Desk
from contract.web.pharmacy.made_kits import make_kits, order_kits
from modicum.services.dispensing.supplies import DISPENSED
from modicum.supply.codes import say_code
from modicum.web.accounts.models import Person
from modicum.web.clinic.following.marking import mark_all
from modicum.web.pharmacy.supplies import supplies_of
from modicum.web.stories import STORE
from waiting_trials import at, place


class Counter:
    """The pharmacist of one patient, on whichever day."""

    def __init__(self, world, folder):
        self.trial, self.own, self._folder = world.ines.trial, f"/pharmacy/{world.ines.pk}/", folder
        self.pharmacist, self.prescriber = world.client("pharmacist"), world.client("prescriber")
        self.on(0)

    def on(self, day):
        (self._folder / "clock").write_text(at(day, 13).isoformat())
        self.pharmacist.post("/accounts/reauthenticate/", {"password": PASSWORD})

    @property
    def codes(self):
        return list(supplies_of(self.trial).kits)

    def does(self, path, **sent):
        answer = self.pharmacist.post(path if path.startswith("/") else f"{self.own}{path}", sent)
        assert answer.status_code == 302, text(answer)

    def asks(self, path, **sent):
        return text(self.pharmacist.post(f"{self.own}{path}", sent))

    def reads(self, path=""):
        mark_all()  # as the jobs do every minute
        return text(self.pharmacist.get(path if path.startswith("/") else f"{self.own}{path}"))

    def headed(self, path=""):
        page = self.reads(path)
        leads = re.findall(r'<p class="lead">([^<]+)</p>', page)
        return [*re.findall("<h1>([^<]+)</h1>", page), *leads]


@pytest.fixture
def counter(world, lived):
    """Six kits are made, and the first is with the patient, whose period has begun."""
    with place(lived(make_kits)) as folder:
        found = Counter(world, folder)
        Desk(found.trial).begin_block(1, FIRST)
        found.on(FIRST)
        found.does("hand-out/", code=found.codes[0])
        yield found


def text(answer):
    return answer.content.decode()


def test_the_first_page_of_a_pharmacist_says_what_waits(world, lived):
    with place(lived(order_kits)) as folder:
        counter = Counter(world, folder)
        assert counter.headed("/") == ["Six kits wait to be made."]
        counter.does("made/?batch=titration", lots="NX-17")
        assert counter.headed("/") == ["Six kits wait to be handed out."]
        Person.objects.filter(pk=world.people["pharmacist"].pk).update(language="de")
        assert counter.headed("/") == ["Sechs Packungen warten auf die Ausgabe."]


def test_after_a_recall_every_page_says_which_kits_are_missing_until_they_are_handed_out(counter):
    code = counter.codes[0]
    assert counter.headed("/") == ["Five kits wait to be handed out."]
    counter.does("/pharmacy/recall/", lot="NX-17", why="contaminated")
    for path, urgent in (
        ("/", "One patient has a kit that was recalled."),
        ("", "This patient has a kit that was recalled."),
    ):
        assert counter.headed(path)[:2] == [urgent, "Six kits have to be replaced."]
    counter.does("come-back/", code=code, left="9")
    for path in ("/", "/pharmacy/", ""):
        assert counter.headed(path) == ["Six kits have to be replaced."], path
    assert "6 kits to replace" in counter.reads("/pharmacy/")
    assert "Nothing is to be made or handed out." not in counter.reads()
    assert "A kit has to be replaced" in text(counter.prescriber.get("/"))
    counter.does("replace/", code=code, reason="recalled", why="")
    assert counter.headed() == ["Five kits have to be replaced.", "One kit waits to be made."]
    again = supplies_of(counter.trial).kits[code].replaced_by
    counter.does(f"made/?batch=titration+{again}", lots="NX-18")
    assert counter.headed("/") == ["Five kits have to be replaced.", "One kit waits to be handed out."]
    counter.does("hand-out/", code=again)
    assert "A kit has to be replaced" not in text(counter.prescriber.get("/"))


def test_what_waits_is_no_more_than_what_is_still_to_be_taken(counter):
    counter.does("/pharmacy/recall/", lot="NX-17", why="contaminated")
    for number in range(2, 4):
        Desk(counter.trial).begin_block(number, FIRST + 14 * (number - 1))
    counter.on(FIRST + 28)
    assert counter.headed("/pharmacy/")[1:] == counter.headed()[1:] == ["Four kits have to be replaced."]


def test_a_kit_that_goes_before_others_is_handed_out_with_its_reason_only(counter):
    page = counter.reads("hand-out/")
    assert 'name="early"' not in page
    later = counter.codes[4]
    page = counter.asks("hand-out/", code=later)
    assert "MOD-SUPPLY-38" in page
    assert say_code(counter.codes[1]) in page
    assert re.search(r'name="early"[^>]*>', page)
    page = counter.asks("hand-out/", code=later, early="on", why="  ")
    assert "Say why this kit goes before the others." in page
    assert 'name="early"' in page
    assert "MOD-SUPPLY-38" in counter.asks("hand-out/", code=later, why="she goes abroad"), "not meant"
    counter.does("hand-out/", code=later, early="on", why="she goes abroad")
    (_, told) = [one.said for one in STORE.events_of(counter.trial) if one.kind == DISPENSED]
    assert (told["before"], told["why"]) == (counter.codes[1:4], "she goes abroad")


def test_a_wrong_code_asks_for_no_reason(counter):
    page = counter.asks("hand-out/", code="ZZZ ZZZ")
    assert "MOD-SUPPLY-19" in page
    assert 'name="early"' not in page


def test_each_kit_has_its_first_evening_fixed_by_decisions_or_at_the_latest(counter):
    dates = re.findall(r'<td class="num"><span class="nb">([^<]+)</span></td><td class="r num opt">', counter.reads())
    assert dates[:3] == ["16 Mar 2026", "30 Mar 2026", "by 13 Apr 2026"]
    page = counter.reads("hand-out/")
    assert [page.index(say_code(code)) for code in counter.codes[1:]] == sorted(
        page.index(say_code(code)) for code in counter.codes[1:]
    )
    assert "first evening 30 Mar 2026" in page


def test_a_kit_that_came_back_whole_by_mistake_is_replaced_for_that(counter):
    code = counter.codes[1]
    counter.does("hand-out/", code=code)
    counter.does("come-back/", code=code, left="16")
    assert counter.headed()[0] == "One kit has to be replaced."
    assert "MOD-SUPPLY-26" in counter.asks("hand-out/", code=code), "what was out is never handed out again"
    assert "It was handed out by mistake, and came back whole" in counter.reads("replace/")
    counter.does("replace/", code=code, reason="handed out by mistake", why="")
    assert counter.headed()[0] == "One kit waits to be made."


def test_few_queries_for_what_waits(counter):
    for path in ("/", "/pharmacy/", "", "hand-out/"):
        counter.reads(path)
        with CaptureQueriesContext(connection) as found:
            counter.pharmacist.get(path if path.startswith("/") else f"{counter.own}{path}")
        assert len(found) <= 20, path
