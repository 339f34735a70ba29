"""Four virtual people, each drawn at random, live a trial of their own: the cases that Modicum bundles.

None of them exists. The truths below were made up before any diary was, so that one sees what the answer makes of them;
every figure is an assumption.

    python examples/virtual_cases.py                       writes the four diaries beside their protocols
    python examples/virtual_cases.py premenstrual --cycle-days 31 > diary.csv
"""

import argparse
import csv
import io
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import modicum
from modicum.foundation.streams import stream
from modicum.protocol import list_sequences
from modicum.protocol.cycles import in_cycles

FOLDER = Path(__file__).resolve().parents[1] / "src" / "modicum" / "example" / "cases"
SEED = 1  # the first that one would take; no other was tried

# True of all four. The onset of hope is that of Byon et al. 2010 (0.106 a day); all else are assumptions.
ONE_DAY_CORRELATION, WHITE_SHARE, CORRELATION_DAYS = 0.5, 0.3, -1 / math.log(0.5)
ONSET_DAYS, HOPE_ONSET_DAYS = 4.0, 9.4
MISSED_DAYS, MISSED_CAPSULES, LATE_ENTRIES = 0.12, 0.035, 0.06
COMPLAINT, TROUBLESOME = 0.03, 0.2


@dataclass(frozen=True)
class Day:
    """One day as the person lives it.

    Args:
        number: of the calendar day.
        drug: share of the drug's full effect that has come on, 0 to 1.
        hope: what is believed, with its own onset, 0 to 1.
        diet: whether the factor of diet is in force.
        cycle_day: day of the menstrual cycle, from 1.
        cycle_days: length of this cycle.
        slow: what nothing explains and carries over, sd 1 with the white part.
        fresh: standard normal deviates of this day alone, one an item.
        rng: for counts.
    """

    number: int
    drug: float
    hope: float
    diet: bool
    cycle_day: int
    cycle_days: int
    slow: float
    fresh: np.ndarray
    rng: np.random.Generator


@dataclass(frozen=True)
class Case:
    """A case: the smallest dose that acts, what it does, and how an evening is written down.

    Args:
        acts_from_mg: lowest dose with the full effect; infinite where none has one.
        truth: what is true, by name; the pages and tests read it.
        scores: the truth and a day to the answers of the evening.
    """

    acts_from_mg: float
    truth: dict[str, float]
    scores: Callable[[dict[str, float], Day], dict[str, float]]


def lupus(truth: dict[str, float], day: Day) -> dict[str, float]:
    """Painful hands and broken sleep; a diet that helps a little by itself, and changes nothing about the drug."""
    change = truth["effect"] * day.drug + truth["hope"] * day.hope + truth["diet"] * day.diet + truth["sd"] * day.slow
    keeps = 8 + 0.8 * day.fresh[0] if day.diet else 2 + day.fresh[1]
    return {
        "hand_pain": _score(truth["level"] + change),
        "night_waking": float(min(day.rng.poisson(truth["waking"] * math.exp(0.15 * change)), 20)),
        "sleep": _score(5.0 - 0.4 * change + 1.3 * day.fresh[2]),
        "stiffness": _score(5.0 + 0.6 * change + 1.2 * day.fresh[3]),
        "fatigue": _score(6.0 + 0.5 * change + 1.2 * day.fresh[4]),
        "skin": _score(2.0 + 1.0 * day.fresh[5]),
        "mood": _score(6.0 - 0.3 * change + 1.1 * day.fresh[6]),
        "activity": _score(5.0 + 0.6 * change + 1.2 * day.fresh[7]),
        "factor.autoimmune_diet": float(day.diet),
        "autoimmune_diet": _score(keeps),
        "vegetables": float(min(day.rng.poisson(6.0 if day.diet else 4.0), 30)),
    }


def premenstrual(truth: dict[str, float], day: Day) -> dict[str, float]:
    """Bad days in the second half of the cycle; the drug takes away a share of what they add, and of nothing else."""
    bad = truth["height"] * premenstrual_share(day.cycle_day, day.cycle_days) * (1 - truth["taken_away"] * day.drug)
    change = bad + truth["hope"] * day.hope + truth["sd"] * day.slow
    return {
        "irritability": _score(truth["level"] + change),
        "mood": _score(7.5 - 0.7 * change + 0.9 * day.fresh[0]),
        "mood_swings": _score(1.5 + 0.8 * change + 1.0 * day.fresh[1]),
        "tension": _score(2.0 + 0.7 * change + 1.0 * day.fresh[2]),
        "swollen_body": _score(1.0 + 0.8 * bad + 0.8 * day.fresh[3]),
        "craving": _score(2.0 + 0.6 * change + 1.3 * day.fresh[4]),
        "sleep": _score(7.0 - 0.4 * change + 1.2 * day.fresh[5]),
        "activity": _score(1.5 + 0.7 * change + 1.0 * day.fresh[6]),
        "cycle_day": float(day.cycle_day),
    }


