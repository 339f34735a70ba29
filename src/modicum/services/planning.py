"""What a prescriber does before a trial: see what a protocol would find for a person with this much noise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from modicum.foundation.errors import OptionsError, Problem
from modicum.services import analysing
from modicum.services.crowd import Crowd, Progress, plans_of, word_for
from modicum.services.living import Means
from modicum.services.options import Reading, check_options
from modicum.services.simulating import Like, run
from modicum.services.virtual_trials import VirtualTrials

if TYPE_CHECKING:
    from modicum.analysis.question import Question
    from modicum.protocol import Protocol
    from modicum.services.result import Result

_DRAWS = 400  # people as noisy as the diary allows; more participants meet them again
_POINTS = 10.0  # of the scale on which populations are written
_LEAST_SD = 0.05  # points: nobody is without any noise
_OF_PROTOCOL = ("title", "protocol_version", "judged_by", "blinded", "planned_days", "protocol_sha256", "archetypes")
_OF_CROWD = ("effect_mcid", "population", "people", "seed", "participants")


@dataclass(frozen=True, repr=False)
class Plan(VirtualTrials):
    """What a protocol would find for people as noisy as one person: a document of schema ``modicum.plan/1``."""

    @property
    def archetypes(self) -> list[dict[str, Any]]:
        """One part for each way in which the effect may depend on the dose."""
        return self.document["archetypes"]

    @property
    def protocols(self) -> list[dict[str, Any]]:
        """The one protocol, as a simulation lists it."""
        return [{"name": self.document["protocol"], **{name: self.document[name] for name in _OF_PROTOCOL}}]


def plan(
    protocol: "str | Path | Protocol",
    baseline: object,
    *,
    participants: int = Crowd.participants,
    archetypes: Sequence[str] | None = Crowd.archetypes,
    effect_mcid: float = Crowd.effect_mcid,
    population: str = Crowd.population,
    seed: int = Crowd.seed,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Say what a protocol would find for people as noisy as the writer of a diary.

    Level, sd, correlation and white share are drawn from their posterior given the diary, so that a short one leaves
    them as uncertain as they are; everything else is the population's.

    Args:
        protocol: of the trial.
        baseline: a diary, normally the run-in without capsules; a path, a frame or a Diary.
        participants: virtual people for each archetype.
        archetypes: how the effect depends on the dose; None for all.
        effect_mcid: the drug's full benefit, in MCIDs.
        population: for all that the diary does not tell; a shipped one by name, or a file.
        seed: the same numbers come again with the same seed.
        processes: how many; None for one a core.
        progress: called with the people done and all of them.

    Raises:
        InputError: every problem of diary, protocol and arguments.
    """
    crowd = Crowd(participants, archetypes, effect_mcid, population, seed)
    return carry_out(protocol, baseline, crowd, Means(processes, progress=progress))


def carry_out(
    protocol: "str | Path | Protocol", baseline: object, crowd: Crowd, means: Means, problems: Iterable[Problem] = ()
) -> Plan:
    """The same of whatever a person has said.

    Args:
        protocol: see :func:`plan`.
        baseline: see :func:`plan`.
        crowd: which people.
        means: with what.
        problems: what the caller already found wrong, to be reported with the rest.

    Raises:
        InputError: with every problem at once.
    """
    found = list(problems)
    plans = plans_of([protocol], found)
    people = crowd.people(found)
    if not plans:
        raise OptionsError(found)
    options = check_options(outcome=plans[0].primary)
    read = analysing.carry_out(baseline, plans[0], options, Reading(), problems=found)
    if people is None:
        raise OptionsError(found)
    drawn = read.draws(_DRAWS, crowd.seed)
    simulated = run(plans, people, crowd, means, _like(read.answer.question, drawn))
    given = (word_for(plans[0]), "--from-diary", _file(read.answer.diary.source))
    return Plan(_document(simulated, read, drawn, crowd.command("plan", *given)))


def _file(source: str) -> str:
    """The file of a diary without its folder; a frame has none, and would have to be written to one."""
    name = PurePath(source.replace("\\", "/")).name
    return name if "." in name else "diary.csv"


def _document(found: dict[str, Any], read: "Result", drawn: dict[str, np.ndarray], command: str) -> dict[str, Any]:
    by_model = next(part for part in found["protocols"] if part["judged_by"] == "modicum")
    answer, question = read.answer, read.answer.question
    return {
        "schema": "modicum.plan/1",
        "protocol": by_model["name"],
        **{name: by_model[name] for name in _OF_PROTOCOL},
        "input_sha256": answer.diary.sha256,
        "outcome": question.outcome,
        "label": question.label,
        "unit": question.unit,
        "noise": {"n_observed": answer.n_observed, "n_days": answer.n_days, **_noise(drawn)},
        "warnings": [problem.to_dict() for problem in answer.warnings if not _ahead(problem)],
        **{name: found[name] for name in _OF_CROWD},
        "command": command,
        "version": found["version"],
    }


def _ahead(problem: Problem) -> bool:
    """Whether it only says that a run-in has no confirmation yet, which nobody expects."""
    return problem.code == "MOD-ASSUME-10" and not problem.value


def _like(question: "Question", drawn: dict[str, np.ndarray]) -> Like:
    """Draws of level and noise as parameters of a population, on its scale."""
    scale = (question.high - question.low) / _POINTS
    level = drawn["intercept"] - question.low if question.better == "lower" else question.high - drawn["intercept"]
    return tuple(
        (("level", at), ("residual_sd", sd), ("correlation", slow), ("white_share", white))
        for at, sd, slow, white in zip(
            np.clip(level / scale, 0.0, _POINTS).tolist(),
            np.maximum(drawn["sd"] / scale, _LEAST_SD).tolist(),
            _one_day(drawn).tolist(),
            drawn["white_share"].tolist(),
            strict=True,
        )
    )


def _one_day(drawn: dict[str, np.ndarray]) -> np.ndarray:
    """Correlation of the slow part from one day to the next."""
    return np.exp(-1.0 / np.maximum(drawn["correlation_days"], 1e-3))


def _noise(drawn: dict[str, np.ndarray]) -> dict[str, Any]:
    quantities = {
        "level": drawn["intercept"],
        "sd": drawn["sd"],
        "one_day_correlation": _one_day(drawn),
        "white_share": drawn["white_share"],
    }
    return {
        name: {"mean": float(value.mean()), "interval95": np.quantile(value, (0.025, 0.975)).tolist()}
        for name, value in quantities.items()
    }
