"""Measure Modicum's speed beside its peers', in one run on one machine, and print a table.

    python benchmarks/run.py [--quick]

Absolute figures are goals for a machine with two free cores. Only ratios of figures of the same run can fail, and they
are of processor time, so that a slow or busy machine does not. Each figure is the best of five. All of it runs on one
thread, and the peers run one chain, which is the least work for a given precision; the batch runs on all cores, and its
ratios are of processor time a fit, as if the peers filled all cores too. Peers that are not installed are
named and left out.
"""

import argparse
import csv
import importlib
import json
import math
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # one core for all: the peers run one chain
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import numpy as np  # noqa: E402 - threads are set before

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
DIARY = HERE.parent / "src" / "modicum" / "example" / "diary.csv"
PROTOCOL = "ldn-smallest-dose"
RESULTS = HERE / "results.json"
BEST_OF = 5
LEAST_ESS = 400
MOST_SECONDS = 240.0  # for one peer, after compiling: then the best so far counts, and the table says of how many
SAME = 500  # fits of one diary at once: enough to fill the cores
BATCH = "Modicum's batch, a fit"
COURSES = "Modicum's plasma courses, a person"
LIVED = "Modicum's flagship, a person"
FASTER = {
    "peers.pymc_nutpie": 500.0,
    "peers.numpyro_nuts": 2000.0,
    "peers.jags": 500.0,
}  # times, in seconds of the processor a fit
SLOWEST = 200.0  # times the yardstick: about twice the goal where Python starts in 15 ms
SLOWEST_WITH_SIDE_EFFECTS = 400.0  # their model takes two seconds more (docs/decisions/0014)
ABSENT = ("Stan",)
PEERS = ("peers.pymc_nutpie", "peers.numpyro_nuts", "peers.jags")


@dataclass(frozen=True)
class Row:
    """One figure: seconds on the clock and of the processor, the goal for the former, and the ratio of the latter."""

    name: str
    seconds: float
    cpu_seconds: float
    best_of: int
    goal_seconds: float | None = None
    ratio: float | None = None
    ratio_to: str = ""
    ratio_limit: float | None = None
    note: str = ""

    @property
    def passed(self) -> bool:
        """Whether the ratio keeps to its limit: at most it for ourselves, at least it for a peer."""
        if self.ratio is None or self.ratio_limit is None:
            return True
        return self.ratio >= self.ratio_limit if self.ratio_to.startswith("Modicum") else self.ratio <= self.ratio_limit


def spent() -> np.ndarray:
    """Seconds so far: on the clock, and of the processor by this process and the children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return np.array([time.perf_counter(), time.process_time() + children.ru_utime + children.ru_stime])


def best(act: Callable[[], object], times: int) -> tuple[float, float]:
    """Shortest of several runs: seconds on the clock, seconds of the processor."""
    runs = []
    for _ in range(times):
        begin = spent()
        act()
        runs.append(spent() - begin)
    wall, cpu = np.min(runs, axis=0).tolist()
    return wall, cpu


def shell(*arguments: str) -> Callable[[], object]:
    """A process of its own, that has to succeed."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def measure_shell(times: int) -> list[Row]:
    """From the shell: Python itself, importing Modicum, and one diary to its document."""
    bare = best(shell("-c", "pass"), times)
    imported = best(shell("-c", "import modicum"), times)
    against = "python -c pass"
    rows = [
        Row(against, *bare, times, note="the yardstick"),
        Row("import modicum", *imported, times, 0.3, imported[1] / bare[1], against, 4.0),
    ]
    with TemporaryDirectory() as folder:
        for name, diary, limit, note in (
            ("shell to JSON, scores alone", scores_alone(Path(folder)), SLOWEST, "five outcomes, the whole table"),
            ("shell to JSON, side effects too", DIARY, SLOWEST_WITH_SIDE_EFFECTS, "and seven side effects modelled"),
        ):
            act = shell("-m", "modicum", "analyse", str(diary), "--protocol", PROTOCOL, "--json")
            act()  # what is compiled is kept
            seconds = best(act, times)
            rows.append(Row(name, *seconds, times, 1.5, seconds[1] / bare[1], against, limit, note))
    return rows


