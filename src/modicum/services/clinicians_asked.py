"""What may be asked about clinicians, and everything that is wrong with a question, all at once."""

import math
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeVar

from modicum.foundation.errors import InputError, OptionsError, Problem
from modicum.services.crowd import MOST_PARTICIPANTS, plans_of, word_for
from modicum.services.places import chart_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from modicum.participants.clinicians import Habits
    from modicum.participants.population import Population
    from modicum.protocol import Protocol

    Read = TypeVar("Read")

PLOT = chart_place("MOD-OPT-28")
_EXAMPLE = "Give for example --clinicians 100 --patients 20 --effect-mcid 1.5 --seed 1."


@dataclass(frozen=True)
class Asked:
    """A question as it was typed or given; nothing is checked yet. See :func:`modicum.clinicians`."""

    clinicians: int = 100
    patients: int = 20
    protocols: Sequence["str | Path | Protocol"] = ("ldn-open", "ldn-smallest-dose")
    archetype: str = "threshold-1.5"
    effect_mcid: float = 1.5
    population: str = "typical"
    habits: str = "varied"
    seed: int = 1

    def command(self, plans: Sequence["Protocol"]) -> str:
        """The command line that asks the same again.

        Args:
            plans: the protocols, as they were read.
        """
        words = ["modicum", "clinicians", "--clinicians", str(self.clinicians), "--patients", str(self.patients)]
        words += ["--protocols", ",".join(word_for(plan) for plan in plans), "--archetype", self.archetype]
        words += ["--effect-mcid", f"{self.effect_mcid:g}", "--population", PurePath(self.population).name]
        return shlex.join([*words, "--habits", PurePath(self.habits).name, "--seed", str(self.seed)])


@dataclass(frozen=True)
class Crew:
    """What a question names, read: protocols, people and clinicians."""

    protocols: tuple["Protocol", ...]
    population: "Population"
    habits: "Habits"


def check(asked: Asked, problems: Iterable[Problem] = ()) -> Crew:
    """What a question names.

    Args:
        asked: the question.
        problems: what the caller already found wrong.

    Raises:
        OptionsError: with everything that is wrong.
    """
    from modicum.participants.clinicians import read_habits
    from modicum.participants.population import read_population

    found = [*problems, *_numbers(asked), *_archetype(asked.archetype)]
    plans = plans_of(asked.protocols, found)
    if not asked.protocols:
        fix = "Name at least one, for example ldn-open."
        found.append(Problem("MOD-OPT-26", "--protocols", "", "No protocol is named.", fix))
    people, habits = _read(read_population, asked.population, found), _read(read_habits, asked.habits, found)
    if found or people is None or habits is None:
        raise OptionsError(found)
    return Crew(tuple(plans), people, habits)


def _read(read: "Callable[[str], Read]", source: str, problems: list[Problem]) -> "Read | None":
    try:
        return read(source)
    except InputError as error:
        problems += error.problems
        return None


def _numbers(asked: Asked) -> list[Problem]:
    given = (
        ("--clinicians", asked.clinicians, _whole(asked.clinicians, 1), "a number of clinicians, from 1"),
        ("--patients", asked.patients, _whole(asked.patients, 1), "a number of patients, from 1"),
        ("--effect-mcid", asked.effect_mcid, _positive(asked.effect_mcid), "a benefit in MCIDs, above 0"),
        ("--seed", asked.seed, _whole(asked.seed, 0, 2**63), "a whole number of at least 0"),
    )
    found = [
        Problem("MOD-OPT-26", where, str(value), f"This is not {what}.", _EXAMPLE)
        for where, value, fine, what in given
        if not fine
    ]
    people = asked.clinicians * asked.patients if not found else 0
    if people > MOST_PARTICIPANTS:
        message, fix = "These are too many patients altogether.", f"Ask for at most {MOST_PARTICIPANTS:,}."
        found.append(Problem("MOD-OPT-26", "--clinicians times --patients", f"{people:,}", message, fix))
    return found


def _archetype(name: object) -> list[Problem]:
    from modicum.participants.archetypes import EFFECTIVE

    if name in EFFECTIVE:
        return []
    message, fix = "This is no way in which people can respond.", f"Take one of {', '.join(EFFECTIVE)}."
    return [Problem("MOD-OPT-26", "--archetype", str(name), message, fix)]


def _whole(value: object, low: int, high: int = MOST_PARTICIPANTS) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf
