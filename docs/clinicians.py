"""Write the findings of docs/clinicians.md, and their picture, from the runs that are kept in docs/clinicians.json.

``python docs/clinicians.py`` only writes them again (``make docs``). ``python docs/clinicians.py --run flagship
--clinicians 1000`` first makes one of the runs anew, or all where none is named; finished parts are kept in
out/clinicians, so that a run that was stopped goes on.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import modicum
from modicum.reports.charts.clinicians import TRUTHS, alternative
from modicum.reports.clinicians import write_chart
from modicum.reports.clinicians_words import sentence

DOCS = Path(__file__).resolve().parent
PAGE, KEPT, PICTURE = DOCS / "clinicians.md", DOCS / "clinicians.json", DOCS / "images" / "clinicians.svg"
START, END = "<!-- findings: written by docs/clinicians.py -->", "<!-- end of findings -->"
RUNS = {
    "usual": {"protocols": ["ldn-open"]},
    "flagship": {"protocols": ["ldn-smallest-dose"]},
    "alike": {"protocols": ["ldn-open"], "habits": "alike"},
    "wide": {"protocols": ["ldn-open"], "habits": "wide"},
}
COUNTED = {
    "usual practice, by eye": ("usual", "declared"),
    "the flagship, said to work": ("flagship", "declared"),
    "the flagship, unqualified": ("flagship", "declared_unqualified"),
    "usual practice, clinicians alike": ("alike", "declared"),
    "usual practice, twice the spread": ("wide", "declared"),
}
Document = dict[str, Any]


def together(runs: dict[str, Document]) -> Document:
    """Usual practice and the flagship in one document, for the chart."""
    both = [practice for name in ("usual", "flagship") for practice in runs[name]["practices"]]
    return {**runs["usual"], "practices": both}


def percent(mean: float, error: float | None) -> str:
    """A share with its Monte Carlo standard error."""
    return f"{100 * mean:.1f} %" + ("" if error is None else f" ± {100 * error:.1f}")


def cells(found: Document) -> str:
    """Mean and range of what clinicians report."""
    low, high = found["range90"]
    return f"{percent(found['mean'], found['mcse'])} | {100 * low:.0f} to {100 * high:.0f} %"


def table(runs: dict[str, Document]) -> str:
    """What clinicians report, one line a run, a true share and a way of counting."""
    lines = ["| | the drug helps | clinicians report, mean | 90 % of clinicians |", "| --- | --- | --- | --- |"]
    for words, (run, name) in COUNTED.items():
        shares = zip(TRUTHS, runs[run]["practices"][0]["true_shares"], strict=True)
        lines += [f"| {words} | {truth} | {cells(one[name])} |" for truth, one in shares]
    return "\n".join(lines)


def pairs(runs: dict[str, Document]) -> str:
    """In how many pairs the useless drug seems at least as good."""
    lines = ["| | pairs of clinicians in which the useless drug looks at least as good |", "| --- | --- |"]
    for words, (run, name) in COUNTED.items():
        found = runs[run]["practices"][0]["pairs"][name]
        lines.append(f"| {words} | {percent(found['p'], found['mcse'])} |")
    return "\n".join(lines)


def sources(runs: dict[str, Document]) -> str:
    """The commands that give these numbers again."""
    lines = [
        f"- {one['clinicians']:,} clinicians, {one['patients']} patients each, by Modicum {one['version']}:\n"
        f"  `{one['command']}`"
        for one in runs.values()
    ]
    return "\n".join(["The numbers come from:", "", *lines])


def findings(runs: dict[str, Document]) -> str:
    """All that is written into the page."""
    both = together(runs)
    picture = f"![{alternative(both)}](images/clinicians.svg)"
    return "\n\n".join([START, f"**{sentence(both)}**", picture, table(runs), pairs(runs), sources(runs), END])


def page(runs: dict[str, Document]) -> str:
    """The whole page, its findings renewed."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    return before + findings(runs) + rest.partition(END)[2]


def drawing(runs: dict[str, Document]) -> str:
    """The picture."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "clinicians.svg"
        write_chart(together(runs), place)
        return place.read_text(encoding="utf-8")


def kept() -> dict[str, Document]:
    """The runs that are kept."""
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def run(names: list[str], clinicians: int) -> dict[str, Document]:
    """The runs that are kept, some of them made anew."""
    runs = kept()
    for name in names:
        print(f"{name}: {clinicians:,} clinicians", file=sys.stderr)
        found = modicum.clinicians(clinicians, **RUNS[name], kept=DOCS.parent / "out" / "clinicians")
        runs[name] = found.document
    return {name: runs[name] for name in RUNS if name in runs}


def main() -> None:
    """Write the page and its picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", nargs="*", choices=list(RUNS), help="runs to make anew; all where none is named")
    parser.add_argument("--clinicians", type=int, default=1000, help="how many, in a run that is made anew")
    asked = parser.parse_args()
    runs = kept() if asked.run is None else run(asked.run or list(RUNS), asked.clinicians)
    if asked.run is not None:
        KEPT.write_text(json.dumps(runs, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    if missing := [name for name in RUNS if name not in runs]:
        sys.exit(f"The page also needs: --run {' '.join(missing)}")
    PAGE.write_text(page(runs), encoding="utf-8")
    PICTURE.write_text(drawing(runs), encoding="utf-8")


if __name__ == "__main__":
    main()
