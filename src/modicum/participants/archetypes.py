"""Archetypes: what a drug truly does at each dose, as a share of its full effect (FLAGSHIP.md)."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

# Shares at 0.5, 1.5, 3 and 4.5 mg: those of the design study, so that its figures can be compared.
_AT_MG = (0.0, 0.5, 1.5, 3.0, 4.5)
_INVERTED = {"inverted-u-1.5": (0.0, 0.6, 1.0, 0.6, 0.3), "inverted-u-3": (0.0, 0.3, 0.8, 1.0, 0.5)}
_THRESHOLDS = {"threshold-0.5": 0.5, "threshold-1.5": 1.5, "threshold-3": 3.0, "threshold-4.5": 4.5}
_HALF_MG, _TOP_MG = 1.0, 4.5

ARCHETYPES = ("none", *_THRESHOLDS, "emax", *_INVERTED)
EFFECTIVE = ARCHETYPES[1:]


def share(archetype: str, dose_mg: float) -> float:
    """Share of the full effect that a dose truly has, 0 to 1.

    Args:
        archetype: one of :data:`ARCHETYPES`.
        dose_mg: at least 0; between the doses of the design study linear, above its top as at the top.

    Raises:
        KeyError: there is no such archetype.

    Example:
        >>> share("threshold-1.5", 0.5), share("threshold-1.5", 3.0), round(share("emax", 1.5), 3)
        (0.0, 1.0, 0.733)
    """
    if archetype == "none" or dose_mg <= 0:
        return 0.0
    if archetype in _THRESHOLDS:
        return float(dose_mg >= _THRESHOLDS[archetype] * (1 - 1e-9))
    if archetype == "emax":
        return dose_mg / (dose_mg + _HALF_MG) / (_TOP_MG / (_TOP_MG + _HALF_MG))
    return float(np.interp(dose_mg, _AT_MG, _INVERTED[archetype]))


def true_effects(archetype: str, ladder_mg: tuple[float, ...], full: float) -> Mapping[float, float]:
    """True steady-state effect of each dose of a ladder.

    Args:
        archetype: see there.
        ladder_mg: mg, ascending.
        full: the full effect, outcome units, signed.
    """
    return MappingProxyType({dose: full * share(archetype, dose) for dose in ladder_mg})


def right_dose(archetype: str, ladder_mg: tuple[float, ...], full_in_mcid: float) -> float | None:
    """The lowest dose whose true benefit reaches the MCID, mg, or None where none does.

    Args:
        archetype: see there.
        ladder_mg: mg, ascending.
        full_in_mcid: full benefit in MCIDs.

    Example:
        >>> right_dose("emax", (0.5, 1.5, 3.0, 4.5), 1.5), right_dose("none", (0.5, 1.5), 2.0)
        (1.5, None)
    """
    reaching = [dose for dose in ladder_mg if full_in_mcid * share(archetype, dose) >= 1 - 1e-9]
    return reaching[0] if reaching else None
