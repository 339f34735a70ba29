"""Answers made ready for the compiled filter: what the log probability of each needs beside u."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

BETWEEN, POISSON, NEGATIVE_BINOMIAL = 0, 1, 2
FARTHEST = 700.0  # stands for a bound that is not there


class Ready(NamedTuple):
    """Answers at every point.

    ``BETWEEN``: logistic(first - u) - logistic(second - u). ``POISSON``: counts with mean exp(first + u).
    ``NEGATIVE_BINOMIAL``: counts with mean exp(first + u), of size phi, log(1/phi) = second.

    Args:
        kind: one of the three.
        y: the answers.
        first, second: see above.
        begin: where an answer alone puts u.
        size: phi.
        rest: what is left of each log probability.
    """

    kind: int
    y: Float[np.ndarray, " entry"]
    first: Float[np.ndarray, "point entry"]
    second: Float[np.ndarray, "point entry"]
    begin: Float[np.ndarray, "point entry"]
    size: Float[np.ndarray, " point"]
    rest: Float[np.ndarray, "point entry"]