def binge(truth: dict[str, float], day: Day) -> dict[str, float]:
    """Counts: how often a day; the drug makes them rarer by a factor, at the lower dose already."""
    log_rate = math.log(truth["ratio"]) * day.drug + truth["hope"] * day.hope + truth["log_sd"] * day.slow
    rate = truth["a_day"] * math.exp(log_rate)
    count = float(min(day.rng.poisson(rate), 10))
    return {
        "binges": count,
        "cravings": float(min(day.rng.poisson(truth["cravings_a_day"] * math.exp(0.7 * log_rate)), 50)),
        "craving": _score(6.0 + 2.0 * log_rate + 1.2 * day.fresh[0]),
        "eating_control": _score(6.0 - 1.5 * log_rate - 0.8 * count + 1.0 * day.fresh[1]),
        "mood": _score(5.0 - 0.5 * count + 1.3 * day.fresh[2]),
        "drive": _score(5.0 + 1.3 * day.fresh[3]),
        "tension": _score(5.0 + 0.4 * count + 1.2 * day.fresh[4]),
        "sleep": _score(6.0 + 1.3 * day.fresh[5]),
    }


def low_mood(truth: dict[str, float], day: Day) -> dict[str, float]:
    """Mood and drive near the floor; the drug does nothing, and hope lifts a little."""
    change = truth["effect"] * day.drug + truth["hope"] * day.hope + truth["sd"] * day.slow
    return {
        "mood": _score(truth["level"] + change),
        "drive": _score(2.5 + 0.7 * change + 1.1 * day.fresh[0]),
        "energy": _score(3.0 + 0.6 * change + 1.1 * day.fresh[1]),
        "sleep": _score(4.5 + 0.3 * change + 1.3 * day.fresh[2]),
        "clear_thinking": _score(4.0 + 0.5 * change + 1.2 * day.fresh[3]),
        "tension": _score(6.0 - 0.4 * change + 1.2 * day.fresh[4]),
        "irritability": _score(5.0 - 0.3 * change + 1.3 * day.fresh[5]),
        "activity": _score(7.0 - 0.6 * change + 1.1 * day.fresh[6]),
    }


CASES = {
    "lupus-hands": Case(
        4.5,
        {"level": 6.0, "effect": -1.5, "hope": -0.8, "diet": -0.5, "interaction": 0.0, "sd": 1.5, "waking": 3.0},
        lupus,
    ),
    "premenstrual": Case(
        4.5, {"level": 1.5, "height": 5.0, "taken_away": 0.75, "hope": -0.5, "sd": 1.2, "cycle_sd": 1.5}, premenstrual
    ),
    "binge-eating": Case(1.5, {"a_day": 0.9, "ratio": 0.55, "hope": -0.2, "log_sd": 0.4, "cravings_a_day": 4.0}, binge),
    "mood-and-drive": Case(math.inf, {"level": 2.5, "effect": 0.0, "hope": 0.8, "sd": 1.8}, low_mood),
}


def premenstrual_share(cycle_day: int, cycle_days: int) -> float:
    """Share of the worst on one day of the cycle: it rises over the nine days from two weeks before the next bleeding.

    It stays for the last five, and is gone on the fourth day of bleeding.
    """
    fading = {1: 0.7, 2: 0.4, 3: 0.15}
    return fading.get(cycle_day, float(np.clip((cycle_day - (cycle_days - 14)) / 9, 0.0, 1.0)))


def true_effect(name: str) -> float:
    """The effect that the model asks about: of a dose that acts on the primary item, in the mean over blinded days."""
    truth = CASES[name].truth
    if name == "premenstrual":
        days = [premenstrual_share(day, 28) for day in range(1, 29)]
        return -truth["height"] * truth["taken_away"] * float(np.mean(days))
    if name == "binge-eating":
        hoping = math.exp(truth["hope"] / 2 + truth["log_sd"] ** 2 / 2)  # told "some hold no drug": half of the hope
        return truth["a_day"] * (truth["ratio"] - 1) * hoping
    return truth["effect"]


def virtual_diary(name: str, seed: int = SEED, cycle_days: float = 28) -> str:
    """The diary of one case as CSV; the same seed gives the same person and the same days.

    Args:
        name: of the case.
        seed: of all its chance.
        cycle_days: length of the person's cycles in the mean; only the case in whole cycles reads it.
    """
    protocol = protocol_of(name, cycle_days)
    rows = list(_rows(name, protocol, seed, cycle_days))
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def protocol_of(name: str, cycle_days: float = 28) -> modicum.Protocol:
    """The protocol of a case; one in whole cycles for cycles of the length given."""
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    whole = name == "premenstrual" and cycle_days != 28
    return modicum.read_protocol((in_cycles(text, cycle_days) if whole else text).encode())


