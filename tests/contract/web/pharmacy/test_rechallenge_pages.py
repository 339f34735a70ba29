"""The kits of a re-challenge on the pages of the pharmacy: from the order to the count."""

import datetime as dt
import re

import pytest

from clinic_people import PASSWORD
from contract.web.pharmacy.made_kits import AGAIN, make_kits_again
from followed import AGAIN as FIRST
from followed import following, look_again
from modicum.services.diary.openings import OPENED
from modicum.supply.codes import say_code
from modicum.web.pharmacy.supplies import supplies_of
from modicum.web.stories import STORE

HALF = 14
AMBER = re.compile(r"f-dose-|f-placebo|dose-soft")


class Desk:
    """A world with a dose that is kept, and the browsers of its two sides."""

    def __init__(self, world, trial):
        self.world, self.kept, self.ines = world, trial, world.ines
        self.person = f"/clinic/people/{world.ines.pk}/"
        self.kits = f"/pharmacy/{world.ines.pk}/"

    @property
    def prescriber(self):
        return self.world.client("prescriber")

    @property
    def pharmacist(self):
        client = self.world.client("pharmacist")
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        return client

    def accept(self, first):
        day = (self.kept.first_day + dt.timedelta(days=first)).isoformat()
        sent = {"first_day": day, "contribution": "blue heron"}
        assert self.prescriber.post(f"{self.person}re-challenge/", sent).status_code == 302

    def order(self, *batches):
        return self.prescriber.post(f"{self.person}order/", {"batches": batches})

    def of(self, course):
        return [kit for kit in supplies_of(self.ines.trial).kits.values() if kit.course == course]


@pytest.fixture
def desk(world, lived):
    data = lived(look_again)
    with following(world.ines, data) as trial:
        yield Desk(world, trial)


@pytest.fixture
def made(world, lived):
    data = lived(make_kits_again)
    with following(world.ines, data) as trial:
        yield Desk(world, trial)


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_from_the_acceptance_to_the_last_capsule_nothing_but_pages_is_needed(desk):
    prescriber, pharmacist = desk.prescriber, desk.pharmacist
    assert f'href="{desk.person}order/"' in prescriber.get(f"{desk.person}re-challenge/").content.decode()
    assert "Re-challenge 1, kits 1 to 2" in text(prescriber.get(f"{desk.person}order/"))
    assert "run-in" not in text(prescriber.get(f"{desk.person}order/")), "of the trial nothing is needed any more"
    assert desk.order("1/re-challenge").status_code == 302
    assert "Two kits wait to be made." in text(pharmacist.get("/pharmacy/"))
    assert "Two kits wait to be made." in text(pharmacist.get(desk.kits))
    assert pharmacist.post(f"{desk.kits}made/{AGAIN}", {"lots": "NX-17"}).status_code == 302
    assert pharmacist.get(f"{desk.kits}labels/{AGAIN}").content[:5] == b"%PDF-"
    first, second = (kit.code for kit in desk.of(1))
    assert "Re-challenge 1, half 2" in text(pharmacist.get(f"{desk.kits}hand-out/"))
    for code in (first, second):
        assert pharmacist.post(f"{desk.kits}hand-out/", {"code": code}).status_code == 302
    desk.kept.at(FIRST + 2 * HALF, 13)
    for code, left in ((first, "3"), (second, "2")):
        assert pharmacist.post(f"{desk.kits}come-back/", {"code": code, "left": left}).status_code == 302
    assert "27 used of 28 planned, 5 left" in text(pharmacist.get(desk.kits))
    assert "All 32 capsules are accounted for." in text(pharmacist.get("/pharmacy/counts/"))
    assert "3 left" not in text(prescriber.get(f"{desk.person}order/"))


