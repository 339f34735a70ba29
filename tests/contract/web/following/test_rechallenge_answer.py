"""What a re-challenge found, on its page: answered by the jobs when every evening is in, and nothing before."""

import csv
import datetime as dt
import io
import os
import re

import pytest

import modicum
from allocation_fixtures import chance
from followed import AGAIN as FIRST
from followed import LATER, following, keep_a_dose, look_again
from modicum.services.diary import looking_again
from modicum.services.diary.looking_again import due_again
from modicum.services.diary.openings import OPENED
from modicum.services.diary.rechallenging import open_rechallenge
from modicum.web.clinic.following.again import begin_again, folder_of
from modicum.web.jobs import queue
from modicum.web.jobs.reviews import ask_for_what_is_due
from modicum.web.stories import STORE
from modicum.web.trials import key_of

HALF = 14
END = FIRST + 2 * HALF
AMBER = re.compile(r"f-dose-|f-placebo")
NOISE = (0.0, 1.0, -1.0, 0.5, 0.0, -0.5, 1.0, 0.0, -1.0, 0.5)


class Looking:
    """A person whose dose is looked at again, what her prescriber sees, and the jobs."""

    def __init__(self, world, trial):
        self.world, self.kept = world, trial
        self.person = f"/clinic/people/{world.ines.pk}/"
        self.page = f"{self.person}re-challenge/"

    @property
    def client(self):
        return self.world.client("prescriber")

    @property
    def trial(self):
        return self.kept.participant.trial

    def accept(self, first):
        day = (self.kept.first_day + dt.timedelta(days=first)).isoformat()
        sent = {"first_day": day, "contribution": "blue heron"}
        assert self.client.post(self.page, sent).status_code == 302

    def halves(self, number=1):
        """What both halves hold, as only a test may know before."""
        accepted, now = self.kept.story().rechallenges[number - 1], self.kept.at(FIRST, 1)
        folder = folder_of(self.trial, number)
        found = open_rechallenge(accepted, folder, key_of("review"), now=now, randomness=os.urandom)
        return (1.5, 0.0) if found.drug_first else (0.0, 1.5)

    def live(self, halves, until=2 * HALF, **last):
        """Evenings with an effect of three points; each tells about the night before."""
        for number in range(until):
            dose = halves[(number - 1) // HALF] if number else 1.5
            pain = 6.0 - 2.0 * dose + NOISE[number % len(NOISE)]
            more = last if number == until - 1 else {}
            self.kept.evening(FIRST + number, answers={"pain": pain}, took="yes", **more)

    def let_jobs_work(self, day, hour):
        now = self.kept.at(day, hour)
        asked = ask_for_what_is_due(now)
        queue.work_off(queue.SEALED)
        return asked

    def read(self, page=None):
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.client.get(page or self.page).content.decode()))

    def events(self, kind):
        return [event for event in STORE.events_of(self.trial) if event.kind == kind]


def look_again_by_number(world, data, number):
    """The same, but that it is always drawn alike: the trial's name enters the draw, and so does chance."""
    world.ines.trial = f"second-look-{number}"
    world.ines.save()
    keep_a_dose(world, data)
    with following(world.ines, data) as trial:
        begin_again(
            world.ines, trial.story(), first_day=trial.first_day + dt.timedelta(days=FIRST), contribution="blue heron",
            now=trial.at(LATER, 13), actor="staff:1", randomness=chance(number),
        )  # fmt: skip


@pytest.fixture
def looking(world, lived, request):
    """A re-challenge that begins in a week; one that is asked for by a number is always drawn alike."""
    number = getattr(request, "param", None)
    data = lived(look_again) if number is None else lived(look_again_by_number, number)
    with following(world.ines, data) as trial:
        yield Looking(world, trial)


