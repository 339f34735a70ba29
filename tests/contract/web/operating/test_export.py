"""The analyst's export: of persons who agreed, told to the record before it leaves, the same in both worlds."""

import datetime as dt
import hashlib
import io
import json
import zipfile

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from jsonschema import validate

import modicum
from clinic_databases import on_both
from clinic_people import member
from diary_fixtures import beginning, signer, written
from modicum.records.writing import diary_csv
from modicum.services.diary import begin, receive
from modicum.services.diary.story import ANSWERED
from modicum.services.documents import document_schema
from modicum.services.enrolling.enrolment import CHOSEN, CONSENTED
from modicum.services.revealing import REVEALED
from modicum.services.sharing import EXPORTED
from modicum.web.accounts import participants
from modicum.web.accounts.models import Membership, Participant, Role
from modicum.web.jobs import queue
from modicum.web.research import tasks
from modicum.web.research.tasks import archive_of
from modicum.web.store.appending import events_of
from modicum.web.stories import STORE

NOW = dt.datetime(2026, 4, 1, 20, tzinfo=dt.UTC)
START = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)


def enrolled(world, number, *, born=dt.date(1980, 1, 1), share=True, allocation=""):
    """Somebody whose trial has begun, with three evenings."""
    doctor = world.people["prescriber"]
    someone = participants.register(
        site=world.harbour, surname=f"Canary{number}", given="Secret", born=born, prescriber=doctor, by=doctor
    )
    tell(someone, CHOSEN, {"protocol_sha256": "0" * 64})
    tell(someone, CONSENTED, {"chosen": STORE.events_of(someone.trial)[-1].sequence, "share": share})
    begin(STORE, someone.trial, beginning(start=START, allocation=allocation), now=NOW, actor="test")
    return someone


def tell(someone, kind, content):
    STORE.append(trial=someone.trial, kind=kind, client_id=kind, content=content, actor="test", received_at=NOW)


def write(someone, folder, days=3, **more):
    for day in range(days):
        at = START + dt.timedelta(days=day, hours=20)
        entry = written(day, start=START, number=someone.trial, note="canary note", **more)
        receive(STORE, someone.trial, [entry], sent_at=at, now=at, actor="device:canary", signer=signer(folder))


def enrol_five(world, data):
    """Five who agreed, and one who did not."""
    people = [enrolled(world, number) for number in range(5)]
    people.append(enrolled(world, 5, share=False))
    for someone in people:
        write(someone, data)


@pytest.fixture
def data(lived):
    """The folder of a clinic with those five, and the one."""
    return lived(enrol_five)


@pytest.fixture
def five(world, data):
    with override_settings(MODICUM_DATA=data):
        yield list(Participant.objects.filter(site=world.harbour, surname__startswith="Canary").order_by("number"))


def ask(world, viewer="analyst", k=5):
    return world.client(viewer).post("/research/export/", {"k": k}).status_code


def told_exports(site):
    return [event for event in events_of(f"site:{site.pk}") if event.kind == EXPORTED]


def export(world):
    """The archive, made by the jobs."""
    assert ask(world) == 302
    queue.work_off(queue.DEFAULT)
    key = told_exports(world.harbour)[-1].said["export"]
    return world.client("analyst").get(f"/research/archive/?export={key}").content


