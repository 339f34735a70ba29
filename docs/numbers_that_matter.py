"""Live the numbers that matter, and write their table into docs/simulation.md.

    python docs/numbers_that_matter.py --participants 20000 [--kept DIR]

takes hours. Each line of the table (a protocol, a truth and an effect) is stored in docs/numbers.json as soon as it is
lived, so that a run that was stopped goes on with the next line; with ``--kept``, within a line too. A line that was
lived by as many people, by this code and under the protocol as it is shipped, is not lived again. Without
``--participants`` the table is written anew from what is stored; lines of other code are marked in it. Under a protocol
with one dose, truths that do the same at it are the same lives: they are lived once, and the right dose is counted for
each.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import modicum
from modicum.participants.archetypes import ARCHETYPES, RUNGS_MG, right_dose
from modicum.participants.archetypes import share as effect_of
from modicum.protocol import read_protocol
from modicum.simulation.document import interval95
from modicum.simulation.sweep import code
from modicum.simulation.tally import share

ROOT = Path(__file__).resolve().parents[1]
PAGE, STORED = ROOT / "docs" / "simulation.md", ROOT / "docs" / "numbers.json"
WRITTEN, END = "<!-- numbers: written by docs/numbers_that_matter.py -->", "<!-- end of numbers -->"
PROTOCOLS = ("ldn-open", "ldn-crossover", "ldn-smallest-dose")
FIRST = "ldn-smallest-dose"  # lived first: what is asked of it is asked most
USUAL = 1.5
NOTHING = "nothing-that-matters"  # the verdict
BESIDE = ("threshold-1.5",)  # the truth that is also lived with a smaller and a larger effect
EFFECTS = (1.0, 2.0)
SEED = 1
HEADINGS = (
    "the drug", "people", "declared", "unqualified", "qualified", "said to do nothing", "right dose", "ended rightly",
    "weeks",
)  # fmt: skip
MARK = "†"  # behind a number of people that lived a line by other code than this

Line = dict[str, Any]
Key = tuple[str, str, float]


def keys() -> list[Key]:
    """Every line: protocol, truth and effect in MCIDs; in the order of the page."""
    truths = [(truth, USUAL) for truth in ARCHETYPES] + list(product(BESIDE, EFFECTS))
    return [(name, *truth) for name in PROTOCOLS for truth in truths]


def key_of(line: Line) -> Key:
    """Which line it is."""
    return line["protocol"], line["archetype"], line["effect_mcid"]


def missing(lines: list[Line], participants: int) -> Iterator[Key]:
    """Lines that are not there, or with fewer people, or of other code or another protocol; those asked most first."""
    there = {
        key_of(line)
        for line in lines
        if line["participants"] >= participants
        and line["version"] == read_protocol(line["protocol"]).version
        and line["code"] == code()
    }
    yield from sorted((key for key in keys() if key not in there), key=lambda key: key[0] != FIRST)


def live(key: Key, participants: int, kept: str | None) -> Line:
    """One line."""
    name, truth, effect = key
    run = modicum.simulate(
        name, participants=participants, seed=SEED, kept=kept, archetypes=(truth,), effect_mcid=effect
    ).document
    return {
        "protocol": name,
        "archetype": truth,
        "effect_mcid": effect,
        "version": run["protocols"][0]["protocol_version"],
        "participants": participants,
        "code": code(),
        "made": datetime.now(UTC).strftime("%Y-%m-%d"),
        "sides": [{"judged_by": side["judged_by"], "found": side["archetypes"][0]} for side in run["protocols"]],
    }


def alike(line: Line, key: Key) -> bool:
    """Whether a line holds the lives of another truth: of a protocol with one dose, at which both do the same."""
    name, truth, effect = key
    ladder = read_protocol(name).drug.ladder_mg
    same = (line["protocol"], line["effect_mcid"]) == (name, effect) and len(ladder) == 1
    return same and effect_of(line["archetype"], ladder[0]) == effect_of(truth, ladder[0])


def recounted(line: Line, truth: str) -> Line:
    """The same lives under another truth: what differs is which dose is the right one."""
    (dose,) = read_protocol(line["protocol"]).drug.ladder_mg
    right = right_dose(truth, RUNGS_MG, line["effect_mcid"])
    if right is None or dose not in RUNGS_MG:
        raise ValueError(f"No rung is right for {truth} under {line['protocol']}.")
    steps, people = abs(RUNGS_MG.index(dose) - RUNGS_MG.index(right)), line["participants"]

    def shown(side: dict[str, Any]) -> dict[str, Any]:
        found = side["found"]
        declared = round(found["declared"]["p"] * people)
        near, exact = (_counted(declared * (steps <= most), people) for most in (1, 0))
        changed = {"right_dose": near, "right_dose_exact": exact, "ended_rightly": near}
        return {**side, "found": {**found, "archetype": truth, "true_smallest_dose_mg": right, **changed}}

    return {**line, "archetype": truth, "sides": [shown(side) for side in line["sides"]]}


def _counted(count: int, people: int) -> dict[str, Any]:
    return {**share(count, people), "interval95": list(interval95(count, people))}


def table(lines: list[Line]) -> str:
    """One table a protocol and judge."""
    order = {key: place for place, key in enumerate(keys())}
    sides: dict[tuple[str, str], list[str]] = {}
    for line in sorted(lines, key=lambda line: order[key_of(line)]):
        for side in line["sides"]:
            row = _row(line, side["found"], by_eye=side["judged_by"] == "eye")
            sides.setdefault((line["protocol"], side["judged_by"]), []).append(row)
    days = sorted({line["made"] for line in lines})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    parts = [
        f"Typical virtual people, seed {SEED}, {when}. Shares in 100, with Monte Carlo standard error; weeks: median."
        + (f" {MARK}: by an earlier state of the code." if any(line["code"] != code() for line in lines) else "")
    ]
    for (name, judge), rows in sides.items():
        parts.append(f"**`{name}`, judged {'by eye' if judge == 'eye' else 'by Modicum'}**")
        parts.append("\n".join([f"| {' | '.join(HEADINGS)} |", "|---" * len(HEADINGS) + "|", *rows]))
    return "\n\n".join(parts)


def _row(line: Line, found: dict[str, Any], *, by_eye: bool) -> str:
    truth, effect = line["archetype"], line["effect_mcid"]
    what = "does nothing" if truth == "none" else f"{truth}, {effect:g} MCID"
    declared, unqualified = found["declared"], found["declared_unqualified"]
    qualified = (
        None
        if by_eye
        else share(round((declared["p"] - unqualified["p"]) * found["participants"]), line["participants"])
    )
    nothing = None if by_eye else share(found["verdicts"].get(NOTHING, 0), line["participants"])
    shares = [
        declared,
        None if by_eye else unqualified,
        qualified,
        nothing,
        found["right_dose"],
        found["ended_rightly"],
    ]
    people = f"{line['participants']:,}" + ("" if line["code"] == code() else f" {MARK}")
    cells = [what, people, *map(_share, shares), f"{found['weeks']['median']:.0f}"]
    return f"| {' | '.join(cells)} |"


def _share(found: dict[str, float] | None) -> str:
    return "" if found is None else f"{100 * found['p']:.1f} ± {100 * found['mcse']:.1f}"


def page(lines: list[Line]) -> str:
    """The whole page, its table renewed."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(WRITTEN)
    return f"{before}{WRITTEN}\n\n{table(lines)}\n\n{END}{rest.partition(END)[2]}"


def stored() -> list[Line]:
    """The lines that are stored."""
    return json.loads(STORED.read_text(encoding="utf-8"))["lines"] if STORED.exists() else []


def store(line: Line) -> None:
    """Put a line in the place of the one before."""
    lines = [line, *(one for one in stored() if key_of(one) != key_of(line))]
    order = {key: place for place, key in enumerate(keys())}
    lines.sort(key=lambda line: order[key_of(line)])
    STORED.write_text(json.dumps({"seed": SEED, "lines": lines}, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Live what is missing where a number of people is given, then write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--participants", type=int)
    parser.add_argument("--kept")
    given = parser.parse_args()
    for key in list(missing(stored(), given.participants)) if given.participants else ():
        print(*key, file=sys.stderr, flush=True)
        missed = set(missing(stored(), given.participants))
        twin = next((line for line in stored() if alike(line, key) and key_of(line) not in missed), None)
        store(live(key, given.participants, given.kept) if twin is None else recounted(twin, key[1]))
        PAGE.write_text(page(stored()), encoding="utf-8")
    PAGE.write_text(page(stored()), encoding="utf-8")


if __name__ == "__main__":
    main()
