"""Somebody whose diary is in German is answered in German, and each of the staff reads report and answer in her own."""

import json
import re
from dataclasses import asdict, replace

from answered_trials import live
from modicum.records.chain import content_hash
from modicum.web.accounts.models import Participant, Person
from modicum.web.clinic.answering.giving import answer_trial
from modicum.web.clinic.answering.sheets import read_sheet
from modicum.web.clinic.answering.tasks import make_again
from modicum.web.jobs import queue


def test_a_german_diary_is_answered_in_german_and_its_page_is_made_again_the_same(room, tmp_path):
    someone = Participant.objects.get(pk=room.world.jonas.pk)
    someone.language = "de"
    someone.save()
    over = live(someone, tmp_path, "lived-in-german", "ldn-open")
    answer_trial(someone.trial, over)
    (room.data / "clock").write_text(over.isoformat())
    other = replace(room, client=room.world.client("foreign prescriber"), whose=someone)
    place, said = other.answers / "patient.html", other.closing.answered.said
    page = place.read_text(encoding="utf-8")
    assert '<html lang="de">' in page
    assert "Ihr Ergebnis. Übliches Vorgehen: offen, in Stufen von" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert (said["language"], said["page_sha256"]) == ("de", content_hash(page))
    someone.language = "en"
    someone.save()
    place.unlink()
    make_again.enqueue(trial=someone.trial)
    queue.work_off(queue.SEALED)
    assert place.read_text(encoding="utf-8") == page


def test_an_english_diary_is_answered_as_before_without_a_word_on_its_language(room):
    assert sorted(room.closing.answered.said) == ["page_sha256", "result", "schema"]
    assert '<html lang="en">' in (room.answers / "patient.html").read_text(encoding="utf-8")


def speak_german(room):
    person = Person.objects.get(pk=room.world.people["prescriber"].pk)
    person.language = "de"
    person.save()


def test_who_of_the_staff_reads_german_reads_report_and_answer_in_german(room):
    english = room.text("answer")
    speak_german(room)
    before = room.text("answer")
    assert "Was jede Dosis bewirkt" not in english
    assert re.search(r'<h1[^>]* lang="de">', before)
    assert "Wie sicher ist die kleinste Dosis?" in before or "Was zu sehen war" in before or "Was mit jeder" in before
    assert not re.search(r'<section class="sec" lang="en">|<small lang="en">', before)
    room.sign()
    room.reveal()
    after = room.text("answer")
    assert "Was genommen wurde, und wie" in after
    assert "Nebenwirkungen" in after
    report = room.text("report")
    assert '<html lang="de">' in report
    assert "Wie das berechnet wurde" in report
    assert "Für die Ärztin oder den Arzt" in report
    assert 'lang="en"' not in report


def test_an_answer_of_an_earlier_version_is_read_in_english(room):
    room.sign()
    room.reveal()
    (room.answers / "report.de.html").unlink()
    (room.answers / "sheet.de.json").unlink()
    speak_german(room)
    assert re.search(r'<h1[^>]* lang="en">', room.text("answer"))
    assert '<html lang="en">' in room.text("report")


def test_what_is_read_before_the_reveal_has_no_colour_of_a_dose_and_no_period_in_either_language(room):
    for language in ("en", "de"):
        sheet = read_sheet(room.trial, language)
        kept = json.dumps([asdict(part) for part in sheet.before], ensure_ascii=False, default=sorted)
        assert not re.search(r"\bdose-(\d|soft)", kept)
        assert not re.search(r"run-in|Vorlauf|Titration", kept)
