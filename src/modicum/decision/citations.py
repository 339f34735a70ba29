"""The references of what an answer used."""

from modicum.analysis.inference import Inference

_ALWAYS = (
    "Lindley DV, Smith AFM (1972). Bayes estimates for the linear model. J R Stat Soc B 34:1-41.",
    "Kalman RE (1960). A new approach to linear filtering and prediction problems. J Basic Eng 82:35-45.",
    "Roychoudhury S, Scheuer N, Neuenschwander B (2018). Beyond p-values: a phase II dual-criterion design with"
    " statistical significance and clinical relevance. Clin Trials 15:452-461.",
    "Genz A (1992). Numerical computation of multivariate normal probabilities. J Comput Graph Stat 1:141-149.",
    "ICH (2019). E9(R1) Addendum on estimands and sensitivity analysis in clinical trials.",
)
_EXPECTATION = (
    "Byon W et al. (2010). J Clin Pharmacol, doi:10.1177/0091270009352187 (onset of the placebo response: 0.106 a day)."
)


def citations(posterior: Inference) -> tuple[str, ...]:
    """References of the methods and figures that this answer rests on."""
    told = (*_ALWAYS, _EXPECTATION) if posterior.design.expectation_at is not None else _ALWAYS
    source = posterior.question.mcid_source
    return (*told, f"Smallest difference that matters: {source}") if source else told
