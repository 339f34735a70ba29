"""Side effects: how often nights with one follow from the dose itself, and from the step up to it (docs/model.md)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from modicum.analysis.axes import Axis, log_axis
from modicum.analysis.estimate import Summary
from modicum.analysis.outcomes import hermite
from modicum.analysis.outcomes.families import Binary
from modicum.analysis.outcomes.importance import Effort, doubled, sample
from modicum.analysis.outcomes.model import LinkModel
from modicum.analysis.outcomes.points import Points
from modicum.analysis.outcomes.psi import LinkAxes
from modicum.analysis.outcomes.response import response
from modicum.analysis.outcomes.weighted import summary
from modicum.analysis.schedule import Schedule

NIGHTS = 7  # "the week after a step"
_SHOWN_NIGHTS = 14
_POINTS = 512
_ERROR_SD, _DOUBLINGS = (
    0.08,
    3,
)  # points are doubled until the standard error of what a dose adds is this, posterior sds
_QUICK = Effort(searches=0, nodes=3, pilot=256, pilots=1)  # a diary asks of many side effects; few nights have any
_REACH = 3.5  # prior sds: few nights narrow nothing down, so that the windows stay where they are
_USUAL_MEAN, _USUAL_SD, _DOSE_SD, _STEP_SD, _CHANGE_SD = -2.5, 1.5, 1.5, 1.5, 1.0
_FADE_DAYS, _FADE_LOG_SD = 4.0, 0.6  # assumption: no trial reports how long side effects last
_RUN_SD, _RUN_LOG_SD, _RUN_DAYS, _RUN_DAYS_LOG_SD = 0.7, 0.7, 4.0, 1.2


@dataclass(frozen=True)
class StepDesign:
    """Columns of one side effect: usual rate a, dose b, step up c, any change n; their priors.

    Args:
        time_days, score: of the entries that asked; score 1 where there was an event.
        fixed: intercept and g(dose in force).
        since: days from each step to each entry, infinite before it.
        rises: (g(d_j) - g(d_(j-1)))_+ of each step.
        mean, covariance: priors of a, b, c, n.
    """

    time_days: Float[np.ndarray, " entry"]
    score: Float[np.ndarray, " entry"]
    fixed: Float[np.ndarray, "entry fixed"]
    since: Float[np.ndarray, "entry step"]
    rises: Float[np.ndarray, " step"]
    mean: Float[np.ndarray, " coefficient"]
    covariance: Float[np.ndarray, "coefficient coefficient"]

    def __len__(self) -> int:
        return len(self.score)

    def timed(self, tau_days: Float[np.ndarray, " node"]) -> Float[np.ndarray, "node entry timed"]:
        """What is left of all steps so far, by their rise and by their number, at each fading time."""
        rate = 1.0 / np.asarray(tau_days, float)
        left = np.zeros((len(rate), 2))
        out = np.empty((len(rate), len(self), 2))
        gaps = np.diff(self.time_days, prepend=self.time_days[:1])
        for i, gap in enumerate(gaps):
            left = left * np.exp(-gap * rate)[:, None]
            new = np.isfinite(self.since[i]) & (self.since[i] < gap if i else True)
            for j in np.flatnonzero(new):
                left = left + np.exp(-self.since[i, j] * rate)[:, None] * [self.rises[j], 1.0]
            out[:, i] = left
        return out


@dataclass(frozen=True)
class DoseRate:
    """What a steady dose adds to the chance of an event on a night: P with the dose less P without."""

    dose_mg: float
    attributable: Summary


@dataclass(frozen=True)
class StepAhead:
    """The next step up: the chance of an event on each night after it, and of any in its first week.

    ``nights`` are means for nights 1, 2, ... after the step, ``steady`` the mean once the step has faded.
    """

    dose_mg: float
    any_in_week: Summary
    nights: tuple[float, ...]
    steady: float


@dataclass(frozen=True)
class SideEffectModel:
    """The modelled side effect.

    Args:
        usual: chance of an event on a night without drug and far from any step.
        doses: what each dose of the ladder adds.
        fading_days: time constant with which the effect of a step goes.
        ahead: the next step, or None where the last dose in force is the highest.
        error_sd: standard error of the computation, posterior sds, the largest over the doses.
    """

    usual: Summary
    doses: tuple[DoseRate, ...]
    fading_days: Summary
    ahead: StepAhead | None
    error_sd: float


def dose_scale(ladder_mg: Float[np.ndarray, " dose"], dose_mg: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
    """g(d) = log(1 + d / d_half), d_half the geometric middle of the ladder (docs/model.md, The ladder)."""
    return np.asarray(np.log1p(dose_mg / np.sqrt(ladder_mg.min() * ladder_mg.max())))


def step_design(
    ladder_mg: Float[np.ndarray, " dose"],
    schedule: Schedule,
    time_days: Float[np.ndarray, " entry"],
    dosing_day: Int[np.ndarray, " entry"],
    event: Float[np.ndarray, " entry"],
) -> StepDesign:
    """The columns of one side effect.

    A step is one of the plan: a capsule that was forgotten is a night without its dose, and no step down and up again.

    Args:
        ladder_mg: of the question.
        schedule: the dose course; the dose taken counts, and the dose assigned steps.
        time_days: of the entries that asked.
        dosing_day: the same.
        event: 1 where there was an event, else 0.
    """
    taken, planned = (dose_scale(ladder_mg, mg) for mg in (schedule.taken_mg, schedule.assigned_mg))
    before = np.concatenate([[0.0], planned[:-1]])
    phase = np.array([name != was for name, was in zip(schedule.phase[1:], schedule.phase[:-1], strict=True)], bool)
    steps = np.flatnonzero((planned != before) | np.concatenate([[False], phase]))
    since = time_days[:, None] - schedule.starts_days[steps]
    return StepDesign(
        time_days=time_days,
        score=event,
        fixed=np.column_stack([np.ones(len(event)), taken[schedule.index(dosing_day)]]),
        since=np.where(since >= 0, since, np.inf),
        rises=np.maximum(planned - before, 0.0)[steps],
        mean=np.array([_USUAL_MEAN, 0.0, 0.0, 0.0]),
        covariance=np.diag(np.square([_USUAL_SD, _DOSE_SD, _STEP_SD, _CHANGE_SD])),
    )


def model_side_effect(design: StepDesign, ladder_mg: Float[np.ndarray, " dose"], last_mg: float) -> SideEffectModel:
    """Fit one side effect.

    Args:
        design: its columns.
        ladder_mg: the doses to report.
        last_mg: the last dose in force, from which the next step is taken.
    """
    model, level = side_effect_model(design), dose_scale(ladder_mg, ladder_mg)
    points, proposal = sample(model, _POINTS, effort=_QUICK)
    added = attributable(points, level)
    for _ in range(_DOUBLINGS):
        if points.standard_errors(added)[0] <= _ERROR_SD:
            break
        points = doubled(model, proposal, points)
        added = attributable(points, level)
    higher = ladder_mg[ladder_mg > last_mg * (1 + 1e-9)]
    return SideEffectModel(
        usual=summary(_chance(points, points.coefficients[:, :1])[:, 0], points.weight),
        doses=tuple(DoseRate(float(mg), summary(added[:, k], points.weight)) for k, mg in enumerate(ladder_mg)),
        fading_days=summary(points.psi.tau, points.weight),
        ahead=None if len(higher) == 0 else _ahead(points, ladder_mg, last_mg, float(higher[0])),
        error_sd=points.standard_errors(added)[0],
    )


def side_effect_model(design: StepDesign) -> LinkModel:
    """The model of one side effect: yes or no each night, with runs."""
    return LinkModel(
        design,
        Binary(),
        LinkAxes(
            tau=log_axis(_FADE_DAYS, _FADE_LOG_SD, _REACH),
            ell=log_axis(_RUN_DAYS, _RUN_DAYS_LOG_SD, _REACH),
            sd=log_axis(_RUN_SD, _RUN_LOG_SD, _REACH),
            overdispersion=Axis("point", 0.0, 0.0),
        ),
    )


def attributable(points: Points, level: Float[np.ndarray, " dose"]) -> Float[np.ndarray, "point dose"]:
    """P(event | steady dose) - P(event | no drug) at every point, for doses on the scale of g."""
    usual, slope = points.coefficients[:, :1], points.coefficients[:, 1:2]
    with_none = _chance(points, usual)
    return _chance(points, usual + slope * level) - with_none


def any_event(
    points: Points, level: float, rise: float, nights: int = NIGHTS
) -> tuple[Float[np.ndarray, " point"], Float[np.ndarray, "point night"]]:
    """After a step of this rise to a level of g: P(any event in so many nights), and P(event) on each of them."""
    after = np.arange(nights) + 22.0 / 24.0  # an evening entry tells of the day that began with the capsule
    left = np.exp(-after / points.psi.tau[:, None])
    a, b, c, n = points.coefficients.T[:, :, None]
    eta = a + b * level + (c * rise + n) * left
    none = hermite.log_likelihood(
        Binary(), np.zeros(nights), eta, points.shape, sd=points.psi.sd, ell=points.psi.ell, time_days=after
    )
    return -np.expm1(none), _chance(points, eta)


def _ahead(points: Points, ladder_mg: np.ndarray, last_mg: float, next_mg: float) -> StepAhead:
    now, level = (float(dose_scale(ladder_mg, np.array(mg))) for mg in (last_mg, next_mg))
    any_in_week, _ = any_event(points, level, level - now)
    _, nights = any_event(points, level, level - now, _SHOWN_NIGHTS)
    steady = _chance(points, points.coefficients[:, :1] + points.coefficients[:, 1:2] * level)[:, 0]
    return StepAhead(
        dose_mg=next_mg,
        any_in_week=summary(any_in_week, points.weight),
        nights=tuple(float(p) for p in points.weight @ nights),
        steady=float(points.weight @ steady),
    )


def _chance(points: Points, at: np.ndarray) -> np.ndarray:
    return response(Binary(), points.shape, points.psi.sd, at)
