"""An answer is read, signed and only then revealed; what is shown is what the command line says, to the last digit."""

import hashlib
import io
import json
import re
import shutil
import zipfile
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from typer.testing import CliRunner

import modicum
from answered_trials import live
from modicum.cli.application import application
from modicum.records.chain import canonical, content_hash
from modicum.services.diary.reviewing import REVIEW_HOUR
from modicum.services.folders import read_records
from modicum.services.revealing import NotYetError, answered_story, ask_for_reveal, reveal, sign
from modicum.web import trials
from modicum.web.accounts.models import Participant
from modicum.web.clinic.answering.giving import answer_trial
from modicum.web.clinic.answering.tasks import read_opened
from modicum.web.jobs import queue
from modicum.web.stories import STORE
from waiting_trials import at, begun

OF_A_DOSE = re.compile(r"[\"' ][fs]-(?:dose-\d|dose-soft|placebo)|--dose|--placebo|class=\"best|placebo")


def command(*words):
    return CliRunner().invoke(application, list(words))


def signed(value):
    return re.sub(r"^[+-](0\.0)$", r"\1", f"{value:+.1f}")


def unpacked(room, folder):
    with zipfile.ZipFile(io.BytesIO(room.get("reveal/papers").content)) as archive:
        archive.extractall(folder)
        return folder / f"modicum-{room.person.label}", archive.namelist()


def test_the_answer_is_shown_before_the_signature_without_anything_of_a_dose_that_was_given(room):
    page = room.text("answer")
    result = room.closing.result
    assert result["verdict"]["sentence"] in page
    assert result["verdict"]["code"].startswith("works")
    assert "in 100" in page
    assert "Sign this answer" in page
    assert 'id="chart-effect"' in page
    assert 'id="chart-smallest"' in page
    assert "chart-diary" not in page
    assert not OF_A_DOSE.search(page), OF_A_DOSE.search(page)
    assert not OF_A_DOSE.search(room.text("reveal"))
    for name in ("report", "report/patient", "reveal/papers", "reveal"):
        assert room.get(name).headers["Location"] == room.address("answer"), name


def test_after_the_reveal_doses_have_their_colours_and_nothing_is_called_hidden(room):
    room.sign()
    person = room.address("answer").replace("answer/", "")
    assert "Averages by period stay hidden" in room.client.get(person).content.decode()
    room.reveal()
    assert "Averages by period" not in room.client.get(person).content.decode()
    for name in ("answer", "reveal"):
        assert OF_A_DOSE.search(room.text(name))


def test_after_the_reveal_every_review_shows_what_it_saw_and_decided_by_the_rules(room):
    assert "What each review saw" not in room.text("answer")
    room.sign()
    assert "What each review saw" not in room.text("reveal")
    room.reveal()
    page = room.text("reveal")
    assert "What each review saw" in page
    held = read_opened(room.trial).held
    rules = answered_story(STORE, room.trial)[0].begun.protocol.rules
    seen = [one for one in held if one.then]
    assert page.count('<th scope="row" class="nb">') == len(seen) >= 4
    for one in seen:
        likely = max(dose.p_mcid for dose in one.seen)
        if one.phase == "titration":
            assert (one.then == "leave for confirmation") == (likely > rules.titration.p_leave), one
        if one.then == "confirmed":
            taken = next(dose for dose in one.seen if dose.dose_mg == room.closing.result["doses"][0]["dose_mg"])
            assert taken.p_mcid >= rules.p_mcid
    assert f'<b class="num">{int(100 * seen[0].seen[0].p_mcid + 0.5)}</b>' in page


def test_what_a_review_saw_is_what_the_diary_of_that_morning_says(revealed):
    opened, story = read_opened(revealed.trial), answered_story(STORE, revealed.trial)[0]
    first = next(one for one in opened.held if one.then)
    morning = (first.last - opened.held[0].first).days + 1 + REVIEW_HOUR / 24
    names, *lines = opened.diary.splitlines()
    arrived = names.split(",").index("received_at")
    known = [line for line in lines if float(line.split(",")[arrived]) <= morning]
    assert len(known) < len(lines)
    text = "\n".join([names, *known])
    found = modicum.analyse(io.BytesIO(text.encode()), protocol=story.begun.protocol)
    said = {dose["dose_mg"]: dose for dose in found.document["doses"]}
    for dose in first.seen:
        assert said[dose.dose_mg]["p_mcid_given_effect"] == pytest.approx(dose.p_mcid, abs=1e-9)


def test_a_signature_asks_once_more_who_signs_and_is_of_this_result(room):
    asked = room.client.post(room.address("answer/sign"))
    assert asked.headers["Location"].startswith("/accounts/")
    assert room.closing.signed is None
    wrong = room.client.post(
        asked.headers["Location"], {"password": "not this one", "next": room.address("answer/sign")}
    )
    assert (wrong.status_code, room.closing.signed) == (200, None)
    assert room.sign().headers["Location"] == room.address("reveal")
    signed = room.closing.signed
    assert signed.actor == f"staff:{room.world.people['prescriber'].pk}"
    assert signed.said == {
        "schema": "modicum.signed/1",
        "result_sha256": content_hash(canonical(room.closing.result)),
    }
    page = room.text("answer")
    assert "Dr Prescriber" in page
    assert "Sign this answer" not in page
    assert not OF_A_DOSE.search(page)
    assert not OF_A_DOSE.search(room.text("reveal"))


