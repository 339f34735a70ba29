"""Somebody whose diary is in German is answered in German, and the page can be made again as it was."""

from dataclasses import replace

from answered_trials import live
from modicum.records.chain import content_hash
from modicum.web.accounts.models import Participant
from modicum.web.clinic.answering.giving import answer_trial
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
