"""What goes wrong with an answer is said, with what to do, and nothing is opened or signed meanwhile."""

import json
import os
import re
import shutil
import uuid
from datetime import datetime

import pytest
import rfc8785
from django.test import override_settings

from modicum.allocation import Contributions
from modicum.allocation.canonical import digest, encode
from modicum.services.allocating import randomise, verify_folder
from modicum.services.binding import bind
from modicum.services.diary.choosing import chosen_doses
from modicum.services.diary.reviewing import stand_at
from modicum.services.folders import read_allocation, read_records
from modicum.services.revealing import answered_story
from modicum.services.unblinding import unblind
from modicum.web import trials
from modicum.web.jobs import queue
from modicum.web.stories import STORE
from waiting_trials import at

PAGES = ("answer", "reveal", "report", "report/patient", "reveal/papers")
DOES = ("answer/sign", "answer/again", "reveal")


def folder(room):
    return trials.allocation_of(room.trial)


def test_another_site_finds_no_answer_and_can_do_nothing(revealed):
    kinds = revealed.kinds()
    for viewer in ("foreign prescriber", "pharmacist", "analyst", "operator", "foreign operator"):
        client = revealed.world.client(viewer)
        nowhere = client.get(f"/clinic/people/{uuid.uuid4()}/answer/")
        for name in PAGES:
            found = client.get(revealed.address(name))
            assert (found.status_code, found.content) == (404, nowhere.content), (viewer, name)
        for name in DOES:
            assert client.post(revealed.address(name)).status_code == 404, (viewer, name)
    assert revealed.kinds() == kinds


@pytest.mark.parametrize("lost", ["patient.html", "report.html", "sheet.json"])
def test_an_answer_that_cannot_be_read_is_not_signed(room, lost):
    (room.answers / lost).unlink()
    page = room.text("answer")
    assert "The pages of this answer are not on this disk." in page
    assert "Sign this answer" not in page
    assert room.sign().headers["Location"] == room.address("answer")
    assert room.closing.signed is None


def test_pages_that_are_lost_are_made_again_and_are_the_same_to_the_byte(room):
    before = {one.name: one.read_bytes() for one in room.answers.iterdir()}
    assert sorted(before) == ["patient.html", "report.de.html", "report.html", "sheet.de.json", "sheet.json"]
    shutil.rmtree(room.answers)
    room.client.post(room.address("answer/again"))
    assert "They are being made." in room.text("answer")
    queue.work_off(queue.SEALED)
    assert room.closing.result["verdict"]["sentence"] in room.text("answer")
    assert {one.name: one.read_bytes() for one in room.answers.iterdir()} == before
    asked = queue.rows().count()
    room.client.post(room.address("answer/again"))
    assert queue.rows().count() == asked, "what is there is not made again"


def test_a_sheet_that_cannot_be_read_is_as_one_that_is_lost(room):
    (room.answers / "sheet.json").write_text('{"kicker": 1')
    assert "not on this disk" in room.text("answer")


def test_pages_that_come_out_otherwise_are_not_kept(room):
    (room.answers / "sheet.json").unlink()
    STORE.append(  # an answer that no diary gives
        trial=room.world.jonas.trial,
        kind="answered",
        client_id="answered",
        content={"schema": "modicum.answered/1", "result": {"verdict": {}}, "page_sha256": ""},
        actor="test",
        received_at=room.world.ines.added_at,
    )
    client = room.world.client("foreign prescriber")
    address = f"/clinic/people/{room.world.jonas.pk}/answer/"
    client.post(f"{address}again/")
    queue.work_off(queue.SEALED)
    page = client.get(address).content.decode()
    assert "It failed when it was last tried (NotYetError)" in page
    assert "Make the pages again" in page


def test_without_the_review_key_nothing_is_opened_and_it_can_be_tried_again(room, tmp_path):
    room.sign()
    records = read_records(folder(room))
    with override_settings(MODICUM_KEYS=tmp_path / "nowhere"):
        room.reveal()
        page = room.text("reveal")
        assert "It could not be opened (AllocationError MOD-ALLOC-10)" in page
        assert "Try again" in page
    assert read_records(folder(room)) == records
    assert "opened" not in room.kinds()[room.kinds().index("signed") :]
    room.reveal()
    assert "The seal is intact." in room.text("reveal")
    assert room.kinds().count("revealed") == 1


def test_a_reveal_that_was_killed_after_the_opening_is_finished_when_it_is_asked_for_again(revealed):
    (revealed.answers / "held.json").unlink()
    assert "chart-diary" not in revealed.text("answer")
    page = revealed.text("reveal")
    assert "The order is still sealed." in page
    assert "Try again" in page
    assert revealed.get("report").status_code == 302
    revealed.reveal()
    assert "The seal is intact." in revealed.text("reveal")


def forge_papers(room):
    """Papers that are sound in form, and say of two periods that each held what the other did."""
    file = folder(room) / "revealed.json"
    papers = json.loads(file.read_text())
    places = papers["allocation"]["places"]
    other = next(place for place in places if place["arm"] != places[0]["arm"])
    places[0]["arm"], other["arm"] = other["arm"], places[0]["arm"]
    file.write_bytes(rfc8785.dumps(papers))
    return "titration"


