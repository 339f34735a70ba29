"""How virtual people are sent through protocols: with what, judged how, and what is asked of their diaries."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
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

    def problems(self) -> list[Problem]:
        """What keeps them from being used, as far as it can be known before anybody is simulated.

        Example:
            >>> Means(scheduler="tcp://127.0.0.1:8786").problems()
            []
            >>> Means(scheduler="bogus").problems()[0].message
            "No cluster answers there (missing port number in address 'bogus')."
        """
        return [
            *([] if self.scheduler is None else _address_problems(self.scheduler)),
            *([] if self.kept is None else _folder_problems(Path(self.kept))),
        ]

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
            OptionsError: no cluster answers, or finished parts cannot be kept.
        """
        from modicum.analysis.batch.fitting import cores
        from modicum.simulation.sweep import NoCluster, spread

        if found := self.problems():
            raise OptionsError(found)
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
            raise OptionsError([_no_cluster(self.scheduler or "", error)]) from error


def _no_cluster(address: str, why: Exception) -> Problem:
    message = f"No cluster answers there ({why})."
    fix = (
        "Start one with `dask scheduler` and `dask worker`; both need the extra modicum[cluster]. Give tcp://HOST:PORT."
    )
    return Problem("MOD-OPT-27", "--scheduler", address, message, fix)


def _address_problems(address: str) -> list[Problem]:
    """An address of no known form, or of no host; to ask whether anybody answers there takes seconds, and waits."""
    try:
        from distributed.comm.addressing import resolve_address

        resolve_address(address)
    except (ImportError, OSError, ValueError, Warning) as error:  # a Warning for a transport that is no longer there
        return [_no_cluster(address, error)]
    return []


def _folder_problems(folder: Path) -> list[Problem]:
    """A folder that cannot be made or written to, shown by doing both; what was made for that is taken away."""
    made = list[Path]()
    try:
        made = [one for one in (folder, *folder.parents) if not one.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return []
    except (OSError, ValueError) as error:  # ValueError for a name that no file can have
        message = f"Finished parts cannot be kept there: {getattr(error, 'strerror', None) or error}."
        fix = "Name a folder that you may write to, or a new one inside such a folder."
        return [Problem("MOD-OPT-34", "--kept", str(folder), message, fix)]
    finally:
        for one in made:
            with suppress(OSError, ValueError):
                one.rmdir()


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
