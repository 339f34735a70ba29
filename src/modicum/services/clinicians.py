"""Why clinicians disagree: the verb behind ``modicum clinicians`` and :func:`modicum.clinicians`."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modicum.foundation.errors import OptionsError, Problem
from modicum.foundation.version import version
from modicum.services.clinicians_asked import Asked, Crew, check, plot_problems
from modicum.services.crowd import Progress
from modicum.services.options import Options
from modicum.services.simulating import Means

if TYPE_CHECKING:
    import altair

    from modicum.protocol import Protocol
    from modicum.simulation.clinicians import Practice

_FEW = 200  # trials that are over before other processes have begun


def clinicians(
    number: int = Asked.clinicians,
    *,
    patients: int = Asked.patients,
    protocols: Sequence["str | Path | Protocol"] = Asked.protocols,
    archetype: str = Asked.archetype,
    effect_mcid: float = Asked.effect_mcid,
    population: str = Asked.population,
    habits: str = Asked.habits,
    seed: int = Asked.seed,
    processes: int | None = None,
    scheduler: str | None = None,
    kept: str | Path | None = None,
    progress: Progress | None = None,
) -> "Clinicians":
    """Say of how many patients virtual clinicians would report that a drug helped: nobody, a third of people, or most.

    Args:
        number: virtual clinicians.
        patients: virtual people whom each treats.
        protocols: shipped ones by name, files, or protocols; an open climb is judged by eye.
        archetype: how the effect depends on the dose in those who respond.
        effect_mcid: the drug's full benefit in them, in MCIDs.
        population: of the people; a shipped one by name, or a file.
        habits: how clinicians differ; "varied", "alike", "wide", or a file.
        seed: the same numbers come again with the same seed.
        processes: how many; None for one a core. The numbers do not depend on it.
        scheduler: address of a scheduler of dask.distributed, whose workers do the work instead.
        kept: folder in which finished parts are kept, so that a run that was stopped goes on.
        progress: called with the trials done and all of them.

    Raises:
        OptionsError: every problem of the arguments.
        ProtocolError: a protocol cannot be read.
    """
    asked = Asked(number, patients, protocols, archetype, effect_mcid, population, habits, seed)
    return carry_out(asked, Means(processes, scheduler, kept, progress))


def carry_out(asked: Asked, means: Means, problems: Iterable[Problem] = ()) -> "Clinicians":
    """The same of whatever a person has said.

    Args:
        asked: what was asked.
        means: with what virtual people are sent through protocols.
        problems: what the caller already found wrong, to be reported with the rest.

    Raises:
        OptionsError: with every problem at once.
    """
    from modicum.simulation.clinicians import COUNTING, drawn_responses
    from modicum.simulation.disagreement import habits_part, rows
    from modicum.simulation.document import people_part
    from modicum.simulation.sweep import NoCluster, spread

    crew = check(asked, problems)
    practices = [_practices(plan, crew, asked) for plan in crew.protocols]
    scenarios = [scenario for both in practices for scenario in both]
    people = asked.clinicians * asked.patients
    count = _processes(people * len(scenarios)) if means.processes is None else means.processes
    kept = None if means.kept is None else Path(means.kept)
    how: dict[str, Any] = {"processes": count, "scheduler": means.scheduler, "kept": kept, "progress": means.progress}
    try:
        said = spread(scenarios, people, asked.seed, COUNTING, **how)
    except NoCluster as error:
        fix = "Start one with `dask scheduler` and `dask worker`; both need the extra modicum[cluster]."
        message = f"No cluster answers there ({error})."
        raise OptionsError([Problem("MOD-OPT-27", "--scheduler", means.scheduler or "", message, fix)]) from error
    drawn = drawn_responses(asked.seed, asked.clinicians, asked.patients)
    return Clinicians(
        {
            "schema": "modicum.clinicians/1",
            "seed": asked.seed,
            "clinicians": asked.clinicians,
            "patients": asked.patients,
            "archetype": asked.archetype,
            "effect_mcid": asked.effect_mcid,
            "population": crew.population.name,
            "practices": rows(practices, said, drawn),
            "habits": habits_part(crew.habits),
            "people": people_part(crew.population, without=("flare_share",)),
            "command": asked.command(crew.protocols),
            "version": version(),
        }
    )


def _processes(trials: int) -> int:
    """One a core, or one where the trials are over before others have begun."""
    from modicum.analysis.batch.fitting import cores

    return 1 if trials <= _FEW else cores()


def _practices(plan: "Protocol", crew: Crew, asked: Asked) -> "tuple[Practice, Practice]":
    """The scenario in which the drug helps nobody, and that in which it helps; an open climb is judged by eye."""
    from modicum.services.asking import ask
    from modicum.simulation.clinicians import Practice
    from modicum.simulation.people import virtual_life

    life = virtual_life(plan, crew.population, seed=0, person=0)
    life.to_next_look()
    question = ask(Options(outcomes=(plan.primary,)), plan, life.trial.known()).questions[0]
    by_eye = any(phase.kind == "titration" and not phase.blinded for phase in plan.phases)

    def practice(archetype: str) -> Practice:
        return Practice(
            plan,
            question,
            crew.population,
            archetype,
            asked.effect_mcid,
            "eye" if by_eye else "modicum",
            habits=crew.habits,
            patients=asked.patients,
            seed=asked.seed,
        )

    return practice("none"), practice(asked.archetype)


@dataclass(frozen=True, repr=False)
class Clinicians:
    """What virtual clinicians would report.

    Args:
        document: of schema ``modicum.clinicians/1``: text, numbers, null, lists and objects.
    """

    document: dict[str, Any]

    @property
    def practices(self) -> list[dict[str, Any]]:
        """One part a protocol."""
        return self.document["practices"]

    @property
    def finding(self) -> str:
        """The finding in one sentence."""
        from modicum.reports.clinicians_words import sentence

        return sentence(self.document)

    def to_json(self, *, indent: int | None = 2) -> str:
        """The document as JSON text, without NaN or Infinity."""
        return json.dumps(self.document, indent=indent, ensure_ascii=False, allow_nan=False)

    def chart(self) -> "altair.LayerChart":
        """How reports lie around the truth, as one Altair chart."""
        import altair as alt

        from modicum.reports.charts import clinicians as chart

        return alt.LayerChart.from_dict(chart.titled(self.document, chart.WIDE, self.finding), validate=False)

    def plot(self, path: str | Path) -> Path:
        """Write the chart as SVG, PNG or PDF, or as an HTML page with its numbers, by the end of the name.

        Raises:
            OptionsError: when the name has another end, or nothing can be written there.
        """
        target = Path(path)
        if problems := plot_problems(target):
            raise OptionsError(problems)
        from modicum.reports.clinicians import write_chart

        try:
            write_chart(self.document, target)
        except OSError as error:
            message, fix = f"The file cannot be written: {error.strerror or error}", "Choose another place."
            raise OptionsError([Problem("MOD-OPT-28", "--plot", str(target), message, fix)]) from error
        return target

    def _repr_html_(self) -> str:
        from modicum.reports.clinicians import clinicians_html

        return clinicians_html(self.document)

    def __repr__(self) -> str:
        named = ", ".join(row["name"] for row in self.practices)
        number, patients = self.document["clinicians"], self.document["patients"]
        return f"<Clinicians: {number:,} with {patients:,} patients each, {named}>"
