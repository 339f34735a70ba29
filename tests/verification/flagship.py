"""The flagship, all of it: virtual people live the whole trial, reviews and all, by the code that runs a real one.

Nothing is counted but what the trial said in the end. Both "declared" and "declared without qualification" are printed;
the bounds are on the second, which needs the belief-adjusted analysis to agree.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache

from scipy import stats

from modicum.analysis.batch.fitting import cores
from modicum.analysis.question import Question
from modicum.participants.population import Population, read_population
from modicum.protocol import Protocol, read_protocol
from modicum.services.asking import ask
from modicum.services.options import Options
from modicum.simulation.leaks import balanced_accuracy
from modicum.simulation.people import simulate_people, virtual_life
from modicum.simulation.scenario import Judge, Scenario
from modicum.simulation.sweep import sweep
from modicum.simulation.tally import Tally, weeks
from verification.finding import Finding
from verification.useless_drug import CELLS, FALSE_ALARM, MOST, Cell, cell_name

SEED = 2027
FLAGSHIP, OPEN = "ldn-smallest-dose", "ldn-open"
POPULATIONS = ("hard", "typical")  # the first has side effects after every step, skipped capsules and drop-out
WORKS_FROM = ("threshold-0.5", "threshold-1.5", "threshold-3")
EFFECTIVE = (*WORKS_FROM, "threshold-4.5", "emax", "inverted-u-1.5", "inverted-u-3")
CHECKED = {"hard": CELLS, "typical": tuple(cell for cell in CELLS if cell[0] >= 0.9)}  # cells of the noise grid
FLARE = 0.5  # of people are enrolled in one
ALONE = 200  # people for whom it is not worth starting another process
MOST_UPPER, LEAST_POWER, LEAST_MEAN, MOST_WEEKS = 0.056, 0.75, 0.68, 32
LEAST_RIGHT, LEAST_GAIN, MOST_LEAKED = 0.85, 0.30, 0.60
FEW_LEAK, FEW_RIGHT = 0.12, 0.5  # three standard errors where few people are looked at; of one person of each truth
Progress = Callable[[int, int], None]


def row_name(population: str, cell: Cell) -> str:
    """Name of the row of one cell of the noise grid."""
    return cell_name(*cell, f"flagship-useless-{population}")


@cache
def asked(name: str) -> tuple[Protocol, Question]:
    """A shipped protocol, and what it asks of any diary of it."""
    plan = read_protocol(name)
    life = virtual_life(plan, read_population("typical"), seed=SEED, person=0)
    life.to_next_look()
    return plan, ask(Options(outcomes=(plan.primary,)), plan, life.trial.known()).questions[0]


def scenario(name: str, population: Population, archetype: str, judge: Judge = "modicum") -> Scenario:
    """A protocol, and people for whom the drug works so; full benefit 1.5 MCID."""
    return Scenario(*asked(name), population, archetype, judged_by=judge)


def lived(scenarios: Iterable[Scenario], count: int, progress: Progress | None) -> list[Tally]:
    """So many people in each."""
    every = list(scenarios)
    processes = cores() if count * len(every) > ALONE else 1
    return sweep(every, count, SEED, processes=processes, progress=progress)


def run_useless(population: str, cell: Cell, count: int, progress: Progress | None = None) -> Finding:
    """P(declared without qualification | it does nothing) in one cell of the noise grid."""
    correlation, white, sd = cell
    people = read_population(population).but(correlation=correlation, white_share=white, residual_sd=sd)
    return useless(*lived([scenario(FLAGSHIP, people, "none")], count, progress))


def useless(tally: Tally) -> Finding:
    """Whether as few useless drugs as promised were declared to work without qualification."""
    found, count = tally.unqualified, tally.trials
    upper = float(stats.beta.ppf(0.99, found + 1, count - found)) if found < count else 1.0
    surprise = float(stats.binom.sf(found - 1, count, MOST))
    held = found <= MOST * count and upper <= MOST_UPPER
    return Finding(
        passed=held if count >= 1000 else surprise >= FALSE_ALARM,
        bound="in at most 5 %, 99 % upper limit 5.6 %",
        summary=f"{found} of {count} ({100 * found / count:.1f} %, upper limit {100 * upper:.1f} %);"
        f" declared {100 * tally.declared / count:.1f} %",
        figures={"trials": count, "unqualified": found, "declared": tally.declared, "endings": dict(tally.endings)},
    )


def run_power(count: int, progress: Progress | None = None) -> Finding:
    """P(declared without qualification | it works) for a typical person, 1.5 MCID, by truth; and how long it takes."""
    people = read_population("typical")
    tallies = lived((scenario(FLAGSHIP, people, truth) for truth in EFFECTIVE), count, progress)
    power = {truth: tally.unqualified / count for truth, tally in zip(EFFECTIVE, tallies, strict=True)}
    long = {truth: weeks(tally.days)["median"] for truth, tally in zip(EFFECTIVE, tallies, strict=True)}
    mean, least = sum(power.values()) / len(power), min(power[truth] for truth in WORKS_FROM)
    longest = max(long[truth] or 0.0 for truth in WORKS_FROM)
    responders = weeks(sum((tally.days for tally in tallies), Counter()))["median"] or 0.0
    if count >= 1000:
        held = least >= LEAST_POWER and mean >= LEAST_MEAN and max(longest, responders) <= MOST_WEEKS
    else:
        least_likely = stats.binom.cdf([power[truth] * count for truth in WORKS_FROM], count, LEAST_POWER)
        held = bool(min(least_likely) >= FALSE_ALARM)
    shares = ", ".join(f"{truth} {100 * share:.1f} %" for truth, share in power.items())
    return Finding(
        passed=held,
        bound="0.5, 1.5 and 3 mg: 75 % each; all seven: 68 % on average; half of all responders, and of each of these"
        " three, within 32 weeks",
        summary=f"{count} each: {shares}; mean {100 * mean:.1f} %; {responders:.0f} weeks, the longest of the seven"
        f" {max(one or 0.0 for one in long.values()):.0f}",
        figures={
            "people": count,
            "unqualified": power,
            "declared": {truth: tally.declared / count for truth, tally in zip(EFFECTIVE, tallies, strict=True)},
            "right_dose": {truth: tally.within_a_rung / count for truth, tally in zip(EFFECTIVE, tallies, strict=True)},
            "median_weeks": long,
            "median_weeks_of_all": responders,
        },
    )


def run_third(count: int, progress: Progress | None = None) -> Finding:
    """How many trials end rightly where the drug works for a third of people, half of them enrolled in a flare."""
    people = read_population("typical").but(flare_share=FLARE)
    practices: list[tuple[str, Judge]] = [(FLAGSHIP, "modicum"), (OPEN, "eye")]
    truths = ("none", *WORKS_FROM)
    every = [scenario(name, people, truth, judge) for name, judge in practices for truth in truths]
    rightly = [tally.ended_rightly / count for tally in lived(every, count, progress)]
    blinded, by_eye = (2 / 3 * nobody + sum(works) / len(works) / 3 for nobody, *works in (rightly[:4], rightly[4:]))
    held = blinded >= LEAST_RIGHT and blinded - by_eye >= LEAST_GAIN
    return Finding(
        passed=held if count >= 1000 else blinded > max(by_eye, LEAST_RIGHT - FEW_RIGHT / math.sqrt(count)),
        bound="85 % end rightly, 30 points more than usual practice by eye",
        summary=f"{count} of each truth: {100 * blinded:.1f} % end rightly, by eye {100 * by_eye:.1f} %",
        figures={"people": count, "rightly": rightly, "blinded": blinded, "by_eye": by_eye},
    )


def run_leaks(count: int, progress: Progress | None = None) -> Finding:
    """How well each period's arm can be guessed from what everybody sees; half of the people have a drug that works."""
    outcomes = []
    for truth in ("none", "threshold-1.5"):
        one = scenario(FLAGSHIP, read_population("typical"), truth)
        for first in range(0, count, ALONE):
            outcomes += simulate_people(one, SEED, range(first, min(first + ALONE, count)))
            if progress:
                progress(len(outcomes), 2 * count)
    accuracy = balanced_accuracy(asked(FLAGSHIP)[0], outcomes)
    return Finding(
        passed=accuracy is not None and accuracy <= MOST_LEAKED + (0.0 if count >= 1000 else FEW_LEAK),
        bound="balanced accuracy of the best guess at most 0.60",
        summary=f"{2 * count} people: {accuracy:.3f}",
        figures={"people": 2 * count, "balanced_accuracy": accuracy},
    )