def test_what_a_batch_holds_is_opened_from_the_draw_of_the_re_challenge_on_the_record(made):
    pharmacist, where = made.pharmacist, f"{made.kits}open/{AGAIN}"
    assert AMBER.search(pharmacist.get(where).content.decode()) is None
    shown = pharmacist.post(where, {"what": "page"}).content.decode()
    assert sorted(re.findall(r"</svg>([^<]+)</td>", shown)) == ["1.5 mg", "placebo"]
    (event,) = [one for one in STORE.events_of(made.ines.trial) if one.kind == OPENED]
    (accepted,) = made.kept.story().rechallenges
    assert (event.said["path"], event.said["allocation"]) == ("supply", accepted.allocation)
    sheet = pharmacist.post(where, {"what": "sheet"})
    assert (sheet["Content-Type"], sheet.content[:5]) == ("application/pdf", b"%PDF-")


def test_no_page_but_the_opened_one_has_amber(made):
    pages = [made.pharmacist.get(f"{made.kits}{path}") for path in ("", f"open/{AGAIN}", f"made/{AGAIN}", "hand-out/")]
    pages += [made.pharmacist.get("/pharmacy/"), made.prescriber.get(f"{made.person}order/")]
    assert [page.status_code for page in pages] == [200] * 6
    assert [page.request["PATH_INFO"] for page in pages if AMBER.search(page.content.decode())] == []


@pytest.mark.parametrize("again", ["2", "-1", "x", "99999999999", ""])
def test_a_re_challenge_that_there_is_not_has_no_batch(made, again):
    where = f"{made.kits}open/?batch=re-challenge&again={again}"
    assert made.pharmacist.get(where).headers["Location"] == made.kits


def test_its_lot_is_recalled_like_any_other(made):
    code = made.of(1)[0].code
    made.pharmacist.post(f"{made.kits}hand-out/", {"code": code})
    assert made.pharmacist.post("/pharmacy/recall/", {"lot": "NX-17", "why": "contaminated"}).status_code == 302
    assert "One patient has a kit that was recalled." in text(made.pharmacist.get("/pharmacy/"))
    assert f"A kit was recalled: {say_code(code)}" in text(made.prescriber.get("/"))


def test_the_kits_of_two_of_one_person_are_told_apart(made):
    codes = [kit.code for kit in made.of(1)]
    second = FIRST + 2 * HALF + 190
    made.kept.at(second - 7, 13)
    assert "No kit waits to be made." in text(made.pharmacist.get("/pharmacy/")), "those of the first are too late"
    made.accept(second)
    assert made.order("2/re-challenge").status_code == 302
    assert [kit.code for kit in made.of(1)] == codes
    assert len({*codes, *(kit.code for kit in made.of(2))}) == 4
    assert "Two kits wait to be made." in text(made.pharmacist.get(made.kits))
    page = made.pharmacist.get(made.kits).content.decode()
    assert "again=2" in page
    assert "made/?batch=re-challenge&amp;again=1" not in page
    late = made.pharmacist.post(f"{made.kits}hand-out/", {"code": codes[0]})
    assert "MOD-SUPPLY-32" in text(late)
    assert "Re-challenge 1 of this patient is over" in text(late)
    lots = made.pharmacist.post(f"{made.kits}made/?batch=re-challenge&again=2", {"lots": "NX-18"})
    assert lots.status_code == 302
    assert [kit.lots for kit in made.of(1) + made.of(2)] == [("NX-17",)] * 2 + [("NX-18",)] * 2
    assert made.order("1/re-challenge").status_code == 200, "offered no more"