def scores_alone(folder: Path) -> Path:
    """The bundled diary without its side effects."""
    with DIARY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    kept = [i for i, name in enumerate(rows[0]) if not name.startswith("side_effect:")]
    path = folder / "scores.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([row[i] for i in kept] for row in rows)
    return path


def measure_fit(times: int) -> tuple[Row, object]:
    """The fit alone, with its second grid, and the posterior that the peers have to find too."""
    import modicum
    from modicum.analysis.fitting import fit_checked

    answer = modicum.analyse(DIARY, protocol=PROTOCOL, outcome="pain").answer
    known = answer.posterior

    def fit() -> object:
        return fit_checked(known.question, answer.diary, known.schedule, known.assumptions)

    note = f"both hypotheses, two grids; error {answer.numerical_error[0]:.4f} sd"
    return Row("Modicum's fit", *best(fit, times), times, note=note), known


def measure_batch(posterior: object, times: int) -> list[Row]:
    """Many trials at once on all cores, warm; and the peers' own diary as one of many, for the ratios."""
    import batch
    from modicum.analysis.batch.fitting import fit_many, trial_of

    rows = []
    for name, assumptions, goal in (("white noise", None, 15.0), ("autocorrelation only", batch.NO_WHITE, 2.0)):
        made = batch.trials(batch.MANY, assumptions=assumptions)
        fit_many(made[:2])
        seconds = best(partial(fit_many, made), times)
        rows.append(Row(f"{batch.MANY:,} trials, {name}", *seconds, times, goal, note="all cores; packing included"))
    known = posterior
    same = [trial_of(known.question, known_diary(), known.schedule, known.assumptions)] * SAME
    wall, cpu = best(partial(fit_many, same), times)
    rows.append(Row(BATCH, wall / SAME, cpu / SAME, times, note=f"one of {SAME} fits of the peers' diary at once"))
    return rows


def measure_pharmacology(times: int) -> list[Row]:
    """Plasma, receptors and rebound of many people, warm; and the plasma of a few by SciPy's solver, for the ratio."""
    import pharmacology as body

    many, fewer, site = body.people(body.PEOPLE), body.people(body.FEWER), body.site()
    body.days(fewer)
    body.hours(fewer, site)  # what is compiled is kept
    rows = []
    for name, act, goal, what in (
        (f"plasma of {body.PEOPLE:,} people", partial(body.days, many), 0.2, "highest, last and area of every day"),
        (f"receptors of {body.FEWER:,} people", partial(body.hours, fewer, site), 2.0, "occupancy and tone every hour"),
    ):
        rows.append(Row(name, *best(act, times), times, goal, note=f"{body.DAYS} nights, all cores: {what}"))
    solutions: list[np.ndarray] = []
    wall, cpu = best(lambda: solutions.append(body.solved(fewer, len(solutions), body.NIGHTLY)), times)
    apart = body.farthest_apart(fewer, body.NIGHTLY, solutions)
    if apart > body.APART:
        raise SystemExit(f"The solver differs by {apart:.1g} (allowed {body.APART:g}): this is not the same problem.")
    own = [seconds / body.PEOPLE for seconds in (rows[0].seconds, rows[0].cpu_seconds)]
    note = f"rtol {body.RTOL:g}; apart {apart:.1g}"
    return [
        *rows,
        Row(COURSES, *own, times, note=f"{1e6 * own[1]:.1f} microseconds of one core"),
        Row("SciPy's solve_ivp, a person", wall, cpu, times, None, cpu / own[1], COURSES, body.FASTER, note),
    ]


def measure_screening(times: int) -> list[Row]:
    """Medication lists against the rules, once the names are loaded; the finder of the vocabulary, for the ratio."""
    import screening

    made, few = screening.lists(screening.LISTS), screening.lists(screening.FEWER)
    screening.screened(made[:1])
    screening.found(few[:1])
    ours = best(lambda: (forget_lines(), screening.screened(made)), times)
    theirs = best(partial(screening.found, few), times)
    a_list = theirs[1] / screening.FEWER
    name = f"{screening.LISTS:,} medication lists"
    note = f"{screening.LINES} lines each, hardly two of them the same; one core"
    ratio = ours[1] / screening.LISTS / a_list
    finder = "the vocabulary's own finder, a list"
    return [
        Row(name, *ours, times, 2.0, ratio, finder, screening.SLOWER, note),
        Row(finder, theirs[0] / screening.FEWER, a_list, times, note="no rules, misspellings, forms or dates"),
    ]


