"""What is decided, when, and by which probability; what is assumed before the first entry."""

from typing import Annotated, Literal

from pydantic import Field

from modicum.protocol.record import Chance, Days, Part, Positive, Prose, Remarks


class ResponseRule(Part):
    """How usual practice sees a response by eye, looked at after each step.

    Args:
        share: improvement that counts, as a share of the level before the first dose, 0 to 1.
        points: improvement that counts, outcome units; either is enough. None for two MCIDs.
        window_days: days that are averaged, at the end of the step and before the first dose.
    """

    share: Chance = 0.3
    points: Positive | None = None
    window_days: Days = 7

    def enough(self, mcid: float) -> float:
        """Improvement that counts, outcome units.

        Args:
            mcid: of the primary outcome.
        """
        return 2.0 * mcid if self.points is None else self.points


class TitrationRules(Part):
    """Reviews in a blinded titration; probabilities are given that the drug does something.

    Args:
        p_leave: leave for confirmation as soon as a tried dose has P(benefit >= MCID) above this.
        leave_after: only at the end of a block of this kind; a look after a placebo block is kept for the next one.
        p_futile: at the end, stop as futile if the largest P(benefit >= MCID) is below this.
    """

    p_leave: Chance = 0.8
    leave_after: Literal["active block", "any block"] = "active block"
    p_futile: Chance = 0.1


class ConfirmationRules(Part):
    """Reviews in a blinded confirmation, and the final rule; all on all data, given that the drug does something.

    Args:
        p_better: works only if P(benefit > 0) of the candidate is above this, at the last efficacy look and later.
        p_early: the same at an efficacy look before the last; left out: ``p_better``.
        p_mcid: and P(benefit >= MCID) is above this.
        p_candidate: candidate = lowest dose with P(benefit >= MCID) of at least this, else the most probable one.
        p_choose_again: after each pair: candidate below this, choose again.
        p_stop_all: after each pair: all tried doses below this, stop, or one rung up if not at the top.
        rungs_up: most rungs that a new candidate may lie above what was tried.
        own_pairs: pairs that a newly chosen candidate needs before it can be declared.
    """

    p_better: Chance = 0.985
    p_early: Chance | None = None
    p_mcid: Chance = 0.5
    p_candidate: Chance = 0.5
    p_choose_again: Chance = 0.35
    p_stop_all: Chance = 0.2
    rungs_up: Annotated[int, Field(ge=0, le=5)] = 1
    own_pairs: Annotated[int, Field(ge=1, le=12)] = 2

    def p_better_at(self, *, early: bool) -> float:
        """What P(benefit > 0) must be above: more at a look before the last one, where the rules say so."""
        return self.p_early if early and self.p_early is not None else self.p_better


class StepDownRules(Part):
    """Which lower doses are tried after success, and the answer.

    Args:
        p_low: each lower dose with P(benefit >= MCID) above this,
        p_high: and below this, gets one block.
        p_answer: the answer is the lowest dose with P(benefit >= MCID) of at least this.
    """

    p_low: Chance = 0.3
    p_high: Chance = 0.9
    p_answer: Chance = 0.5


class Rules(Part):
    """The rules of the verdict, and of the reviews in each phase.

    Args:
        p_better: works (dual criterion): P(benefit > 0) reaches this,
        p_mcid: and P(benefit >= MCID) reaches this.
        p_agree: the belief-adjusted analysis agrees with "works" where its P(benefit > 0) reaches this, and
            P(benefit >= MCID) what it must for "works"; left out: the threshold of "works".
        p_harm: stop for harm where P(benefit < -MCID) of the dose in force reaches this.
        p_nothing: "does nothing that matters" where its averaged probability reaches this.
        p_futile: futile where the predictive probability of "works" by the planned end is below this.
        p_smaller: no better than a smaller dose where P(difference < MCID/2) reaches this.
        p_smaller_mcid: and the smaller dose has P(benefit >= MCID) of at least this.
        min_days_assigned: days that a dose must have been assigned to count as tried.
        response: the rule by eye of usual practice; open phases only, and there its usual values where it is not given.
        titration: reviews in a blinded titration; needed where a confirmation follows.
        confirmation: reviews in the confirmation, and the final rule; needed where there is one.
        step_down: which lower doses are tried after success; needed where there is a step-down.
    """

    p_better: Chance = 0.975
    p_mcid: Chance = 0.5
    p_agree: Chance | None = None
    p_harm: Chance = 0.8
    p_nothing: Chance = 0.9
    p_futile: Chance = 0.1
    p_smaller: Chance = 0.8
    p_smaller_mcid: Chance = 0.5
    min_days_assigned: Days = 7
    response: ResponseRule | None = None
    titration: TitrationRules | None = None
    confirmation: ConfirmationRules | None = None
    step_down: StepDownRules | None = None


