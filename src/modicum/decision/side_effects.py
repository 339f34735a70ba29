"""Side effects: entries counted by the dose in force, and the model of what the dose and its steps add."""

import numpy as np
from jaxtyping import Bool, Float

from modicum.analysis.inference import Inference
from modicum.analysis.schedule import Schedule
from modicum.analysis.side_effects import SideEffectModel, model_side_effect, step_design
from modicum.decision.answer import SideEffect
from modicum.decision.finding import SEVERE
from modicum.protocol.schema import Protocol
from modicum.records.diary import Diary

EVENT, SEVERE_EVENT = 1, 2  # severities from which an entry counts (docs/model.md, Side effects)
_FEWEST_SEVERE = 3  # nights: with fewer the model would show its prior


def side_effects(diary: Diary, posterior: Inference, protocol: Protocol | None) -> tuple[SideEffect, ...]:
    """Every side effect that the diary asked about, counted and modelled, censored entries left out of the model."""
    labels = {item.name: item.label for item in protocol.side_effects} if protocol is not None else {}
    modeller = _Modeller(diary, posterior)
    return tuple(
        _side_effect(name, labels.get(name, name.replace("_", " ")), severity, modeller)
        for name, severity in diary.side_effects.items()
    )


def _side_effect(name: str, label: str, severity: Float[np.ndarray, " entry"], modeller: "_Modeller") -> SideEffect:
    in_force = modeller.in_force
    asked = np.isfinite(severity)
    event = asked & (np.nan_to_num(severity) >= EVENT)
    severe = asked & (np.nan_to_num(severity) >= SEVERE_EVENT)
    return SideEffect(
        name=name,
        label=label,
        asked=int(asked.sum()),
        events=int(event.sum()),
        severe=int(severe.sum()),
        by_dose=tuple(
            (float(mg), int((asked & (in_force == mg)).sum()), int((event & (in_force == mg)).sum()))
            for mg in np.unique(in_force)
        ),
        rated_severe=bool(np.any(np.nan_to_num(severity) >= SEVERE)),
        model=modeller.model(asked, event),
        model_severe=modeller.model(asked, severe) if severe.sum() >= _FEWEST_SEVERE else None,
    )


class _Modeller:
    """Models side effects of one diary; those with the same events are modelled once."""

    def __init__(self, diary: Diary, posterior: Inference) -> None:
        self._diary, self._schedule, self._ladder = diary, posterior.schedule, posterior.question.ladder
        self._done: dict[bytes, SideEffectModel] = {}
        self.in_force = self._schedule.taken_mg[self._schedule.index(diary.dosing_day)]
        self._last_mg = _last_assigned(diary, self._schedule)

    def model(self, asked: Bool[np.ndarray, " entry"], event: Bool[np.ndarray, " entry"]) -> SideEffectModel | None:
        used = asked & ~self._diary.censored
        if not used.any():
            return None
        key = used.tobytes() + (event & used).tobytes()
        if key not in self._done:
            times, days = self._diary.time_days[used], self._diary.dosing_day[used]
            design = step_design(self._ladder, self._schedule, times, days, event[used].astype(float))
            self._done[key] = model_side_effect(design, self._ladder, self._last_mg)
        return self._done[key]


def _last_assigned(diary: Diary, schedule: Schedule) -> float:
    """The last dose assigned before anything was set aside, mg; a capsule forgotten or of placebo is no step down."""
    days = schedule.index(diary.dosing_day[~diary.censored])
    assigned = schedule.assigned_mg[: days.max(initial=-1) + 1]
    return float(assigned[assigned > 0][-1]) if (assigned > 0).any() else 0.0