def test_a_kit_of_it_that_is_not_ordered_is_told_four_days_before_until_it_is_handed_out(desk):
    """As far as the clinic has its kits made here at all, which an order of any of them says."""
    place, size = {"phase": "titration", "period": 1, "part": 1}, {"nights": 14, "capsules": 16, "spare": 2}
    unknown = f"It is for a re-challenge, from day {FIRST} on. The pharmacy does not know of it yet."

    def told(day, hour=13):
        desk.kept.at(day, hour)
        return text(desk.prescriber.get(desk.person))

    assert unknown not in told(FIRST - 4)
    kit = {"kit": "7KQ4XM", "batch": "titration", **place, **size}
    desk.kept.tell("ordered", "ordered-7KQ4XM", desk.kept.at(FIRST - 5, 9), **kit)
    assert [unknown in told(day) for day in (FIRST - 5, FIRST - 4, FIRST + 5)] == [False, True, True]
    assert unknown not in told(FIRST + 2 * HALF), "it is over"
    desk.kept.at(FIRST - 4, 13)
    desk.order("1/re-challenge")
    desk.pharmacist.post(f"{desk.kits}made/{AGAIN}", {"lots": "NX-17"})
    assert f"Its period begins on day {FIRST}. The pharmacy knows of it." in told(FIRST - 4)
    first, second = (kit.code for kit in desk.of(1))
    desk.pharmacist.post(f"{desk.kits}hand-out/", {"code": first})
    assert "A kit is due" not in told(FIRST + HALF - 5)
    assert f"Its period begins on day {FIRST + HALF}." in told(FIRST + HALF - 4)
    desk.pharmacist.post(f"{desk.kits}hand-out/", {"code": second})
    assert "A kit is due" not in told(FIRST + HALF - 4)


def test_no_kit_of_a_dose_that_was_stopped_is_made_or_handed_out(made):
    assert made.prescriber.post(f"{made.person}stop/", {"reason": "an operation"}).status_code == 302
    assert "MOD-SUPPLY-32" in text(made.pharmacist.post(f"{made.kits}hand-out/", {"code": made.of(1)[0].code}))
    assert "2 kits are not needed" in text(made.pharmacist.get(made.kits))
    assert "No kit waits to be made." in text(made.pharmacist.get("/pharmacy/"))


def test_what_a_plan_cannot_be_made_from_is_said_on_the_page_of_orders(desk):
    from modicum.web.clinic.following.again import folder_of

    (folder_of(desk.ines.trial, 1) / "allocation.json").write_text("{}")
    page = text(desk.prescriber.get(f"{desk.person}order/"))
    assert "MOD-ALLOC" in page
    assert "No further kits can be ordered now." in page


def test_a_kit_of_it_is_made_again_with_what_its_half_holds(made):
    first, second = (kit.code for kit in made.of(1))
    pharmacist = made.pharmacist
    doses = re.findall(r"</svg>([^<]+)</td>", pharmacist.post(f"{made.kits}open/{AGAIN}", {}).content.decode())
    sent = {"code": second, "reason": "damaged", "why": ""}
    assert pharmacist.post(f"{made.kits}replace/", sent).headers["Location"] == made.kits
    again = supplies_of(made.ines.trial).kits[supplies_of(made.ines.trial).kits[second].replaced_by]
    assert (again.course, again.phase, again.period) == (1, "re-challenge", 2)
    assert f"?batch=re-challenge+{again.code}&amp;again=1" in pharmacist.get(made.kits).content.decode()
    where = f"?batch=re-challenge+{again.code}&again=1"
    opened = pharmacist.post(f"{made.kits}open/{where}", {}).content.decode()
    assert re.findall(r"</svg>([^<]+)</td>", opened) == doses[1:]
    assert f'href="{made.kits}made/?batch=re-challenge+{again.code}&amp;again=1"' in opened
    assert pharmacist.post(f"{made.kits}made/{where}", {"lots": "NX-18"}).status_code == 302
    early = {"early": "on", "why": "both halves are posted together"}
    assert pharmacist.post(f"{made.kits}hand-out/", {"code": again.code, **early}).status_code == 302
    made.kept.at(FIRST + 2 * HALF, 13)
    late = pharmacist.post(f"{made.kits}replace/", {**sent, "code": first})
    assert "MOD-SUPPLY-32" in text(late)
    assert "MOD-SUPPLY-36" in text(late)