def opened(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@on_both
def test_five_who_agreed_leave_and_the_record_says_so_first(world, five):
    page = world.client("analyst").get("/research/").content.decode()
    assert "Five trials can be exported." in page
    assert "pseudonymous, not anonymous" in page
    assert "5 of 6" in page
    content = export(world)
    said = told_exports(world.harbour)[-1]
    assert said.said["sha256"] == hashlib.sha256(content).hexdigest()
    assert said.said["trials"] == sorted(one.trial for one in five[:5])
    assert said.actor == f"staff:{world.people['analyst'].pk}"
    assert said.said["sha256"] in world.client("analyst").get("/research/").content.decode()


def test_nothing_of_a_person_is_in_it(world, five):
    text = "".join(opened(export(world)).values()).lower()
    secrets = ["canary", "secret", "2026-0", "1980", "device", world.harbour.name.lower(), "berlin"]
    secrets += [one.trial for one in five] + [str(one.pk) for one in five]
    assert [word for word in secrets if word in text] == []


def test_a_diary_that_leaves_can_be_analysed(world, five):
    diary = opened(export(world))["diaries/001.csv"]
    assert diary.splitlines()[0].startswith("day,pain,")
    assert "dose_mg" not in diary


@pytest.mark.parametrize(("k", "status"), [(5, 302), (6, 409), (4, 400), ("", 400), ("five", 400), (51, 400)])
def test_the_gate_is_never_below_five(world, five, k, status):
    assert ask(world, k=k) == status


def test_what_does_not_leave_is_not_told_as_if_it_had(world, five):
    assert ask(world) == 302
    Participant.objects.filter(pk=five[0].pk).update(site=world.quay, number=99)  # four are left when it is made
    queue.work_off(queue.DEFAULT)
    assert told_exports(world.harbour) == []
    assert "being made" not in world.client("analyst").get("/research/").content.decode()


def test_an_archive_is_for_who_asked_for_it_as_long_as_she_may_and_for_a_day(world, five, monkeypatch):
    assert ask(world) == 302
    assert "An archive is being made" in world.client("analyst").get("/research/").content.decode()
    queue.work_off(queue.DEFAULT)
    address = f"/research/archive/?export={told_exports(world.harbour)[-1].said['export']}"
    colleague = member("second analyst", world.harbour, Role.ANALYST)
    world.people["second analyst"] = colleague
    assert "Take the archive" not in world.client("second analyst").get("/research/").content.decode()
    assert world.client("second analyst").get(address).status_code == 404
    assert world.client("analyst").get(address).status_code == 200
    assert world.client("analyst").get("/research/archive/?export=../../receipt").status_code == 404
    assert oct(archive_of(address.partition("=")[2]).stat().st_mode)[-3:] == "600"
    held = Membership.objects.get(person=world.people["analyst"])
    Membership.objects.filter(pk=held.pk).update(site=world.quay)
    assert world.client("analyst").get(address).status_code == 404
    Membership.objects.filter(pk=held.pk).update(site=world.harbour)
    monkeypatch.setattr(tasks, "KEPT_SECONDS", 0.0)
    assert world.client("analyst").get(address).status_code == 404
    assert ask(world) == 302
    queue.work_off(queue.DEFAULT)
    assert not archive_of(address.partition("=")[2]).exists()


def test_somebody_of_another_age_is_withheld_and_counted(world, five, data):
    write(enrolled(world, 9, born=dt.date(1940, 1, 1)), data)
    manifest = json.loads(opened(export(world))["manifest.json"])
    assert (manifest["exported"], manifest["withheld"], manifest["agreed"]) == (5, 1, 6)
    assert "1 of 6" in world.client("analyst").get("/research/").content.decode()


def test_bytes_do_not_depend_on_what_was_drawn(world, tmp_path):
    """Two worlds: the same people and diaries, other allocations; only the names in the store differ in the record."""
    answers = []
    with override_settings(MODICUM_DATA=tmp_path):
        people = [enrolled(world, number, allocation="a" * 64) for number in range(5)]
        for someone in people:
            write(someone, tmp_path)
        answers.append(export(world))
        sealed = tmp_path / "allocations" / people[0].trial
        sealed.mkdir(parents=True)
        (sealed / "canary-arm").write_text("0.5 mg")
        (tmp_path / "answers" / people[0].trial).mkdir(parents=True)
        (tmp_path / "answers" / people[0].trial / "diary.csv").write_text("day,dose_mg,pain\n0,0.5,4\n")
        tell(people[0], ANSWERED, {"result": {"input_sha256": "canary", "doses": [{"dose_mg": 0.5}]}})
        answers.append(export(world))
    assert answers[0] == answers[1]  # answered, and not revealed


@pytest.fixture(scope="module")
def analysed():
    """A diary with doses, and what it shows."""
    found = modicum.analyse(
        modicum.read_diary(io.StringIO(EXAMPLE), outcomes=["pain"]), outcome="pain", better="lower", range=(0, 10)
    )
    return diary_csv(found.answer.diary), found.document


EXAMPLE = "time,dose_mg,pain\n" + "".join(
    f"2026-03-{2 + day:02d},{0.5 * (day >= 7)},{5 - (day >= 7) + day % 3}\n" for day in range(14)
)


def revealed(someone, data, diary, result):
    """A trial that was answered and revealed, its diary written down."""
    text = diary.encode()
    place = data / "answers" / someone.trial
    place.mkdir(parents=True)
    (place / "diary.csv").write_bytes(text)
    tell(someone, ANSWERED, {"result": {**result, "input_sha256": hashlib.sha256(text).hexdigest()}})
    tell(someone, REVEALED, {"schema": "modicum.revealed/1"})


def test_a_revealed_trial_leaves_with_doses_and_its_answer_and_without_dates(world, five, data, analysed):
    revealed(five[2], data, *analysed)
    files = opened(export(world))
    (result,) = [json.loads(text) for name, text in files.items() if name.startswith("results/")]
    number = next(name for name in files if name.startswith("results/"))[8:11]
    assert files[f"diaries/{number}.csv"].splitlines()[:2] == ["day,dose_mg,pain", "0,0,5"]
    assert "2026" not in files[f"diaries/{number}.csv"]
    assert result["doses"][0]["mean"] == analysed[1]["doses"][0]["mean"]
    assert result["input_sha256"] == ""
    manifest = json.loads(files["manifest.json"])
    assert [one["number"] for one in manifest["trials"] if one["revealed"]] == [number]
    validate(manifest, document_schema("export"))
    validate(result, document_schema("result"))


def test_a_diary_on_the_disk_that_is_not_the_one_that_was_answered_stays(world, five, data, analysed):
    revealed(five[2], data, *analysed)
    (data / "answers" / five[2].trial / "diary.csv").write_text("day,dose_mg,pain\n0,4.5,1\n")
    assert not any(name.startswith("results/") for name in opened(export(world)))


def test_an_analyst_of_one_site_sees_no_trial_of_another(world, five):
    analyst = world.people["analyst"]
    Membership.objects.filter(person=analyst).update(site=world.quay)
    page = world.client("analyst").get("/research/").content.decode()
    assert "No trial can be exported yet." in page
    assert ask(world) == 409


def test_the_page_asks_the_database_few_questions(world, five):
    client = world.client("analyst")
    client.get("/research/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/research/")
    assert len(asked) <= 20
