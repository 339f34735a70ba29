"""A virtual person answers a whole trial on the page of the phone, in a real browser, against the real clinic."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import databases
from browsers import launched
from clinic_server import Clinic, clinic
from journeys.web.diary.phones import COOKIE, Phone
from modicum.participants.population import read_population
from modicum.participants.task import Task
from modicum.participants.virtual import Virtual
from modicum.protocol import read_protocol
from modicum.records.events import Entry
from modicum.records.writing import diary_csv
from modicum.services.diary.reviewing import model_reviewer
from modicum.services.diary.sealed import open_for_review
from modicum.trial.running import Trial
from verification.finding import Finding

ZONE, OFFSET = "Europe/Berlin", dt.timezone(dt.timedelta(hours=1))
FIRST_DAY = dt.date(2026, 1, 5)
START = dt.datetime.combine(FIRST_DAY, dt.time(), OFFSET)
OTHER_ITEMS = 5  # what the person gives every item beside the primary one
GUESSES = (0.0, 0.25, 0.5, 0.75, 1.0)
PUNCTUAL = read_population("typical").but(late_entries=0.0, corrected=0.0)


@dataclass(frozen=True)
class Answered:
    """What became of a trial.

    Args:
        trial: as the person lived it beside the clinic, through no store.
        decided: blocks as the clinic told them.
        clinic: the clinic's own answer: the diary and the result's document.
        analysed: what ``modicum analyse`` says of that diary.
        page: what the patient's result page shows.
    """

    trial: Trial
    decided: list[dict[str, Any]]
    clinic: dict[str, Any]
    analysed: dict[str, Any]
    page: str


def run_trials(count: int, progress: Callable[[int, int], None] | None = None) -> Finding:
    """The flagship, lived on the page from the first evening to the answer, on each database in turn."""
    from playwright.sync_api import sync_playwright

    evenings, apart = 0, list[str]()
    for number in range(count):
        with ExitStack() as stack:
            place = Path(stack.enter_context(TemporaryDirectory(prefix="modicum-trial-")))
            address = stack.enter_context(databases.postgresql()) if number % 2 else ""
            server = stack.enter_context(clinic(place / "clinic", database=address, now=START.isoformat()))
            playwright = stack.enter_context(sync_playwright())
            browser = launched(playwright)
            found = answer_a_trial(browser, server, "ldn-smallest-dose", number, place)
            evenings += len(found.trial.entries)
            apart += differences(found)
        if progress:
            progress(number + 1, count)
    return Finding(
        passed=not apart,
        bound="decisions, diary and answer are those of the same trial run beside the clinic, and of the command",
        summary=f"{count} trials, {evenings} evenings on the page; {len(apart) or 'none'} apart",
        figures={"trials": count, "evenings": evenings, "apart": apart},
    )


def differences(found: Answered) -> list[str]:
    """What is not alike between the clinic, the trial run beside it, and the command."""
    blocks = [(block["phase"], block["days"]) for block in found.decided if block]
    alike = {
        "decisions": blocks == [(block.phase, block.days) for block in found.trial.state.blocks],
        "end": found.decided[-1] is None,
        "diary": found.clinic["diary"] == diary_csv(found.trial.everything()),
        "answer": found.clinic["result"] == found.analysed,
        "page": found.page.strip().startswith("Your result"),
    }
    return [name for name, same in alike.items() if not same]


def answer_a_trial(browser: Any, clinic: Clinic, protocol: str, seed: int, folder: Path) -> Answered:
    """Live a trial from the first evening to the answer.

    Args:
        browser: Chromium.
        clinic: that runs.
        protocol: file or name.
        seed: of the person.
        folder: for the exported diary.
    """
    clinic.set_clock(START)
    enrolled = clinic.enrol(protocol, FIRST_DAY.isoformat())
    read = read_protocol(protocol)
    opened = open_for_review(
        clinic.data / "allocations" / enrolled.trial,
        clinic.data / "keys" / "review.key",
        now=START,
        randomness=os.urandom,
    )
    trial = Trial(read, opened.roles, START, virtual=True)
    body = Virtual.of(read, PUNCTUAL, seed=seed, person=0, archetype="threshold-0.5", effect_in_mcid=3.0)
    phone, look, day = joined(browser, clinic, enrolled), model_reviewer(read), 0
    while True:
        while day < trial.days:
            write(phone, clinic, trial.task(day), body, trial)
            day += 1
            clinic.set_clock(START + dt.timedelta(days=day, hours=8, minutes=5))
            clinic.do("review", trial=enrolled.trial)
        kind = trial.due(trial.review_at)
        if not kind:
            break
        trial.review(look(trial.known(), kind))
    found = clinic.do("answer", trial=enrolled.trial)
    phone.open()
    phone.page.get_by_role("link", name="Read my result").click()
    phone.page.locator("article").wait_for(state="visible")
    shown = phone.page.locator("article").inner_text()
    assert phone.complaints == []
    return Answered(trial, decided(clinic, enrolled.trial), found, analysed(found["diary"], protocol, folder), shown)


def joined(browser: Any, clinic: Clinic, enrolled: Any) -> Phone:
    """The person's phone, on the first evening."""
    at = (START + dt.timedelta(hours=20)).isoformat()
    clinic.set_clock(dt.datetime.fromisoformat(at))
    context = browser.new_context(viewport={"width": 360, "height": 800}, timezone_id=ZONE)
    context.add_cookies([{"name": COOKIE, "value": clinic.joined(enrolled), "url": clinic.url}])
    phone = Phone(context, clinic.url, at)
    phone.open()
    phone.pass_install()
    return phone


