"""The whole road in a real browser: from a name on a list to an order that is opened, with a virtual person.

Staff and person do on pages what they do in use, against the server and its process of jobs; time is in a file. What
the jobs look up once a minute is looked up at once here, and done by them.
"""

import datetime as dt
import json
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import databases
from browsers import launched
from clinic_people import PASSWORD, World
from clinic_server import Clinic
from diary_fixtures import handed_in
from enrolling_pages import WELL
from journeys.web.accounts.looking import Look
from journeys.web.diary.phones import COOKIE, Phone
from journeys.web.serving import address_of, peopled, stopped_clinic
from modicum.participants.virtual import Virtual
from modicum.screening import questions
from modicum.services.diary.reviewing import is_due, model_reviewer
from modicum.services.diary.sealed import open_for_review
from modicum.supply.codes import say_code
from modicum.trial.running import Trial
from modicum.web import trials
from modicum.web.accounts.models import Participant
from modicum.web.jobs import reviews
from modicum.web.pharmacy.supplies import supplies_of
from modicum.web.stories import STORE, story_of
from verification.finding import Finding
from verification.phone_trials import (
    PUNCTUAL,
    START,
    ZONE,
    Answered,
    analysed,
    as_handed_in,
    differences,
    write,
)
from waiting_trials import place

PATIENCE_SECONDS = 120  # with the jobs, on a machine that has other things to do
HALF = "3 6 1 1 5 2 4"
PRESCRIBER, PHARMACIST = "prescriber", "pharmacist"


@dataclass(frozen=True)
class Walked:
    """A road to its end.

    Args:
        answered: as of a trial on the phone's page; the clinic's answer is that of the papers that were downloaded.
        sentence: that the page of the answer says first.
        page: what that page says after the reveal, with plain blanks.
        proof: what the page of the reveal says first.
        kinds: of all events of the trial, each once.
    """

    answered: Answered
    sentence: str
    page: str
    proof: str
    kinds: frozenset[str]


def run_roads(count: int, progress: Callable[[int, int], None] | None = None) -> Finding:
    """The flagship, from a name to the reveal, each evening on the page, on each database in turn."""
    from playwright.sync_api import sync_playwright

    evenings, apart = 0, list[str]()
    for number in range(count):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="modicum-road-")))
            address = stack.enter_context(databases.postgresql()) if number % 2 else ""
            playwright = stack.enter_context(sync_playwright())
            browser = launched(playwright)
            clinic, world = stack.enter_context(served(folder / "clinic", address))
            found = Road(browser, clinic, world, folder, lambda _day: True).walk("ldn-smallest-dose", number)
            evenings += len(found.answered.trial.entries)
            apart += apart_of(found)
        if progress:
            progress(number + 1, count)
    return Finding(
        passed=not apart,
        bound="from a name to the reveal in a browser: decisions, diary, answer and papers are those of the command",
        summary=f"{count} roads, {evenings} evenings on the page; {len(apart) or 'none'} apart",
        figures={"roads": count, "evenings": evenings, "apart": apart},
    )


def apart_of(found: Walked) -> list[str]:
    """What is not alike between the pages, the papers, the trial lived beside the clinic, and the command."""
    said = found.answered.analysed
    means = [_signed(one["mean"]) for one in said["doses"] if one["taken"]]
    alike = {
        "sentence": found.sentence == said["verdict"]["sentence"],
        "numbers": bool(means) and all(mean in found.page for mean in means),
        "proof": found.proof == "The seal is intact.",
        "record": {"screening", "consented", "begun", "ordered", "prepared", "dispensed", "accepted", "signed"}
        <= found.kinds,
    }
    return [*differences(found.answered), *(name for name, same in alike.items() if not same)]


@contextmanager
def served(data: Path, address: str) -> Iterator[tuple[Clinic, World]]:
    """A clinic as it is in use, with its jobs, and two sites with staff; nobody is enrolled for this road."""
    data.mkdir(parents=True)
    with stopped_clinic(data, address, MODICUM_JOBS="all") as found, place(data):
        found.set_clock(START + dt.timedelta(hours=9))
        with peopled(found) as world:
            yield found, world


