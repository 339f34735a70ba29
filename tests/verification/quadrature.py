"""The engine beside the dense quadrature."""

from verification.agreement import coefficient_moments, difference, fitted
from verification.dense_quadrature import Nodes, reference, without_doses
from verification.finding import Finding
from verification.independent_columns import problem
from verification.reference_trials import Trial
from verification.small_diaries import SMALL, stored
from verification.stored import diary_from, question_from

MEAN_BOUND_SD, SD_BOUND, LOG_BAYES_FACTOR_BOUND = 0.02, 0.02, 0.05
FEW = Nodes(tau=20, ell=24, omega=14, sigma=32)


def compared(trial: Trial, nodes: Nodes, **change: object) -> dict[str, float]:
    """Differences of one diary: means (posterior sds), sds (share) and the log Bayes factor of H1 against H0."""
    document, asked = stored(trial)
    p = problem(document, asked)
    ours = fitted(question_from(asked), diary_from(document), **change)
    theirs, none = reference(p, nodes), reference(without_doses(p), nodes)
    apart = difference(coefficient_moments(ours.given_effect), theirs.moments)
    log_factor = ours.given_effect.log_evidence - ours.log_evidence_no_effect
    return {
        "scores": len(p.score),
        "mean_in_sd": apart.mean_in_sd,
        "sd_relative": apart.sd_relative,
        "log_bayes_factor": abs(log_factor - (theirs.log_evidence - none.log_evidence)),
    }


def within(found: dict[str, float]) -> bool:
    """Whether all three differences are within what is promised."""
    return (
        found["mean_in_sd"] <= MEAN_BOUND_SD
        and found["sd_relative"] <= SD_BOUND
        and found["log_bayes_factor"] <= LOG_BAYES_FACTOR_BOUND
    )


def run(count: int) -> Finding:
    """The first ``count`` small diaries against many nodes."""
    found = {trial.name: compared(trial, Nodes()) for trial in SMALL[:count]}
    worst = {key: max(f[key] for f in found.values()) for key in ("mean_in_sd", "sd_relative", "log_bayes_factor")}
    return Finding(
        passed=all(within(f) for f in found.values()),
        bound="means 0.02 sd, sds 2 %, log Bayes factor 0.05",
        summary=f"{len(found)} diaries: {worst['mean_in_sd']:.4f} sd, {100 * worst['sd_relative']:.2f} %, "
        f"{worst['log_bayes_factor']:.4f}",
        figures={"worst": worst, "diaries": found},
    )
