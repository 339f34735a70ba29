"""Live the numbers that matter, and write their table into docs/simulation.md.

    python docs/numbers_that_matter.py --participants 20000 --kept DIR

takes hours; with ``--kept`` it can be stopped and goes on where it was. Without ``--participants`` the table is written
anew from the numbers that are stored in docs/numbers.json.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import modicum

ROOT = Path(__file__).resolve().parents[1]
PAGE, STORED = ROOT / "docs" / "simulation.md", ROOT / "docs" / "numbers.json"
WRITTEN, END = "<!-- numbers: written by docs/numbers_that_matter.py -->", "<!-- end of numbers -->"
PROTOCOLS = ("ldn-open", "ldn-crossover", "ldn-smallest-dose")
BESIDE = ("threshold-1.5",)  # the truth that is also lived with a smaller and a larger effect
EFFECTS = (1.0, 2.0)
SEED = 1
HEADINGS = ("the drug", "declared", "unqualified", "right dose", "ended rightly", "weeks")


def live(participants: int, kept: str | None) -> dict[str, Any]:
    """Every truth at 1.5 MCID, and one at 1 and 2 as well."""
    asked = {"participants": participants, "seed": SEED, "kept": kept}
    runs = [modicum.simulate(*PROTOCOLS, **asked)]
    runs += [modicum.simulate(*PROTOCOLS, **asked, archetypes=BESIDE, effect_mcid=effect) for effect in EFFECTS]
    return {
        "made": datetime.now(UTC).strftime("%Y-%m-%d"),
        "participants": participants,
        "seed": SEED,
        "simulations": [run.document for run in runs],
    }


def table(numbers: dict[str, Any]) -> str:
    """One table a protocol and judge, in the order in which they were lived."""
    sides: dict[tuple[str, str], list[tuple[float, dict[str, Any]]]] = {}
    for run in numbers["simulations"]:
        for side in run["protocols"]:
            rows = sides.setdefault((side["name"], side["judged_by"]), [])
            rows += [(run["effect_mcid"], one) for one in side["archetypes"]]
    people = f"{numbers['participants']:,} typical virtual people a line, seed {numbers['seed']}, {numbers['made']}."
    parts = [f"{people} Shares in 100, with Monte Carlo standard error; weeks: median."]
    for (name, judge), rows in sides.items():
        parts.append(f"**`{name}`, judged {'by eye' if judge == 'eye' else 'by Modicum'}**")
        lines = [f"| {' | '.join(HEADINGS)} |", "|---" * len(HEADINGS) + "|"]
        parts.append("\n".join(lines + [_row(effect, one) for effect, one in rows]))
    return "\n\n".join(parts)


def _row(effect: float, one: dict[str, Any]) -> str:
    what = "does nothing" if one["archetype"] == "none" else f"{one['archetype']}, {effect:g} MCID"
    shares = [one[name] for name in ("declared", "declared_unqualified", "right_dose", "ended_rightly")]
    return f"| {what} | {' | '.join(map(_share, shares))} | {one['weeks']['median']:.0f} |"


def _share(share: dict[str, float] | None) -> str:
    return "" if share is None else f"{100 * share['p']:.1f} ± {100 * share['mcse']:.1f}"


def page(numbers: dict[str, Any]) -> str:
    """The whole page, its table renewed."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(WRITTEN)
    return f"{before}{WRITTEN}\n\n{table(numbers)}\n\n{END}{rest.partition(END)[2]}"


def main() -> None:
    """Live them where a number of people is given, then write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--participants", type=int)
    parser.add_argument("--kept")
    given = parser.parse_args()
    if given.participants:
        numbers = live(given.participants, given.kept)
        STORED.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(STORED.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