def test_a_second_signature_changes_nothing(room):
    room.sign()
    kinds, head = room.kinds(), STORE.head()
    assert room.sign().headers["Location"] == room.address("reveal")
    sign(STORE, room.trial, room.closing, now=at(90), actor="staff:somebody")
    unsigned = room.closing.__class__(answered=room.closing.answered)  # as if both had looked at the same moment
    sign(STORE, room.trial, unsigned, now=at(91), actor="staff:somebody else")
    assert (room.kinds(), STORE.head()) == (kinds, head)


def test_an_answer_that_is_not_signed_is_not_revealed(room):
    assert room.client.post(room.address("reveal")).headers["Location"] == room.address("answer")
    queue.work_off(queue.SEALED)
    assert "revealed" not in room.kinds()
    assert not (trials.allocation_of(room.trial) / "revealed.json").exists()
    with pytest.raises(NotYetError, match="not signed"):
        ask_for_reveal(STORE, room.trial, room.closing, now=at(60), actor="test")
    folder, key = trials.allocation_of(room.trial), trials.key_of("review")
    records = read_records(folder)
    with pytest.raises(NotYetError, match="asked for"):
        reveal(STORE, room.trial, folder, key, now=at(60), randomness=bytes)
    assert read_records(folder) == records, "nothing was opened"


def test_the_order_is_opened_on_the_record_by_the_jobs_once(room):
    room.sign()
    assert room.client.post(room.address("reveal")).headers["Location"] == room.address("reveal")
    assert "The seal is being opened." in room.text("reveal")
    before = len(read_records(trials.allocation_of(room.trial)))
    room.client.post(room.address("reveal"))  # pressed twice, or by two
    queue.work_off(queue.SEALED)
    assert "The seal is intact." in room.text("reveal")
    told = [event for event in STORE.events_of(room.trial) if event.kind in ("signed", "revealed", "opened")]
    assert [event.kind for event in told][-3:] == ["signed", "revealed", "opened"]
    assert told[-2].said["signed"] == told[-3].hash
    assert (told[-1].said["path"], told[-1].actor) == ("final", f"staff:{room.world.people['prescriber'].pk}")
    assert len(read_records(trials.allocation_of(room.trial))) == before + 1
    room.reveal()
    assert room.kinds().count("revealed") == room.kinds().count("signed") == 1
    assert len(read_records(trials.allocation_of(room.trial))) == before + 1


def test_what_is_shown_of_every_period_is_what_the_papers_and_the_diary_say(revealed, tmp_path):
    page = revealed.text("reveal")
    shown = re.findall(r"</svg>([\d.]+ mg|placebo)</td>", page)
    lines = (revealed.answers / "diary.csv").read_text().splitlines()
    dose, phase = (lines[0].split(",").index(name) for name in ("dose_mg", "phase"))
    runs = []
    for cells in (line.split(",") for line in lines[1:]):
        if cells[phase] != "run-in":
            runs.append((cells[phase], "placebo" if float(cells[dose]) == 0 else f"{float(cells[dose]):g} mg"))
    periods = [runs[day] for day in range(0, len(runs), 3)]  # every period of this protocol lasts three days
    assert shown == [words for _, words in periods]
    papers = json.loads((trials.allocation_of(revealed.trial) / "revealed.json").read_text())
    drawn = [place["arm"] for place in papers["allocation"]["places"] if place["phase"] == "titration"]
    doses = ["placebo" if arm["dose_mg"] == 0 else f"{arm['dose_mg']:g} mg" for arm in drawn]
    assert [words for name, words in periods if name == "titration"] == doses[
        : len([1 for n, _ in periods if n == "titration"])
    ]
    assert "75 in 100" in page, "guesses stand beside"


def test_the_papers_hold_what_a_proof_needs_and_no_key_and_no_name(revealed, tmp_path):
    folder, names = unpacked(revealed, tmp_path / "papers")
    assert revealed.get("reveal/papers").content == revealed.get("reveal/papers").content
    assert not [name for name in names if "key" in name or "looks" in name]
    for one in folder.rglob("*"):
        content = one.read_bytes() if one.is_file() else b""
        for secret in (b"AGE-SECRET-KEY", b"Halloran", b"Ines"):
            assert secret not in content, one
    fingerprint = re.search(r"--fingerprint ([0-9a-f]{64})", (folder / "README.txt").read_text())[1]
    verified = command("verify", "--dir", str(folder / "allocation"), "--fingerprint", fingerprint, "--json")
    assert (verified.exit_code, json.loads(verified.stdout)["result"]) == (0, "sound")
    assert json.loads(verified.stdout)["revealed"]


