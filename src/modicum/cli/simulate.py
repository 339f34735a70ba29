"""``modicum simulate`` and ``modicum plan``: what protocols would find, before anyone is dosed."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from modicum.cli import terminal
from modicum.cli.analyse import Report
from modicum.foundation.errors import Problem
from modicum.services.crowd import Crowd, Progress

if TYPE_CHECKING:
    from rich.table import Table

    from modicum.services.planning import Plan
    from modicum.services.virtual_trials import VirtualTrials

    Found = TypeVar("Found", bound=VirtualTrials)

PLAN = "Example: modicum plan ldn-smallest-dose --from-diary run-in.csv"
EXAMPLE = "Example: modicum simulate ldn-open ldn-smallest-dose --participants 200 --seed 1"

Protocols = Annotated[list[str], typer.Argument(metavar="P...", help="Shipped protocols by name, or protocol files.")]
Participants = Annotated[int, typer.Option(metavar="N", help="Virtual people for each archetype and protocol.")]
Archetypes = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME,...", help="How the effect depends on the dose; all where none is named."),
]
Effect = Annotated[float, typer.Option("--effect-mcid", metavar="M", help="The drug's full benefit, in MCIDs.")]
Population = Annotated[str, typer.Option(metavar="FILE", help="A shipped population by name, or a file.")]
Seed = Annotated[int, typer.Option(metavar="K", help="The same numbers come again with the same seed.")]
Kept = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Keep finished parts there, so that a run that stopped goes on.")
]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="A scheduler of dask.distributed, whose workers do the work.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, and nothing else.")]


def simulate(
    protocols: Protocols,
    participants: Participants = Crowd.participants,
    archetypes: Archetypes = None,
    effect_mcid: Effect = Crowd.effect_mcid,
    population: Population = Crowd.population,
    seed: Seed = Crowd.seed,
    kept: Kept = None,
    scheduler: Scheduler = None,
    report: Report = None,
    as_json: AsJson = False,
) -> None:
    """Run virtual people through protocols: how often a drug is declared to work, when it does and when it does not."""
    from modicum.services.living import Means
    from modicum.services.simulating import carry_out

    crowd = Crowd(participants, _names(archetypes), effect_mcid, population, seed)
    found, unwritten = _found(
        lambda tell, problems: carry_out(protocols, crowd, Means(None, scheduler, kept, tell), problems), report
    )
    _show(found, f"Virtual people ({found.document['population']})", as_json=as_json)
    terminal.say_written("report", report, unwritten)


def plan(
    protocol: Annotated[str, typer.Argument(metavar="P", help="A shipped protocol by name, or a protocol file.")],
    from_diary: Annotated[str, typer.Option(metavar="FILE", help="A diary, normally the run-in without capsules.")],
    participants: Participants = Crowd.participants,
    archetypes: Archetypes = None,
    effect_mcid: Effect = Crowd.effect_mcid,
    population: Population = Crowd.population,
    seed: Seed = Crowd.seed,
    kept: Kept = None,
    scheduler: Scheduler = None,
    report: Report = None,
    as_json: AsJson = False,
) -> None:
    """Say what a protocol would find for people as noisy as the writer of a diary."""
    from modicum.services.living import Means
    from modicum.services.planning import carry_out

    crowd = Crowd(participants, _names(archetypes), effect_mcid, population, seed)
    found, unwritten = _found(
        lambda tell, problems: carry_out(protocol, from_diary, crowd, Means(None, scheduler, kept, tell), problems),
        report,
    )
    if not as_json:
        _show_noise(found)
    told = found.document["noise"]["from"] == "diary"
    _show(found, f"Virtual people {'as noisy as' if told else 'at the level of'} that diary", as_json=as_json)
    terminal.warn(Problem(**warning) for warning in found.document["warnings"])
    terminal.say_written("report", report, unwritten)


def _found(
    ask: "Callable[[Progress, list[Problem]], Found]", report: Path | None
) -> "tuple[Found, tuple[Problem, ...]]":
    """What is found, and what kept its report from being written; the place of it is looked at before all else."""
    from modicum.services.places import REPORT

    problems = REPORT.problems(report) if report is not None else []
    with terminal.progress_bar() as tell:
        found = ask(lambda done, total: tell("Virtual people", done / total), problems)
        if report is not None:
            tell("Writing the report", 1.0)
        return found, terminal.written(found.report, report)


def _show(found: "VirtualTrials", people: str, *, as_json: bool) -> None:
    """Print the document, or a table for each protocol and judge."""
    document = found.document
    if as_json:
        terminal.print_document(document)
        return
    console = terminal.people()
    for row in found.protocols:
        console.print(_table(row))
        console.print()
    if any(row["judged_by"] == "modicum" and not row["blinded"] for row in found.protocols):
        from modicum.reports.simulation_words import OPEN

        console.print(OPEN, soft_wrap=True)
    crowd = f"{people}, {document['participants']:,} for each line, seed {document['seed']}"
    console.print(f"{crowd}; full benefit {document['effect_mcid']:g} MCID.", markup=False, soft_wrap=True)
    console.print("People of 100 with Monte Carlo standard error; weeks: median.")
    if (width := _widest_alike(found.protocols)) is not None:
        alike = f"Where all fared alike the error is 0.0; the 95 % interval is still {width:.1f} of 100 wide."
        console.print(alike, soft_wrap=True)


def _widest_alike(rows: Iterable[dict[str, Any]]) -> float | None:
    """Width of the interval of a share that was 0 or 1, people of 100; None where there is none."""
    shares = [one[name] for row in rows for one in row["archetypes"] for name in ("declared", "ended_rightly")]
    widths = [100 * (high - low) for s in shares if s["mcse"] == 0 for low, high in [s["interval95"]]]
    return max(widths, default=None)


def _show_noise(found: "Plan") -> None:
    """Print what was read from the diary."""
    from modicum.reports.simulation_tables import noise
    from modicum.reports.wording import plural

    console, counts = terminal.people(), found.document["noise"]
    entries, days = plural(counts["n_observed"], "entry", "entries"), plural(counts["n_days"], "day")
    console.print(f"Read from {entries} over {days} (95 % interval):")
    for words, mean, interval in noise(found.document).rows:
        console.print(f"  {words} {mean} ({interval})", markup=False, soft_wrap=True)
    console.print()


def _names(archetypes: list[str] | None) -> list[str] | None:
    return [name for text in archetypes for name in text.split(",")] if archetypes else None


def _table(row: dict[str, Any]) -> "Table":
    from rich.table import Table

    from modicum.reports.wording import whole

    by = "by eye" if row["judged_by"] == "eye" else "by Modicum"
    table = Table(title=f"{row['name']}, judged {by}", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for heading in ("The drug", "Declared", "Unqualified", "Right dose", "Ended rightly", "Weeks"):
        table.add_column(heading, no_wrap=True)
    for one in row["archetypes"]:
        right = one["right_dose"]
        table.add_row(
            one["archetype"],
            _share(one["declared"]),
            _share(one["declared_unqualified"]),
            "" if right is None else _share(right),
            _share(one["ended_rightly"]),
            whole(one["weeks"]["median"]),
        )
    return table


def _share(share: dict[str, float]) -> str:
    return f"{100 * share['p']:.1f} ± {100 * share['mcse']:.1f}"