class Onset(Part):
    """First-order onset and washout of a dose's effect.

    Args:
        kind: "uncertain" (log-normal prior on the time constant), "fixed" or "immediate".
        median_days: median of the prior, or the fixed value, days, > 0.
        log_sd: sd of the logarithm of the time constant.
    """

    kind: Literal["uncertain", "fixed", "immediate"] = "uncertain"
    median_days: Positive = 4.0
    log_sd: Positive = 0.8


class Priors(Part):
    """What is assumed before the first entry; a field left out takes its default.

    Args:
        intercept_mean: mean of the level without drug, outcome units.
        intercept_sd: sd of the level without drug, outcome units.
        trend_sd: sd of the linear trend over the planned length, outcome units.
        ebb_sd: sd of the ebb after enrolment, outcome units.
        covariate_sd: sd of the effect of a covariate, outcome units.
        expectation_mean: mean effect of being sure of active drug, outcome units, in the direction of the scale: an
            improvement is negative where lower is better.
        expectation_sd: sd of that effect between persons, never the standard error of its mean.
        top_dose_sd: sd of the effect of the top dose, outcome units.
        sd_median: median of the residual sd, outcome units.
        sd_log_sd: sd of the logarithm of the residual sd.
        correlation_median_days: median of the correlation time, days.
        correlation_log_sd: sd of the logarithm of the correlation time.
        white_share_a: first Beta parameter of the share of white noise.
        white_share_b: second Beta parameter of the share of white noise.
        odds_no_effect: prior odds of "no effect at all" against "some effect"; 1 is even.
    """

    intercept_mean: float | None = None
    intercept_sd: Positive | None = None
    trend_sd: Positive | None = None
    ebb_sd: Positive | None = None
    covariate_sd: Positive | None = None
    expectation_mean: float | None = None
    expectation_sd: Positive | None = None
    top_dose_sd: Positive | None = None
    sd_median: Positive | None = None
    sd_log_sd: Positive | None = None
    correlation_median_days: Positive | None = None
    correlation_log_sd: Positive | None = None
    white_share_a: Positive | None = None
    white_share_b: Positive | None = None
    odds_no_effect: Positive = 1.0


class Screening(Part):
    """Who may start: the name of a rule set, and remarks.

    Args:
        rule_set: name of the rule set, "" where the protocol names none.
        remarks: in words, for the prescriber.
    """

    rule_set: str = ""
    remarks: Remarks = ()


class Calibration(Part):
    """How often the rules would declare a useless drug to work, and what shows it.

    Args:
        target: P(declared | no effect) that the rules must stay below in every case simulated.
        p_declared_no_effect: P(declared | no effect), all looks and doses included; left out where not known.
        worst_cell: the same in the worst case that was simulated.
        monte_carlo_se: standard error of ``p_declared_no_effect`` from the number of trials simulated.
        shown_by: what the figures come from and under which assumptions.
        not_covered: what was not simulated.
    """

    target: Chance | None = None
    p_declared_no_effect: Chance | None = None
    worst_cell: Chance | None = None
    monte_carlo_se: Chance | None = None
    shown_by: Prose
    not_covered: Remarks = ()