def test_the_command_line_says_of_the_papers_what_the_page_says_to_the_last_digit(revealed, tmp_path):
    folder, _ = unpacked(revealed, tmp_path / "papers")
    protocol = str(folder / "allocation" / "protocol.toml")
    run = command("analyse", str(folder / "diary.csv"), "--protocol", protocol, "--json")
    said = json.loads(run.stdout)
    assert said == revealed.closing.result == json.loads((folder / "result.json").read_text())
    assert said["input_sha256"] == hashlib.sha256((folder / "diary.csv").read_bytes()).hexdigest()
    page = revealed.text("answer")
    assert said["verdict"]["sentence"] in page
    for dose in said["doses"]:
        row = re.search(rf"<tr[^>]*><th scope=\"row\">{dose['dose_mg']:g} mg</th>(.*?)</tr>", page)[1]
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
        low, high = dose["interval95"]
        taken = [str(dose["days"]), signed(dose["mean"]), f"{signed(low)} to {signed(high)}"]
        assert cells[:3] == (taken if dose["taken"] else ["0", "not taken", ""])
    assert any(dose["taken"] for dose in said["doses"])
    report = revealed.text("report")
    assert said["verdict"]["sentence"] in report
    assert revealed.closing.answered.previous_hash in report, "the head of the chain"


def test_the_patient_has_the_page_that_her_phone_shows(revealed):
    phone = revealed.client.__class__(SERVER_NAME="localhost")
    phone.cookies["modicum_device"] = revealed.world.phone_token
    shown = revealed.get("report/patient")
    assert shown.content == phone.get("/diary/result").content
    assert "sha256-" in shown["Content-Security-Policy"]
    assert "unsafe" not in shown["Content-Security-Policy"]


def test_no_page_asks_the_database_more_than_a_few_questions(revealed):
    for name in ("answer", "reveal", "report", "report/patient", "reveal/papers"):
        with CaptureQueriesContext(connection) as asked:
            assert revealed.get(name).status_code == 200
        assert len(asked) <= 12, name


def test_before_the_end_the_page_says_why_there_is_no_answer(room):
    (room.data / "clock").write_text(at(0).isoformat())
    other = room.world.client("foreign prescriber")
    address = f"/clinic/people/{room.world.jonas.pk}/answer/"
    assert "This trial has not begun." in other.get(address).content.decode()
    begun(room.world.jonas)
    queue.work_off(queue.SEALED)
    page = other.get(address).content.decode()
    assert "There is no answer yet." in page
    assert "16 March 2026" in page
    for name in ("sign", "again"):
        assert other.post(f"{address}{name}/").headers["Location"] == address
    assert other.get(address.replace("answer", "reveal")).headers["Location"] == address


def test_a_trial_in_which_nothing_was_sealed_is_signed_and_its_diary_proved(room, tmp_path):
    someone = Participant.objects.get(pk=room.world.jonas.pk)
    over = live(someone, tmp_path, "lived-in-the-open", "ldn-open")
    answer_trial(someone.trial, over)
    (room.data / "clock").write_text(over.isoformat())
    other = replace(room, client=room.world.client("foreign prescriber"), whose=someone)
    assert "cannot be told from hope" in other.text("answer")
    other.sign()
    other.reveal()
    assert "Nothing was sealed, and the diary is the same." in other.text("reveal")
    assert "opened" not in other.kinds()[other.kinds().index("signed") :]
    folder, names = unpacked(other, tmp_path / "papers")
    assert sorted(name.partition("/")[2] for name in names) == [
        "README.txt",
        "diary.csv",
        "protocol.toml",
        "result.json",
    ]
    run = command("analyse", str(folder / "diary.csv"), "--protocol", str(folder / "protocol.toml"), "--json")
    assert json.loads(run.stdout) == other.closing.result


def test_what_staff_did_beside_the_rules_before_the_answer_stands_beside_it(room):
    answered, trial = room.closing.answered, room.world.jonas.trial

    def tell(kind, number, content, day):
        actor = f"staff:{room.world.people['foreign prescriber'].pk}"
        told = {"client_id": f"{kind}-{number}", "content": content, "actor": actor, "received_at": at(day)}
        STORE.append(trial=trial, kind=kind, **told)

    tell("overridden", 3, {"number": 3, "how": "hold", "reason": "A week of headache <b>"}, 20)
    tell("held", 1, {"reason": "Away for a week"}, 21)
    tell("answered", 1, answered.said, 30)
    tell("held", 2, {"reason": "Long after the answer"}, 60)
    shutil.copytree(room.answers, room.data / "answers" / trial)
    other = replace(room, client=room.world.client("foreign prescriber"), whose=room.world.jonas)
    page = other.text("answer")
    assert "Where the rules were not followed" in page
    assert "Dr Foreign Prescriber: A week of headache &lt;b&gt;" in page
    assert "Away for a week" in page
    assert "Long after" not in page
    assert "Where the rules were not followed" not in room.text("answer")
