"""Archetypes: what a drug truly does at each dose, as a share of its full effect.

They are those of the design study of low-dose naltrexone, in mg. For another drug they are stretched to its ladder: its
top dose stands for 4.5 mg.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from modicum.protocol.schema import Protocol

# Shares at 0.5, 1.5, 3 and 4.5 mg: those of the design study, so that its figures can be compared.
_AT_MG = (0.0, 0.5, 1.5, 3.0, 4.5)
_INVERTED = {"inverted-u-1.5": (0.0, 0.6, 1.0, 0.6, 0.3), "inverted-u-3": (0.0, 0.3, 0.8, 1.0, 0.5)}
_THRESHOLDS = {"threshold-0.5": 0.5, "threshold-1.5": 1.5, "threshold-3": 3.0, "threshold-4.5": 4.5}
_HALF_MG, _TOP_MG = 1.0, 4.5

DRUG = "naltrexone"
RUNGS_MG = _AT_MG[1:]  # on which a dose of naltrexone counts as right, in every protocol alike
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


def stretch_of(protocol: Protocol) -> float:
    """What a dose of a protocol is multiplied by to stand on the ladder of the design study."""
    return 1.0 if _is_studied(protocol) else _TOP_MG / protocol.drug.ladder_mg[-1]


def _is_studied(protocol: Protocol) -> bool:
    """Whether the drug is that of the design study, by any name of its salt."""
    return protocol.drug.name.lower().split()[0] == DRUG


def rungs_of(protocol: Protocol) -> tuple[float, ...]:
    """Doses on which one counts as right: those of the design study, or of another drug its own."""
    return RUNGS_MG if _is_studied(protocol) else protocol.drug.ladder_mg


def right_dose(
    archetype: str,
    ladder_mg: tuple[float, ...],
    full_in_mcid: float,
    *,
    stretch: float = 1.0,
    harm_in_mcid: float = 0.0,
) -> float | None:
    """The lowest dose whose true benefit, less its harm, reaches the MCID, in the ladder's unit; None where none does.

    Args:
        archetype: see there.
        ladder_mg: ascending.
        full_in_mcid: full benefit in MCIDs.
        stretch: see :func:`stretch_of`.
        harm_in_mcid: harm for each mg of the design study's ladder, in MCIDs.

    Example:
        >>> right_dose("emax", (0.5, 1.5, 3.0, 4.5), 1.5), right_dose("none", (0.5, 1.5), 2.0)
        (1.5, None)
    """
    reaching = (
        dose
        for dose in ladder_mg
        if full_in_mcid * share(archetype, dose * stretch) - harm_in_mcid * dose * stretch >= 1 - 1e-9
    )
    return next(reaching, None)
