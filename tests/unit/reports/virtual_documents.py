"""Documents of simulations and plans made for tests: plausible numbers in the right form. The people are virtual."""

import math

from modicum.participants.archetypes import ARCHETYPES, right_dose
from modicum.participants.population import read_population
from modicum.simulation.document import interval95, people_part

LADDER = (0.5, 1.5, 3.0, 4.5)
LONG = "a-protocol-whose-name-was-given-by-somebody-who-had-much-to-say-about-it"
PEOPLE = people_part(read_population("typical"))


def share(p, n):
    count = math.floor(p * n + 0.5)
    mcse = math.sqrt(count / n * (1 - count / n) / n)
    return {"p": count / n, "mcse": mcse, "interval95": list(interval95(count, n))}


def found(archetype, n=200, *, p=0.8, eye=False, weeks=30.0, effect=1.5):
    """What one protocol found in people of one archetype."""
    right = right_dose(archetype, LADDER, effect)
    p = p if right is not None else p / 20 if not eye else p / 2
    declared = share(p, n)
    yes = round(declared["p"] * n)
    said = {"works": yes, "cannot-tell": (n - yes) // 2, "nothing-that-matters": n - yes - (n - yes) // 2}
    verdicts = {"works": yes, "cannot-tell": n - yes} if eye else said
    return {
        "archetype": archetype,
        "participants": n,
        "true_smallest_dose_mg": right,
        "declared": declared,
        "declared_unqualified": declared if eye else share(0.8 * p, n),
        "right_dose": None if right is None else share(0.9 * p, n),
        "right_dose_exact": None if right is None else share(0.5 * p, n),
        "ended_rightly": share(1 - p if right is None else 0.9 * p, n),
        "weeks": {
            "mean": weeks,
            "median": weeks - 1,
            "mcse": 4 / math.sqrt(n) if n > 1 else 0.0,
            "interval95": [weeks - 8 / math.sqrt(n), weeks + 8 / math.sqrt(n)] if n > 1 else None,
        },
        "verdicts": {code: count for code, count in verdicts.items() if count},
        "endings": {"responded": yes, "no-response": n - yes} if eye else {"finished": n},
        "side_effect_days": {"mean": 9.5, "mcse": 0.5 if n > 1 else 0.0},
    }


def row(name, archetypes=ARCHETYPES, n=200, *, eye=False, blinded=True, version="1.0", sha=None, **numbers):
    """One protocol under one judge."""
    return {
        "name": name,
        "title": f"What {name} is for",
        "protocol_version": version,
        "judged_by": "eye" if eye else "modicum",
        "blinded": blinded,
        "planned_days": 350.0,
        "protocol_sha256": sha or f"{sum(map(ord, name)):064x}",
        "archetypes": [found(archetype, n, eye=eye, **numbers) for archetype in archetypes],
    }


def opened(name, archetypes=ARCHETYPES, n=200):
    """Usual practice under both judges."""
    return [
        row(name, archetypes, n, eye=True, blinded=False, p=0.9, weeks=12.0),
        row(name, archetypes, n, blinded=False, p=0.0, weeks=12.0),
    ]


def simulation(*rows, people=PEOPLE):
    """A document of these protocols."""
    return {
        "schema": "modicum.simulation/1",
        "seed": 1,
        "participants": rows[0]["archetypes"][0]["participants"],
        "population": people["name"],
        "effect_mcid": 1.5,
        "protocols": list(rows),
        "people": people,
        "command": "modicum simulate ldn-open --participants 200 --archetypes none,emax --seed 1",
        "version": "0.1.0",
    }


def plan(one, warnings=(), *, eye=None, told=True):
    """A plan of this protocol; by eye too where it is an open climb, with the population's noise where none is told."""
    whole = simulation(one)
    quantity = {"mean": 1.25, "interval95": [0.5, 2.0]}
    return {
        "schema": "modicum.plan/1",
        "protocol": one["name"],
        **{name: value for name, value in one.items() if name != "name"},
        "protocols": [eye, one] if eye else [one],
        "input_sha256": "a" * 64,
        "outcome": "pain",
        "label": "Pain, last 24 hours",
        "unit": "points",
        "noise": {
            "n_observed": 14,
            "n_days": 14,
            "from": "diary" if told else "population",
            **dict.fromkeys(("level", "sd", "one_day_correlation", "white_share"), quantity),
        },
        "warnings": list(warnings),
        **{name: whole[name] for name in ("effect_mcid", "population", "people", "seed", "participants", "version")},
        "command": "modicum plan ldn-crossover --from-diary run-in.csv --participants 200 --seed 1",
    }


WARNING = {
    "code": "MOD-DIARY-47",
    "where": "run-in.csv",
    "value": "sleep",
    "message": "The file lacks these items of the protocol",
    "fix": "Nothing, if they were not asked.",
}


def gallery():
    """Documents by name, each with its protocols."""
    few = ("none", "threshold-1.5")
    eight = [*opened("open-a"), *opened("open-b"), *(row(f"blinded-{k}") for k in range(1, 7))]
    sides = {
        "usual": [*opened("ldn-open"), row("ldn-smallest-dose")],
        "few": [*opened("ldn-open", few, 20), row("ldn-crossover", few, 20, weeks=18.0)],
        "one-protocol": [row("ldn-crossover", weeks=18.0)],
        "one-archetype": [*opened("ldn-open", ("emax",)), row("ldn-smallest-dose", ("emax",))],
        "only-none": [*opened("ldn-open", ("none",)), row("ldn-smallest-dose", ("none",))],
        "too-little": [row("ldn-smallest-dose", ("emax", "inverted-u-3"), effect=0.5)],
        "one-person": [*opened("ldn-open", few, 1), row("ldn-smallest-dose", few, 1)],
        "one-line": [row("ldn-crossover", ("none",), 1)],
        "eight-protocols": eight,
        "long-names": [*opened(LONG), row(f"{LONG}-and-more"), row("short")],
        "same-names": [row("mine", few, sha="1" * 64), row("mine", few, sha="2" * 64), row("mine", few, version="2.0")],
        "nobody-declared": [row("ldn-crossover", p=0.0)],
    }
    made = {name: (simulation(*rows), rows) for name, rows in sides.items()}
    one = row("ldn-smallest-dose", few)
    eye, model = opened("ldn-open", few)
    return {
        **made,
        "plan": (plan(one), [one]),
        "plan-warned": (plan(one, [WARNING]), [one]),
        "plan-open": (plan(model, eye=eye), [eye, model]),
        "level-only": (plan(one, told=False), [one]),
    }
