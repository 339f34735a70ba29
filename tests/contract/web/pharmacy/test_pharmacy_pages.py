"""The pharmacist's pages: from an order to the last capsule, with a key that the clinic holds or that she brings."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from clinic_databases import on_both
from clinic_people import PASSWORD, member
from contract.web.pharmacy.made_kits import LOTS, begin, make_kits, order_kits
from modicum.services.diary.openings import OPENED
from modicum.services.dispensing.supplies import KINDS
from modicum.services.following.acting import end_trial
from modicum.supply.codes import say_code
from modicum.web import trials
from modicum.web.accounts import staff
from modicum.web.accounts.models import Membership, Participant, Person, Role, Site
from modicum.web.accounts.rules import may
from modicum.web.accounts.selectors import participants_visible_to, supplies_visible_to
from modicum.web.accounts.staff import RoleRefused
from modicum.web.clinic.following.marking import mark_all
from modicum.web.clock import now
from modicum.web.pharmacy.supplies import supplies_of
from modicum.web.stories import STORE, story_of
from waiting_trials import place

AMBER = re.compile(r"f-dose-|f-placebo|dose-soft")


def after(life):
    """A clinic that has lived so, and the name of its trial."""

    @pytest.fixture
    def lived_so(world, lived):
        with place(lived(life)):
            world.trial = world.ines.trial
            yield world

    return lived_so


clinic, ordered, made = after(begin), after(order_kits), after(make_kits)


def pharmacist_of(world):
    """The browser of the pharmacist, who has just said again who she is."""
    client = world.client("pharmacist")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def write_lots(world):
    return pharmacist_of(world).post(at(world, "made/?batch=titration"), {"lots": LOTS})


def at(world, path=""):
    return f"/pharmacy/{world.ines.pk}/{path}"


def openings(world):
    return [event for event in STORE.events_of(world.trial) if event.kind == OPENED]


def codes(world):
    return list(supplies_of(world.trial).kits)


def text(answer):
    return answer.content.decode()


@on_both
def test_from_the_order_to_the_return(clinic):
    order = f"/clinic/people/{clinic.ines.pk}/order/"
    prescriber, pharmacist = clinic.client("prescriber"), pharmacist_of(clinic)
    assert "Which kits is the pharmacy to make?" in text(prescriber.get(order))
    assert prescriber.post(order, {"batches": ["titration"]}).status_code == 302
    assert "Six kits wait to be made." in text(pharmacist.get("/pharmacy/"))
    assert write_lots(clinic).status_code == 302
    code = codes(clinic)[0]
    assert pharmacist.post(at(clinic, "hand-out/"), {"code": f"KIT {code}"}).status_code == 302
    assert "With the patient" in text(pharmacist.get(at(clinic)))
    assert pharmacist.post(at(clinic, "come-back/"), {"code": code, "left": "3"}).status_code == 302
    assert "Returned, 3 left" in text(pharmacist.get(at(clinic)))
    assert "13 used of 14 planned, 3 left" in text(pharmacist.get(at(clinic)))
    assert "All 96 capsules are accounted for." in text(pharmacist.get("/pharmacy/counts/"))
    told = [(event.kind, event.actor) for event in STORE.events_of(clinic.trial) if event.kind in KINDS]
    by = {name: f"staff:{clinic.people[name].pk}" for name in ("prescriber", "pharmacist")}
    assert told == [
        *[("ordered", by["prescriber"])] * 6,
        *[("prepared", by["pharmacist"])] * 6,
        ("dispensed", by["pharmacist"]),
        ("returned", by["pharmacist"]),
    ]
    shown = text(prescriber.get(order))
    assert "Returned" in shown
    assert "3 left" not in shown, "how much came back is for the pharmacist"
    record = text(prescriber.get(f"/clinic/people/{clinic.ines.pk}/record/"))
    for name in ("left", "lots"):
        assert f"&quot;{name}&quot;: &quot;…&quot;" in record
    assert "NX-17" not in record, "a lot may tell what a kit holds"


def test_the_key_that_the_clinic_holds_opens_the_batch_on_the_record_each_time(made):
    pharmacist = pharmacist_of(made)
    asked = text(pharmacist.get(at(made, "open/?batch=titration")))
    assert "The clinic holds the pharmacist" in asked
    assert (AMBER.search(asked), openings(made)) == (None, [])
    shown = pharmacist.post(at(made, "open/?batch=titration"), {"what": "page"})
    assert AMBER.search(text(shown))
    assert "no-store" in shown["Cache-Control"]
    assert sorted(re.findall(r"</svg>([^<]+)</td>", text(shown))) == sorted(
        [
            "0.5 mg",
            "1.5 mg",
            "3 mg",
            "4.5 mg",
            "placebo",
            "placebo",
        ]
    )
    (event,) = openings(made)
    assert event.actor == f"staff:{made.people['pharmacist'].pk}"
    assert (event.said["path"], event.said["key"], event.said["who"]) == ("supply", "pharmacist", "Dr Pharmacist")
    sheet = pharmacist.post(at(made, "open/?batch=titration"), {"what": "sheet"})
    assert (sheet["Content-Type"], sheet.content[:5]) == ("application/pdf", b"%PDF-")
    assert len(openings(made)) == 2


def test_a_name_with_blanks_that_do_not_break_keeps_no_batch_shut(made):
    Site.objects.filter(pk=made.harbour.pk).update(pharmacy="Quay\N{NO-BREAK SPACE}Pharmacy")
    Person.objects.filter(pk=made.people["pharmacist"].pk).update(name="Dr\N{NO-BREAK SPACE}Lim")
    sheet = pharmacist_of(made).post(at(made, "open/?batch=titration"), {"what": "sheet"})
    assert sheet["Content-Type"] == "application/pdf"


def test_who_has_not_just_said_who_she_is_is_asked_before_a_seal_is_opened(made):
    client, where = made.client("pharmacist"), at(made, "open/?batch=titration")
    for answer in (client.get(where), client.post(where, {"what": "page"})):
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert openings(made) == []
    wrong = client.post(client.get(where).headers["Location"], {"password": "not hers"})
    assert (wrong.status_code, openings(made)) == (200, [])
    assert client.post(client.get(where).headers["Location"], {"password": PASSWORD}).headers["Location"] == where
    assert AMBER.search(text(client.post(where, {"what": "page"})))
    assert client.get(at(made, "labels/?batch=titration"))["Content-Type"] == "application/pdf"


def test_labels_need_no_key_and_open_nothing(made):
    with override_settings(MODICUM_KEYS=made.trial):
        answer = pharmacist_of(made).get(at(made, "labels/?batch=titration"))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert openings(made) == []


def test_a_key_that_the_pharmacist_alone_holds_is_brought_and_kept_nowhere(ordered, tmp_path):
    secret = trials.key_of("pharmacist").read_bytes()
    wrong = trials.key_of("emergency").read_bytes()
    trials.key_of("pharmacist").unlink()
    pharmacist, where = pharmacist_of(ordered), at(ordered, "open/?batch=titration")
    assert 'type="file"' in text(pharmacist.get(where))

    def bring(content):
        named = {"key": SimpleUploadedFile("pharmacist.key", content)} if content is not None else {}
        return text(pharmacist.post(where, {"what": "page", **named}))

    for content, code in ((wrong, "MOD-ALLOC-12"), (b"no key at all", "MOD-ALLOC-10"), (b"\xff\xfe", "MOD-ALLOC-10")):
        refused = bring(content)
        assert code in refused
        assert AMBER.search(refused) is None
    assert AMBER.search(bring(None)) is None
    assert "too large" in bring(secret * 200)
    assert openings(ordered) == [], "nothing was opened, so nothing is told"
    assert AMBER.search(bring(secret))
    assert len(openings(ordered)) == 1
    line = next(line for line in secret.splitlines() if line.startswith(b"AGE-SECRET"))
    assert [path for path in tmp_path.rglob("*") if path.is_file() and line in path.read_bytes()] == []


@pytest.mark.parametrize(
    ("path", "sent", "code"),
    [
        ("hand-out/", {"code": "ZZZ ZZZ"}, "MOD-SUPPLY-19"),
        ("hand-out/", {"code": "other"}, "MOD-SUPPLY-24"),
        ("hand-out/", {"code": "twice"}, "MOD-SUPPLY-26"),
        ("come-back/", {"code": "out", "left": "17"}, "MOD-SUPPLY-18"),
        ("come-back/", {"code": "unused", "left": "1"}, "MOD-SUPPLY-27"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_typed_is_lost(made, path, sent, code):
    pharmacist = pharmacist_of(made)
    first, second = codes(made)[:2]
    assert pharmacist.post(at(made, "hand-out/"), {"code": first}).status_code == 302
    known = {"twice": first, "out": first, "unused": second, "other": "7KQ4X" + "RSTVWXYZ23456789BCDFGHJKMNPQ"[0]}
    if sent["code"] == "other":
        from modicum.supply.codes import LETTERS, check_code

        known["other"] = next(
            typed for letter in LETTERS if check_code(typed := f"7KQ4X{letter}")[1] is None and typed not in codes(made)
        )
    typed = {**sent, "code": known.get(sent["code"], sent["code"])}
    before = len(STORE.events_of(made.trial))
    answer = pharmacist.post(at(made, path), typed)
    assert answer.status_code == 200
    assert code in text(answer)
    assert f'value="{typed["code"]}"' in text(answer)
    assert len(STORE.events_of(made.trial)) == before


@on_both
def test_a_wrong_count_is_corrected_with_a_reason_and_both_stay_on_the_record(made):
    pharmacist, code = pharmacist_of(made), codes(made)[0]
    pharmacist.post(at(made, "hand-out/"), {"code": code})
    assert "Correct a count" not in text(pharmacist.get(at(made)))
    pharmacist.post(at(made, "come-back/"), {"code": code, "left": "3"})
    assert "Correct a count" in text(pharmacist.get(at(made)))
    assert "MOD-SUPPLY-28" in text(pharmacist.post(at(made, "come-back/"), {"code": code, "left": "4", "why": " "}))
    assert "MOD-SUPPLY-18" in text(pharmacist.post(at(made, "come-back/"), {"code": code, "left": "17", "why": "x"}))
    assert supplies_of(made.trial).kits[code].left == 3
    for left, why in (("4", "one stuck to the lid"), ("5", "and another")):
        sent = {"code": code, "left": left, "why": why}
        assert pharmacist.post(at(made, "come-back/"), sent).status_code == 302
    kit = supplies_of(made.trial).kits[code]
    assert (kit.left, kit.counts, kit.with_patient) == (5, 3, False)
    told = [event for event in STORE.events_of(made.trial) if event.kind == "returned"]
    assert [(event.said["left"], event.said.get("why")) for event in told] == [
        (3, None),
        (4, "one stuck to the lid"),
        (5, "and another"),
    ]
    assert "11 used of 14 planned, 5 left" in text(pharmacist.get(at(made)))


def test_a_recall_is_on_the_first_page_until_the_kit_is_back(made):
    pharmacist = pharmacist_of(made)
    code = codes(made)[0]
    pharmacist.post(at(made, "hand-out/"), {"code": code})
    unknown = pharmacist.post("/pharmacy/recall/", {"lot": "NX-18", "why": "contaminated"})
    assert "MOD-SUPPLY-29" in text(unknown)
    assert pharmacist.post("/pharmacy/recall/", {"lot": "nx-17", "why": "contaminated"}).status_code == 302
    assert "One patient has to be told today." in text(pharmacist.get("/pharmacy/recall/"))
    assert "Dr Prescriber rings; the diary says so too" in text(pharmacist.get("/pharmacy/recall/"))
    assert "One patient has a kit that was recalled." in text(pharmacist.get("/pharmacy/"))
    assert "Recalled: not to be taken" in text(made.client("prescriber").get(f"/clinic/people/{made.ines.pk}/order/"))
    today = text(made.client("prescriber").get("/"))
    assert f"A kit was recalled: {say_code(code)}" in today
    assert f'href="/clinic/people/{made.ines.pk}/order/"' in today
    kinds = [event.kind for event in STORE.events_of(f"site:{made.harbour.pk}")]
    assert "recalled" in kinds
    pharmacist.post(at(made, "come-back/"), {"code": code, "left": "10"})
    assert "No patient has a kit of a lot that was recalled." in text(pharmacist.get("/pharmacy/recall/"))
    assert "A kit was recalled" not in text(made.client("prescriber").get("/"))


def test_the_pharmacist_knows_the_patient_by_number_alone_and_no_diary(made):
    pharmacist = pharmacist_of(made)
    pharmacist.post(at(made, "hand-out/"), {"code": codes(made)[0]})
    pages = ("", "open/?batch=titration", "made/?batch=titration", "hand-out/", "come-back/")
    read = [text(pharmacist.get(at(made, page))) for page in pages]
    read += [text(pharmacist.get(f"/pharmacy/{page}")) for page in ("", "counts/", "recall/")]
    read.append(text(pharmacist.post(at(made, "open/?batch=titration"), {"what": "page"})))
    for page in read:
        assert "Halloran" not in page
        assert "HALLORAN" not in page
        assert "pain" not in page.lower()
    assert all("no. 0001" in page.lower() for page in read if page != read[7])
    assert "0001" not in read[7], "a recall names those whom it concerns"


def test_no_page_but_the_opened_one_has_amber(made):
    prescriber, pharmacist = made.client("prescriber"), pharmacist_of(made)
    pages = [pharmacist.get(at(made, page)) for page in ("", "open/?batch=titration", "made/?batch=titration")]
    pages += [pharmacist.get("/pharmacy/"), prescriber.get(f"/clinic/people/{made.ines.pk}/order/")]
    assert [page.request["PATH_INFO"] for page in pages if AMBER.search(text(page))] == []


def test_few_queries_however_many_patients_there_are(made):
    pharmacist = pharmacist_of(made)
    for path in ("/pharmacy/", "/pharmacy/counts/", "/pharmacy/recall/", at(made)):
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert pharmacist.get(path).status_code == 200
        assert len(found) <= 20, (path, len(found))


def test_an_order_of_what_no_list_offers_is_refused(clinic):
    order = f"/clinic/people/{clinic.ines.pk}/order/"
    for batches in ([], ["confirmation 1"], ["nothing"]):
        answer = clinic.client("prescriber").post(order, {"batches": batches})
        assert answer.status_code == 200
    assert supplies_of(clinic.trial).kits == {}


@on_both
def test_nobody_holds_both_sides_of_one_trial_whatever_the_sites(clinic):
    """By the database at one site, by what may be seen of one trial, and by what was opened before."""
    prescriber, pharmacist = clinic.people["prescriber"], clinic.people["pharmacist"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=prescriber, site=clinic.harbour, role=Role.PHARMACIST)
    Membership.objects.create(person=prescriber, site=clinic.quay, role=Role.PHARMACIST)
    Participant.objects.filter(pk=clinic.jonas.pk).update(prescriber=prescriber)
    moved = Participant.objects.get(pk=clinic.jonas.pk)
    prescriber = Person.objects.get(pk=prescriber.pk)
    assert not supplies_visible_to(prescriber).filter(pk=moved.pk).exists()
    assert not may(prescriber, "see_kits", moved)
    assert not set(supplies_visible_to(prescriber)) & set(participants_visible_to(prescriber))
    clinic.client("prescriber").post(f"/clinic/people/{clinic.ines.pk}/order/", {"batches": ["titration"]})
    pharmacist_of(clinic).post(at(clinic, "open/?batch=titration"), {"what": "page"})
    assert len(openings(clinic)) == 1
    staff.take_role(Membership.objects.get(person=pharmacist, role=Role.PHARMACIST), by=clinic.people["operator"])
    with pytest.raises(RoleRefused, match="opened"):
        staff.give_role(person=pharmacist, site=clinic.harbour, role=Role.PRESCRIBER, by=None)
    with pytest.raises(RoleRefused, match="opened"):
        staff.give_role(person=pharmacist, site=clinic.harbour, role=Role.ANALYST, by=None)
    staff.give_role(person=pharmacist, site=clinic.quay, role=Role.PRESCRIBER, by=None)


def test_who_has_followed_a_trial_as_a_second_prescriber_never_opens_it_as_pharmacist(clinic):
    second = clinic.people["second"] = member("second", clinic.harbour, Role.PRESCRIBER)
    assert clinic.client("second").get(f"/clinic/people/{clinic.ines.pk}/").status_code == 200
    take, give = Membership.objects.get(person=second), {"person": second, "site": clinic.harbour}
    clinic.client("second").post(f"/clinic/people/{clinic.ines.pk}/hold/", {"reason": "a fever"})
    staff.take_role(take, by=clinic.people["operator"])
    with pytest.raises(RoleRefused, match="followed"):
        staff.give_role(**give, role=Role.PHARMACIST, by=None)
    third = member("third", clinic.harbour, Role.PRESCRIBER)
    staff.take_role(Membership.objects.get(person=third), by=clinic.people["operator"])
    staff.give_role(person=third, site=clinic.harbour, role=Role.PHARMACIST, by=None)
    operator = clinic.people["operator"]
    assert clinic.client("operator").post(f"/clinic/phones/{clinic.phone.pk}/revoke/").status_code == 302
    staff.give_role(person=operator, site=clinic.harbour, role=Role.PHARMACIST, by=None)


def test_kits_of_a_trial_that_is_over_wait_for_nobody(made):
    pharmacist = pharmacist_of(made)
    assert "6 kits to hand out" in text(pharmacist.get("/pharmacy/"))
    story = story_of(made.ines.trial)
    end_trial(STORE, story, "has moved away", now=now(), actor="staff:test")
    mark_all()
    page = text(pharmacist.get("/pharmacy/"))
    assert "The trial is over: 6 kits are not needed" in page
    assert "to hand out" not in page
    own = text(pharmacist.get(at(made)))
    assert "The trial is over: 6 kits are not needed." in own
    assert "hand-out/" not in own
    answer = pharmacist.post(at(made, "hand-out/"), {"code": codes(made)[0]})
    assert "MOD-SUPPLY-32" in text(answer)
    assert "No kit of this patient waits to be handed out." in text(answer)
    assert not any(kit.with_patient for kit in supplies_of(made.trial).kits.values())


def test_for_a_trial_that_is_over_nothing_is_ordered_or_made(ordered):
    story = story_of(ordered.ines.trial)
    end_trial(STORE, story, "a rash", now=now(), actor="staff:test")
    order = f"/clinic/people/{ordered.ines.pk}/order/"
    prescriber = ordered.client("prescriber")
    assert "No further kits can be ordered now." in text(prescriber.get(order))
    assert "can be ordered once it has" not in text(prescriber.get(order))
    assert "MOD-SUPPLY-32" in text(write_lots(ordered))
    assert {kit.state for kit in supplies_of(ordered.trial).kits.values()} == {"ordered"}