def measure_store(times: int) -> list[Row]:
    """Entries by sixteen clients, each on disk before it is acknowledged; the same with syncs off; and a bare sync."""
    import store

    phones, durable, weak = store.handed_in(times), store.taken(times), store.taken(times, "OFF")
    slower = weak.rate / durable.rate
    limit = None if phones.rate >= store.LEAST else store.SLOWER
    spent = [(found.seconds / found.entries, found.cpu_seconds / found.entries) for found in (phones, durable, weak)]
    name, without = "an event on disk, the store alone", "the same, syncs off"
    reached = phones.rate >= store.LEAST and phones.p99 <= store.SLOWEST_P99
    goal = f"goal {store.LEAST:g}/s, p99 {1e3 * store.SLOWEST_P99:g} ms: {'met' if reached else 'missed'}"
    bare = [seconds / store.SYNCS for seconds in best(store.sync_often, times)]
    return [
        Row("an evening of a phone, on disk", *spent[0], times, note=f"{_speed(phones)}; {goal}"),
        Row(name, *spent[1], times, None, slower, without, limit, _speed(durable)),
        Row(without, *spent[2], times, note=_speed(weak)),
        Row("a bare sync of the disk", *bare, times, note=f"{1 / bare[0]:.0f}/s, four kilobytes each"),
    ]


def _speed(taken: "store.Taken") -> str:
    return f"{taken.rate:.0f}/s by 16 clients, p50 {1e3 * taken.p50:.0f} ms, p99 {1e3 * taken.p99:.0f} ms"


def forget_lines() -> None:
    """Read every line again: those of the run before are kept."""
    from modicum.screening.medicines import read_line
    from modicum.screening.names import tokens_of

    read_line.cache_clear()
    tokens_of.cache_clear()


def measure_simulation(times: int) -> list[Row]:
    """Virtual people living the flagship on all cores, from the start of the processes; and a few, one at a time."""
    import simulation

    simulation.in_batches(1)  # what is compiled is kept
    if simulation.in_batches() != simulation.one_at_a_time():
        raise SystemExit("Reviewed one at a time, trials went otherwise: this is not the same simulation.")
    wall, cpu = best(simulation.many, times)
    share = simulation.PEOPLE / simulation.ALL
    note = f"{simulation.ALL:,} would take {wall / share:.0f} s (goal {simulation.SECONDS:.0f}); all cores"
    own = [seconds / simulation.PEOPLE for seconds in (wall, cpu)]
    alone = [seconds / simulation.FEW for seconds in best(simulation.one_at_a_time, times)]
    ratio = alone[1] / own[1]
    return [
        Row(f"{simulation.PEOPLE} people in the flagship", wall, cpu, times, simulation.SECONDS * share, note=note),
        Row(LIVED, *own, times, note=f"{1e3 * own[1]:.0f} ms of one core"),
        Row("the same, reviews one at a time", *alone, times, None, ratio, LIVED, simulation.FASTER),
    ]


@cache
def known_diary() -> object:
    """The bundled diary."""
    import modicum

    return modicum.analyse(DIARY, protocol=PROTOCOL, outcome="pain").answer.diary


def bulk_ess(draws: np.ndarray) -> float:
    """Smallest bulk effective sample size over the doses."""
    import arviz

    return min(float(arviz.ess(draws[None, :, k], method="bulk")) for k in range(draws.shape[1]))


def measure_peer(module: str, posterior: object, own: Row, times: int) -> Row | None:
    """Time of one chain, warm-up included and compiling excluded, to the bulk ESS on every dose effect."""
    try:
        peer = importlib.import_module(module)
    except ImportError as error:
        print(f"NOT MEASURED: {module} ({error}). Install the peers: uv pip install --group bench", file=sys.stderr)
        return None
    from peers.density import Density

    density, draws = Density.of(posterior), peer.DRAWS
    begin = time.perf_counter()
    run = peer.prepare(density, draws)
    compiled = time.perf_counter() - begin
    runs: list[tuple[np.ndarray, np.ndarray]] = []
    for seed in range(1, times + 1):
        start = spent()
        found = run(seed)
        runs.append((spent() - start, found))
        if sum(seconds[0] for seconds, _ in runs) > MOST_SECONDS:
            break
    return _peer_row(peer, posterior, own, compiled, runs)


