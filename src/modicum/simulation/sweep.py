"""Sweeps: many scenarios over many people, in chunks that can be spread over processes, kept, and taken up again.

A chunk is a pure function of its scenario, the seed and the numbers of its people, so that it does not matter who runs
it, in which order, or how often.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, fields
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from modicum.foundation.processes import end_with_parent
from modicum.foundation.sources import code_of
from modicum.simulation.people import simulate_people
from modicum.simulation.scenario import Scenario
from modicum.simulation.tally import Tally

if TYPE_CHECKING:
    from distributed import Client

CHUNK = 200  # people whose trials are held in memory at once
PATIENCE_SECONDS = 10  # for a scheduler to answer
RETRIES = 5  # of a chunk whose worker died

Progress = Callable[[int, int], None]


class Counted(Protocol):
    """What is kept of the trials of a chunk: begins empty, adds up, and reads back as it was written."""

    def __init__(self) -> None: ...

    def __add__(self, other: Self, /) -> Self: ...

    @classmethod
    def read(cls, document: dict[str, Any]) -> Self:
        """One that was written."""
        ...

    def write(self) -> dict[str, Any]:
        """It as a JSON document."""
        ...


Count = TypeVar("Count", bound=Counted)


class NoCluster(Exception):  # noqa: N818 - said by the caller in words for people
    """No scheduler answers at the address, or the package for it is not installed."""


@dataclass(frozen=True)
class Chunk:
    """Some people of one scenario.

    Args:
        scenario: position in the sweep.
        first: number of the first person.
        count: how many.
    """

    scenario: int
    first: int
    count: int


Run = Callable[[Scenario, int, Chunk, int | None], Count]


@dataclass(frozen=True)
class Counting(Generic[Count]):
    """How the trials of a chunk are counted.

    Args:
        run: a function of a module, so that other processes find it: scenario, seed, chunk and threads to the count.
        kind: of the count.
    """

    run: Run[Count]
    kind: type[Count]


def chunks(scenarios: int, participants: int) -> list[Chunk]:
    """A sweep cut into chunks; the same whatever runs it."""
    starts = range(0, participants, CHUNK)
    return [Chunk(k, first, min(CHUNK, participants - first)) for k in range(scenarios) for first in starts]


def run_chunk(scenario: Scenario, seed: int, chunk: Chunk, threads: int | None = 1) -> Tally:
    """The tally of one chunk."""
    people = range(chunk.first, chunk.first + chunk.count)
    return Tally.of(scenario, simulate_people(scenario, seed, people, threads=threads))


TALLYING = Counting(run_chunk, Tally)


def sweep(
    scenarios: Sequence[Scenario],
    participants: int,
    seed: int,
    *,
    processes: int = 1,
    scheduler: str | None = None,
    kept: Path | None = None,
    progress: Progress | None = None,
) -> list[Tally]:
    """The tallies of many scenarios.

    Args:
        scenarios: what is simulated; person k is the same person in all of them.
        participants: people for each scenario.
        seed: of the whole run.
        processes: how many; the numbers do not depend on it.
        scheduler: address of a scheduler of dask.distributed, whose workers run the chunks instead.
        kept: folder in which the tally of every chunk is kept as soon as it is there, and looked for first.
        progress: called with the people done and all of them.

    Returns:
        One tally a scenario, in their order.
    """
    over = partial(spread, processes=processes, scheduler=scheduler, kept=kept, progress=progress)
    return over(scenarios, participants, seed, TALLYING)


def spread(
    scenarios: Sequence[Scenario],
    participants: int,
    seed: int,
    counting: Counting[Count],
    *,
    processes: int = 1,
    scheduler: str | None = None,
    kept: Path | None = None,
    progress: Progress | None = None,
) -> list[Count]:
    """The same with another count than the tally.

    Args:
        scenarios: see :func:`sweep`, as of all that follow but the next.
        participants: people for each scenario.
        seed: of the whole run.
        counting: how the trials of a chunk are counted.
        processes: how many.
        scheduler: address of a scheduler.
        kept: folder in which the count of every chunk is kept.
        progress: called with the people done and all of them.

    Returns:
        One count a scenario, in their order.
    """
    total, counts, done = participants * len(scenarios), [counting.kind() for _ in scenarios], 0
    missing = list[Chunk]()
    for chunk in chunks(len(scenarios), participants):
        found = _found(kept, scenarios[chunk.scenario], seed, chunk, counting.kind)
        if found is None:
            missing.append(chunk)
        else:
            counts[chunk.scenario], done = counts[chunk.scenario] + found, done + chunk.count
    run = (
        _on_cluster(scenarios, seed, missing, counting.run, scheduler)
        if scheduler
        else _run(scenarios, seed, missing, counting.run, processes)
    )
    for chunk, count in run:
        _keep(kept, scenarios[chunk.scenario], seed, chunk, count)
        counts[chunk.scenario], done = counts[chunk.scenario] + count, done + chunk.count
        if progress:
            progress(done, total)
    return counts


def _run(
    scenarios: Sequence[Scenario],
    seed: int,
    missing: Iterable[Chunk],
    run: Run[Count],
    processes: int,
) -> Iterator[tuple[Chunk, Count]]:
    if processes <= 1:
        for chunk in missing:
            yield chunk, run(scenarios[chunk.scenario], seed, chunk, None)
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), end_with_parent) as pool:
        waiting = {pool.submit(run, scenarios[chunk.scenario], seed, chunk, 1): chunk for chunk in missing}
        for done in as_completed(waiting):
            yield waiting[done], done.result()


def _on_cluster(
    scenarios: Sequence[Scenario],
    seed: int,
    missing: Iterable[Chunk],
    run: Run[Count],
    scheduler: str,
) -> Iterator[tuple[Chunk, Count]]:
    """The chunks on the workers of a cluster; one that dies loses nothing but time, since a chunk can be run again."""
    with _client(scheduler) as client:
        from distributed import as_completed as completed

        waiting = {
            client.submit(run, scenarios[chunk.scenario], seed, chunk, 1, pure=False, retries=RETRIES): chunk
            for chunk in missing
        }
        for done in completed(waiting, loop=client.loop):
            yield waiting[done], done.result()


def _client(scheduler: str) -> "Client":
    try:
        from distributed import Client

        return Client(scheduler, timeout=PATIENCE_SECONDS, set_as_default=False)
    except (ImportError, OSError, ValueError) as error:
        raise NoCluster(str(error)) from error


def code() -> str:
    """Hash of the code that the numbers of a simulation come from, without its words."""
    return code_of(*_LIVED_BY)


_LIVED_BY = (
    "analysis",
    "decision",
    "foundation",
    "participants",
    "protocol",
    "records",
    "simulation",
    "trial",
)
_PLAIN = {one.name for one in fields(Scenario)}  # what a scenario of another kind has beside it is told too


def _name(scenario: Scenario, seed: int, chunk: Chunk) -> str:
    """Changes with anything that could change the numbers, the code among it."""
    told = [
        code(),
        scenario.protocol.model_dump_json(),
        repr(scenario.question),
        scenario.population.model_dump_json(),
        scenario.archetype,
        repr(scenario.effect_in_mcid),
        scenario.judged_by,
        repr(scenario.like),
        str(seed),
        f"{chunk.first}+{chunk.count}",
        *(repr(getattr(scenario, one.name)) for one in fields(scenario) if one.name not in _PLAIN),
    ]
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:32]


def _found(kept: Path | None, scenario: Scenario, seed: int, chunk: Chunk, kind: type[Count]) -> Count | None:
    """A count that was kept; one that cannot be read counts as missing."""
    if kept is None:
        return None
    try:
        return kind.read(json.loads((kept / f"{_name(scenario, seed, chunk)}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _keep(kept: Path | None, scenario: Scenario, seed: int, chunk: Chunk, count: Counted) -> None:
    """Whole or not at all: a run that is killed leaves no half of a count."""
    if kept is None:
        return
    name = _name(scenario, seed, chunk)
    kept.mkdir(parents=True, exist_ok=True)
    half = kept / f"{name}.{os.getpid()}.half"
    half.write_text(json.dumps(count.write()), encoding="utf-8")
    half.replace(kept / f"{name}.json")
