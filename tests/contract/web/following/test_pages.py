"""The pages on which a trial is followed: what they show, what they refuse, and what is told to the store."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic_databases import on_both
from clinic_people import PASSWORD
from modicum.services.following import Need, known_of, overrides_of
from modicum.web.accounts.models import Person
from modicum.web.clinic.following.marking import mark_all
from modicum.web.clinic.following.words import need_said
from modicum.web.clinic.models import Marked
from modicum.web.stories import _told

MOST_QUERIES = 20


def heading(answer):
    return re.sub(r"<[^>]+>|\s+", " ", re.search(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL)[1]).strip()


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def kinds(trial):
    return [event.kind for event in trial.story().beside if event.kind not in ("invited", "joined")]


@on_both
def test_the_worklist_names_who_needs_what_and_leads_there(trial, prescriber, address):
    answer = prescriber.get("/")
    assert heading(answer) == "One person needs you today."
    assert "Decision taken: go on to the next period" in text(answer)
    assert address("review/4/") in answer.content.decode()
    assert "14 of the last 14 evenings are in" in answer.content.decode()


def test_the_most_urgent_comes_first_and_the_rest_stands_below(trial, prescriber, address):
    trial.evening(45, side_effects={"headache": 3}, medications=["co-codamol"])
    trial.at(46, 9)
    said = text(prescriber.get("/"))
    places = [said.index(words) for words in ("does not go with the capsules: co-codamol", "Also: Severe", "Also: Dec")]
    assert places == sorted(places)
    assert address("resume/") in prescriber.get("/").content.decode()


def test_evenings_that_stay_away_are_told_after_two_days_until_somebody_has_taken_note(trial, prescriber, address):
    prescriber.post(address("review/4/"), {"decision": "accept"})
    trial.at(46, 13)
    assert heading(prescriber.get("/")) == "Nobody needs you today."
    trial.at(47, 13)
    assert "No diary for two days" in text(prescriber.get("/"))
    shown = trial.story().sequence
    assert prescriber.post(address("noted/"), {"shown": shown}).status_code == 302
    assert heading(prescriber.get("/")) == "Nobody needs you today."
    trial.at(49, 13)
    assert "No diary for two days" in text(prescriber.get("/"))
    assert kinds(trial).count("noted") == 1


@pytest.mark.parametrize("shown", ["", "x", "-1", "9" * 40])
def test_what_was_never_shown_is_not_noted(trial, prescriber, address, shown):
    assert prescriber.post(address("noted/"), {"shown": shown}).status_code == 302
    assert "noted" not in kinds(trial)


def test_what_came_after_the_page_was_shown_stays_on_the_list(trial, prescriber, address):
    trial.evening(45, side_effects={"dizziness": 1})
    shown = trial.story().sequence
    trial.evening(46, side_effects={"headache": 2})
    prescriber.post(address("noted/"), {"shown": shown})
    said = text(prescriber.get("/"))
    assert "New side effect: Headache" in said
    assert "Dizziness" not in said


def test_a_note_for_the_clinic_is_read_on_the_list_and_in_full_on_the_page(trial, prescriber, address):
    trial.evening(45, note="May I take it <b>later</b> on Friday? " + "x" * 200)
    assert "A note for the clinic" in text(prescriber.get("/"))
    shown = prescriber.get(address()).content.decode()
    assert "May I take it &lt;b&gt;later&lt;/b&gt; on Friday? " + "x" * 200 in shown
    assert "Noted, nothing more to do" in shown
    prescriber.post(address("noted/"), {"shown": trial.story().sequence})
    assert "A note for the clinic" not in text(prescriber.get("/"))
    assert "Notes for the clinic" in text(prescriber.get(address()))


def test_who_has_left_is_to_be_rung(trial, prescriber, address):
    trial.evening(45, leaves=True)
    assert "The person has left" in text(prescriber.get("/"))
    assert "an opioid dose that was taken before can be dangerous" in text(prescriber.get(address()))
    assert "Noted, nothing more to do" in text(prescriber.get(address()))


def test_of_a_kit_that_was_not_ordered_the_pharmacy_is_not_said_to_know():
    assert need_said(Need("kit", day=42)).what == "A kit is due and was not ordered"
    assert "does not know of it" in need_said(Need("kit", day=42)).why
    assert "The pharmacy knows of it." in need_said(Need("kit", day=42, said="ordered")).why


def test_many_new_side_effects_are_counted_first_and_named_below(trial, prescriber, address):
    trial.evening(45, side_effects={"dizziness": 1, "headache": 2})
    said = text(prescriber.get(address()))
    assert "New side effect: Headache, Dizziness" in said
    trial.evening(46, side_effects={"gut_upset": 1})
    said = text(prescriber.get(address()))
    assert "Three new side effects" in said
    assert "Headache; Nausea, loose stools or stomach ache; Dizziness. At most troublesome, the newest first" in said


def test_the_page_on_a_person_shows_the_diary_by_periods_and_no_mean(trial, prescriber, address):
    answer = prescriber.get(address())
    said = text(answer)
    assert "42 of 45" in said
    assert "28 of 28 answers" in said
    assert "Period 1" in said
    assert "dose-" not in answer.content.decode()
    assert "placebo" not in said.lower()


def test_a_page_of_a_trial_takes_few_queries(trial, prescriber, address):
    for page in ("/", address(), address("review/4/"), address("stop/"), address("record/"), address("sheet/")):
        prescriber.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert prescriber.get(page).status_code == 200
        assert len(asked) <= MOST_QUERIES, (page, len(asked))


def test_an_accepted_decision_leaves_the_list_and_is_told_once(trial, prescriber, address, world):
    page = address("review/4/")
    assert "is over, and no rule ends the phase" in text(prescriber.get(page))
    for _ in range(2):
        assert prescriber.post(page, {"decision": "accept"})["Location"] == address()
    assert kinds(trial) == ["accepted"]
    assert heading(prescriber.get("/")) == "Nobody needs you today."
    assert "Accepted by Dr Prescriber" in text(prescriber.get(page))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose one of these."),
        ({"decision": "wait"}, "Select a valid choice."),
        ({"decision": "stop"}, "Say why this decision is not followed."),
        ({"decision": "hold", "reason": "  "}, "Say why this decision is not followed."),
        ({"decision": "hold", "reason": "x" * 401}, "at most 400 characters"),
    ],
)
def test_an_answer_that_is_not_whole_is_asked_again_and_tells_nothing(trial, prescriber, address, sent, said):
    answer = prescriber.post(address("review/4/"), sent)
    assert answer.status_code == 200
    assert said in text(answer)
    assert kinds(trial) == []


def test_an_override_that_holds_keeps_its_reason_and_the_first_answer_counts(trial, prescriber, address):
    page = address("review/4/")
    prescriber.post(page, {"decision": "hold", "reason": "a fever since Monday"})
    prescriber.post(page, {"decision": "accept"})
    story = trial.story()
    assert story.held == ("a fever since Monday",)
    assert known_of(story).responses[4].how == "hold"
    assert [(one.what, one.number, one.reason) for one in overrides_of(story)] == [("hold", 4, "a fever since Monday")]
    assert "Capsules are on hold" in text(prescriber.get("/"))


def test_a_decision_that_nobody_answered_has_gone_its_way_once_the_next_is_taken(trial, prescriber, address):
    assert "went its agreed way" in text(prescriber.get(address("review/3/")))
    assert prescriber.post(address("review/3/"), {"decision": "stop", "reason": "late"}).status_code == 409
    assert kinds(trial) == []


@pytest.mark.parametrize("number", ["0", "5", "99999999999999999999"])
def test_a_decision_that_is_not_there_is_missing(trial, prescriber, address, number):
    assert prescriber.get(address(f"review/{number}/")).status_code == 404


def test_a_trial_is_stopped_with_a_reason_and_says_so(trial, prescriber, address):
    assert "After stopping, opioid doses" in text(prescriber.get(address("stop/")))
    assert prescriber.post(address("stop/"), {"reason": ""}).status_code == 200
    assert kinds(trial) == []
    assert prescriber.post(address("stop/"), {"reason": "an operation"})["Location"] == address()
    story = trial.story()
    assert story.stopped.reason == "an operation"
    assert "Stopped by staff: an operation" in text(prescriber.get(address()))
    assert prescriber.get(address("stop/")).status_code == 302
    assert prescriber.post(address("review/4/"), {"decision": "accept"}).status_code == 409
    assert kinds(trial) == ["stopped"]


def seen(answer):
    """What a page on the end of a hold has shown, as its form carries it."""
    return re.search(r'name="seen" value="(\w*)"', answer.content.decode())[1]


def resumed(client, address, reason):
    return client.post(address("resume/"), {"reason": reason, "seen": seen(client.get(address("resume/")))})


def test_a_hold_that_came_after_the_page_was_shown_is_not_ended_by_it(trial, prescriber, address):
    trial.evening(45, medications=["co-codamol"])
    shown = seen(prescriber.get(address("resume/")))
    trial.evening(46, medications=["tramadol"])
    answer = prescriber.post(address("resume/"), {"reason": "it was her sister's", "seen": shown})
    assert answer.status_code == 200
    assert "has changed since this page was shown" in text(answer)
    assert "Held by the screening: co-codamol, tramadol" in text(answer)
    assert trial.story().halted == ("co-codamol", "tramadol")
    sent = {"reason": "both were her sister's", "seen": seen(answer)}
    assert prescriber.post(address("resume/"), sent).status_code == 302
    assert trial.story().halted == ()


def test_a_hold_is_ended_in_three_presses(trial, prescriber, address):
    trial.evening(45, medications=["co-codamol"])
    assert trial.story().halted == ("co-codamol",)
    assert address("resume/") in prescriber.get("/").content.decode()  # one: on the list
    assert resumed(prescriber, address, "").status_code == 200
    assert resumed(prescriber, address, "taken by her sister").status_code == 302  # and one there
    assert trial.story().halted == ()
    assert prescriber.get(address("resume/")).status_code == 302
    assert kinds(trial) == ["screened", "resumed"]


def test_a_hold_of_staff_is_told_once_and_ended(trial, prescriber, address):
    for _ in range(2):
        prescriber.post(address("hold/"), {"reason": "before an operation"})
    assert trial.story().held == ("before an operation",)
    resumed(prescriber, address, "over")
    assert trial.story().held == ()
    assert kinds(trial) == ["held", "resumed"]


def logged_in_again(client, page):
    """Say again who one is, and come back."""
    return client.post(client.get(page)["Location"], {"password": PASSWORD})


@on_both
def test_an_emergency_opens_one_order_after_a_password_and_a_reason_and_is_recorded_first(trial, prescriber, address):
    page = address("emergency/")
    assert prescriber.get(page)["Location"].startswith("/accounts/reauthenticate/")
    assert logged_in_again(prescriber, page)["Location"] == page
    assert prescriber.post(page, {"reason": ""}).status_code == 200
    assert kinds(trial) == []
    answer = prescriber.post(page, {"reason": "found unconscious"})
    assert re.match(r"The last capsule held: (placebo|naltrexone hydrochloride, [\d.]+ mg)$", heading(answer))
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    (event,) = [one for one in trial.story().beside if one.kind == "opened"]
    assert (event.said["path"], event.said["who"], event.said["why"]) == (
        "emergency",
        "Dr Prescriber",
        "found unconscious",
    )
    assert event.actor == f"staff:{prescriber.session['_auth_user_id']}"
    for elsewhere in (address(), address("record/"), "/"):
        assert "placebo" not in text(prescriber.get(elsewhere)).lower()
    assert "opened in an emergency" in text(prescriber.get("/"))
    assert "The reviews stay blinded" in text(prescriber.get(address()))


@pytest.mark.parametrize("name", ["Dr\N{NO-BREAK SPACE}Okafor", "Dr O\N{SOFT HYPHEN}kafor", "Dr\nOkafor"])
def test_nobodys_name_or_pasted_reason_keeps_her_from_an_emergency(trial, world, address, name):
    Person.objects.filter(pk=world.people["prescriber"].pk).update(name=name)
    client, page = world.client("prescriber"), address("emergency/")
    logged_in_again(client, page)
    answer = client.post(page, {"reason": "found\N{NO-BREAK SPACE}uncon\N{SOFT HYPHEN}scious"})
    assert heading(answer).startswith("The last capsule held")
    (event,) = [one for one in trial.story().beside if one.kind == "opened"]
    assert event.said["why"] == "found unconscious"
    assert event.said["who"] == "Dr Okafor"


def test_a_reason_that_was_typed_before_the_password_was_asked_is_not_lost(trial, prescriber, address):
    page = address("emergency/")
    where = prescriber.post(page, {"reason": "found unconscious"})["Location"]
    assert where.startswith("/accounts/reauthenticate/")
    assert kinds(trial) == []
    assert prescriber.post(where, {"password": "not hers"}).status_code == 200
    assert kinds(trial) == []
    assert heading(prescriber.post(where, {"password": PASSWORD})).startswith("The last capsule held")
    assert [one.said["why"] for one in trial.story().beside if one.kind == "opened"] == ["found unconscious"]


def test_where_the_key_is_elsewhere_the_page_says_with_whom_and_takes_its_file(trial, prescriber, address, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    page, key = address("emergency/"), tmp_path / "data" / "keys" / "emergency.key"
    content, other = key.read_bytes(), (tmp_path / "data" / "keys" / "review.key").read_bytes()
    key.unlink()
    (key.parent / "emergency.holder").write_text("Quay Pharmacy, 020 7946 0001\n", encoding="utf-8")
    logged_in_again(prescriber, page)
    assert "It is with: Quay Pharmacy, 020 7946 0001" in text(prescriber.get(page))
    sent = {"reason": "a fall", "key": SimpleUploadedFile("k", other)}
    assert "MOD-ALLOC-12" in text(prescriber.post(page, sent))
    assert "opened" not in kinds(trial)
    found = prescriber.post(page, {"reason": "a fall", "key": SimpleUploadedFile("k", content)})
    assert heading(found).startswith("The last capsule held")
    assert not key.exists()


def test_the_paper_sheet_holds_the_sealed_file_and_no_arm(trial, prescriber, address, tmp_path):
    import base64
    import json

    import pyrage

    from modicum.allocation.keys import read_identity
    from modicum.web.clinic.following.sheet import parts_of, sealed_file
    from modicum.web.trials import allocation_of

    answer = prescriber.get(address("sheet/"))
    sealed = (allocation_of(trial.participant.trial) / "sealed" / "emergency.age").read_bytes()
    assert sealed_file("order", sealed).codes[0].drawing in answer.content.decode()
    codes = sealed_file("order", sealed).codes
    captions = re.findall(r"<figcaption>(.*?)<br>(.*?)</figcaption>", answer.content.decode())
    assert [where for _, where in captions] == [f"order.txt: {one.number} / {len(codes)}" for one in codes]
    assert all(f"No. {trial.participant.label}, " in whose for whose, _ in captions), "a sheet that is dropped is found"
    assert "placebo" not in text(answer).lower()
    key = tmp_path / "data" / "keys" / "emergency.key"
    opened = pyrage.decrypt(base64.b64decode("".join(parts_of(sealed))), [read_identity(key.read_bytes(), "key")])
    assert json.loads(opened)["places"][0]["phase"] == "titration"


def test_the_record_tells_who_said_what_and_goes_further_back(trial, prescriber, address):
    prescriber.post(address("hold/"), {"reason": "a reason of one's own"})
    said = text(prescriber.get(address("record/")))
    assert "Capsules were held" in said
    assert "Dr Prescriber" in said
    assert "a reason of one" in said
    trial.evening(45, guess=0.87, guess_reason="benefit")
    assert "0.87" not in text(prescriber.get(address("record/")))
    trial.evenings(*range(46, 110))
    first = prescriber.get(address("record/"))
    before = re.search(r"\?before=(\d+)", first.content.decode())[1]
    assert "The trial began" in text(prescriber.get(address(f"record/?before={before}")))
    assert prescriber.get(address("record/?before=x")).status_code == 200


def test_before_a_trial_begins_its_pages_lead_to_its_person(world, tmp_path):
    client = world.client("prescriber")
    base = f"/clinic/people/{world.ines.pk}/"
    for page in ("review/1/", "stop/", "hold/", "resume/", "emergency/", "sheet/", "record/", "re-challenge/"):
        assert client.get(base + page)["Location"] == base
    assert client.get(f"/clinic/people/{uuid.uuid4()}/stop/").status_code == 404


def test_marks_that_were_thrown_away_are_made_again_alike(trial, prescriber):
    trial.evening(45, side_effects={"headache": 2})
    mark_all()
    before = prescriber.get("/").content
    kept = dict(Marked.objects.values_list("trial", "content"))
    Marked.objects.all().delete()
    _told.clear()
    assert mark_all() > 0
    assert dict(Marked.objects.values_list("trial", "content")) == kept
    assert mark_all() == 0
    assert strip(prescriber.get("/").content) == strip(before)


def strip(page):
    return re.sub(rb'csrfmiddlewaretoken" value="[^"]*"', b"", page)


def test_marks_of_another_version_are_made_again(trial, prescriber):
    prescriber.get("/")
    kept = dict(Marked.objects.values_list("trial", "content"))
    Marked.objects.update(content='{"schema": "modicum.marks/0"}')
    assert "Decision taken" in text(prescriber.get("/"))
    assert dict(Marked.objects.values_list("trial", "content")) == kept
