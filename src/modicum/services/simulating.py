"""What a person does with virtual people: see what protocols would find, side by side, before anyone is dosed."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modicum.foundation.errors import InputError, OptionsError, Problem
from modicum.foundation.version import version
from modicum.services.options import Options

if TYPE_CHECKING:
    from modicum.participants.population import Population
    from modicum.protocol import Protocol
    from modicum.simulation.scenario import Judge, Scenario

MOST_PARTICIPANTS = 1_000_000
_FEW = 200
Progress = Callable[[int, int], None]
Like = tuple[tuple[tuple[str, float], ...], ...]


@dataclass(frozen=True)
class Simulation:
    """What protocols found in virtual people.

    Args:
        document: of schema ``modicum.simulation/1``.
    """

    document: dict[str, Any]

    def to_json(self) -> str:
        """The document as text."""
        return json.dumps(self.document, indent=2, ensure_ascii=False, allow_nan=False)

    @property
    def protocols(self) -> list[dict[str, Any]]:
        """One part a protocol and judge."""
        return self.document["protocols"]


def simulate(
    *protocols: "str | Path | Protocol",
    participants: int = 200,
    archetypes: Sequence[str] | None = None,
    effect_mcid: float = 1.5,
    population: str = "typical",
    seed: int = 1,
    like: Like = (),
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
        like: values of the population's parameters, person by person, over and over; see :func:`modicum.plan`.
        processes: how many; None for one a core. The numbers do not depend on it.
        scheduler: address of a scheduler of dask.distributed, whose workers do the work instead.
        kept: folder in which finished parts are kept, so that a run that was stopped goes on.
        progress: called with the people done and all of them.

    Raises:
        OptionsError: every problem of the arguments.
        ProtocolError: a protocol cannot be read.
    """
    from modicum.participants.archetypes import ARCHETYPES
    from modicum.simulation.document import protocol_rows
    from modicum.simulation.sweep import NoCluster, sweep

    named = tuple(ARCHETYPES if archetypes is None else archetypes)
    plans, people = _checked(protocols, named, participants, effect_mcid, population, seed=seed)
    scenarios = [one for plan in plans for one in _scenarios(plan, people, named, effect_mcid, like=like)]
    count = _processes(len(scenarios) * participants) if processes is None else processes
    run = partial(sweep, processes=count, scheduler=scheduler, kept=None if kept is None else Path(kept))
    try:
        tallies = run(scenarios, participants, seed, progress=progress)
    except NoCluster as error:
        raise OptionsError([_unreached(scheduler or "", error)]) from error
    return Simulation(
        {
            "schema": "modicum.simulation/1",
            "seed": seed,
            "participants": participants,
            "population": people.name,
            "effect_mcid": effect_mcid,
            "protocols": protocol_rows(scenarios, tallies),
            "version": version(),
        }
    )


def _unreached(scheduler: str, error: Exception) -> Problem:
    fix = "Start one with `dask scheduler` and `dask worker`; both need the extra modicum[cluster]."
    return Problem("MOD-OPT-27", "--scheduler", scheduler, f"No cluster answers there ({error}).", fix)


def _processes(trials: int) -> int:
    """One a core, or one where the trials are over before others have begun."""
    from modicum.analysis.batch.fitting import cores

    return 1 if trials <= _FEW else cores()


def _judges(plan: "Protocol") -> "tuple[Judge, ...]":
    """Usual practice is judged as it judges itself, and by the model; a blinded trial by the model alone."""
    by_eye = any(phase.kind == "titration" and not phase.blinded for phase in plan.phases)
    return ("eye", "modicum") if by_eye else ("modicum",)


def _scenarios(
    plan: "Protocol", people: "Population", archetypes: Sequence[str], effect_mcid: float, *, like: Like
) -> "list[Scenario]":
    """Every archetype under every judge; what is asked is what the protocol asks of its diaries."""
    from modicum.services.asking import ask
    from modicum.simulation.people import virtual_life
    from modicum.simulation.scenario import Scenario

    life = virtual_life(plan, people, seed=0, person=0)
    life.to_next_look()
    question = ask(Options(outcomes=(plan.primary,)), plan, life.trial.known()).questions[0]
    return [
        Scenario(plan, question, people, archetype, effect_mcid, judge, like)
        for judge in _judges(plan)
        for archetype in archetypes
    ]


def _checked(
    protocols: Sequence["str | Path | Protocol"],
    archetypes: Sequence[str],
    participants: object,
    effect_mcid: object,
    population: str,
    *,
    seed: object,
) -> "tuple[list[Protocol], Population]":
    """Protocols and population, or every problem at once."""
    from modicum.participants.population import read_population
    from modicum.protocol import Protocol, read_protocol

    problems = [*_numbers(participants, effect_mcid, seed), *_archetypes(archetypes)]
    plans, people = list[Protocol](), None
    for source in protocols:
        try:
            plans.append(source if isinstance(source, Protocol) else read_protocol(source))
        except InputError as error:
            problems += error.problems
    if not protocols:
        fix = "Name at least one, for example ldn-smallest-dose."
        problems.append(Problem("MOD-OPT-26", "protocol", "", "No protocol is named.", fix))
    problems += [_not_gaussian(plan) for plan in plans if plan.primary_outcome.kind != "gaussian"]
    try:
        people = read_population(population)
    except InputError as error:
        problems += error.problems
    if problems or people is None:
        raise OptionsError(problems)
    return plans, people


def _numbers(participants: object, effect_mcid: object, seed: object) -> list[Problem]:
    given = (
        ("--participants", participants, _whole(participants, 1, MOST_PARTICIPANTS), "a number of people"),
        ("--effect-mcid", effect_mcid, _positive(effect_mcid), "a benefit in MCIDs, above 0"),
        ("--seed", seed, _whole(seed, 0, 2**63), "a whole number of at least 0"),
    )
    fix = f"Give for example --participants 200 (at most {MOST_PARTICIPANTS:,}), --effect-mcid 1.5, --seed 1."
    return [
        Problem("MOD-OPT-26", where, str(value), f"This is not {what}.", fix)
        for where, value, fine, what in given
        if not fine
    ]


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def _archetypes(named: Sequence[str]) -> list[Problem]:
    from modicum.participants.archetypes import ARCHETYPES

    fix = f"Take some of {', '.join(ARCHETYPES)}."
    where = "--archetypes"
    if not named:
        return [Problem("MOD-OPT-26", where, "", "No archetype is named.", fix)]
    return [
        Problem("MOD-OPT-26", where, str(name), "There is no such archetype.", fix)
        for name in named
        if name not in ARCHETYPES
    ]


def _not_gaussian(plan: "Protocol") -> Problem:
    outcome = plan.primary_outcome
    message = "Virtual people answer items on a scale of points only."
    fix = "Simulate a protocol whose primary outcome is one."
    return Problem("MOD-OPT-26", f"{plan.name}: {outcome.name}", str(outcome.kind), message, fix)
