"""What a person does with virtual people: see what protocols would find, side by side, before anyone is dosed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modicum.foundation.errors import OptionsError, Problem
from modicum.foundation.version import version
from modicum.services.crowd import Crowd, Progress, plans_of, word_for
from modicum.services.living import Means, judged_by_eye, question_of
from modicum.services.virtual_trials import VirtualTrials

if TYPE_CHECKING:
    from modicum.participants.population import Population
    from modicum.protocol import Protocol
    from modicum.simulation.scenario import Judge, Scenario

Like = tuple[tuple[tuple[str, float], ...], ...]


@dataclass(frozen=True, repr=False)
class Simulation(VirtualTrials):
    """What protocols found in virtual people: a document of schema ``modicum.simulation/1``."""

    @property
    def protocols(self) -> list[dict[str, Any]]:
        """One part a protocol and judge."""
        return self.document["protocols"]


def simulate(
    *protocols: "str | Path | Protocol",
    participants: int = Crowd.participants,
    archetypes: Sequence[str] | None = Crowd.archetypes,
    effect_mcid: float = Crowd.effect_mcid,
    population: str = Crowd.population,
    seed: int = Crowd.seed,
    processes: int | None = None,
    scheduler: str | None = None,
    kept: str | Path | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Run virtual people through protocols, the same people through each.

    Args:
        protocols: shipped ones by name, files, or protocols. An open one is judged by eye and by the model.
        participants: virtual people for each archetype and protocol.
        archetypes: how the effect depends on the dose; None for all.
        effect_mcid: the drug's full benefit, in MCIDs.
        population: a shipped one by name, or a file.
        seed: the same numbers come again with the same seed.
        processes: how many; None for one a core. The numbers do not depend on it.
        scheduler: address of a scheduler of dask.distributed, whose workers do the work instead.
        kept: folder in which finished parts are kept, so that a run that was stopped goes on.
        progress: called with the people done and all of them.

    Raises:
        OptionsError: every problem of the arguments.
        ProtocolError: a protocol cannot be read.
    """
    crowd = Crowd(participants, archetypes, effect_mcid, population, seed)
    return carry_out(protocols, crowd, Means(processes, scheduler, kept, progress))


def carry_out(
    protocols: Sequence["str | Path | Protocol"], crowd: Crowd, means: Means, problems: Iterable[Problem] = ()
) -> Simulation:
    """The same of whatever a person has said.

    Args:
        protocols: see :func:`simulate`.
        crowd: which people.
        means: with what.
        problems: what the caller already found wrong, to be reported with the rest.

    Raises:
        OptionsError: with every problem at once.
    """
    found = [*problems, *means.problems()]
    plans = plans_of(protocols, found)
    if not protocols:
        fix = "Name at least one, for example ldn-smallest-dose."
        found.append(Problem("MOD-OPT-26", "protocol", "", "No protocol is named.", fix))
    people = crowd.people(found)
    if found or people is None:
        raise OptionsError(found)
    return Simulation(run(plans, people, crowd, means))


def run(
    plans: "Sequence[Protocol]", people: "Population", crowd: Crowd, means: Means, like: Like = ()
) -> dict[str, Any]:
    """The ``modicum.simulation/1`` document of protocols and people that were checked.

    Args:
        plans: the protocols.
        people: the population.
        crowd: who else was asked for.
        means: with what.
        like: values of the population's parameters, person by person, over and over; see :func:`modicum.plan`.
    """
    from modicum.simulation.document import people_part, protocol_rows
    from modicum.simulation.sweep import TALLYING

    scenarios = [one for plan in plans for one in _scenarios(plan, people, crowd, like)]
    tallies = means.live(scenarios, crowd.participants, crowd.seed, TALLYING)
    return {
        "schema": "modicum.simulation/1",
        "seed": crowd.seed,
        "participants": crowd.participants,
        "population": people.name,
        "effect_mcid": crowd.effect_mcid,
        "protocols": protocol_rows(scenarios, tallies),
        "people": people_part(people, without=[name for name, _ in like[0]] if like else ()),
        "command": crowd.command("simulate", *(word_for(plan) for plan in plans)),
        "version": version(),
    }


def _judges(plan: "Protocol") -> "tuple[Judge, ...]":
    """Usual practice is judged as it judges itself, and by the model; a blinded trial by the model alone."""
    return ("eye", "modicum") if judged_by_eye(plan) else ("modicum",)


def _scenarios(plan: "Protocol", people: "Population", crowd: Crowd, like: Like) -> "list[Scenario]":
    """Every archetype under every judge; what is asked is what the protocol asks of its diaries."""
    from modicum.simulation.scenario import Scenario

    question = question_of(plan, people)
    return [
        Scenario(plan, question, people, archetype, crowd.effect_mcid, judge, like)
        for judge in _judges(plan)
        for archetype in crowd.named
    ]