def write(phone: Phone, clinic: Clinic, task: Task, body: Virtual, trial: Trial) -> None:
    """One evening: on the page where the person writes, and, as the same entry, in the trial beside the clinic."""
    entry = body.answer(task)
    if entry is None or entry.stops:
        return
    at = task.due + dt.timedelta(minutes=10)
    clinic.set_clock(at)
    phone.set_clock(at.isoformat())
    phone.open()
    begin = phone.page.get_by_text("Begin today")
    begin.or_(phone.page.get_by_text("Question 1 of")).first.wait_for()
    if begin.count():
        begin.click()
    phone.page.get_by_text("Question 1 of").wait_for()
    fill(phone, entry, trial)
    phone.await_unsent(0)
    trial.receive(as_handed_in(entry, trial, at))


def fill(phone: Phone, entry: Entry, trial: Trial) -> None:
    """Answer every question of an evening by taps."""
    page, protocol = phone.page, trial.protocol
    labels = {item.question: item.name for item in protocol.outcomes}
    while not page.locator(".ticks").count():
        heading = phone.heading
        if heading in labels:
            phone.tap_score(round(entry.scores.get(labels[heading], OTHER_ITEMS)))
        elif page.get_by_role("button", name="None of these").count():
            complain(phone, entry, trial)
        elif "capsule?" in heading:
            phone.tap_choice("yes" if entry.took else "no")
        elif "hold the drug" in heading:
            phone.tap_choice(f"{nearest(entry.guess):g}")
        else:
            phone.tap_choice(entry.guess_reason or "none")
        page.wait_for_function("before => document.querySelector('h1').innerText !== before", arg=heading)


def complain(phone: Phone, entry: Entry, trial: Trial) -> None:
    """Side effects: none, or each with how bad it was."""
    page, labels = phone.page, {item.name: item.label for item in trial.protocol.side_effects}
    noticed = {name: severity for name, severity in entry.side_effects.items() if severity}
    if not noticed:
        page.get_by_role("button", name="None of these").click()
        return
    for name, severity in noticed.items():
        page.locator(".effects label.pick", has_text=labels[name]).click()
        page.locator(f".severities label:has(input[name='severity-{name}'][value='{severity}'])").click()
    page.locator(".dnav button").last.click()


def nearest(guess: float | None) -> float:
    """A guess in the steps that the page offers."""
    return min(GUESSES, key=lambda step: abs(step - (0.5 if guess is None else guess)))


def as_handed_in(entry: Entry, trial: Trial, at: dt.datetime) -> Entry:
    """The same entry as the phone hands it in: every item answered, every side effect asked."""
    protocol = trial.protocol
    asked = trial.task((entry.happened_at - trial.start).days)
    phase = next(phase for phase in protocol.phases if phase.name == asked.phase)
    return Entry(
        id=entry.id,
        happened_at=entry.happened_at,
        received_at=at,
        scores={item.name: entry.scores.get(item.name, float(OTHER_ITEMS)) for item in protocol.outcomes},
        guess=nearest(entry.guess) if asked.guess else None,
        guess_reason=(entry.guess_reason or "none") if asked.guess else "",
        took=entry.took if phase.kind != "run-in" else None,
        side_effects={item.name: entry.side_effects.get(item.name, 0) for item in protocol.side_effects},
    )


def decided(clinic: Clinic, trial: str) -> list[dict[str, Any]]:
    """The blocks that the clinic told of."""
    return clinic.do("decided", trial=trial)


def analysed(diary: str, protocol: str, folder: Path) -> dict[str, Any]:
    """What the command says of the exported diary."""
    file = folder / "exported.csv"
    file.write_text(diary, encoding="utf-8")
    command = [sys.executable, "-m", "modicum", "analyse", str(file), "--protocol", protocol, "--json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
