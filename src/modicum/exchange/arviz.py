"""Posterior draws as ArviZ inference data."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from modicum.decision.answer import Answer
from modicum.foundation.errors import OptionsError, Problem

if TYPE_CHECKING:
    import arviz

DOSE = "dose:"


def to_inference_data(draws: Mapping[str, Float[np.ndarray, " draw"]], answer: Answer) -> "arviz.InferenceData":
    """The draws as one chain, with the effects of the doses along one axis, and the scores observed.

    Args:
        draws: by name of coefficient or parameter; ``dose:<mg>`` are the effects of doses, outcome units.
        answer: whose diary they come from.

    Returns:
        Groups ``posterior`` (given that the drug does something; ``effect`` has the axes chain, draw, dose) and
        ``observed_data``.

    Raises:
        OptionsError: when ArviZ is not installed.

    Source: independent draws, so one chain is enough; Kumar et al. 2019, J. Open Source Software 4(33) 1143 (ArviZ).
    """
    try:
        import arviz
    except ImportError as error:
        raise OptionsError([_not_installed()]) from error
    posterior, doses = _with_dose_axis(draws)
    observed = {answer.question.outcome: answer.diary.scores[answer.question.outcome]}
    axes = {"effect": ["dose_mg"], answer.question.outcome: ["entry"]}
    coordinates = {"dose_mg": doses, "entry": answer.diary.time_days}
    return _from_dict(arviz, {"posterior": posterior, "observed_data": observed}, axes, coordinates)


def _with_dose_axis(draws: Mapping[str, np.ndarray]) -> tuple[dict[str, np.ndarray], list[float]]:
    names = [name for name in draws if name.startswith(DOSE)]
    chain = {name: np.asarray(values)[None] for name, values in draws.items() if name not in names}
    if names:
        chain["effect"] = np.stack([draws[name] for name in names], axis=-1)[None]
    return chain, [float(name.removeprefix(DOSE)) for name in names]


def _from_dict(module: Any, groups: dict[str, Any], axes: dict[str, Any], coordinates: dict[str, Any]) -> Any:
    """ArviZ before version 1 takes a group as an argument, later ones take one mapping of groups."""
    if int(module.__version__.split(".")[0]) >= 1:
        return module.from_dict(groups, coords=coordinates, dims=axes)
    return module.from_dict(**groups, coords=coordinates, dims=axes)


def _not_installed() -> Problem:
    return Problem(
        "MOD-OPT-15",
        "to_arviz",
        "",
        "ArviZ is not installed",
        "Install Modicum with its extra: pip install 'modicum[arviz]'.",
    )
