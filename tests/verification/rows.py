"""The rows of the verification: what each shows, what it depends on, and how it is run."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from verification import (
    api_schema,
    calibration,
    diary_cases,
    diary_kills,
    diary_start,
    flagship,
    grid_decisions,
    grid_error,
    open_label,
    outcome_references,
    phone_trials,
    quadrature,
    real_data,
    replaying,
    staff_stops,
    store_disks,
    store_kills,
    store_logs,
    store_syncs,
    stored_references,
    useless_drug,
    useless_outcome,
)
from verification.counts import COUNTS, DISK_FAULTS, OF_THIRTY, OUTCOMES, P0_OUTCOMES, USELESS_OUTCOMES
from verification.finding import Finding

Progress = Callable[[int, int], None]

# Under src/modicum: what is tested. Under tests/verification: how. A change of either makes a row stale.
_PARTS = [
    "assumptions",
    "axes",
    "covariates",
    "design",
    "exposure",
    "fitting",
    "integration",
    "mixtures",
    "posterior",
    "question",
    "scale",
    "schedule",
    "whitening",
]
_ENGINE = (*(f"analysis/{part}.py" for part in _PARTS), "records/diary.py")
_BATCH = (*_ENGINE, "analysis/batch", "analysis/compiled", "analysis/inference.py")
_RULES = ("decision/judging.py", "decision/finding.py", "decision/looks.py", "protocol/library/ldn-crossover.toml")
_VERDICT = (*_ENGINE, *_RULES)
_READING = (*_ENGINE, "records", "services/asking.py")
_LINK_PARTS = ["assumptions", "axes", "covariates", "design", "exposure", "question", "schedule", "side_effects"]
_LINK = ("analysis/outcomes", "analysis/compiled", *(f"analysis/{part}.py" for part in _LINK_PARTS), "records/diary.py")
_POPULATIONS = tuple(f"participants/library/{name}.toml" for name in flagship.POPULATIONS)
_READ = (*(f"protocol/{part}.py" for part in ("record", "rules", "schema", "sequences")), "records/events.py")
_BODIES = tuple(f"participants/{part}.py" for part in ("archetypes", "chance", "population", "virtual"))
_COURSE = tuple(f"trial/{part}.py" for part in ("block", "diary", "reviewing", "roles", "running", "state", "walking"))
_LIVED = (*_COURSE, *_BODIES, *_READ, *_POPULATIONS)
_STORED = ("independent_columns.py", "reference_trials.py", "stored.py")
_BRUTE = (*_STORED, "dense_quadrature.py", "small_diaries.py", "quadrature.py")
_DRAWN = (*_STORED, "prior_predictive.py", "variants.py", "calibration.py")
_OUTCOMES = ("independent_columns.py", "stored.py", "outcome_quantities.py")
_OUTCOMES_DRAWN = (
    *_OUTCOMES,
    "independent_outcomes.py",
    "calibration.py",
    "outcome_prior.py",
    "outcome_calibration.py",
)
_VERDICTS = (*_BATCH, *_RULES, "simulation/posterior.py")
_STORE = ("records/chain.py", "services/store_turns.py", "web/databases.py", "web/store")
_USELESS = (*_STORED, "prior_predictive.py", "variants.py", "useless_drug.py")


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Args:
        name: as given to ``--rows``.
        shows: what it shows, one phrase.
        depends: packages and files under ``src/modicum`` that it tests.
        method: files under ``tests/verification`` that test it.
        run: called with the count and a progress callback.
        needs_data: whether it needs ``MODICUM_REFERENCE_DATA``.
    """

    name: str
    shows: str
    depends: tuple[str, ...]
    method: tuple[str, ...]
    run: Callable[[int, Progress | None], Finding]
    needs_data: bool = False

    @property
    def full_count(self) -> int:
        """How much is done in ``make verify``."""
        return COUNTS[self.name][1]


def _plain(run: Callable[[int], Finding]) -> Callable[[int, Progress | None], Finding]:
    return lambda count, _progress: run(count)


