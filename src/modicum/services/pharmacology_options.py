"""What may be asked about pharmacology, and everything that is wrong with a question, all at once."""

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from modicum.foundation.errors import OptionsError, Problem
from modicum.pharmacology import PARAMETERS, SCENARIOS, Scenario, Values, typical
from modicum.pharmacology.receptors import reachable
from modicum.services.places import chart_place

MOST_MG = 200.0  # linear up to there (Meyer 1984)
MOST_DOSES, MOST_NIGHTS = 6, 366
PLOT = chart_place("MOD-PHARM-10")


@dataclass(frozen=True)
class Asked:
    """A question that can be answered.

    Args:
        doses_mg: ascending, one or more.
        scenario: how long a dose blocks.
        nights: >= 1.
        changed: parameters by name that were set.
        values: all parameters.
    """

    doses_mg: tuple[float, ...]
    scenario: Scenario
    nights: int
    changed: Mapping[str, float]
    values: Values


@dataclass(frozen=True)
class Question:
    """What somebody asks, as it was typed or given; nothing is checked yet.

    Args:
        dose_mg: one dose, mg of the hydrochloride, or None.
        compare: several doses, or a text of them with commas, or None.
        scenario: "days" or "hours".
        nights: how often a dose is taken.
        parameters: other values by name, or texts NAME=VALUE, or None.
        plot: where a chart will be written.
    """

    dose_mg: object = None
    compare: object = None
    scenario: object = "days"
    nights: object = 14
    parameters: object = None
    plot: Path | None = None


def check(question: Question) -> Asked:
    """What was asked.

    Raises:
        OptionsError: with everything that is wrong with it.
    """
    problems: list[Problem] = []
    doses = _doses(question.dose_mg, question.compare, problems)
    story = SCENARIOS.get(question.scenario) if isinstance(question.scenario, str) else None
    if story is None:
        fix = f"Write {' or '.join(SCENARIOS)}."
        problems.append(
            Problem("MOD-PHARM-05", "scenario", str(question.scenario), "There is no scenario of that name", fix)
        )
    count = _nights(question.nights, problems)
    changed = _changed(question.parameters, problems)
    if not any(problem.code in ("MOD-PHARM-07", "MOD-PHARM-08") for problem in problems):
        problems += _contradictions(changed, [story] if story else list(SCENARIOS.values()))
    if question.plot is not None:
        problems += PLOT.problems(question.plot)
    if problems or story is None:
        raise OptionsError(problems)
    return Asked(doses, story, count, changed, typical(changed))


def _number(given: object) -> float | None:
    """A finite number, from a number or from text."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return None
    try:
        value = float(given)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _doses(dose_mg: object, compare: object, problems: list[Problem]) -> tuple[float, ...]:
    if (dose_mg is None) == (compare is None):
        message = "Neither a dose nor doses to compare were given" if dose_mg is None else "Both were given"
        fix = "Give a dose (--dose-mg 4.5), or doses to compare (--compare 0.5,4.5,50)."
        problems.append(Problem("MOD-PHARM-03", "dose", "", message, fix))
    found = [] if dose_mg is None else [_dose(dose_mg, "--dose-mg", problems)]
    if compare is None:
        return tuple(dose for dose in found if dose is not None)
    listed = compare.split(",") if isinstance(compare, str) else compare
    several = list(listed) if isinstance(listed, Iterable) else [listed]
    kept = [_dose(each, "--compare", problems) for each in several[: MOST_DOSES + 1]]
    doses = tuple(sorted({dose for dose in kept if dose is not None}))
    if len(several) > MOST_DOSES or (None not in kept and len(doses) < 2):
        fix = f"Name two to {MOST_DOSES} different doses, for example 0.5,4.5,50."
        message = "Two or more different doses can be compared, and at most six"
        problems.append(Problem("MOD-PHARM-04", "--compare", str(compare), message, fix))
    return doses


def _dose(given: object, where: str, problems: list[Problem]) -> float | None:
    value = _number(given)
    if value is None:
        fix = "Write the dose in mg of naltrexone hydrochloride as a plain number, for example 4.5."
        problems.append(Problem("MOD-PHARM-01", where, str(given).strip(), "This is not a number", fix))
    elif not 0 < value <= MOST_MG:
        message = f"A dose is above 0 and at most {MOST_MG:g} mg, up to which concentrations are known to follow it"
        problems.append(Problem("MOD-PHARM-02", where, str(given).strip(), message, "Name a dose within that range."))
        return None
    return value


def _nights(given: object, problems: list[Problem]) -> int:
    value = _number(given)
    if value is None or value != int(value) or not 1 <= value <= MOST_NIGHTS:
        message, fix = "This is not a whole number of nights", f"Write one from 1 to {MOST_NIGHTS}."
        problems.append(Problem("MOD-PHARM-06", "nights", str(given), message, fix))
        return 1
    return int(value)


def _changed(given: object, problems: list[Problem]) -> dict[str, float]:
    """Parameters that were set, by name."""
    changed: dict[str, float] = {}
    for name, setting in _settings(given, problems):
        parameter = PARAMETERS.get(name)
        if parameter is None:
            near = difflib.get_close_matches(name, PARAMETERS, 1)
            fix = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(PARAMETERS)}."
            problems.append(Problem("MOD-PHARM-07", "--set", name, "There is no parameter of that name", fix))
            continue
        value = _number(setting)
        if value is None or not parameter.low <= value <= parameter.high:
            message = f"This parameter ({parameter.unit}) is a number from {parameter.low:g} to {parameter.high:g}"
            fix = f"Leave it out for {parameter.value:g}, or set it within that range."
            problems.append(Problem("MOD-PHARM-08", f"--set {name}", str(setting), message, fix))
        else:
            changed[name] = value
    return changed


def _settings(given: object, problems: list[Problem]) -> list[tuple[str, object]]:
    """Names and values, from a mapping or from texts NAME=VALUE."""
    if given is None:
        return []
    if isinstance(given, Mapping):
        return [(str(name), value) for name, value in given.items()]
    listed = given if isinstance(given, list | tuple) else [given]
    out: list[tuple[str, object]] = []
    for text in listed:
        name, equals, value = str(text).partition("=")
        if not equals:
            fix = "Write for example half_life_h=9.7."
            problems.append(Problem("MOD-PHARM-07", "--set", str(text), "This is not NAME=VALUE", fix))
        else:
            out.append((name.strip(), value.strip()))
    return out


def _contradictions(changed: Mapping[str, float], stories: Iterable[Scenario]) -> list[Problem]:
    """Parameters that cannot all be true."""
    values, problems = typical(changed), list[Problem]()
    whole = float(values["bioavailability"][0] + values["first_pass_share"][0])
    if whole > 1:
        message = (
            "The shares of a dose that escape and that are changed at the first pass add up to more than all of it"
        )
        fix = "Lower bioavailability or first_pass_share."
        problems.append(Problem("MOD-PHARM-09", "bioavailability, first_pass_share", f"{whole:g}", message, fix))
    for story in stories:
        if not reachable(values, story):
            message = f'With these parameters no blockade lasts as the scenario "{story.name}" says'
            fix = "Set parameters nearer to those listed, or choose the other scenario."
            given = ", ".join(f"{name}={value:g}" for name, value in changed.items())
            problems.append(Problem("MOD-PHARM-09", "parameters", given, message, fix))
    return problems
