"""A kit is replaced on the pharmacist's page, and everybody who is concerned is told on theirs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic_databases import on_both
from clinic_people import PASSWORD
from contract.web.pharmacy.made_kits import make_kits
from modicum.services.diary.openings import OPENED
from modicum.services.dispensing.supplies import REPLACED
from modicum.services.following.acting import end_trial
from modicum.supply.codes import say_code
from modicum.web import trials
from modicum.web.accounts import staff
from modicum.web.clock import now
from modicum.web.pharmacy.supplies import supplies_of
from modicum.web.stories import STORE, story_of
from waiting_trials import place


class Counter:
    """The pharmacy of one patient, and the browsers of those who are concerned."""

    def __init__(self, world, trial):
        self.world, self.trial = world, trial
        self.person, self.own = f"/clinic/people/{world.ines.pk}/", f"/pharmacy/{world.ines.pk}/"
        self.prescriber, self.pharmacist = world.client("prescriber"), world.client("pharmacist")
        self.pharmacist.post("/accounts/reauthenticate/", {"password": PASSWORD})

    @property
    def kits(self):
        return supplies_of(self.trial).kits

    def does(self, path, **sent):
        answer = self.pharmacist.post(f"{self.own}{path}", sent)
        assert answer.status_code == 302, text(answer)

    def replace(self, code, reason, why=""):
        return self.pharmacist.post(f"{self.own}replace/", {"code": code, "reason": reason, "why": why})

    def reads(self, path=""):
        return text(self.pharmacist.get(f"{self.own}{path}"))


@pytest.fixture
def counter(world, lived):
    """Six kits are made, and one is with the patient."""
    with place(lived(make_kits)):
        found = Counter(world, world.ines.trial)
        found.does("hand-out/", code=next(iter(found.kits)))
        yield found


def text(answer):
    return answer.content.decode()


@on_both
def test_from_the_recall_to_the_kit_in_its_place(counter):
    code = next(iter(counter.kits))
    assert counter.pharmacist.post("/pharmacy/recall/", {"lot": "NX-17", "why": "contaminated"}).status_code == 302
    assert f'href="{counter.own}replace/"' in counter.reads()
    assert f"{say_code(code)}: Blinded titration, period 1 (recalled)" in counter.reads("replace/")
    refused = text(counter.pharmacist.post(f"{counter.own}hand-out/", {"code": list(counter.kits)[1]}))
    assert "have it made again" in refused
    assert counter.replace(code, "recalled", "the filler").headers["Location"] == counter.own
    new = counter.kits[counter.kits[code].replaced_by]
    assert "To make" in counter.reads()
    assert f'Replaced by <span class="num nb">{say_code(new.code)}</span>' in counter.reads()
    assert say_code(code) not in counter.reads("replace/").partition("<form")[2], "it is offered no more"
    batch = f"?batch=titration+{new.code}"
    assert "MOD-SUPPLY-33" in text(counter.pharmacist.post(f"{counter.own}made/{batch}", {"lots": "NX-17"}))
    counter.does(f"made/{batch}", lots="NX-18")
    assert counter.pharmacist.get(f"{counter.own}labels/{batch}").content[:5] == b"%PDF-"
    counter.does("hand-out/", code=new.code)
    assert f"Recalled: not to be taken. Replaced by {say_code(new.code)}" in text(
        counter.prescriber.get(f"{counter.person}order/")
    )
    counter.does("come-back/", code=code, left="9")
    assert "Returned, 9 left" in counter.reads()
    assert "All 112 capsules are accounted for." in text(counter.pharmacist.get("/pharmacy/counts/"))
    (event,) = [one for one in STORE.events_of(counter.trial) if one.kind == REPLACED]
    assert event.actor == f"staff:{counter.world.people['pharmacist'].pk}"
    assert [one for one in STORE.events_of(counter.trial) if one.kind == OPENED] == [], "no seal was opened for it"


def test_what_it_holds_is_opened_with_the_key_like_any_batch(counter):
    code = next(iter(counter.kits))
    counter.replace(code, "damaged")
    batch = f"?batch=titration+{counter.kits[code].replaced_by}"
    key = trials.key_of("pharmacist")
    key.rename(key.with_name("elsewhere"))
    assert 'type="file"' in counter.reads(f"open/{batch}")
    key.with_name("elsewhere").rename(key)
    page = text(counter.pharmacist.post(f"{counter.own}open/{batch}", {"what": "page"}))
    assert "1 kit, " in page
    assert counter.pharmacist.post(f"{counter.own}open/{batch}", {"what": "sheet"}).content[:5] == b"%PDF-"
    assert [one.said["path"] for one in STORE.events_of(counter.trial) if one.kind == OPENED] == ["supply", "supply"]


def test_sent_twice_it_is_done_once_and_what_cannot_be_is_said_at_its_field(counter):
    first, second = list(counter.kits)[:2]
    for _ in range(2):
        assert counter.replace(first, "lost", "left on a train").status_code == 302
    assert sum(one.kind == REPLACED for one in STORE.events_of(counter.trial)) == 1
    for sent, code in (
        ((first, "damaged"), "MOD-SUPPLY-35"),
        ((second, "recalled"), "MOD-SUPPLY-37"),
        ((counter.kits[first].replaced_by, "lost"), "MOD-SUPPLY-22"),
    ):
        answer = counter.replace(*sent, "spilt")
        assert (answer.status_code, code in text(answer)) == (200, True), sent
        assert 'value="spilt"' in text(answer), "nothing that was typed is lost"
    for sent in (("7KQ4XM", "lost"), (second, "tired"), ("", "")):
        assert counter.replace(*sent).status_code == 200
    assert "Choose the kit that is made again." in text(counter.replace("", ""))
    assert sum(one.kind == REPLACED for one in STORE.events_of(counter.trial)) == 1


def test_a_lost_kit_is_an_account_of_its_own(counter):
    counter.replace(next(iter(counter.kits)), "lost")
    assert "Lost with their kit" in counter.reads()
    counts = text(counter.pharmacist.get("/pharmacy/counts/"))
    assert "All 96 capsules are accounted for." in counts
    assert '<td class="r num">16</td></tr>' in counts
    assert f"{say_code(next(iter(counter.kits)))}" in counter.reads("come-back/"), "it can still come back"
    assert "Replaced by" in text(counter.prescriber.get(f"{counter.person}order/"))


def test_the_operator_is_not_told_whose_kit_was_replaced(counter):
    counter.replace(next(iter(counter.kits)), "damaged", "canary")
    for query in ("", "?number=1"):
        page = text(counter.world.client("operator").get(f"/operate/audit/{query}"))
        assert "A kit was handed out" in page.partition("<ol")[2]
        assert "canary" not in page
        assert "A kit is made again" not in page, "not among what can be searched for, either"


def test_who_replaced_a_kit_has_prescribed_nothing(counter):
    counter.replace(next(iter(counter.kits)), "damaged")
    person, site = counter.world.people["pharmacist"], counter.world.harbour
    assert not staff.has_prescribed(person, site)


def test_of_a_trial_that_is_over_nothing_is_offered(counter):
    code = next(iter(counter.kits))
    end_trial(STORE, story_of(counter.trial), "a rash", now=now(), actor="staff:test")
    assert "replace/" not in counter.reads()
    assert "No kit of this patient can be replaced" in counter.reads("replace/")
    assert "MOD-SUPPLY-32" in text(counter.replace(code, "damaged"))


def test_few_queries_and_no_colour_of_a_dose(counter):
    counter.replace(next(iter(counter.kits)), "damaged")
    for path in ("", "replace/"):
        with CaptureQueriesContext(connection) as found:
            page = counter.reads(path)
        assert len(found) <= 20, path
        assert "f-dose-" not in page
