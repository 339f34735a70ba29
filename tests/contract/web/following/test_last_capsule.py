"""What an emergency tells of the capsule that was swallowed last, on the days on which that is easily mistaken."""

import re

import pytest

from clinic_people import PASSWORD
from followed import LATER, following, look_again
from modicum.services.following.overview import overview_of
from modicum.web.clinic.following.again import folder_of
from modicum.web.clinic.following.course import courses
from modicum.web.clinic.following.sheet import sealed_file

BLOCK, HALF = 14, 14


def heading(answer):
    return text_of(re.search(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL)[1])


def lead(answer):
    found = re.search(r'<p class="lead">(.*?)</p>', answer.content.decode(), re.DOTALL)
    return text_of(found[1]) if found else ""


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def in_each_period(answer):
    return re.findall(r'<td class="r">\d+</td><td>(?:<b>)?([^<]+)', answer.content.decode())


@pytest.fixture
def opens(world):
    """Opens the order of the participant with a password and a reason."""
    client, page = world.client("prescriber"), f"/clinic/people/{world.ines.pk}/emergency/"

    def opened():
        first = client.get(page)
        if first.status_code == 302:
            client.post(first["Location"], {"password": PASSWORD})
            first = client.get(page)
        seen = re.search(r'name="seen" value="(\d+)"', first.content.decode())
        return client.post(page, {"reason": "found unconscious", "seen": seen[1] if seen else ""})

    return opened


def run(world, data):
    """The first two blocks of the titration hold different capsules, and the second has just begun."""
    with following(world.ines, data) as trial:
        trial.begin()
        trial.decide(2 * BLOCK)
        trial.evenings(*range(2 * BLOCK))


@pytest.fixture
def running(world, lived):
    data = lived(run)
    with following(world.ines, data) as trial:
        yield trial


@pytest.fixture
def kept(world, lived):
    """A dose is kept, and a re-challenge of it begins in a week."""
    data = lived(look_again)
    with following(world.ines, data) as trial:
        yield trial


def test_on_the_morning_of_a_review_it_is_the_capsule_of_the_evening_before(running, opens):
    running.at(2 * BLOCK, 9)
    answer = opens()
    before, after = in_each_period(answer)[:2]
    assert before != after
    assert heading(answer) == f"The last capsule held: {before}"
    assert "It was due on the evening of 29 March 2026." in lead(answer)
    assert f"That of the evening of 30 March 2026 holds: {after}." in lead(answer)


@pytest.mark.parametrize(("day", "hour", "place"), [(28, 23, 1), (28, 27, 1), (28, 29, 1), (27, 29, 0), (27, 12, 0)])
def test_from_the_hour_of_the_dose_it_is_that_of_this_evening_also_after_midnight(running, opens, day, hour, place):
    running.at(day, hour - 1)  # the participant lives an hour ahead of universal time by then
    answer = opens()
    assert heading(answer) == f"The last capsule held: {in_each_period(answer)[place]}"


def test_once_a_trial_was_stopped_no_next_capsule_is_told(running, opens, world):
    running.at(2 * BLOCK, 9)
    page = f"/clinic/people/{world.ines.pk}/stop/"
    assert world.client("prescriber").post(page, {"reason": "an operation"}).status_code == 302
    running.at(2 * BLOCK + 6, 12)
    answer = opens()
    assert heading(answer) == f"The last capsule held: {in_each_period(answer)[0]}"
    assert lead(answer) == "It was due on the evening of 29 March 2026."


def test_in_a_re_challenge_its_own_order_is_opened(kept, opens):
    kept.at(LATER + 8, 12)
    first = opens()
    kept.at(LATER + 7 + HALF + 3, 12)
    second = opens()
    assert len(in_each_period(first)) == 1
    assert sorted(in_each_period(second)) == ["naltrexone hydrochloride, 1.5 mg", "placebo"]
    assert heading(first) == f"The last capsule held: {in_each_period(second)[0]}"
    assert heading(second) == f"The last capsule held: {in_each_period(second)[1]}"
    opened = [event.said["allocation"] for event in kept.story().beside if event.kind == "opened"]
    assert opened == [kept.story().rechallenges[0].allocation] * 2


def test_times_are_those_of_where_the_participant_lives_and_say_so(world, tmp_path, opens):
    """A review at eight in the morning in Auckland is of the day before by universal time."""
    with following(world.ines, tmp_path / "data", zone="Pacific/Auckland") as trial:
        trial.begin()
        trial.decide(2 * BLOCK)
        trial.at(2 * BLOCK, 9)
        client, page = world.client("prescriber"), f"/clinic/people/{world.ines.pk}/"
        assert "in effect from 30 March 2026" in text_of(client.get(f"{page}review/3/").content.decode())
        assert "30 March 2026, 09:00 (Pacific/Auckland): found unconscious" in text_of(opens().content.decode())
        said = text_of(client.get(page).content.decode())
        assert "30 March 2026, 09:00 (Pacific/Auckland). Reason given: found unconscious." in said
        assert "30 Mar 2026" in said
        assert "As of 30 March 2026, 09:00 (Pacific/Auckland)" in text_of(client.get(f"{page}sheet/").content.decode())


def test_outside_of_a_re_challenge_no_capsule_of_the_trial_is_said_to_be_the_last(kept, opens):
    for day in (LATER + 5, LATER + 7 + 2 * HALF + 1):
        kept.at(day, 12)
        assert heading(opens()) == "This is what each period held."


def test_a_capsule_is_drawn_on_its_own_night_and_so_in_its_own_period(running):
    """The answer of the first evening of a period is about the last capsule of the one before."""
    drawn = courses(overview_of(running.story(), running.at(2 * BLOCK, 21)))[0]
    assert overview_of(running.story(), running.at(2 * BLOCK, 21)).days[-1].took == ""
    running.evening(2 * BLOCK, took="no")
    after = courses(overview_of(running.story(), running.at(2 * BLOCK, 21)))[0]
    assert (len(drawn.untaken), len(after.untaken)) == (0, 1)
    assert after.untaken[0] < after.edges[-1]


def test_the_paper_sheet_holds_the_sealed_file_of_a_re_challenge_too(kept, world):
    sealed = (folder_of(kept.participant.trial, 1) / "sealed" / "emergency.age").read_bytes()
    page = world.client("prescriber").get(f"/clinic/people/{world.ines.pk}/sheet/").content.decode()
    assert all(code.drawing in page for code in sealed_file("re-challenge-1", sealed).codes)
    assert "re-challenge-1.txt" in page
