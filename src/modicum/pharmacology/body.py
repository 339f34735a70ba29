"""The body: from 1 mg of naltrexone hydrochloride by mouth to concentrations of naltrexone and of 6beta-naltrexol."""

from dataclasses import dataclass

import numpy as np

from modicum.pharmacology.parameters import Values
from modicum.pharmacology.terms import Terms

LOG2 = float(np.log(2.0))
NG_PER_ML = 1000.0  # of one mg/L


@dataclass(frozen=True)
class Body:
    """Concentrations in plasma after 1 mg of the hydrochloride, ng/mL of base, for every person. Doses superpose.

    Args:
        naltrexone: three exponentials: fast, slow, absorption.
        metabolite: 6beta-naltrexol; six exponentials, two of them absorption and two of its own elimination.
    """

    naltrexone: Terms
    metabolite: Terms


def naltrexone_of(values: Values) -> Terms:
    """Naltrexone in plasma after 1 mg of the hydrochloride, ng/mL of base: fast phase, slow phase, absorption.

    What is absorbed passes through two parallel first-order steps of unit area, whose shares of the exposure add up to
    one; that is the biexponential disposition of a two-compartment model, written in figures that can be measured.

    Args:
        values: parameters by name, one number for each person, in the units of ``parameters.toml``.

    Assumes that absorption and elimination are linear: shown from 50 to 200 mg (Meyer 1984), extrapolated below.

    Source: Gibaldi and Perrier 1982, Pharmacokinetics, chapters 1 and 2.
    """
    reaching_mg = values["salt_factor"] * values["bioavailability"]
    return _eliminated(values).times(reaching_mg / values["clearance_l_per_h"] * NG_PER_ML)


def body_of(values: Values) -> Body:
    """The body with these parameters: 6beta-naltrexol too, made at the first pass and from all that is eliminated.

    Args:
        values: parameters by name, one number for each person, in the units of ``parameters.toml``.
    """
    base_mg, removal = values["salt_factor"], LOG2 / values["metabolite_half_life_h"]
    per_share = base_mg * values["metabolite_weight_ratio"] / (removal * values["metabolite_volume_l"]) * NG_PER_ML
    first_pass = _absorbed(values).through(removal).times(values["first_pass_share"] * per_share)
    later = _eliminated(values).through(removal).times(values["bioavailability"] * per_share)
    return Body(naltrexone_of(values), first_pass.plus(later))


def _absorbed(values: Values) -> Terms:
    """Share absorbed an hour, of all that is absorbed."""
    rate = values["absorption_per_h"][:, None]
    return Terms(rate, rate)


def _eliminated(values: Values) -> Terms:
    """Share eliminated an hour, of all that reaches the blood; one rate of absorption for both phases."""
    absorbed, slow_share = _absorbed(values), values["slow_share"]
    fast = absorbed.through(LOG2 / values["fast_half_life_h"]).times(1 - slow_share)
    slow = absorbed.through(LOG2 / values["half_life_h"]).times(slow_share)
    return Terms(
        np.stack([fast.weight[:, 1], slow.weight[:, 1], fast.weight[:, 0] + slow.weight[:, 0]], 1),
        np.stack([fast.rate[:, 1], slow.rate[:, 1], fast.rate[:, 0]], 1),
    )
