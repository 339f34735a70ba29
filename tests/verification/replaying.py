"""The replay test: a trial lived, replayed from its journal, or fed entry by entry, decides alike on the same days."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from modicum.foundation.streams import stream
from modicum.participants.population import read_population
from modicum.participants.recorded import Recorded
from modicum.protocol import library, read_protocol
from modicum.records.diary import Diary
from modicum.records.journal import read_journal, write_journal
from modicum.records.writing import diary_csv
from modicum.services.asking import ask
from modicum.services.options import Options
from modicum.simulation.people import START, virtual_life
from modicum.simulation.posterior import posteriors
from modicum.simulation.scenario import Scenario
from modicum.trial.block import Look
from modicum.trial.reviewing import look_by_eye, look_of
from modicum.trial.roles import draw_roles
from modicum.trial.running import Life, Reviewer, Trial, replay, run
from verification.finding import Finding

HARD = read_population("hard").but(late_entries=0.3, corrected=0.5, missed_entries=0.2)
Seen = list[tuple[int, str]]


@dataclass(frozen=True)
class Told:
    """What became of one way to run a trial: the trial, and day and diary of every review."""

    trial: Trial
    seen: Seen


@cache
def scenario(name: str) -> Scenario:
    """A protocol under people who write late, correct, skip and leave."""
    protocol = read_protocol(name)
    life = begun(name, 1)
    life.to_next_look()
    asked = ask(Options(outcomes=(protocol.primary,)), protocol, life.trial.known()).questions[0]
    return Scenario(protocol, asked, HARD, "threshold-1.5", 2.0)


def begun(name: str, seed: int) -> Life:
    """A virtual trial before its first day."""
    protocol = read_protocol(name)
    return virtual_life(protocol, HARD, seed=seed, person=0, archetype="threshold-1.5", effect_in_mcid=2.0)


def reviewer(name: str, seen: Seen) -> Reviewer:
    """A reviewer that writes down the day and what was known on it."""
    whole = scenario(name)

    def review(diary: Diary, kind: str) -> Look:
        seen.append((round(float(diary.time_days.max())), diary_csv(diary)))
        if kind == "eye":
            return look_by_eye(diary, whole.protocol)
        return look_of(posteriors(whole.question, [diary], threads=1)[0])

    return review


def lived(name: str, seed: int) -> Told:
    """Lived by a virtual person."""
    return _told(name, lambda review: run(begun(name, seed), review))


def replayed(name: str, seed: int, journal: str) -> Told:
    """Lived by its own record."""
    return _told(name, lambda review: run(Life(_fresh(name, seed), Recorded(read_journal(journal))), review))


def fed(name: str, seed: int, journal: str) -> Told:
    """Fed entry by entry, in the order received, from a journal in the wrong order."""
    return _told(name, lambda review: replay(_fresh(name, seed), reversed(read_journal(journal)), review))


def alike(name: str, seed: int) -> bool:
    """Whether all three decide the same on the same days, from the same diaries, to the same end."""
    first = lived(name, seed)
    journal = write_journal(first.trial.entries)
    return read_journal(journal) == first.trial.entries and all(
        other.seen == first.seen
        and other.trial.state == first.trial.state
        and other.trial.looks == first.trial.looks
        and diary_csv(other.trial.everything()) == diary_csv(first.trial.everything())
        for other in (replayed(name, seed, journal), fed(name, seed, journal))
    )


def run_replay(count: int, progress: Callable[[int, int], None] | None = None) -> Finding:
    """Every shipped protocol under so many seeds."""
    apart = list[str]()
    for seed in range(count):
        apart += [f"{name} {seed}" for name in library() if not alike(name, seed)]
        if progress:
            progress(seed + 1, count)
    trials = count * len(library())
    return Finding(
        passed=not apart,
        bound="all decide the same on the same days",
        summary=f"{trials - len(apart)} of {trials} trials of {len(library())} protocols",
        figures={"trials": trials, "apart": apart},
    )


def _told(name: str, act: Callable[[Reviewer], Trial]) -> Told:
    seen = Seen()
    return Told(act(reviewer(name, seen)), seen)


def _fresh(name: str, seed: int) -> Trial:
    protocol = read_protocol(name)
    return Trial(protocol, draw_roles(protocol, stream(seed, "roles", name, 0)), START, virtual=True)
