"""What a batch finds: one row a trial, in columns."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int


@dataclass(frozen=True)
class Fits:
    """The posteriors of many trials. A trial with fewer doses than the widest has NaN in the rest of its row.

    Args:
        doses: doses on the ladder of each trial.
        log_evidence_effect, log_evidence_no_effect: log marginal likelihoods given H1 and H0.
        p_no_effect: posterior probability of H0 at each question's prior odds.
        effect_mean, effect_sd: of the steady-state effects given H1, outcome units.
        effect_covariance: between doses, given H1.
        expectation_mean, expectation_sd: of kappa given H1; NaN where the term is off.
        p_better, p_mcid_given_effect, p_harm: P(benefit > 0), P(benefit >= MCID), P(benefit < -MCID), given H1.
        p_better_with_expectation, p_mcid_with_expectation: the first two of dose and expectation together.
        interval95: equal-tailed, where wanted.
        p_no_better: P(benefit_j - benefit_k < MCID/2 | H1) for a larger dose j (row) and a smaller k (column), where
            wanted.
        p_smallest: given H1, P(dose k is the smallest taken one that reaches the MCID), then P(none is), where wanted.
        numerical_error: largest difference of a mean in sds, of an sd as a share, and of P(H0), from a grid of three
            quarters of the nodes, where wanted.
        windows: ends of the windows of tau, ell and omega (in their own coordinates) under H1 and H0.
    """

    doses: Int[np.ndarray, " trial"]
    log_evidence_effect: Float[np.ndarray, " trial"]
    log_evidence_no_effect: Float[np.ndarray, " trial"]
    p_no_effect: Float[np.ndarray, " trial"]
    effect_mean: Float[np.ndarray, "trial dose"]
    effect_sd: Float[np.ndarray, "trial dose"]
    effect_covariance: Float[np.ndarray, "trial dose dose"]
    expectation_mean: Float[np.ndarray, " trial"]
    expectation_sd: Float[np.ndarray, " trial"]
    p_better: Float[np.ndarray, "trial dose"]
    p_mcid_given_effect: Float[np.ndarray, "trial dose"]
    p_harm: Float[np.ndarray, "trial dose"]
    p_better_with_expectation: Float[np.ndarray, "trial dose"]
    p_mcid_with_expectation: Float[np.ndarray, "trial dose"]
    interval95: Float[np.ndarray, "trial dose 2"] | None
    p_no_better: Float[np.ndarray, "trial dose dose"] | None
    p_smallest: Float[np.ndarray, "trial outcome"] | None
    numerical_error: Float[np.ndarray, "trial 3"] | None
    windows: Float[np.ndarray, "trial 2 3 2"]

    def __len__(self) -> int:
        return len(self.doses)

    @property
    def p_mcid(self) -> Float[np.ndarray, "trial dose"]:
        """P(benefit >= MCID), averaged over H0 and H1."""
        return (1.0 - self.p_no_effect)[:, None] * self.p_mcid_given_effect
