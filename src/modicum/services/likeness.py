"""Likeness: what a diary tells of the level and noise of its writer, as parameters of virtual people like her."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from modicum.foundation.errors import Problem
from modicum.services.simulating import Like

if TYPE_CHECKING:
    from modicum.analysis.question import Question
    from modicum.decision.answer import Answer
    from modicum.participants.population import Population
    from modicum.records.diary import Diary
    from modicum.services.result import Result

FEWEST_ENTRIES = 7  # from which the noise of a person is read: a week
_DRAWS = 400  # people as noisy as the diary allows; more participants meet them again
_POINTS = 10.0  # of the scale on which populations are written
_LEAST_SD = 0.05  # points: nobody is without any noise
_MOST_SD = _POINTS / 2  # scores between two ends have no larger sd (Popoviciu 1935)

Draws = Float[np.ndarray, " draw"]


@dataclass(frozen=True)
class Noise:
    """Level and noise of people who are like one; outcome units.

    Args:
        level: on the last evening with a score, with neither drug nor hope; within the scale.
        sd: of what nothing explains.
        one_day_correlation: of its slow part, from one day to the next.
        white_share: share of its variance that does not carry over.
    """

    level: Draws
    sd: Draws
    one_day_correlation: Draws
    white_share: Draws

    @property
    def document(self) -> dict[str, Any]:
        """Mean and 95 % interval of each, as a plan says them."""
        return {
            name: {"mean": float(value.mean()), "interval95": np.quantile(value, (0.025, 0.975)).tolist()}
            for name, value in vars(self).items()
        }


@dataclass(frozen=True)
class Likeness:
    """People like the writer of a diary.

    Args:
        noise: theirs.
        of_diary: whether sd, correlation and white share are the diary's; else they are the population's.
        like: their parameters, person by person, on the scale of a population.
        warnings: what should be known before they are trusted.
    """

    noise: Noise
    of_diary: bool
    like: Like
    warnings: tuple[Problem, ...]


def likeness(read: "Result", people: "Population", seed: int) -> Likeness:
    """Draw people like the writer of a diary, as far as it tells them.

    Where all scores are the same the noise is the population's: a scale that does not move gives that diary too
    (docs/decisions/0004).

    Args:
        read: what was made of her diary; at least one score.
        people: the population, for the noise that no diary told.
        seed: of the draws.
    """
    answer = read.answer
    drawn, question, told = read.draws(_DRAWS, seed), answer.question, not answer.uninformative
    level = _level(answer, drawn)
    noise = _of_diary(question, drawn, level) if told else _of_population(question, people, level)
    warnings = (*_few(answer), *([] if told else [_unmoved(answer), *_no_room(answer, level)]))
    return Likeness(noise, told, parameters(question, noise, of_diary=told), warnings)


def unsaid(diary: "Diary", question: "Question") -> list[Problem]:
    """The problem of a diary that answers nothing, from which nobody's noise can be read.

    Args:
        diary: as read.
        question: about the outcome that decides.
    """
    from modicum.analysis.design import observed

    if observed(question, diary).any():
        return []
    message = "No entry of the diary answers the outcome that decides, so nothing is known of level or noise"
    fix = f"Write scores in the column {question.outcome}, for a week at least; before any diary, use modicum simulate."
    return [Problem("MOD-OPT-33", f"--from-diary ({question.outcome})", _entries(len(diary)), message, fix)]


def as_run_in(diary: "Diary") -> "Diary":
    """The diary; one without drug that does not say what was told is all run-in, however long, and nobody hoped in it.

    By the calendar of the protocol its later days would be days of blinded capsules, and hope would enter the level.

    Args:
        diary: as read.
    """
    doses = (column for column in (diary.dose_mg, diary.planned_mg) if column is not None)
    dosed = any(np.nan_to_num(column).any() for column in doses)
    if dosed or diary.announced is not None or diary.blinded is not None or any(diary.phase or ()):
        return diary
    return replace(diary, announced=np.zeros(len(diary)))


def parameters(question: "Question", noise: Noise, *, of_diary: bool) -> Like:
    """Level and noise as parameters of a population: points of 10 on which more is worse.

    Args:
        question: whose scale they are on.
        noise: of people like one.
        of_diary: whether all of it takes the place of the population's, and not the level alone.
    """
    scale = (question.high - question.low) / _POINTS
    level = noise.level - question.low if question.better == "lower" else question.high - noise.level
    columns = {"level": level / scale}
    if of_diary:
        columns |= {"residual_sd": noise.sd / scale, "correlation": noise.one_day_correlation}
        columns |= {"white_share": noise.white_share}
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return tuple(tuple(zip(columns, row, strict=True)) for row in rows)


def at_any_level(people: "Population") -> "Population":
    """The same population, in which a person may live at any level: its own bounds are those of its own people."""
    level = people.parameters.level.model_copy(update={"low": None, "high": None})
    return people.model_copy(update={"parameters": people.parameters.model_copy(update={"level": level})})


def _level(answer: "Answer", drawn: dict[str, np.ndarray]) -> Draws:
    """Draws of the level on the last evening with a score: without drug and hope, covariates at their mean."""
    from modicum.analysis.design import design_at

    posterior, question = answer.posterior, answer.question
    design, last = posterior.design, slice(-1, None)
    at = design_at(
        question,
        answer.diary,
        posterior.schedule,
        posterior.assumptions,
        time_days=design.time_days[last],
        day_index=design.day_index[last],
    )
    terms = zip(at.names, at.fixed[0], strict=False)  # fixed columns come first; what follows them are doses and hope
    level = np.sum([drawn[name] * column for name, column in terms if name != "expectation"], axis=0)
    return np.clip(level, question.low, question.high)


def _of_diary(question: "Question", drawn: dict[str, np.ndarray], level: Draws) -> Noise:
    scale = (question.high - question.low) / _POINTS
    return Noise(
        level,
        sd=np.clip(drawn["sd"], _LEAST_SD * scale, _MOST_SD * scale),
        one_day_correlation=np.exp(-1.0 / np.maximum(drawn["correlation_days"], 1e-3)),
        white_share=drawn["white_share"],
    )


def _of_population(question: "Question", people: "Population", level: Draws) -> Noise:
    """The population's, in which all people are alike in it."""
    said, scale = people.parameters, (question.high - question.low) / _POINTS
    everyone = np.ones_like(level)
    return Noise(
        level,
        sd=said.residual_sd.value * scale * everyone,
        one_day_correlation=said.correlation.value * everyone,
        white_share=said.white_share.value * everyone,
    )


