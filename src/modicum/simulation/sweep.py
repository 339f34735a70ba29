"""Sweeps: many scenarios over many people, in chunks that can be spread over processes, kept, and taken up again.

A chunk is a pure function of its scenario, the seed and the numbers of its people, so that it does not matter who runs
it, in which order, or how often.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from modicum.foundation.version import version
from modicum.simulation.people import simulate_people
from modicum.simulation.scenario import Scenario
from modicum.simulation.tally import Tally

if TYPE_CHECKING:
    from distributed import Client

CHUNK = 200  # people whose trials are held in memory at once
PATIENCE_SECONDS = 10  # for a scheduler to answer
RETRIES = 5  # of a chunk whose worker died

Progress = Callable[[int, int], None]


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


def chunks(scenarios: int, participants: int) -> list[Chunk]:
    """A sweep cut into chunks; the same whatever runs it."""
    starts = range(0, participants, CHUNK)
    return [Chunk(k, first, min(CHUNK, participants - first)) for k in range(scenarios) for first in starts]


def run_chunk(scenario: Scenario, seed: int, chunk: Chunk, threads: int | None = 1) -> Tally:
    """The tally of one chunk."""
    people = range(chunk.first, chunk.first + chunk.count)
    return Tally.of(scenario, simulate_people(scenario, seed, people, threads=threads))


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
    total, tallies, done = participants * len(scenarios), [Tally() for _ in scenarios], 0
    missing = list[Chunk]()
    for chunk in chunks(len(scenarios), participants):
        found = _found(kept, _name(scenarios[chunk.scenario], seed, chunk))
        if found is None:
            missing.append(chunk)
        else:
            tallies[chunk.scenario], done = tallies[chunk.scenario] + found, done + chunk.count
    run = _on_cluster(scenarios, seed, missing, scheduler) if scheduler else _run(scenarios, seed, missing, processes)
    for chunk, tally in run:
        _keep(kept, _name(scenarios[chunk.scenario], seed, chunk), tally)
        tallies[chunk.scenario], done = tallies[chunk.scenario] + tally, done + chunk.count
        if progress:
            progress(done, total)
    return tallies


def _run(
    scenarios: Sequence[Scenario], seed: int, missing: Iterable[Chunk], processes: int
) -> Iterator[tuple[Chunk, Tally]]:
    if processes <= 1:
        for chunk in missing:
            yield chunk, run_chunk(scenarios[chunk.scenario], seed, chunk, threads=None)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(run_chunk, scenarios[chunk.scenario], seed, chunk): chunk for chunk in missing}
        for done in as_completed(waiting):
            yield waiting[done], done.result()


def _on_cluster(
    scenarios: Sequence[Scenario], seed: int, missing: Iterable[Chunk], scheduler: str
) -> Iterator[tuple[Chunk, Tally]]:
    """The chunks on the workers of a cluster; one that dies loses nothing but time, since a chunk can be run again."""
    with _client(scheduler) as client:
        from distributed import as_completed as completed

        sent = [client.scatter(scenario, broadcast=True, hash=False) for scenario in scenarios]
        waiting = {
            client.submit(run_chunk, sent[chunk.scenario], seed, chunk, pure=False, retries=RETRIES): chunk
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


def _name(scenario: Scenario, seed: int, chunk: Chunk) -> str:
    """Changes with anything that could change the numbers."""
    told = [
        version(),
        scenario.protocol.model_dump_json(),
        repr(scenario.question),
        scenario.population.model_dump_json(),
        scenario.archetype,
        repr(scenario.effect_in_mcid),
        scenario.judged_by,
        repr(scenario.like),
        str(seed),
        f"{chunk.first}+{chunk.count}",
    ]
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:32]


def _found(kept: Path | None, name: str) -> Tally | None:
    """A tally that was kept; one that cannot be read counts as missing."""
    if kept is None:
        return None
    try:
        return Tally.read(json.loads((kept / f"{name}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _keep(kept: Path | None, name: str, tally: Tally) -> None:
    """Whole or not at all: a run that is killed leaves no half of a tally."""
    if kept is None:
        return
    kept.mkdir(parents=True, exist_ok=True)
    half = kept / f"{name}.{os.getpid()}.half"
    half.write_text(json.dumps(tally.write()), encoding="utf-8")
    half.replace(kept / f"{name}.json")
