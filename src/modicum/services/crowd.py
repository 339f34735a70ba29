"""Which virtual people are asked for, as ``simulate`` and ``plan`` ask alike: checked as a whole."""

import math
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from modicum.foundation.errors import InputError, Problem

if TYPE_CHECKING:
    from modicum.participants.population import Population
    from modicum.protocol import Protocol

MOST_PARTICIPANTS = 1_000_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Crowd:
    """The virtual people that are asked for, as a person has said it.

    Args:
        participants: people for each archetype and protocol.
        archetypes: how the effect depends on the dose; None for all.
        effect_mcid: the drug's full benefit, in MCIDs.
        population: a shipped one by name, or a file.
        seed: the same numbers come again with the same seed.
    """

    participants: int = 200
    archetypes: Sequence[str] | None = None
    effect_mcid: float = 1.5
    population: str = "typical"
    seed: int = 1

    @property
    def named(self) -> tuple[str, ...]:
        """Every archetype, once."""
        from modicum.participants.archetypes import ARCHETYPES

        return tuple(dict.fromkeys(ARCHETYPES if self.archetypes is None else self.archetypes))

    def people(self, problems: list[Problem]) -> "Population | None":
        """The population; all that is wrong with what was said is added to the problems."""
        from modicum.participants.population import read_population

        problems += [*self._numbers(), *self._archetypes()]
        try:
            return read_population(self.population)
        except InputError as error:
            problems += error.problems
            return None

    def command(self, verb: str, *given: str) -> str:
        """The command line that asks for these people again.

        Args:
            verb: of the command.
            given: what stands between it and the options of the crowd.

        Example:
            >>> Crowd(20, ["none"]).command("simulate", "ldn-open").split(" --effect")[0]
            'modicum simulate ldn-open --participants 20 --archetypes none'
        """
        words = ["--participants", str(self.participants), "--archetypes", ",".join(self.named)]
        words += ["--effect-mcid", f"{self.effect_mcid:g}", "--population", PurePath(self.population).name]
        return shlex.join(["modicum", verb, *given, *words, "--seed", str(self.seed)])

    def _numbers(self) -> list[Problem]:
        given = (
            (
                "--participants",
                self.participants,
                _whole(self.participants, 1, MOST_PARTICIPANTS),
                "a number of people",
            ),
            ("--effect-mcid", self.effect_mcid, _positive(self.effect_mcid), "a benefit in MCIDs, above 0"),
            ("--seed", self.seed, _whole(self.seed, 0, 2**63), "a whole number of at least 0"),
        )
        fix = f"Give for example --participants 200 (at most {MOST_PARTICIPANTS:,}), --effect-mcid 1.5, --seed 1."
        return [
            Problem("MOD-OPT-26", where, str(value), f"This is not {what}.", fix)
            for where, value, fine, what in given
            if not fine
        ]

    def _archetypes(self) -> list[Problem]:
        from modicum.participants.archetypes import ARCHETYPES

        fix = f"Take some of {', '.join(ARCHETYPES)}."
        where = "--archetypes"
        if not self.named:
            return [Problem("MOD-OPT-26", where, "", "No archetype is named.", fix)]
        return [
            Problem("MOD-OPT-26", where, str(name), "There is no such archetype.", fix)
            for name in self.named
            if name not in ARCHETYPES
        ]


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def plans_of(protocols: Sequence["str | Path | Protocol"], problems: list[Problem]) -> "list[Protocol]":
    """The protocols, each once; what is wrong with any is added to the problems.

    Args:
        protocols: shipped ones by name, files, or protocols.
        problems: found so far.
    """
    from modicum.protocol import Protocol, read_protocol

    plans = list[Protocol]()
    for source in protocols:
        try:
            plan = source if isinstance(source, Protocol) else read_protocol(source)
        except InputError as error:
            problems += error.problems
        else:
            plans += [plan] if plan not in plans else []
    problems += [_not_gaussian(plan) for plan in plans if plan.primary_outcome.kind != "gaussian"]
    return plans


def _not_gaussian(plan: "Protocol") -> Problem:
    outcome = plan.primary_outcome
    message = "Virtual people answer items on a scale of points only."
    fix = "Simulate a protocol whose primary outcome is one."
    return Problem("MOD-OPT-26", f"{plan.name}: {outcome.name}", str(outcome.kind), message, fix)


def word_for(plan: "Protocol") -> str:
    """A protocol as the command line names it: a shipped one by name, another by its file."""
    from modicum.protocol import library, read_protocol

    if plan.name in library() and read_protocol(plan.name).model_dump() == plan.model_dump():
        return plan.name
    return PurePath(plan.source if plan.source.endswith(".toml") else f"{plan.name}.toml").name