def _outcome_rows() -> list[Row]:
    rows = []
    for kind in OUTCOMES:
        shows = f"Same posterior as long NUTS runs: {kind.replace('-', ' ')}"
        beside = _plain(partial(outcome_references.run, kind))
        rows.append(Row(f"nuts-{kind}", shows, _LINK, (*_OUTCOMES, "outcome_references.py"), beside))
    for kind in OUTCOMES:
        shows = f"Calibrated over the prior: {kind.replace('-', ' ')}"
        rows.append(Row(f"sbc-{kind}", shows, _LINK, _OUTCOMES_DRAWN, partial(_calibrate_outcome, kind)))
    for kind in P0_OUTCOMES:
        shows = f"P(no effect) as often right as it says: {kind}"
        rows.append(Row(f"p0-{kind}", shows, _LINK, _OUTCOMES_DRAWN, partial(_p_no_effect_outcome, kind)))
    shows = "Calibrated over the prior: a side effect of thirty people"
    many = (*_LINK, "analysis/people.py", "analysis/side_effects_of_many.py")
    rows.append(Row(OF_THIRTY, shows, many, (*_OUTCOMES_DRAWN, "outcome_people.py"), _calibrate_people))
    return rows


def _p_no_effect_outcome(kind: str, count: int, progress: Progress | None) -> Finding:
    from verification.outcome_calibration import run_outcome_p_no_effect  # needs JAX

    return run_outcome_p_no_effect(kind, count, progress)


def _calibrate_people(count: int, progress: Progress | None) -> Finding:
    from verification.outcome_people import run_people  # needs JAX

    return run_people(count, progress)


def _calibrate_outcome(kind: str, count: int, progress: Progress | None) -> Finding:
    from verification.outcome_calibration import run_outcome_calibration  # needs JAX, which the other rows do not

    return run_outcome_calibration(kind, count, progress)


def _rows() -> list[Row]:
    rows = [
        Row("quadrature", "Same posterior as brute force", _ENGINE, _BRUTE, _plain(quadrature.run)),
        Row(
            "nuts",
            "Same posterior as long NUTS runs",
            _ENGINE,
            (*_STORED, "stored_references.py"),
            _plain(stored_references.run),
        ),
    ]
    grid = (*_STORED, "prior_predictive.py", "grid_error.py")
    rows.append(Row("grid-error", "The batch's grid against a fine one", _BATCH, grid, grid_error.run_grid_error))
    for name in calibration.VARIANTS:
        if f"sbc-{name}" in COUNTS:
            run = partial(calibration.run_calibration, name)
            rows.append(
                Row(f"sbc-{name}", f"Calibrated over the prior: {name.replace('-', ' ')}", _ENGINE, _DRAWN, run)
            )
    rows += [
        *_outcome_rows(),
        Row("coverage", "Intervals cover as often as they say", _ENGINE, _DRAWN, calibration.run_coverage),
        Row("p0-calibration", "P(no effect) as often right as it says", _ENGINE, _DRAWN, calibration.run_p_no_effect),
    ]
    for cell in useless_drug.CELLS:
        shows = "Useless drug, correlation {:g}, white share {:g}, sd {:g}".format(*cell)
        name, run = useless_drug.cell_name(*cell), partial(useless_drug.run_cell, cell)
        rows.append(Row(name, shows, _VERDICTS, _USELESS, run))
    for which, what, run in (
        ("type-one-reviews", "Useless drug reviewed after every pair", useless_drug.run_reviews),
        ("type-one-ladder", "Useless drug, four doses in one course", useless_drug.run_ladder),
    ):
        for cell in useless_drug.HARDEST:
            shows = "{}, correlation {:g}, white share {:g}, sd {:g}".format(what, *cell)
            name, one = useless_drug.cell_name(*cell, which), partial(run, cell)
            rows.append(Row(name, shows, _VERDICTS, _USELESS, one))
    asking = (*_LINK, *_RULES, "analysis/inference.py", "services/asking.py", "services/kinds.py")
    for kind in USELESS_OUTCOMES:
        one = partial(useless_outcome.run_outcome, kind)
        shows = f"Useless drug, {kind} outcome, correlation 0.9"
        rows.append(Row(f"type-one-{kind}", shows, asking, (*_USELESS, "useless_outcome.py"), one))
    rows.append(
        Row("open-taper", "An open course comes out uncertain", _VERDICT, (*_USELESS, "open_label.py"), open_label.run)
    )
    journal = (*(f"records/{part}.py" for part in ("journal", "writing")), "participants/recorded.py")
    trial = (*_BATCH, *_LIVED, *journal, *(f"simulation/{part}.py" for part in ("people", "posterior", "scenario")))
    shows = "Lived, replayed and fed entry by entry, trials decide alike"
    rows.append(Row("replay", shows, trial, ("replaying.py",), replaying.run_replay))
    rows += [*_flagship_rows(), *_store_rows(), *_diary_rows()]
    for name, run in real_data.RUNS.items():
        depends = (
            (*_READING, "analysis/outcomes", "analysis/compiled") if name in real_data.ON_A_LINK_SCALE else _READING
        )
        rows.append(Row(f"real-{name}", f"Real data: {name}", depends, ("real_data.py",), _plain(run), needs_data=True))
    return rows


