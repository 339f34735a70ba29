"""What one diary can give to a pool: the likelihood of its dose effects, from which no entry can be read back."""

from modicum.analysis.inference import Inference
from modicum.analysis.likelihoods import collapsed, mean_difference, merged

_PRIOR_FACTORS = (0.25, 1.0, 4.0)  # the error of merging is stated over priors of half, the same and double the sd


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
        exact, approximate = (form.posterior(prior)[3] for form in (terms, few))
        part["components_error_log_bf"] = abs(approximate - exact)
        part["components_error_sd"] = max(mean_difference(terms, few, f * prior, taken) for f in _PRIOR_FACTORS)
    return part