def forge_protocol(room):
    file = folder(room) / "protocol.toml"
    file.write_text(file.read_text().replace("mcid = 1", "mcid = 2", 1))
    return "protocol.toml"


def forge_everything(room):
    """Another allocation, sound by itself, in the place of the one that was drawn."""
    protocol = room.data / "protocol.toml"
    shutil.copy(folder(room) / "protocol.toml", protocol)
    shutil.rmtree(folder(room))
    keys = {role: trials.public_key_of(role) for role in ("pharmacist", "emergency", "review")}
    drawn = Contributions(b"1" * 32, "another")
    asked = {"slot": room.trial, "public_keys": keys, "now": at(0), "randomness": os.urandom}
    randomise(protocol, folder(room), drawn, **asked)
    return "noted fingerprint"


def forge_diary(room):
    file = room.answers / "diary.csv"
    file.write_text(file.read_text().replace(",8,", ",7,", 1))
    return "diary.csv"


def forge_record(room):
    file = sorted((folder(room) / "openings").iterdir())[-1]
    file.write_text(file.read_text().replace("final", "supply"))
    return file.name


def rewrite_record(room):
    """The first opening by somebody else, with the fingerprints of it and of all records after it renewed."""
    previous = read_allocation(folder(room))[0].fingerprint
    for number, content in enumerate(read_records(folder(room)), 1):
        record = {name: value for name, value in json.loads(content).items() if name != "fingerprint"}
        record |= {"previous": previous, **({"who": "Nobody"} if number == 1 else {})}
        previous = digest(record)
        (folder(room) / "openings" / f"{number:04d}.json").write_bytes(encode({**record, "fingerprint": previous}))
    assert verify_folder(folder(room))["result"] == "sound"
    return "openings and the store"


@pytest.mark.parametrize(
    "forge", [forge_papers, forge_protocol, forge_everything, forge_diary, forge_record, rewrite_record]
)
def test_a_forged_part_shows_as_such_on_the_page(revealed, forge):
    assert "The seal is intact." in revealed.text("reveal")
    part = forge(revealed)
    page = revealed.text("reveal")
    assert "Not everything is as it was sealed." in page
    assert "The seal is intact." not in page
    named = re.search(r"What is not as it was sealed</h2>(.*?)</section>", page, re.DOTALL)
    assert named is not None
    assert part in named[1], named[1]
    answer = revealed.text("answer")
    assert "Not as sealed" in answer
    assert re.search(r'role="alert">Not everything is as it was sealed', answer)


def other_dose(room, kept):
    """Bindings with other doses in the place of those that the reviews sealed, made with public keys alone."""
    shutil.rmtree(folder(room) / "bindings")
    for chosen in kept:
        doses = [4.5] if chosen.phase == "confirmation" else chosen.doses_mg
        more = {"from_period": chosen.from_period, "now": at(0), "randomness": os.urandom}
        bind(folder(room), chosen.phase, doses, **more)


def test_a_dose_that_was_exchanged_before_the_reveal_is_found_by_what_the_reviews_chose(room):
    chosen = chosen_of(room)
    assert {one.phase for one in chosen} >= {"confirmation"}
    assert (4.5,) not in [one.doses_mg for one in chosen]
    room.sign()
    other_dose(room, chosen)
    room.reveal()
    assert verify_folder(folder(room))["result"] == "sound"
    page = room.text("reveal")
    assert "Not everything is as it was sealed." in page
    named = re.search(r"What is not as it was sealed</h2>(.*?)</section>", page, re.DOTALL)
    assert named is not None
    assert re.findall(r"</svg>\s*([^<]+)</span>", named[1]) == ["doses of the bindings"]


def chosen_of(room):
    """What the reviews of the trial chose."""
    story, closing = answered_story(STORE, room.trial)
    opened = trials.open_trial(story, at(0))
    over = datetime.fromisoformat(closing.answered.received_at)
    return chosen_doses(stand_at(story, opened.roles, over, looks=opened.looks))


def test_an_opening_without_the_clinic_is_no_forgery(room, tmp_path):
    """In an emergency the command line serves too; its record is the only one, and no event of the store is without."""
    asked = {"who": "On call", "why": "an accident", "now": at(1), "randomness": os.urandom}
    unblind(folder(room), trials.key_of("emergency"), "emergency", **asked)
    room.sign()
    room.reveal()
    page = room.text("reveal")
    assert "The seal is intact." in page
    records = len(read_records(folder(room)))
    assert f"The store was told of {records - 1} of {records} openings on record, and of 0 more." in page


def test_papers_that_were_forged_before_the_reveal_are_never_written_over(room):
    room.sign()
    (folder(room) / "revealed.json").write_text("{}")
    room.reveal()
    assert (folder(room) / "revealed.json").read_text() == "{}"
    assert "Not everything is as it was sealed." in room.text("reveal")


def test_an_allocation_that_is_gone_is_said_to_be(revealed):
    shutil.rmtree(folder(revealed))
    page = revealed.text("reveal")
    assert "MOD-ALLOC-09" in page
    assert "The seal is intact." not in page
