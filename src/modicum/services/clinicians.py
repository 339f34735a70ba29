"""Why clinicians disagree: the verb behind ``modicum clinicians`` and :func:`modicum.clinicians`."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modicum.foundation.errors import Problem
from modicum.foundation.version import version
from modicum.services.clinicians_asked import PLOT, Asked, Crew, check
from modicum.services.crowd import Progress
from modicum.services.living import Means, judged_by_eye, question_of

if TYPE_CHECKING:
    import altair

    from modicum.protocol import Protocol
    from modicum.simulation.clinicians import Practice


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

    crew = check(asked, [*problems, *means.problems()])
    practices = [_practices(plan, crew, asked) for plan in crew.protocols]
    scenarios = [scenario for both in practices for scenario in both]
    said = means.live(scenarios, asked.clinicians * asked.patients, asked.seed, COUNTING)
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


def _practices(plan: "Protocol", crew: Crew, asked: Asked) -> "tuple[Practice, Practice]":
    """The scenario in which the drug helps nobody, and that in which it helps; an open climb is judged by eye."""
    from modicum.simulation.clinicians import Practice

    question, by_eye = question_of(plan, crew.population), judged_by_eye(plan)

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
        from modicum.reports.clinicians import write_chart

        return PLOT.write(path, lambda place: write_chart(self.document, place))

    def _repr_html_(self) -> str:
        from modicum.reports.clinicians import clinicians_html

        return clinicians_html(self.document)

    def __repr__(self) -> str:
        named = ", ".join(row["name"] for row in self.practices)
        number, patients = self.document["clinicians"], self.document["patients"]
        return f"<Clinicians: {number:,} with {patients:,} patients each, {named}>"
