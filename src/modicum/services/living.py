"""How virtual people are sent through protocols: with what, judged how, and what is asked of their diaries."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from modicum.foundation.errors import OptionsError, Problem
from modicum.services.crowd import Progress
from modicum.services.options import Options

if TYPE_CHECKING:
    from modicum.analysis.question import Question
    from modicum.participants.population import Population
    from modicum.protocol import Protocol
    from modicum.simulation.scenario import Scenario
    from modicum.simulation.sweep import Counted, Counting

    Count = TypeVar("Count", bound=Counted)

_FEW = 200  # trials that are over before other processes have begun


@dataclass(frozen=True)
class Means:
    """With what virtual people are sent through protocols; the numbers do not depend on it.

    Args:
        processes: how many; None for one a core.
        scheduler: address of a scheduler of dask.distributed, whose workers do the work instead.
        kept: folder in which finished parts are kept, so that a run that was stopped goes on.
        progress: called with the people done and all of them.
    """

    processes: int | None = None
    scheduler: str | None = None
    kept: str | Path | None = None
    progress: Progress | None = None

    def live(
        self, scenarios: "Sequence[Scenario]", people: int, seed: int, counting: "Counting[Count]"
    ) -> "list[Count]":
        """Send people through scenarios.

        Args:
            scenarios: what is simulated.
            people: for each of them.
            seed: of the whole run.
            counting: how their trials are counted.

        Returns:
            One count a scenario, in their order.

        Raises:
            OptionsError: no cluster answers.
        """
        from modicum.analysis.batch.fitting import cores
        from modicum.simulation.sweep import NoCluster, spread

        alone = len(scenarios) * people <= _FEW
        try:
            return spread(
                scenarios,
                people,
                seed,
                counting,
                processes=self.processes or (1 if alone else cores()),
                scheduler=self.scheduler,
                kept=None if self.kept is None else Path(self.kept),
                progress=self.progress,
            )
        except NoCluster as error:
            message = f"No cluster answers there ({error})."
            fix = "Start one with `dask scheduler` and `dask worker`; both need the extra modicum[cluster]."
            raise OptionsError([Problem("MOD-OPT-27", "--scheduler", self.scheduler or "", message, fix)]) from error


def question_of(plan: "Protocol", people: "Population") -> "Question":
    """What a protocol asks of the diary of anybody who lives it.

    Args:
        plan: the protocol.
        people: any population.
    """
    from modicum.services.asking import ask
    from modicum.simulation.people import virtual_life

    life = virtual_life(plan, people, seed=0, person=0)
    life.to_next_look()
    return ask(Options(outcomes=(plan.primary,)), plan, life.trial.known()).questions[0]


def judged_by_eye(plan: "Protocol") -> bool:
    """Whether a protocol is an open climb, which judges itself by eye."""
    return any(phase.kind == "titration" and not phase.blinded for phase in plan.phases)