def analysed(looking, halves, first=1):
    """The diary written down by hand, and analysed by the protocol that was sealed."""
    story, rows = looking.kept.story(), io.StringIO()
    table = csv.writer(rows)
    table.writerow(["day", "dose_mg", "planned_mg", "pain", "announced", "phase"])
    for number in range(2 * HALF):
        score = story.by_day[FIRST + number].entry.scores["pain"] if number >= first else ""
        dose = halves[(number - 1) // HALF] if number else ""
        table.writerow([number + 20 / 24, dose, dose if number else 0, score, 0.5 if number else 0, "re-challenge"])
    protocol = folder_of(looking.trial, 1) / "protocol.toml"
    return modicum.analyse(io.BytesIO(rows.getvalue().encode()), protocol=protocol)


def test_it_is_answered_at_noon_after_its_last_evening_and_not_a_minute_before(looking):
    halves = looking.halves()
    looking.live(halves)
    openings = len(looking.events(OPENED))
    looking.kept.at(END - 1, 23)
    assert "A blinded re-challenge is under way." in looking.read()
    assert looking.let_jobs_work(END, 11.9) == 0
    before = [looking.client.get(page).content.decode() for page in (looking.page, looking.person, "/")]
    assert "What it found is computed from noon of 29 January 2027 on" in looking.read()
    assert [AMBER.search(page) for page in before] == [None] * 3
    assert len(looking.events(OPENED)) == openings
    assert looking.let_jobs_work(END, 12) == 1
    (event,) = looking.events("looked-again")
    assert (event.actor, event.said["number"], event.said["halves_mg"]) == ("reviews", 1, list(halves))
    (opened,) = looking.events(OPENED)[openings:]
    assert (opened.said["path"], opened.said["why"]) == ("review", "a re-challenge is over")
    assert opened.sequence < event.sequence
    assert looking.let_jobs_work(END, 13) == 0, "it is answered once"


@pytest.mark.parametrize(
    ("looking", "halves"), [(2, (1.5, 0.0)), (1, (0.0, 1.5))], indirect=["looking"], ids=["dose first", "placebo first"]
)
def test_the_page_says_what_it_found_and_what_each_half_held(looking, halves):
    assert looking.halves() == halves
    looking.live(halves)
    looking.let_jobs_work(END, 12)
    page, read = looking.client.get(looking.page).content.decode(), looking.read()
    assert '<h1>By this pair alone: <span lang="en">1.5 mg works.</span></h1>' in page
    assert "Re-challenge 1, 1 January 2027 to 28 January 2027" in read
    assert "One pair tells little by itself" in read
    assert "Effect of 1.5 mg against no drug" in read
    words = [{1.5: "1.5 mg", 0.0: "placebo"}[dose] for dose in halves]
    assert re.search(rf"1 Jan to 14 Jan 2027 {words[0]} .*15 Jan to 28 Jan 2027 {words[1]}", read)
    assert "A re-challenge was answered" in looking.read(f"{looking.person}record/")


def test_the_answer_is_that_of_the_command_line_for_the_diary_of_the_re_challenge(looking):
    halves = looking.halves()
    looking.live(halves)
    looking.let_jobs_work(END, 12)
    (event,) = looking.events("looked-again")
    found, wanted = event.said["result"], analysed(looking, halves).document
    assert found["verdict"] == wanted["verdict"]
    assert (found["n_observed"], found["protocol"]) == (27, "ldn-smallest-dose-re-challenge 1.1")
    for name in ("mean", "sd", "p_mcid"):
        assert found["doses"][0][name] == pytest.approx(wanted["doses"][0][name], abs=1e-12)
    other = analysed(looking, halves, first=0).document
    assert other["n_observed"] == 28, "the first evening is of a night on the open dose, and was left out"


def test_the_list_tells_it_until_somebody_has_taken_note(looking):
    looking.live(looking.halves())
    told = "Re-challenge 1 is over, and was answered"
    looking.kept.at(END, 11)
    assert told not in looking.read("/")
    assert told not in looking.read(looking.person)
    looking.let_jobs_work(END, 12)
    assert told in looking.read("/")
    assert f'href="{looking.page}"' in looking.client.get(looking.person).content.decode()
    until = looking.kept.story().sequence
    assert looking.client.post(f"{looking.person}noted/", {"shown": until}).status_code == 302
    assert told not in looking.read(looking.person)


def test_one_that_was_cut_short_is_never_answered_and_no_seal_is_opened(looking):
    looking.live(looking.halves(), until=20, side_effects={"headache": 3})
    openings = len(looking.events(OPENED))
    assert looking.let_jobs_work(END + 3, 13) == 0
    assert len(looking.events(OPENED)) == openings
    assert "It was ended before its last day, and half of a pair tells nothing." in looking.read()
    with pytest.raises(ValueError, match="to be answered"):
        looking_again.look_again(
            STORE, looking.kept.story(), folder_of(looking.trial, 1), key_of("review"),
            now=looking.kept.at(END + 3), randomness=os.urandom, witness=None,
        )  # fmt: skip


def test_a_dose_that_is_stopped_after_its_last_day_keeps_no_answer_away(looking):
    looking.live(looking.halves())
    looking.kept.at(END, 9)
    assert looking.client.post(f"{looking.person}stop/", {"reason": "an operation"}).status_code == 302
    assert looking.let_jobs_work(END, 12) == 1
    assert "1.5 mg works." in looking.read()
    assert "The dose was stopped." in looking.read()


def test_where_nobody_wrote_it_says_that_it_cannot_tell(looking):
    assert looking.let_jobs_work(END, 12) == 1
    assert "This diary cannot tell yet. " in looking.read()
    assert "holds no score" in looking.read()


def test_that_it_could_not_be_answered_is_said_without_an_arm(looking):
    looking.live(looking.halves())
    key = key_of("review")
    held_back = key.rename(key.with_suffix(".away"))
    looking.let_jobs_work(END, 12)
    read = looking.read()
    assert re.search(r"It could not be computed \(AllocationError MOD-ALLOC-\d+ in [^)]*\)", read)
    assert looking.events("looked-again") == []
    held_back.rename(key)


def test_two_of_one_person_are_answered_each_on_its_own(looking):
    second = END + 190
    looking.live(looking.halves())
    looking.let_jobs_work(END, 12)
    looking.kept.at(second - 7, 13)
    assert "Re-challenge 1, 1 January 2027 to 28 January 2027" in looking.read(), "while another is offered"
    looking.accept(second)
    hours = (10.9, 11)  # of universal time: it is noon in London then, in summer
    due = [due_again(looking.kept.story(), looking.kept.at(second + 2 * HALF, hour)) for hour in hours]
    assert due == [None, 2]
    looking.let_jobs_work(second + 2 * HALF, 12)
    assert [event.said["number"] for event in looking.events("looked-again")] == [1, 2]
    read = looking.read()
    assert read.index("Re-challenge 2, ") < read.index("Re-challenge 1, ")
