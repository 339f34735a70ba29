"""Evenly spread points in the unit cube: Sobol's sequence, scrambled anew, and always alike, for each replicate."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float

_SEED = 20_110_602
_EDGE = 1e-12
_KEPT = 64  # the side effects of a diary are all drawn from the same points


@lru_cache(_KEPT)
def lattice(count: int, dimensions: int, replicate: int) -> Float[np.ndarray, "point dimension"]:
    """Points inside the unit cube, not to be written to (Sobol 1967, scrambled after Owen 1995).

    Args:
        count: a power of two.
        dimensions: of the cube.
        replicate: number of the scrambling.
    """
    from scipy.stats import qmc

    sequence = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng([_SEED, dimensions, replicate]))
    points = np.clip(sequence.random(count), _EDGE, 1.0 - _EDGE)
    points.flags.writeable = False
    return points
