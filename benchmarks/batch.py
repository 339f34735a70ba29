"""The batched kernel: many virtual trials at once, and how its time grows with their number, length and ladder.

    python benchmarks/batch.py

makes the figure anew. ``benchmarks/run.py`` takes the rows of its table from here.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.batch.fitting import fit_many, fit_packed, trial_of
from modicum.analysis.batch.packing import Trial, pack
from modicum.analysis.question import Question, default_priors
from modicum.analysis.schedule import schedule_of
from modicum.records.diary import Diary

HOUSE = Path(__file__).resolve().parent.parent
FIGURE, FIGURES = HOUSE / "docs" / "images" / "batch-speed.svg", HOUSE / "benchmarks" / "batch.json"
MANY = 10_000
LADDER = (0.5, 1.5, 3.0, 4.5)
NO_WHITE = Assumptions(white_noise=False)
SCHEDULES = 200  # different calendars; every trial has scores of its own
TIMES = 3


def question(doses: int) -> Question:
    """Pain from 0 to 10 on a ladder of so many doses."""
    ladder = LADDER if doses == len(LADDER) else tuple(0.5 * k for k in range(1, doses + 1))
    return Question(
        outcome="pain",
        label="Pain",
        unit="points",
        better="lower",
        low=0.0,
        high=10.0,
        mcid=1.0,
        ladder_mg=ladder,
        priors=default_priors(0.0, 10.0, 1.0, with_protocol=True),
    )


def diary(days: int, ladder: tuple[float, ...], rng: np.random.Generator) -> Diary:
    """One entry an evening; blocks of none and of every dose in ascending order, blinded after the first."""
    blocks = [0.0, *(dose for mg in ladder for dose in (mg, 0.0))]
    day = np.arange(days)
    dose = np.array(blocks)[np.minimum(day * len(blocks) // days, len(blocks) - 1)]
    return Diary(
        time_days=day + 20 / 24,
        received_days=day + 20 / 24,
        dosing_day=day,
        dose_mg=dose,
        scores={"pain": scores(dose, rng)},
        blinded=(day * len(blocks) // days > 0).astype(float),
        virtual=True,
    )


def scores(dose: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Scores around 6, less a third of the dose, of sd 1.5: half of the variance follows the day before."""
    noise, last = np.empty(len(dose)), rng.standard_normal()
    for i in range(len(dose)):
        last = 0.7 * last + np.sqrt(1 - 0.7**2) * rng.standard_normal()
        noise[i] = 1.5 * (np.sqrt(0.5) * last + np.sqrt(0.5) * rng.standard_normal())
    return 6.0 - dose / 3.0 + noise


def trials(
    number: int, days: tuple[int, int] = (84, 168), doses: int = 4, assumptions: Assumptions | None = None
) -> list[Trial]:
    """Trials of a length between these two, four columns that do not depend on the onset, and one for every dose."""
    rng, asked = np.random.default_rng(1), question(doses)
    made = []
    for _ in range(min(number, SCHEDULES)):
        kept = diary(int(rng.integers(days[0], days[1] + 1)), asked.ladder_mg, rng)
        made.append(trial_of(asked, kept, schedule_of(kept), assumptions))
    out = [made[i % len(made)] for i in range(number)]
    shaken = [replace(one.design, score=one.design.score + 0.3 * rng.standard_normal(len(one.design))) for one in out]
    return [replace(one, design=design) for one, design in zip(out, shaken, strict=True)]


def best(act: Callable[[], object], times: int) -> tuple[float, float]:
    """Shortest of several runs: seconds on the clock, seconds of the processor."""
    runs = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        runs.append((time.perf_counter() - wall, time.process_time() - cpu))
    wall, cpu = np.min(runs, axis=0).tolist()
    return wall, cpu


def sweep(times: int) -> list[dict[str, object]]:
    """Seconds against number of trials, days and doses; the rest at 1,000 trials of 126 days and 4 doses."""
    settings = [("trials", n, n, 126, 4) for n in (100, 300, 1000, 3000, 10_000)]
    settings += [("days", d, 1000, d, 4) for d in (28, 56, 112, 224, 448)]
    settings += [("doses", k, 1000, 126, k) for k in (1, 2, 3, 5, 7, 9)]
    rows = []
    for axis, value, number, days, doses in settings:
        for name, assumptions in (("white noise too", None), ("autocorrelation only", NO_WHITE)):
            packed = pack(trials(number, (days, days), doses, assumptions))
            wall, cpu = best(lambda packed=packed: fit_packed(packed), times)
            rows.append({"axis": axis, "value": value, "residual": name, "seconds": wall, "cpu_seconds": cpu})
            print(f"{axis:8}{value:8}  {name:22}{wall:9.3f} s", file=sys.stderr, flush=True)
    return rows


def slopes(rows: list[dict[str, object]]) -> dict[str, float]:
    """Slope of log processor seconds against log of each axis, over its upper half, by axis and residual."""
    out = {}
    for axis in ("trials", "days", "doses"):
        for name in ("white noise too", "autocorrelation only"):
            at = [(r["value"], r["cpu_seconds"]) for r in rows if r["axis"] == axis and r["residual"] == name]
            x, y = np.log(np.array(at, float)[len(at) // 2 - 1 :]).T
            out[f"{axis}, {name}"] = round(float(np.polyfit(x, y, 1)[0]), 2)
    return out


def figure(rows: list[dict[str, object]], found: dict[str, float]) -> str:
    """Three panels on logarithmic axes, as SVG."""
    import altair as alt
    import polars as pl
    import vl_convert

    frame, panels = pl.DataFrame(rows), []
    for axis in ("trials", "days", "doses"):
        slope = found[f"{axis}, white noise too"], found[f"{axis}, autocorrelation only"]
        base = alt.Chart(frame.filter(pl.col("axis") == axis)).encode(
            x=alt.X("value:Q", scale=alt.Scale(type="log"), title=f"{axis} (slopes {slope[0]:g} and {slope[1]:g})"),
            y=alt.Y("cpu_seconds:Q", scale=alt.Scale(type="log"), title="processor seconds"),
            color=alt.Color("residual:N", title="residual", scale=alt.Scale(range=["#1f5fa8", "#c26a00"])),
        )
        panels.append((base.mark_line() + base.mark_point(filled=True, size=40)).properties(width=200, height=180))
    chart = alt.hconcat(*panels).properties(title="Fitting many trials: seconds of one core")
    return vl_convert.vegalite_to_svg(chart.to_json())


def main() -> None:
    """Measure, store the numbers, and draw them."""
    fit_many(trials(2))
    rows = sweep(TIMES)
    found = slopes(rows)
    document = {"cores": os.cpu_count(), "load_at_end": os.getloadavg()[0], "slopes": found, "rows": rows}
    FIGURES.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    FIGURE.write_text(figure(rows, found), encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