class Road:
    """One person's road.

    Args:
        browser: Chromium.
        clinic: that runs, with its jobs.
        world: its people.
        folder: for what is downloaded.
        on_page: whether the evening of a day is written on the page; else the phone's entry is handed in to the same
            interface, without the page.
    """

    def __init__(self, browser: Any, clinic: Clinic, world: World, folder: Path, on_page: Callable[[int], bool]):
        self._browser, self._clinic, self._world, self._folder = browser, clinic, world, folder
        self._on_page = on_page
        self._someone: Participant
        self._phone: Phone

    def walk(self, protocol: str, seed: int) -> Walked:
        """From a name to the reveal.

        Args:
            protocol: a shipped one.
            seed: of the virtual person.
        """
        with self._at_the_desk(PRESCRIBER) as desk:
            self._add_somebody(desk)
            self._enrol(desk, protocol)
            self._join(desk)
            self._order(desk)
        with self._at_the_desk(PHARMACIST) as desk:
            self._make_and_hand_out(desk)
        trial = self._live(seed)
        self._await(lambda: "answered" in self._kinds())
        with self._at_the_desk(PRESCRIBER) as desk:
            sentence, proof, page, papers = self._close(desk)
        answer = {"diary": (papers / "diary.csv").read_text(encoding="utf-8"), "result": _json(papers / "result.json")}
        again = analysed(answer["diary"], str(papers / "allocation" / "protocol.toml"), self._folder)
        blocks = [one["block"] for one in story_of(self._trial).decided]
        shown = self._result_on_the_phone()
        return Walked(Answered(trial, blocks, answer, again, shown), sentence, page, proof, frozenset(self._kinds()))

    @property
    def _trial(self) -> str:
        return self._someone.trial

    def _kinds(self) -> set[str]:
        return {event.kind for event in STORE.events_of(self._trial)}

    @contextmanager
    def _at_the_desk(self, name: str) -> Iterator[Look]:
        """A window of the staff, logged in; by its end its pages have complained of nothing."""
        address = address_of(self._clinic)
        look = Look(self._browser, address)
        look.page.set_default_timeout(PATIENCE_SECONDS * 1000)
        key = self._world.client(name).cookies["modicum_staff"].value
        look.context.add_cookies([{"name": "modicum_staff", "value": key, "url": address}])
        yield look
        assert look.complaints == [], look.complaints
        look.context.close()

    def _add_somebody(self, desk: Look) -> None:
        desk.go("/clinic/people/add/")
        for name, value in (("surname", "Road"), ("given", "Virtual"), ("born", "1971-02-03"), ("zone", ZONE)):
            desk.page.locator(f"input[name={name}]").fill(value)
        desk.page.locator("input[name=virtual]").check()
        _press(desk, "Add this person")
        self._someone = Participant.objects.get(surname="Road")

    def _enrol(self, desk: Look, protocol: str) -> None:
        """Screen, choose, consent, begin: each step leads to the next."""
        base = f"/clinic/people/{self._someone.pk}"
        desk.go("/")
        _row(desk, "Screen").get_by_role("link", name="Screen").click()
        desk.page.get_by_label("Everything that is taken").fill(WELL["medications"])
        for key, question in questions().items():
            if question.kind == "choice" and key in WELL:
                desk.page.locator(f"input[name={key}][value={WELL[key]}]").check()
        _press(desk, "Screen this person")
        desk.go(f"{base}/protocol/")
        desk.page.get_by_role("link", name=re.compile(f"Look at it.*{protocol}")).click()
        _press(desk, "Choose this protocol")
        desk.page.get_by_label("The participant's half of the draw").fill(HALF)
        desk.page.get_by_label("The participant has read this").check()
        desk.page.get_by_label("The printed sheet is signed").check()
        _press(desk, "Record this consent")
        desk.page.get_by_role("link", name="On to the first day").click()
        _press(desk, "Begin this trial")
        desk.page.get_by_text("The trial has begun.").wait_for()
        self._await(lambda: bool(story_of(self._trial).decided))

    def _join(self, desk: Look) -> None:
        """The link of the page, opened on a phone on the first evening."""
        _press(desk, "Make a link")
        link = desk.page.get_by_label("The link").input_value()
        at = START + dt.timedelta(hours=20)
        self._clinic.set_clock(at)
        context = self._browser.new_context(viewport={"width": 360, "height": 800}, timezone_id=ZONE)
        self._phone = Phone(context, address_of(self._clinic), at.isoformat())
        self._phone.page.goto(link)
        self._phone.page.locator("main form button").click()
        self._phone.pass_install()

    def _order(self, desk: Look) -> None:
        desk.go(f"/clinic/people/{self._someone.pk}/order/")
        desk.page.locator("main form input[type=checkbox]").first.check()
        _press(desk, "Order these kits")

    def _make_and_hand_out(self, desk: Look) -> None:
        """Every kit of the order is made; that of its first period is handed out, by the code on its label."""
        desk.go("/pharmacy/")
        desk.follow("See the kits")
        desk.follow("See what they hold")
        desk.page.get_by_label("Password").fill(PASSWORD)
        _press(desk, "Go on")
        _press(desk, "Show what they hold")
        desk.follow("Write down that they are made")
        desk.page.get_by_label("Numbers of the lots").fill("NX-17, MC-2291")
        _press(desk, "Write down that they are made")
        first = min(supplies_of(self._trial).kits.values(), key=lambda kit: (kit.phase, kit.period))
        desk.follow("Hand out a kit")
        desk.page.get_by_label("Code on the label").fill(say_code(first.code).lower())
        _press(desk, "Hand out this kit")
        assert supplies_of(self._trial).kits[first.code].with_patient

    def _live(self, seed: int) -> Trial:
        """Every evening to the last decision; the first decision that asks for an answer is accepted from the list."""
        story = story_of(self._trial)
        assert story.begun is not None
        protocol = story.begun.protocol
        opened = open_for_review(
            trials.allocation_of(self._trial), trials.key_of("review"), now=START, randomness=os.urandom
        )
        trial = Trial(protocol, opened.roles, START, virtual=True)
        body = Virtual.of(protocol, PUNCTUAL, seed=seed, person=0, archetype="threshold-0.5", effect_in_mcid=3.0)
        look, day, accepted = model_reviewer(protocol), 0, False
        while True:
            while day < trial.days:
                self._write(day, body, trial)
                day += 1
                decided = self._decide(day)
                accepted = accepted or (decided and self._accept())
            kind = trial.due(trial.review_at)
            if not kind:
                return trial
            trial.review(look(trial.known(), kind))

    def _write(self, day: int, body: Virtual, trial: Trial) -> None:
        task = trial.task(day)
        if self._on_page(day):
            write(self._phone, self._clinic, task, body, trial)
            return
        entry = body.answer(task)
        if entry is None or entry.stops:
            return
        at = task.due + dt.timedelta(minutes=10)
        self._clinic.set_clock(at)
        said = as_handed_in(entry, trial, at)
        content = {**handed_in(said, START), "happened_at": at.isoformat(), "took": _took(said.took)}
        cookie = next(one["value"] for one in self._phone.context.cookies() if one["name"] == COOKIE)
        status, document = self._clinic.ask(cookie, "entries", {"sent_at": at.isoformat(), "entries": [content]})
        assert status == 200, document
        trial.receive(said)

    def _decide(self, day: int) -> bool:
        """The morning after: what is due is decided by the jobs; whether anything was."""
        moment = START + dt.timedelta(days=day, hours=8, minutes=5)
        self._clinic.set_clock(moment)
        if not is_due(story_of(self._trial), moment):
            return False
        reviews.ask_for_what_is_due(moment)
        self._await(lambda: not is_due(story_of(self._trial), moment))
        if story_of(self._trial).decided[-1]["block"] is None:
            reviews.ask_for_what_is_due(moment)  # the answer
        return True

    def _accept(self) -> bool:
        """Accept a decision from the list."""
        with self._at_the_desk(PRESCRIBER) as desk:
            desk.go("/")
            row = _row(desk, "Review")
            if not row.count():
                return False
            row.get_by_role("link", name="Review").first.click()
            desk.page.get_by_label("Accept this decision").check()
            _press(desk, "Record this answer")
            return "accepted" in self._kinds()

    def _close(self, desk: Look) -> tuple[str, str, str, Path]:
        """Read, sign, reveal: the answer's sentence, the proof's, the page after the reveal, the papers unpacked."""
        base = f"/clinic/people/{self._someone.pk}"
        desk.go(f"{base}/answer/")
        sentence = _plain(desk.heading())
        _press(desk, "Sign this answer")
        desk.page.get_by_label("Password").fill(PASSWORD)
        _press(desk, "Go on")
        _press(desk, "Open the sealed order")
        self._await(lambda: "being opened" not in desk.heading(), between=desk.page.reload)
        proof = desk.heading()
        with desk.page.expect_download() as download:
            desk.page.get_by_role("link", name="Download the papers").click()
        with zipfile.ZipFile(download.value.path()) as archive:
            archive.extractall(self._folder / "papers")
        desk.go(f"{base}/answer/")
        page = _plain(desk.page.locator("main").inner_text())
        assert _plain(desk.heading()) == sentence
        return sentence, proof, page, self._folder / "papers" / f"modicum-{self._someone.label}"

    def _result_on_the_phone(self) -> str:
        self._phone.open()
        self._phone.page.get_by_role("link", name="Read my result").click()
        self._phone.page.locator("article").wait_for(state="visible")
        assert self._phone.complaints == []
        return self._phone.page.locator("article").inner_text()

    def _await(self, done: Callable[[], bool], between: Callable[[], object] = lambda: None) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not done():
            assert time.monotonic() < until, "the jobs did not do it in time"
            time.sleep(0.1)
            between()


def _row(desk: Look, verb: str) -> Any:
    """The person's row of the worklist, where it has this verb."""
    rows = desk.page.locator("li", has_text="ROAD, Virtual")
    return rows.filter(has=desk.page.get_by_role("link", name=re.compile(f"^{verb}")))


def _press(desk: Look, name: str) -> None:
    """Press a button, and wait for the page that comes of it: what it did is looked up in the store at once."""
    with desk.page.expect_navigation():
        desk.press(name)


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


def _signed(value: float) -> str:
    return re.sub(r"^[+-](0\.0)$", r"\1", f"{value:+.1f}")


def _took(said: bool | None) -> str | None:
    return {True: "yes", False: "no", None: None}[said]


def _json(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))
