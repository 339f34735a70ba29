"""``modicum simulate`` and ``modicum plan``: what protocols would find, before anyone is dosed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from modicum.cli import terminal

if TYPE_CHECKING:
    from rich.table import Table

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
    participants: Participants = 200,
    archetypes: Archetypes = None,
    effect_mcid: Effect = 1.5,
    population: Population = "typical",
    seed: Seed = 1,
    kept: Kept = None,
    scheduler: Scheduler = None,
    as_json: AsJson = False,
) -> None:
    """Run virtual people through protocols: how often a drug is declared to work, when it does and when it does not."""
    from modicum.services.simulating import simulate as run

    named = _names(archetypes)
    with terminal.progress_bar() as tell:
        found = run(
            *protocols,
            participants=participants,
            archetypes=named,
            effect_mcid=effect_mcid,
            population=population,
            seed=seed,
            kept=kept,
            scheduler=scheduler,
            progress=lambda done, total: tell("Virtual people", done / total),
        )
    if as_json:
        terminal.print_document(found.document)
        return
    console = terminal.people()
    for row in found.protocols:
        console.print(_table(row))
        console.print()
    crowd = f"Virtual people ({found.document['population']}), {participants:,} for each line, seed {seed}"
    console.print(f"{crowd}; full benefit {effect_mcid:g} MCID.", markup=False, soft_wrap=True)
    console.print("Shares with Monte Carlo standard error.")


def plan(
    protocol: Annotated[str, typer.Argument(metavar="P", help="A shipped protocol by name, or a protocol file.")],
    from_diary: Annotated[str, typer.Option(metavar="FILE", help="A diary, normally the run-in without capsules.")],
    participants: Participants = 200,
    archetypes: Archetypes = None,
    effect_mcid: Effect = 1.5,
    population: Population = "typical",
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Say what a protocol would find for people as noisy as the writer of a diary."""
    from modicum.services.planning import plan as look_ahead

    with terminal.progress_bar() as tell:
        found = look_ahead(
            protocol,
            from_diary,
            participants=participants,
            archetypes=_names(archetypes),
            effect_mcid=effect_mcid,
            population=population,
            seed=seed,
            progress=lambda done, total: tell("Virtual people", done / total),
        )
    if as_json:
        terminal.print_document(found.document)
        return
    console, noise = terminal.people(), found.document["noise"]
    console.print(f"Read from {noise['n_observed']} entries over {noise['n_days']} days (95 % interval):")
    for name, words in _NOISE.items():
        low, high = noise[name]["interval95"]
        console.print(f"  {words} {noise[name]['mean']:.2g} ({low:.2g} to {high:.2g})")
    console.print()
    console.print(_table({"name": found.document["protocol"], "judged_by": "modicum", "archetypes": found.archetypes}))
    console.print()
    crowd = f"Virtual people as noisy as that diary, {participants:,} for each line, seed {seed}"
    console.print(f"{crowd}; full benefit {effect_mcid:g} MCID.", markup=False, soft_wrap=True)
    console.print("Shares with Monte Carlo standard error.")


_NOISE = {
    "level": "Level without drug",
    "sd": "Sd of what nothing explains",
    "one_day_correlation": "Its correlation from one day to the next",
    "white_share": "Share of it that does not carry over",
}


def _names(archetypes: list[str] | None) -> list[str] | None:
    return [name for text in archetypes for name in text.split(",")] if archetypes else None


def _table(row: dict[str, Any]) -> "Table":
    from rich.table import Table

    by = "by eye" if row["judged_by"] == "eye" else "by Modicum"
    table = Table(title=f"{row['name']}, judged {by}", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for heading in ("The drug", "Declared", "Unqualified", "Right dose", "Ended rightly", "Weeks"):
        table.add_column(heading, no_wrap=heading == "The drug")
    for one in row["archetypes"]:
        right = one["right_dose"]
        table.add_row(
            one["archetype"],
            _share(one["declared"]),
            _share(one["declared_unqualified"]),
            "" if right is None else _share(right),
            _share(one["ended_rightly"]),
            f"{one['weeks']['median']:.0f}",
        )
    return table


def _share(share: dict[str, float]) -> str:
    return f"{100 * share['p']:.1f} ± {100 * share['mcse']:.1f} %"
