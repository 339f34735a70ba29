"""The result document, ``modicum.result/1``: an answer as text, numbers, null, lists and objects."""

import math
from dataclasses import asdict
from typing import Any, cast

from modicum.analysis.estimate import DoseEffect, Noise, Summary
from modicum.analysis.side_effects import SideEffectModel
from modicum.decision.answer import Answer, Secondary, SensitivityRow, SideEffect, SmallestDose

SCHEMA = "modicum.result/1"
_KINDS = {"poisson": "count", "negative-binomial": "count"}


def document(answer: Answer, *, version: str, with_components: bool = False) -> dict[str, Any]:
    """The document of an answer.

    Args:
        answer: to write down.
        version: of Modicum.
        with_components: whether the likelihood is listed in components.

    Returns:
        A tree without NaN or Infinity: such numbers are null.
    """
    question = answer.question
    likelihood = {k: v for k, v in answer.likelihood.items() if with_components or not k.startswith("components")}
    tree = {
        "schema": SCHEMA,
        "outcome": question.outcome,
        "kind": _KINDS.get(question.kind, question.kind),
        "family": question.kind,
        "better": question.better,
        "mcid": question.mcid,
        "n_observed": answer.n_observed,
        "n_days": answer.n_days,
        "n_dose_unknown": answer.n_dose_unknown,
        "n_censored": answer.n_censored,
        "n_rows_read": answer.diary.rows_read,
        "n_rows_refused": len(answer.diary.refused),
        "refused": [problem.to_dict() for problem in answer.diary.refused],
        "p_no_effect": answer.p_no_effect,
        "doses": [_dose(dose) for dose in answer.doses],
        "smallest_effective_dose": _smallest(answer.smallest_dose, answer.doses),
        "verdict": asdict(answer.verdict),
        "noise": _noise(answer.noise),
        "expectation": None
        if answer.expectation is None
        else {"mean": answer.expectation.mean, "sd": answer.expectation.sd},
        "side_effects": [_side_effect(count) for count in answer.side_effects],
        "secondary": [_secondary(other) for other in answer.secondary],
        "outcomes_looked_at": answer.outcomes_looked_at,
        "sensitivity": [_row(row) for row in answer.sensitivity],
        "likelihood": likelihood,
        "numerical_error": {
            "mean_in_sd": answer.numerical_error[0],
            "sd_relative": answer.numerical_error[1],
            "p_no_effect": answer.numerical_error_p,
        },
        "citations": list(answer.citations),
        "warnings": [warning.to_dict() for warning in answer.warnings],
        "virtual": answer.diary.virtual,
        "input_sha256": answer.diary.sha256,
        "protocol_sha256": answer.protocol_sha256 or None,
        "protocol": answer.protocol_name or None,
        "version": version,
    }
    return _finite(tree)


def _dose(dose: DoseEffect) -> dict[str, Any]:
    together = dose.with_expectation
    return {
        "dose_mg": dose.dose_mg,
        "taken": dose.taken,
        "days": dose.days,
        "mean": dose.effect.mean,
        "sd": dose.effect.sd,
        "link_mean": None if dose.link is None else dose.link.mean,
        "link_sd": None if dose.link is None else dose.link.sd,
        "interval50": dose.effect.interval50,
        "interval80": dose.effect.interval80,
        "interval95": dose.effect.interval95,
        "p_better": dose.p_better,
        "p_mcid_given_effect": dose.p_mcid_given_effect,
        "p_mcid": dose.p_mcid,
        "with_expectation": None
        if together is None
        else {"mean": together.mean, "sd": together.sd, "interval95": together.interval95},
    }


def _smallest(smallest: SmallestDose, doses: tuple[DoseEffect, ...]) -> dict[str, Any]:
    """Doses never taken are never chosen: they are listed with probability 0."""
    untaken = {repr(float(dose.dose_mg)): 0.0 for dose in doses}
    return {"dose_mg": smallest.dose_mg, "probabilities": untaken | smallest.probabilities}


def _noise(noise: Noise) -> dict[str, Any]:
    return {
        "onset_days": _brief(noise.onset_days),
        "correlation_days": _brief(noise.correlation_days),
        "white_share": _brief(noise.white_share),
        "sd": _brief(noise.sd),
        "overdispersion": _brief(noise.overdispersion),
    }


def _brief(summary: Summary | None) -> dict[str, Any] | None:
    return None if summary is None else {"mean": summary.mean, "interval95": summary.interval95}


def _side_effect_model(model: SideEffectModel | None) -> dict[str, Any] | None:
    if model is None:
        return None
    ahead = model.ahead
    return {
        "usual": _brief(model.usual),
        "doses": [{"dose_mg": rate.dose_mg, "attributable": _moments(rate.attributable)} for rate in model.doses],
        "fading_days": _brief(model.fading_days),
        "next_step": None
        if ahead is None
        else {
            "dose_mg": ahead.dose_mg,
            "any_in_week": _brief(ahead.any_in_week),
            "nights": list(ahead.nights),
            "steady": ahead.steady,
        },
        "numerical_error_sd": model.error_sd,
    }


def _moments(summary: Summary) -> dict[str, Any]:
    return {"mean": summary.mean, "sd": summary.sd, "interval95": summary.interval95}


def _side_effect(count: SideEffect) -> dict[str, Any]:
    return {
        "name": count.name,
        "label": count.label,
        "asked": count.asked,
        "events": count.events,
        "moderate_or_severe": count.severe,
        "by_dose": [{"dose_mg": mg, "asked": asked, "events": events} for mg, asked, events in count.by_dose],
        "model": _side_effect_model(count.model),
        "model_moderate_or_severe": _side_effect_model(count.model_severe),
    }


def _secondary(other: Secondary) -> dict[str, Any]:
    return {
        "outcome": other.outcome,
        "label": other.label,
        "better": other.better,
        "mcid": other.mcid,
        "n_observed": other.n_observed,
        "p_no_effect": other.p_no_effect,
        "doses": [_dose(dose) for dose in other.doses],
    }


def _row(row: SensitivityRow) -> dict[str, Any]:
    return {
        "change": row.change,
        "p_no_effect": row.p_no_effect,
        "smallest_effective_dose": _smallest(row.smallest_dose, row.doses),
        "verdict": row.verdict_code,
        "doses": [_dose(dose) for dose in row.doses],
    }


def _finite(tree: Any) -> Any:
    match tree:
        case dict():
            return {str(key): _finite(value) for key, value in cast("dict[Any, Any]", tree).items()}
        case list() | tuple():
            return [_finite(value) for value in cast("list[Any]", tree)]
        case float() if not math.isfinite(tree):
            return None
        case _:
            return tree