def _rows(name: str, protocol: modicum.Protocol, seed: int, cycle_days: float) -> Iterator[dict[str, object]]:
    case, adherence = CASES[name], stream(seed, name, "adherence")
    complaints, counts = stream(seed, name, "complaints"), stream(seed, name, "counts")
    plan = list(_plan(protocol, stream(seed, name, "allocation")))
    slow, fresh = _residual(stream(seed, name, "residual"), len(plan)), stream(seed, name, "items")
    cycle = list(_cycle(stream(seed, name, "cycle"), len(plan), cycle_days, case.truth.get("cycle_sd", 0.0)))
    drug = hope = 0.0
    for number, (phase, announced, planned, diet) in enumerate(plan):
        dose = 0.0 if planned and adherence.random() < MISSED_CAPSULES else planned
        target = float(dose >= case.acts_from_mg)
        day = Day(
            number=number,
            drug=_towards(drug, target, ONSET_DAYS, 22 / 24),
            hope=_towards(hope, announced, HOPE_ONSET_DAYS, 22 / 24),
            diet=diet,
            cycle_day=cycle[number][0],
            cycle_days=cycle[number][1],
            slow=slow[number],
            fresh=fresh.standard_normal(8),
            rng=counts,
        )
        drug, hope = _towards(drug, target, ONSET_DAYS, 1.0), _towards(hope, announced, HOPE_ONSET_DAYS, 1.0)
        scores = {item: f"{value:g}" for item, value in case.scores(case.truth, day).items()}
        felt = {f"side_effect:{item.name}": _severity(complaints) for item in protocol.side_effects}
        missed, late, delay = adherence.random(), adherence.random(), int(adherence.integers(1, 4))
        if missed >= MISSED_DAYS:
            yield {
                "day": number,
                "phase": phase,
                "planned_mg": f"{planned:g}",
                "dose_mg": f"{dose:g}",
                "announced": f"{announced:g}",
                **scores,
                **felt,
                "received_at": number + (delay if late < LATE_ENTRIES else 0),
                "virtual": "true",
            }


def _plan(protocol: modicum.Protocol, rng: np.random.Generator) -> Iterator[tuple[str, float, float, bool]]:
    """Phase, announcement, planned dose and diet of every day; the diet is drawn for half of the pairs."""
    factor = any(name.startswith("factor.") for name in protocol.covariates)
    for phase in protocol.phases:
        if phase.drug_free:
            yield from ((phase.name, phase.announced, 0.0, False) for _ in range(int(phase.max_days)))
            continue
        sequences = list_sequences(phase, protocol.drug.ladder_mg)
        doses = sequences[int(rng.integers(len(sequences)))]
        pairs = rng.permutation([pair % 2 == 1 for pair in range(phase.pairs)]) if factor else [False] * phase.pairs
        for place, dose in enumerate(doses):
            diet = bool(pairs[place // 2]) if phase.pairs else False
            length = int(phase.half_days or phase.block_days)
            yield from ((phase.name, phase.announced, dose, diet) for _ in range(length))


def _residual(rng: np.random.Generator, count: int) -> np.ndarray:
    """Ornstein-Uhlenbeck plus white noise at one entry a day, of unit variance."""
    kick, state = math.sqrt(1 - ONE_DAY_CORRELATION**2), rng.normal()
    slow = np.empty(count)
    for day in range(count):
        slow[day] = state
        state = ONE_DAY_CORRELATION * state + kick * rng.normal()
    return math.sqrt(1 - WHITE_SHARE) * slow + math.sqrt(WHITE_SHARE) * rng.normal(size=count)


def _cycle(rng: np.random.Generator, count: int, mean: float, sd: float) -> Iterator[tuple[int, int]]:
    """Day of the cycle and its length; day 0 of the trial is the first day of a bleeding."""
    days = 0
    while days < count:
        length = max(round(float(rng.normal(mean, sd))), 18)
        yield from ((day, length) for day in range(1, length + 1))
        days += length


def _severity(rng: np.random.Generator) -> int:
    event, worse = rng.random(2)
    return 0 if event >= COMPLAINT else 2 if worse < TROUBLESOME else 1


def _towards(now: float, target: float, tau_days: float, days: float) -> float:
    return target + (now - target) * math.exp(-days / tau_days)


def _score(value: float) -> float:
    return float(np.clip(round(value), 0, 10))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description="The diaries of four virtual people, or one of them on standard output."
    )
    parser.add_argument("case", nargs="?", choices=list(CASES))
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--cycle-days", type=float, default=28)
    given = parser.parse_args()
    if given.case:
        sys.stdout.write(virtual_diary(given.case, given.seed, given.cycle_days))
    else:
        for one in CASES:
            (FOLDER / f"{one}.csv").write_text(virtual_diary(one, given.seed, given.cycle_days), encoding="utf-8")
