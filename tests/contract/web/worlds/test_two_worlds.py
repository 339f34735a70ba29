"""While the decisions agree, nobody who is blinded can tell a world from one in which the capsules hold other arms."""

import logging

import pytest

from contract.web.worlds.two_worlds import BLINDED, TwoWorlds
from modicum.web.stories import STORE
from waiting_trials import at

LOOKS_ON = (29,)
PAINS = [6.0 + (0.5 if day % 3 else -0.5) for day in range(max(LOOKS_ON) + 1)]


@pytest.fixture(scope="module")
def worlds(sqlite_template, tmp_path_factory):
    return TwoWorlds(sqlite_template, tmp_path_factory.mktemp("worlds") / "clinic")


@pytest.fixture(scope="module")
def seen(worlds):
    return [worlds.live(PAINS, LOOKS_ON, swapped=swapped) for swapped in (False, True)]


def test_the_worlds_hold_other_arms_and_decide_alike(seen):
    one, other = seen
    assert len(one.arms) == len(other.arms) > 2
    assert all(drawn != swapped for drawn, swapped in zip(one.arms, other.arms, strict=True))
    assert one.decided == other.decided
    assert len(one.decided) > 2


def test_no_page_no_row_no_file_no_line_and_no_number_of_queries_tells_them_apart(seen):
    one, other = seen
    assert one.apart_from(other) == []
    assert len(one.answers) == len(other.answers) > 200
    assert {who for (_, who, _), answer in one.answers.items() if answer[0] == 200} == set(BLINDED)


def test_nothing_that_is_sealed_stands_anywhere_in_the_open(worlds, seen):
    assert len(worlds.secrets()) > 5
    assert [secret for secret in worlds.secrets() if any(world.holds(secret) for world in seen)] == []


def tell_the_store(worlds, roles):
    said = {"order": str(roles)}
    STORE.append(trial=worlds.trial, kind="noted", client_id="n", content=said, actor="reviews", received_at=at(0))


def tell_the_log(_worlds, roles):
    logging.getLogger("modicum.jobs").warning("reviewed %s", roles)


def tell_a_file(worlds, roles):
    (worlds.folder / "cache").write_text(str(roles))


@pytest.mark.parametrize(
    ("tells", "where"),
    [(tell_the_store, "table store_event"), (tell_the_log, "log: modicum.jobs"), (tell_a_file, "file cache")],
)
def test_whoever_tells_what_a_seal_held_is_found(worlds, tells, where):
    one, other = (
        worlds.live(PAINS, (0,), swapped=swapped, viewers=(), told=lambda roles: tells(worlds, roles))
        for swapped in (False, True)
    )
    assert [words for words in one.apart_from(other) if words.startswith(where)]


def test_a_page_that_shows_what_a_review_saw_is_found(worlds):
    def tell(roles):
        tell_the_store(worlds, roles)

    one, other = (
        worlds.live(PAINS, (0,), swapped=swapped, viewers=("operator",), told=tell) for swapped in (False, True)
    )
    assert [words for words in one.apart_from(other) if words.startswith("day 0, operator: /operate/")]
