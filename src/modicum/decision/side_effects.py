"""Side effects as counted: entries by the dose in force, without a model and without blaming the drug."""

import numpy as np

from modicum.analysis.posterior import Posterior
from modicum.decision.answer import SideEffectCount
from modicum.protocol.schema import Protocol
from modicum.records.diary import Diary


def count_side_effects(diary: Diary, posterior: Posterior, protocol: Protocol | None) -> tuple[SideEffectCount, ...]:
    """Entries that asked, and entries with each severity, in all and by the dose taken."""
    labels = {item.name: item.label for item in protocol.side_effects} if protocol is not None else {}
    in_force = posterior.schedule.taken_mg[posterior.schedule.index(diary.dosing_day)]
    counts: list[SideEffectCount] = []
    for name, severity in diary.side_effects.items():
        asked = np.isfinite(severity)
        event = asked & (np.nan_to_num(severity) >= 1)
        by_dose = tuple(
            (float(mg), int((asked & (in_force == mg)).sum()), int((event & (in_force == mg)).sum()))
            for mg in np.unique(in_force)
        )
        severe = int((np.nan_to_num(severity) >= 2).sum())
        label = labels.get(name, name.replace("_", " "))
        counts.append(SideEffectCount(name, label, int(asked.sum()), int(event.sum()), severe, by_dose))
    return tuple(counts)
