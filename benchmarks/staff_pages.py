"""How fast a prescriber's pages are with 50,000 evenings in the store: after a restart, and in use.

A store is filled through the same code that phones and reviews use, then every page is asked for as a browser does, in
one process. ``python benchmarks/staff_pages.py`` prints the table; the goal is a p95 of 200 ms and 20 queries a page.
"""

import argparse
import datetime as dt
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

EVENINGS, OF_EACH = 50_000, 200
GOAL_MS, MOST_QUERIES, TIMES = 200.0, 20, 40


def fill(people: int, days: int) -> None:
    """A site with so many people, each with so many evenings and the decisions of a calm trial."""
    from diary_fixtures import uuid7, written
    from modicum.protocol.reading import protocol_bytes
    from modicum.records.chain import canonical, content_hash
    from modicum.services.diary import Beginning, begin
    from modicum.web.accounts import participants
    from modicum.web.accounts.models import Membership, Person, Role, Site
    from modicum.web.accounts.staff import give_second_factor
    from modicum.web.store.appending import _writer
    from modicum.web.stories import STORE

    site = Site.objects.create(name="Large clinic", on_call="020 7946 0000")
    doctor = Person.objects.create(email="doctor@example.org", name="Dr Large")
    Membership.objects.create(person=doctor, site=site, role=Role.PRESCRIBER)
    give_second_factor(doctor)
    start = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    text = protocol_bytes("ldn-smallest-dose").decode()
    for number in range(people):
        someone = participants.register(
            site=site, surname=f"Person {number}", given="Virtual", born=dt.date(1970, 1, 1), prescriber=doctor
        )
        begin(STORE, someone.trial, Beginning(text, start, "Europe/London"), now=start, actor="bench")
        said = [
            ("entry", uuid7((number, day)), {**written(day, start=start, took="yes"), "id": uuid7((number, day))}, day)
            for day in range(days - (number % 10 == 0) * 3)
        ]
        said += [("decided", f"decided-{one['number']}", one, one["day"]) for one in _decisions(days)]
        group = list[dict[str, str]]()
        for kind, client_id, content, day in sorted(said, key=lambda one: one[3]):
            plain = {name: value for name, value in content.items() if kind == "entry" or name != "day"}
            body, at = canonical(plain), start + dt.timedelta(days=day, hours=20)
            names = {"trial": someone.trial, "kind": kind, "client_id": client_id, "actor": "device:1"}
            when = at.isoformat(timespec="milliseconds")
            group.append({**names, "content": body, "content_hash": content_hash(body), "received_at": when})
        _writer("default")._write(group)


def _decisions(days: int) -> list[dict[str, object]]:
    found, first, number = list[dict[str, object]](), 0, 0
    while first < days:
        number += 1
        phase, length = ("run-in", 14) if number == 1 else ("titration", 14) if number < 8 else ("confirmation", 21)
        block = {"phase": phase, "announced": 0.5, "first_day": first, "days": length}
        block |= {"capsule": number > 1, "guess": False}
        said = "begin" if number == 1 else "next kit" if number in (2, 8) else "continue"
        found.append({"schema": "modicum.decided/1", "number": number, "at": "2026-03-02T08:00:00+00:00", "said": said,
                      "block": block, "day": first})  # fmt: skip
        first += length
    return found


def ask(address: str, times: int) -> tuple[list[float], list[float], int]:
    """Milliseconds that a page took, each time, by the clock and of the processor, and the queries of the last."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, taken, worked, queries = _client(), list[float](), list[float](), 0
    for _ in range(times):
        with CaptureQueriesContext(connection) as asked:
            begun, own = time.perf_counter(), time.process_time()
            answer = client.get(address)
            taken.append(1000 * (time.perf_counter() - begun))
            worked.append(1000 * (time.process_time() - own))
        assert answer.status_code == 200, (address, answer.status_code)
        queries = len(asked)
    return taken, worked, queries


def _client():
    """A browser that the prescriber is logged in with."""
    from django.test import Client

    from modicum.web.accounts.models import Person

    client = Client(SERVER_NAME="localhost")
    client.force_login(Person.objects.get())
    return client


def pages() -> dict[str, str]:
    """The pages, by name."""
    from modicum.web.accounts.models import Participant

    base = f"/clinic/people/{Participant.objects.order_by('number')[7].pk}/"
    return {
        "worklist": "/",
        "people": "/clinic/people/",
        "one person": base,
        "review": f"{base}review/10/",
        "stop": f"{base}stop/",
        "record": f"{base}record/",
    }


def main() -> None:
    """Fill a store, and print how long each page takes."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--evenings", type=int, default=EVENINGS)
    asked.add_argument("--times", type=int, default=TIMES)
    asked.add_argument("--again", default="", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.again:
        _as_after_a_restart(given.again)
        return
    with TemporaryDirectory(prefix="modicum-pages-") as folder:
        _set_up(Path(folder), given.evenings)
        _measure(given.times)


def _django(folder: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "modicum.web.settings")
    os.environ["MODICUM_DATA"] = str(folder)
    os.environ["MODICUM_CLOCK_FILE"] = str(folder / "clock")
    import django

    django.setup()


def _set_up(folder: Path, evenings: int) -> None:
    day = dt.datetime(2026, 3, 2, 13, tzinfo=dt.UTC) + dt.timedelta(days=OF_EACH)
    (folder / "clock").write_text(day.isoformat())
    _django(folder)
    from django.core.management import call_command

    from modicum.web.clinic.following.marking import mark_all
    from modicum.web.store.models import Event

    call_command("migrate", verbosity=0)
    _said("filled", lambda: fill(evenings // OF_EACH, OF_EACH))
    print(f"{Event.objects.filter(kind='entry').count():,} evenings of {evenings // OF_EACH} people")
    _said("all marks made anew", mark_all)


def _said(what: str, act: Callable[[], object]) -> None:
    begun = time.perf_counter()
    act()
    print(f"{what}: {time.perf_counter() - begun:.1f} s")


def _measure(times: int) -> None:
    ask("/clinic/account/", 2)  # words and templates are loaded by whichever page comes first
    for name, address in pages().items():
        words = [sys.executable, __file__, "--again", address]
        first = float(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
        taken, worked, queries = ask(address, times)
        p95, own = (statistics.quantiles(one, n=20)[18] for one in (taken, worked))
        fits = "" if p95 <= GOAL_MS and queries <= MOST_QUERIES else "  NOT MET"
        print(
            f"{name:12} first after a restart {first:5.0f} ms  p95 {p95:5.0f} ms"
            f"  of it the processor {own:4.0f} ms  {queries:2} queries{fits}"
        )


def _as_after_a_restart(address: str) -> None:
    """The first answer of a process that has told no story yet; the templates and words are loaded by another page."""
    _django(Path(os.environ["MODICUM_DATA"]))
    ask("/clinic/account/", 2)
    print(ask(address, 1)[0][0])


if __name__ == "__main__":
    main()