def _flagship_rows() -> list[Row]:
    simulated = (f"simulation/{part}.py" for part in ("leaks", "people", "posterior", "scenario", "tally"))
    policy = (*_VERDICTS, *_LIVED, *simulated, "protocol/library/ldn-smallest-dose.toml")
    method = ("flagship.py", "useless_drug.py")
    rows = []
    for population, cells in flagship.CHECKED.items():
        for cell in cells:
            shows = "The whole flagship, useless drug, {}, correlation {:g}, white share {:g}, sd {:g}"
            run = partial(flagship.run_useless, population, cell)
            name = flagship.row_name(population, cell)
            rows.append(Row(name, shows.format(f"{population} people", *cell), policy, method, run))
    for name, shows, run in (
        ("power", "The whole flagship, a drug that works", flagship.run_power),
        ("third", "The whole flagship, a drug that works for a third", flagship.run_third),
        ("leaks", "The whole flagship, arms guessed from visible decisions", flagship.run_leaks),
    ):
        rows.append(Row(f"flagship-{name}", shows, policy, method, run))
    shows, by = "The whole flagship, decided as on the finer grid of one person", (*method, "grid_decisions.py")
    rows.append(Row("flagship-grid", shows, policy, by, grid_decisions.run_grid_decisions))
    shows, by = "The whole flagship, useless drug, stopped by staff", (*method, "staff_stops.py")
    rows.append(Row("staff-stops", shows, policy, by, staff_stops.run_staff_stops))
    return rows


def _diary_rows() -> list[Row]:
    diary = ("web/diary", "web/api", "services/diary")
    kills = "Browsers killed while evenings are filled in without a network"
    start = "The diary opens without a network on a slow phone"
    trial = (*diary, *_COURSE, "web/store", "web/trials.py", "web/stories.py")
    road = "The flagship from a name to the reveal, all of it in a browser"
    walked = ("web", "services", *_COURSE)
    asked = "The interface for phones, asked by its OpenAPI document and beside it"
    return [
        Row("diary-cases", "The diary in a browser, every case", diary, ("diary_cases.py",), diary_cases.run_cases),
        Row("diary-kills", kills, diary, ("diary_kills.py",), diary_kills.run_kills),
        Row("diary-trial", "The flagship on the phone's page", trial, ("phone_trials.py",), phone_trials.run_trials),
        Row("clinic-road", road, walked, ("clinic_roads.py", "phone_trials.py"), _walk_roads),
        Row("diary-start", start, diary, ("diary_start.py",), diary_start.run_cold_start),
        Row("api-schema", asked, ("web/api", "services/diary"), ("api_schema.py",), api_schema.run_schema),
    ]


def _walk_roads(count: int, progress: Progress | None) -> Finding:
    from verification.clinic_roads import run_roads  # which sets Django up, as no other row needs

    return run_roads(count, progress)


def _store_rows() -> list[Row]:
    served = ("store_endpoint.py", "store_server.py", "store_settings.py")
    rows = []
    for engine in ("sqlite", "postgresql"):
        shows = f"Server killed under load, {engine}"
        run = partial(store_kills.run_kills, engine)
        rows.append(Row(f"store-kills-{engine}", shows, _STORE, (*served, "store_kills.py"), run))
    shows = "A sync of the disk behind every receipt"
    rows.append(Row("store-syncs", shows, _STORE, (*served, "store_syncs.py"), store_syncs.run_syncs))
    shows = "SQLite's log cut at any byte"
    rows.append(Row("store-cuts", shows, _STORE, (*served, "store_logs.py"), store_logs.run_cuts))
    for kind in DISK_FAULTS:
        shows, run = f"A disk that fails under load: {kind.replace('-', ' ')}", partial(store_disks.run_faults, kind)
        rows.append(Row(f"store-disk-{kind}", shows, _STORE, (*served, "store_disks.py"), run))
    return rows


ROWS = {row.name: row for row in _rows()}


def chosen(names: list[str]) -> list[Row]:
    """Rows by name or by beginning of a name ("type-one" is all its cells); all where none is named."""
    if not names:
        return list(ROWS.values())
    unknown = [name for name in names if not any(row.startswith(name) for row in ROWS)]
    if unknown:
        raise ValueError(f"There is no row {', '.join(unknown)}. Rows: {', '.join(ROWS)}")
    return [row for row in ROWS.values() if any(row.name.startswith(name) for name in names)]