def _few(answer: "Answer") -> list[Problem]:
    if answer.n_observed >= FEWEST_ENTRIES:
        return []
    message = (
        "So few scores tell little of this person, so that the virtual people differ as much as the model takes anybody"
        " to, within the scale"
    )
    fix = "Write for a week at least, better for two, and plan again."
    return [Problem("MOD-ASSUME-18", answer.question.outcome, _entries(answer.n_observed), message, fix)]


def _unmoved(answer: "Answer") -> Problem:
    score = float(answer.posterior.design.score[0])
    message = (
        "Every score is the same, which a scale that does not move gives as well as a person whose days are alike, so"
        " the noise of the population was used; only the level is that of the diary"
    )
    fix = "Write until scores differ, or ask about an outcome that moves."
    value = f"{score:g} in {_entries(answer.n_observed)}"
    return Problem("MOD-ASSUME-19", answer.question.outcome, value, message, fix)


def _no_room(answer: "Answer", level: Draws) -> list[Problem]:
    """As an analysis says it of scores that do change."""
    from modicum.decision.finding import room_to_improve
    from modicum.decision.words import amount

    question = answer.question
    room = room_to_improve(question, float(level.mean()))
    if room >= question.mcid:
        return []
    message = f"At this level there is {amount(room, question)} to gain, less than the smallest difference that matters"
    fix = "Ask about another outcome: no dose could help by what matters here, whatever is found in virtual people."
    return [Problem("MOD-ASSUME-14", question.outcome, amount(question.mcid, question), message, fix)]


def _entries(count: int) -> str:
    return f"{count} {'entry' if count == 1 else 'entries'}"
