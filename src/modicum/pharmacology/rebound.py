"""Rebound: what a hypothesis says of endorphins while they are blocked and after; not measured in people."""

import numpy as np
from jaxtyping import Float

from modicum.pharmacology.body import LOG2
from modicum.pharmacology.parameters import Values

HYPOTHESIS = "A hypothesis: nobody has measured it in people at these doses."
STEPS_PER_HOUR = 8  # of the Runge-Kutta rule; tests hold it to 1e-6 of a solver's answer


def tone_of(
    occupancy: Float[np.ndarray, " halfstep"], values: Values, steps_per_hour: int = STEPS_PER_HOUR
) -> Float[np.ndarray, " step"]:
    """Endorphin tone of one person, 1 without drug.

    An indirect response with feedback: dE/dt = k (1 + gain (1 - felt) - E), felt = E (1 - occupancy). What is not felt
    is called for; making follows by at most ``gain``, and E wears off with rate k.

    Args:
        occupancy: 0 to 1, at every half step from time 0 on: two more for each step, and one to begin with.
        values: of one person; ``tone_gain`` and ``tone_half_life_h``.
        steps_per_hour: of the fourth-order Runge-Kutta rule.

    Returns:
        Tone at the beginning of every step and at the end of the last.

    Source: Dayneka, Garg and Jusko 1993, J Pharmacokinet Biopharm 21:457-478, for the turnover; the feedback on what is
    felt is an assumption.
    """
    gain, rate = float(values["tone_gain"][0]), LOG2 / float(values["tone_half_life_h"][0])
    step = 1.0 / steps_per_hour
    fall = rate * (1 + gain * (1 - occupancy))
    tone = np.ones((len(occupancy) + 1) // 2)
    making = rate * (1 + gain)
    for i in range(len(tone) - 1):
        now, before, middle, after = tone[i], fall[2 * i], fall[2 * i + 1], fall[2 * i + 2]
        k1 = making - before * now
        k2 = making - middle * (now + 0.5 * step * k1)
        k3 = making - middle * (now + 0.5 * step * k2)
        k4 = making - after * (now + step * k3)
        tone[i + 1] = now + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return tone
