"""While the decisions agree, nobody who is blinded can tell a world from one in which the capsules hold other arms."""

import logging
import re
from collections import Counter

import pytest

from contract.web.worlds.kept_dose import ANSWERED_ON, BEGINS_ON, HALF, MADE_ON
from contract.web.worlds.two_worlds import BLINDED, TwoWorlds
from modicum.services.diary import looking_again
from modicum.services.following.acting import hold
from modicum.web.clock import now
from modicum.web.stories import STORE, story_of
from waiting_trials import at

LOOKS_ON = (29,)
PAINS = [6.0 + (0.5 if day % 3 else -0.5) for day in range(max(LOOKS_ON) + 1)]


@pytest.fixture(scope="module")
def worlds(sqlite_template, tmp_path_factory):
    return TwoWorlds(sqlite_template, tmp_path_factory.mktemp("worlds") / "clinic")


@pytest.fixture(scope="module")
def seen(worlds):
    return [worlds.live(PAINS, LOOKS_ON, swapped=swapped) for swapped in (False, True)]


def test_the_worlds_hold_other_arms_and_decide_alike(worlds, seen):
    one, other = seen
    assert all(drawn != swapped for drawn, swapped in zip(one.arms, other.arms, strict=True))
    assert Counter(held.of for held in one.arms) == {worlds.trial: 5, worlds.kept.allocation: 2}
    assert one.decided == other.decided
    assert len(one.decided) > 2


def filled_of(seen, trial):
    """What the kits of a trial hold, in order, in either world, as the pharmacist read it."""
    return [re.findall(r"</svg>([^<]+)</td>", world.filled[trial].decode()) for world in seen]


def test_kits_of_the_titration_were_made_of_other_arms_and_handed_out_alike(worlds, seen):
    one, other = filled_of(seen, worlds.trial)
    assert one != other
    assert sorted(one) == sorted(other)
    assert "placebo" in one
    handed_out = [row for row in seen[0].rows["store_event"] if "dispensed" in row and worlds.trial in row]
    assert len(handed_out) == 2


def test_the_look_is_at_the_second_half_of_a_pair_whose_kits_hold_other_arms(worlds, seen):
    assert BEGINS_ON + HALF < max(LOOKS_ON) < ANSWERED_ON
    filled = filled_of(seen, worlds.kept.person.trial)
    assert filled[0] == filled[1][::-1]
    assert sorted(filled[0]) == ["1.5 mg", "placebo"]
    assert b"A blinded re-challenge is under way." in seen[0].answers[max(LOOKS_ON), "prescriber", worlds.kept.page][2]


def test_no_page_no_row_no_file_no_line_and_no_number_of_queries_tells_them_apart(seen):
    one, other = seen
    assert one.apart_from(other) == []
    assert len(one.answers) == len(other.answers) > 500
    assert {who for (_, who, _), answer in one.answers.items() if answer[0] == 200} == set(BLINDED)


def test_nothing_that_is_sealed_stands_anywhere_in_the_open(worlds, seen):
    assert len(worlds.secrets()) > 5
    assert [secret for secret in worlds.secrets() if any(world.holds(secret) for world in seen)] == []


def tell_the_store(worlds, held):
    said = {"order": str(held)}
    STORE.append(trial=worlds.trial, kind="noted", client_id="n", content=said, actor="reviews", received_at=at(0))


def tell_the_log(_worlds, held):
    logging.getLogger("modicum.jobs").warning("opened %s", held)


def tell_a_file(worlds, held):
    (worlds.folder / "cache").write_text(str(held))


@pytest.mark.parametrize(
    ("tells", "where"),
    [(tell_the_store, "table store_event"), (tell_the_log, "log: modicum.jobs"), (tell_a_file, "file cache")],
)
def test_whoever_tells_what_a_seal_held_is_found(worlds, tells, where):
    one, other = (
        worlds.live(PAINS, (0,), swapped=swapped, viewers=(), told=lambda held: tells(worlds, held))
        for swapped in (False, True)
    )
    assert [words for words in one.apart_from(other) if words.startswith(where)]


def test_a_page_that_shows_what_a_review_saw_is_found(worlds):
    looking = {"viewers": ("operator",), "under": "/operate/", "told": lambda held: tell_the_store(worlds, held)}
    one, other = (worlds.live(PAINS, (0,), swapped=swapped, **looking) for swapped in (False, True))
    assert [words for words in one.apart_from(other) if words.startswith("day 0, operator: /operate/")]


def test_a_half_that_is_told_while_its_kits_are_made_is_found(worlds):
    def tell(held):
        if held.of == worlds.kept.allocation:
            hold(STORE, story_of(worlds.kept.person.trial), f"it holds {held.arms}", now=now(), actor="staff:1")

    day, looking = MADE_ON + 1, {"viewers": ("prescriber",), "under": worlds.kept.file, "told": tell}
    one, other = (worlds.live(PAINS, (day,), swapped=swapped, **looking) for swapped in (False, True))
    assert f"day {day}, prescriber: {worlds.kept.file}" in one.apart_from(other)


def test_a_re_challenge_that_is_answered_before_it_is_over_is_found(worlds, monkeypatch):
    monkeypatch.setattr(looking_again, "answered_from", lambda story, number: story.rechallenges[number - 1].begun)
    day, looking = BEGINS_ON + 2, {"viewers": ("prescriber",), "under": worlds.kept.page}
    one, other = (worlds.live(PAINS, (day,), swapped=swapped, **looking) for swapped in (False, True))
    assert f"day {day}, prescriber: {worlds.kept.page}" in one.apart_from(other)