def _peer_row(
    peer: object, posterior: object, own: Row, compiled: float, runs: list[tuple[np.ndarray, np.ndarray]]
) -> Row:
    """The fastest run that reached the ESS; where none did, the fastest, scaled up to it and marked."""
    sizes = [bulk_ess(found) for _, found in runs]
    reached = [seconds for (seconds, _), ess in zip(runs, sizes, strict=True) if ess >= LEAST_ESS]
    scaled = [seconds * LEAST_ESS / ess for (seconds, _), ess in zip(runs, sizes, strict=True)]
    wall, cpu = np.min(reached or scaled, axis=0).tolist()
    pooled = np.concatenate([found for _, found in runs])
    mean = np.array([dose.effect.mean for dose in posterior.doses])
    sd = np.array([dose.effect.sd for dose in posterior.doses])
    apart = float(np.max(np.abs(pooled.mean(0) - mean) / sd))
    bound = 5.0 / math.sqrt(sum(sizes))
    if apart > bound:
        raise SystemExit(f"{peer.NAME} differs by {apart:.3f} sd (allowed {bound:.3f}): this is not the same density.")
    note = (
        f"ESS {', '.join(f'{ess:.0f}' for ess in sizes)}; compiled in {compiled:.0f} s, excluded; apart {apart:.3f} sd"
    )
    note += "" if reached else f"; no run reached {LEAST_ESS}, time scaled"
    return Row(peer.NAME, wall, cpu, len(runs), None, cpu / own.cpu_seconds, "Modicum's fit", 1.0, note)


def table(rows: list[Row]) -> str:
    """The rows for a terminal."""
    lines = [f"{'':38}{'seconds':>9}{'CPU s':>8}{'best of':>9}{'goal':>12}{'ratio':>8}{'limit':>8}"]
    for row in rows:
        missed = row.goal_seconds is not None and row.seconds > row.goal_seconds
        goal = "" if row.goal_seconds is None else f"{row.goal_seconds:g}" + (" missed" if missed else " met")
        ratio = "" if row.ratio is None else f"{row.ratio:.1f}"
        sign = ">=" if row.ratio_to.startswith("Modicum") else "<="
        limit = "" if row.ratio_limit is None else f"{sign} {row.ratio_limit:g}"
        lines.append(
            f"{row.name:38}{row.seconds:9.3f}{row.cpu_seconds:8.3f}{row.best_of:9}{goal:>12}{ratio:>8}{limit:>8}"
        )
        if row.note:
            lines.append(f"    {row.note}")
    return "\n".join(lines)


def main(times: int) -> int:
    """Measure everything, print it, store it; 1 where a ratio failed."""
    rows = measure_shell(times)
    fit, posterior = measure_fit(times)
    rows.append(fit)
    many = measure_batch(posterior, times)
    rows += many + measure_pharmacology(times) + measure_screening(times) + measure_simulation(times)
    rows += measure_store(times)
    for module in PEERS:
        if (row := measure_peer(module, posterior, fit, times)) is not None:
            ratio = row.cpu_seconds / many[-1].cpu_seconds
            rows += [row, replace(row, ratio=ratio, ratio_to=BATCH, ratio_limit=FASTER[module], note="the same run")]
    for program in ABSENT:
        print(f"NOT MEASURED: {program}: no model is written for it here.", file=sys.stderr)
    print(table(rows))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    document = {
        "made": datetime.now(UTC).strftime("%Y-%m-%d"),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load_at_end": load,
        "rows": [asdict(row) | {"passed": row.passed} for row in rows],
    }
    if times >= BEST_OF:
        RESULTS.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    failed = [row.name for row in rows if not row.passed]
    print(f"FAILED: {', '.join(failed)}" if failed else "All ratios keep to their limits.")
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure Modicum's speed beside its peers'.")
    parser.add_argument("--quick", action="store_true", help="once instead of best of five; stores nothing")
    sys.exit(main(1 if parser.parse_args().quick else BEST_OF))
