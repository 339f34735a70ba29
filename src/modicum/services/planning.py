"""What a prescriber does before a trial: see what a protocol would find for a person with this much noise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from modicum.foundation.errors import InputError, OptionsError, Problem
from modicum.services import analysing
from modicum.services.crowd import Crowd, Progress, plans_of, word_for
from modicum.services.likeness import Likeness, as_run_in, at_any_level, likeness, unsaid
from modicum.services.living import Means
from modicum.services.options import Options, Reading, check_options
from modicum.services.simulating import run
from modicum.services.virtual_trials import VirtualTrials

if TYPE_CHECKING:
    from modicum.decision.answer import Answer
    from modicum.protocol import Protocol
    from modicum.records.diary import Diary

_OF_PROTOCOL = ("title", "protocol_version", "judged_by", "blinded", "planned_days", "protocol_sha256", "archetypes")
_OF_CROWD = ("effect_mcid", "population", "people", "seed", "participants")


@dataclass(frozen=True, repr=False)
class Plan(VirtualTrials):
    """What a protocol would find for people as noisy as one person: a document of schema ``modicum.plan/1``."""

    @property
    def archetypes(self) -> list[dict[str, Any]]:
        """One part for each way in which the effect may depend on the dose, judged by Modicum."""
        return self.document["archetypes"]

    @property
    def protocols(self) -> list[dict[str, Any]]:
        """The one protocol under each of its judges, as a simulation lists it."""
        return self.document["protocols"]


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
    scheduler: str | None = None,
    kept: str | Path | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Say what a protocol would find for people as noisy as the writer of a diary.

    Level, sd, correlation and white share are drawn from their posterior given the diary, so that a short one leaves
    them as uncertain as they are; everything else is the population's. The level is that of the last evening.

    Args:
        protocol: of the trial.
        baseline: a diary, normally the run-in without capsules; a path, a frame or a Diary.
        participants: virtual people for each archetype.
        archetypes: how the effect depends on the dose; None for all.
        effect_mcid: the drug's full benefit, in MCIDs.
        population: for all that the diary does not tell; a shipped one by name, or a file.
        seed: the same numbers come again with the same seed.
        processes: how many; None for one a core. The numbers do not depend on it.
        scheduler: address of a scheduler of dask.distributed, whose workers do the work instead.
        kept: folder in which finished parts are kept, so that a run that was stopped goes on.
        progress: called with the people done and all of them.

    Raises:
        InputError: every problem of diary, protocol and arguments.
    """
    crowd = Crowd(participants, archetypes, effect_mcid, population, seed)
    return carry_out(protocol, baseline, crowd, Means(processes, scheduler, kept, progress))


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
    found = [*problems, *means.problems()]
    plans = plans_of([protocol], found)
    people = crowd.people(found)
    if not plans:
        raise OptionsError(found)
    options = check_options(outcome=plans[0].primary)
    diary = _scored(baseline, plans[0], options, found)
    if found or diary is None or people is None:
        raise analysing.refusal(found)
    read = analysing.carry_out(diary, plans[0], options, Reading())
    alike = likeness(read, people, crowd.seed)
    simulated = run(plans, at_any_level(people), crowd, means, alike.like)
    given = (word_for(plans[0]), "--from-diary", _file(read.answer.diary.source))
    return Plan(_document(simulated, read.answer, alike, crowd.command("plan", *given)))


def _scored(baseline: object, plan: "Protocol", options: Options, problems: list[Problem]) -> "Diary | None":
    """The diary as one of a run-in, which has to hold a score; what is wrong with it is added to the problems."""
    try:
        diary, asked, _ = analysing.questioned(baseline, plan, options, Reading())
    except InputError as error:
        problems += error.problems
        return None
    problems += unsaid(diary, asked.questions[0])
    return as_run_in(diary)


def _file(source: str) -> str:
    """The file of a diary without its folder; a frame has none, and would have to be written to one."""
    name = PurePath(source.replace("\\", "/")).name
    return name if "." in name else "diary.csv"


def _document(found: dict[str, Any], answer: "Answer", alike: Likeness, command: str) -> dict[str, Any]:
    by_model = next(part for part in found["protocols"] if part["judged_by"] == "modicum")
    question, counts = answer.question, {"n_observed": answer.n_observed, "n_days": answer.n_days}
    warnings = [*(one for one in answer.warnings if not _ahead(one)), *alike.warnings]
    return {
        "schema": "modicum.plan/1",
        "protocol": by_model["name"],
        **{name: by_model[name] for name in _OF_PROTOCOL},
        "protocols": found["protocols"],
        "input_sha256": answer.diary.sha256,
        "outcome": question.outcome,
        "label": question.label,
        "unit": question.unit,
        "noise": {**counts, "from": "diary" if alike.of_diary else "population", **alike.noise.document},
        "warnings": [problem.to_dict() for problem in warnings],
        **{name: found[name] for name in _OF_CROWD},
        "command": command,
        "version": found["version"],
    }


def _ahead(problem: Problem) -> bool:
    """Whether it only says that a run-in has no confirmation yet, which nobody expects."""
    return problem.code == "MOD-ASSUME-10" and not problem.value
