"""What one diary can give to a pool: the likelihood of its dose effects, from which no entry can be read back."""

import numpy as np

from modicum.analysis.inference import Inference
from modicum.analysis.likelihoods import Components, collapsed, merged

_PRIOR_FACTORS = (
    0.25,
    1.0,
    4.0,
)  # the error of the components is stated over priors of half, the same and double the sd


def shared_likelihood(posterior: Inference, *, with_components: bool) -> dict[str, object]:
    """The document's likelihood: one term always, at most 64 components where asked for."""
    terms, taken = posterior.likelihood(), posterior.informed
    at = posterior.design.dose_at
    prior = posterior.design.covariance[at, at]
    single = collapsed(terms, posterior.question.effect_unit, prior, taken)
    part: dict[str, object] = {
        "dose_mg": list(posterior.question.ladder_mg),
        "scale": "outcome" if posterior.question.kind == "gaussian" else "link",
        "collapsed": {
            "information": single.information.tolist(),
            "shift": single.shift.tolist(),
            "error_sd": single.error_sd,
        },
    }
    if with_components:
        few = merged(terms, prior, taken)
        part["components"] = [
            {"log_weight": float(w), "information": i.tolist(), "shift": s.tolist()}
            for w, i, s in zip(few.log_weight, few.information, few.shift, strict=True)
        ]
        exact = posterior.log_evidence_given_effect - posterior.log_evidence_no_effect
        part["components_error_log_bf"] = abs(few.posterior(prior)[3] - exact)
        part["components_error_sd"] = max(_apart(posterior, few, factor) for factor in _PRIOR_FACTORS)
    return part


def _apart(posterior: Inference, few: Components, factor: float) -> float:
    """Largest difference of a taken dose's mean from that of the diary itself, in the diary's sds."""
    at = posterior.design.dose_at
    mean, sd = posterior.under(factor)
    other, _ = few.moments(factor * posterior.design.covariance[at, at])
    return float(np.abs((other - mean) / sd)[posterior.informed].max(initial=0.0))
