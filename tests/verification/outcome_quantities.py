"""The engine's posterior of a stored diary whose outcome is not Gaussian, with every quantity of a reference."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Axis
from modicum.analysis.design import design
from modicum.analysis.estimate import Summary
from modicum.analysis.outcomes.effects import effects_of
from modicum.analysis.outcomes.fitting import POINTS, fit_points
from modicum.analysis.outcomes.importance import sample
from modicum.analysis.outcomes.link import link_priors
from modicum.analysis.outcomes.model import LinkModel, link_model
from modicum.analysis.outcomes.points import Points
from modicum.analysis.outcomes.weighted import summary
from modicum.analysis.question import Onset, Question
from modicum.analysis.schedule import schedule_of
from modicum.analysis.side_effects import attributable, dose_scale, side_effect_model, step_design
from modicum.records.diary import Diary
from verification.outcome_scale import top_dose_sd
from verification.stored import diary_from

_LOGS = {"log onset_days": "tau", "log correlation_days": "ell", "log sd": "sd", "log inverse_phi": "overdispersion"}
_SIDE_EFFECT = ("a", "b", "c", "n")


@dataclass(frozen=True)
class Weighted:
    """Weighted points, and the quantities of a reference at each of them."""

    points: Points
    values: dict[str, np.ndarray]

    def moments(self, name: str) -> tuple[float, float]:
        """Mean and sd of a quantity."""
        value, weight = self.values[name], self.points.weight
        mean = float(weight @ value)
        return mean, float(np.sqrt(weight @ (value - mean) ** 2))

    def place(self, name: str, at: float) -> float:
        """Posterior distribution function of a quantity, half of what lies exactly there included."""
        value, weight = self.values[name], self.points.weight
        return float(weight @ (value < at) + 0.5 * (weight @ (value == at)))

    def share(self, name: str, sign: int, least: float) -> float:
        """Posterior probability that a quantity times a sign is at least so much."""
        return float(self.points.weight @ (sign * self.values[name] >= least))

    def summary(self, name: str) -> Summary:
        """Mean, sd and intervals as the engine reports them."""
        return summary(self.values[name], self.points.weight)


def question_from(document: dict[str, Any]) -> Question:
    """A stored question, with the priors of its kind and the scale that is stored with it."""
    kind, low, high, mcid = (document[key] for key in ("kind", "low", "high", "mcid"))
    priors = replace(link_priors(kind, low, high, mcid, np.zeros(0)), top_dose_sd=top_dose_sd(document))
    return Question(
        **{
            **document,
            "ladder_mg": tuple(document["ladder_mg"]),
            "covariates": tuple(document["covariates"]),
            "priors": priors,
            "onset": Onset(**document["onset"]),
        }
    )


def weighted(question: dict[str, Any], diary: dict[str, Any], points: int = POINTS, **change: Any) -> Weighted:
    """The engine's posterior given that the doses do something.

    Args:
        question, diary: as stored in the references.
        points: how many are drawn.
        change: parts of the model to switch off (see ``Assumptions``): then it must be another posterior.
    """
    model, names = model_of(question, diary, **change)
    found, _ = sample(model, points)
    return Weighted(found, values_at(question, diary, model, names, found))


def p_no_effect(question: dict[str, Any], diary: dict[str, Any], points: int, **change: Any) -> float:
    """The engine's P(no effect), at prior odds of one to one."""
    asked, kept = question_from(question), diary_of(diary)
    assumptions = Assumptions(expectation=asked.expectation).but(**change)
    return fit_points(asked, kept, schedule_of(kept), assumptions, points).p_no_effect()


def model_of(question: dict[str, Any], diary: dict[str, Any], **change: Any) -> tuple[LinkModel, tuple[str, ...]]:
    """The engine's model of a stored diary, and the names of its coefficients."""
    kept = diary_of(diary)
    if question["kind"] == "side-effect":
        return _side_effect(np.array(question["ladder_mg"], float), kept, **change), _SIDE_EFFECT
    asked = question_from(question)
    assumptions = Assumptions(expectation=asked.expectation).but(**change)
    columns = design(asked, kept, schedule_of(kept), assumptions)
    return link_model(asked, columns, assumptions), columns.names


def values_at(
    question: dict[str, Any], diary: dict[str, Any], model: LinkModel, names: tuple[str, ...], points: Points
) -> dict[str, np.ndarray]:
    """Every quantity that a reference may have, at points of the model."""
    out = {name: np.log(np.maximum(getattr(points.psi, field), 1e-300)) for name, field in _LOGS.items()}
    out |= {name: points.coefficients[:, i] for i, name in enumerate(names)}
    ladder = np.array(question["ladder_mg"], float)
    if question["kind"] == "side-effect":
        added = attributable(points, dose_scale(ladder, ladder))
        return out | {f"attributable:{mg!r}": added[:, k] for k, mg in enumerate(ladder.tolist())}
    effects = effects_of(model, model.design, points)
    for k, mg in enumerate(ladder.tolist()):
        out[f"effect:{mg!r}"] = effects.alone[:, k]
        out[f"with_expectation:{mg!r}"] = effects.together[:, k]
    return out


def diary_of(document: dict[str, Any]) -> Diary:
    """A stored diary, with the names of its kits."""
    kept = diary_from(document)
    return replace(kept, phase=tuple(document["phase"])) if "phase" in document else kept


def _side_effect(
    ladder: np.ndarray,
    diary: Diary,
    *,
    autocorrelation: bool = True,
    carry_over: bool = True,
    prior_scale: float = 1.0,
) -> LinkModel:
    """The model of a side effect; without carry-over no step is felt, and the prior scale is that of the dose."""
    asked = np.isfinite(diary.scores["score"])
    event = (diary.scores["score"][asked] >= 1).astype(float)
    columns = step_design(ladder, schedule_of(diary), diary.time_days[asked], diary.dosing_day[asked], event)
    scales = np.array([1.0, prior_scale, 1.0, 1.0])
    columns = replace(columns, covariance=columns.covariance * np.outer(scales, scales))
    if not carry_over:
        columns = replace(columns, since=np.full_like(columns.since, np.inf))
    model = side_effect_model(columns)
    if autocorrelation:
        return model
    none = replace(model.axes, ell=Axis("point", 1.0, 1.0), sd=Axis("point", 1e-6, 1e-6))
    return replace(model, axes=none)
