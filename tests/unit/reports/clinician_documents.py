"""Documents of clinicians made for tests: plausible numbers in the right form. Nobody in them exists."""

import numpy as np

from modicum.participants.clinicians import read_habits
from modicum.participants.population import read_population
from modicum.simulation.disagreement import distribution, habits_part, pairs
from modicum.simulation.document import people_part
from unit.reports.virtual_documents import LONG

TRUE_SHARES = (0.0, 1 / 3, 2 / 3)


def practice(name, reported, *, judged_by="modicum", blinded=True, patients=20, clinicians=100, version="1.0"):
    """One protocol whose clinicians report so large shares on average."""
    rng = np.random.default_rng([sum(map(ord, name)), clinicians, patients])
    drawn = [rng.binomial(patients, share, clinicians) for share in reported]
    found = [distribution(one, patients) for one in drawn]
    rows = [
        {"true_share": share, "helped": share, "declared": one, "declared_unqualified": one}
        for share, one in zip(TRUE_SHARES, found, strict=True)
    ]
    both = pairs(drawn[0], drawn[2])
    return {
        "name": name,
        "title": f"What {name} is for",
        "protocol_version": version,
        "judged_by": judged_by,
        "blinded": blinded,
        "protocol_sha256": f"{sum(map(ord, name)):064x}",
        "true_shares": rows,
        "pairs": {"declared": both, "declared_unqualified": both},
    }


def usual(name="ldn-open", reported=(0.72, 0.8, 0.88), **change):
    """Usual practice, judged by eye."""
    return practice(name, reported, judged_by="eye", blinded=False, **change)


def blinded(name="ldn-smallest-dose", reported=(0.03, 0.28, 0.55), **change):
    """A blinded trial."""
    return practice(name, reported, **change)


def document(*practices, habits="varied"):
    """A document of these practices."""
    counts = practices[0]["true_shares"][0]["declared"]["counts"]
    return {
        "schema": "modicum.clinicians/1",
        "seed": 1,
        "clinicians": sum(counts),
        "patients": len(counts) - 1,
        "archetype": "threshold-1.5",
        "effect_mcid": 1.5,
        "population": "typical",
        "practices": list(practices),
        "habits": habits_part(read_habits(habits)),
        "people": people_part(read_population("typical"), without=("flare_share",)),
        "command": "modicum clinicians --clinicians 100 --patients 20 --protocols ldn-open --seed 1",
        "version": "0.1.0",
    }


def gallery():
    """Documents of every shape, by name."""
    opened = practice("ldn-crossover", (0.0, 0.0, 0.0), blinded=False)
    many = [usual("ldn-open-fast"), blinded("ldn-crossover", (0.02, 0.2, 0.4)), opened | {"name": "an-open-one"}]
    return {
        "both": document(usual(), blinded()),
        "one-line": document(usual()),
        "many": document(usual(), blinded(), *many),
        "long-names": document(usual(LONG), blinded(f"{LONG}-too")),
        "one-clinician": document(usual(clinicians=1), blinded(clinicians=1)),
        "one-patient": document(usual(patients=1), blinded(patients=1)),
        "many-patients": document(usual(patients=250), blinded(patients=250)),
        "alike": document(usual(), blinded(), habits="alike"),
    }
