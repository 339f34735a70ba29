"""Two worlds, the same diary, other capsules: whoever knows no arm sees the same bytes and asks the same queries."""

import re
import shutil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic_people import PASSWORD, cheap_passwords, database, populate
from followed import following
from modicum.web.trials import review_trial

DAYS = 30  # a run-in and one period of capsules, at whose end the first look is due, if they held the drug
CHANCES = range(1, 8)
PAGES = ("", "review/1/", "review/2/", "review/3/", "stop/", "hold/", "record/", "re-challenge/")
_NONCES = [
    rb'csrfmiddlewaretoken" value="[^"]*"',
    rb"[0-9a-f]{64}",  # fingerprints of what is sealed, which hide secret numbers
    rb"opened-[0-9a-f]{32}",
]


def plain(page):
    for one in _NONCES:
        page = re.sub(one, b"", page)
    return page


@pytest.fixture
def lived(sqlite_template, tmp_path):
    """Live one world: its pages, the queries of each, and what its capsules held."""
    start = tmp_path / "start.sqlite3"
    shutil.copy(sqlite_template, start)
    with cheap_passwords():
        with database(str(start)):
            world = populate()

        def live(chance):
            place = tmp_path / f"world-{chance}.sqlite3"
            shutil.copy(start, place)
            with database(str(place)), following(world.ines, tmp_path / f"data-{chance}") as trial:
                trial.begin(chance)
                review_trial(trial.participant.trial, trial.at(0, 9))
                for day in range(DAYS):
                    if day in (14, 28):
                        review_trial(trial.participant.trial, trial.at(day, 8.1))
                    if day != 9:
                        trial.evening(day, answers={"pain": 4.0 + day % 3}, took="yes" if day >= 14 else None)
                trial.at(DAYS, 13)
                return seen(world, trial)

        yield live


def seen(world, trial):
    client, base = world.client("prescriber"), f"/clinic/people/{trial.participant.pk}/"
    pages, queries = {}, {}
    for address in ("/", *(base + page for page in PAGES)):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        pages[address], queries[address] = (answer.status_code, plain(answer.content)), len(asked)
    sheet = client.get(f"{base}sheet/").content
    pages["sheet"] = plain(re.sub(rb"<svg.*?</svg>|begins with [0-9a-f ]*", b"", sheet, flags=re.DOTALL))
    decided = [one["said"] for one in trial.story().decided]
    client.post(client.get(f"{base}emergency/")["Location"], {"password": PASSWORD})
    opened = client.post(f"{base}emergency/", {"reason": "to know for the test"}).content.decode()
    held = re.findall(r"<td>(?:<b>)?(placebo|naltrexone[^<]*)", opened)
    return pages, queries, decided, held


def test_the_pages_of_a_trial_are_the_same_whatever_its_capsules_hold(lived):
    worlds, by_arm = [lived(chance) for chance in CHANCES[:2]], {}
    for chance in CHANCES[2:]:
        by_arm = {world[3][0]: world for world in worlds}
        if len(by_arm) == 2:
            break
        worlds.append(lived(chance))
    assert set(by_arm) == {"placebo", "naltrexone hydrochloride, 0.5 mg"}  # the control: an opening tells them apart
    (pages, queries, decided, _), (others, other_queries, other_decided, _) = by_arm.values()
    assert decided == other_decided == ["begin", "next kit", "continue"]
    assert pages == others
    assert queries == other_queries
