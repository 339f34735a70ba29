"""Whitening under an Ornstein-Uhlenbeck residual with white noise, by a scalar Kalman filter."""

import numpy as np
from jaxtyping import Float

_CHUNK = 256  # entries whitened at a time: bounds memory for ten years of many entries a day


def gram(
    columns: Float[np.ndarray, "entry column"],
    time_days: Float[np.ndarray, " entry"],
    correlation_days: Float[np.ndarray, " node"],
    white_share: Float[np.ndarray, " node"],
) -> tuple[Float[np.ndarray, "node column column"], Float[np.ndarray, " node"]]:
    """Inner products of the columns under the inverse of R = (1-omega) exp(-|dt|/ell) + omega I, for many (ell, omega).

    The residual is s x + w, x an OU process of unit variance, s = sqrt(1-omega), w white of variance omega. One
    filter's gains serve every column, so the work is O(entries x columns) a node.

    Args:
        columns: any columns, among them the outcome.
        time_days: ascending; equal times are allowed where omega > 0.
        correlation_days: ell > 0, days.
        white_share: omega in [0, 1].

    Returns:
        C' R^-1 C for each node, and log det R for each node.

    Source: Kalman (1960); as a whitening of regressors, Harvey (1989), section 3.4.
    """
    n, width = columns.shape
    nodes = len(white_share)
    signal = np.sqrt(1.0 - white_share)
    products = np.zeros((nodes, width, width))
    log_det = np.zeros(nodes)
    mean, variance = np.zeros((nodes, width)), np.ones(nodes)
    gaps = np.diff(time_days, prepend=time_days[:1])
    for begin in range(0, n, _CHUNK):
        block = columns[begin : begin + _CHUNK]
        whitened = np.empty((nodes, len(block), width))
        for i, (row, gap) in enumerate(zip(block, gaps[begin:], strict=False)):
            decay = np.exp(-gap / correlation_days)
            mean *= decay[:, None]
            variance = decay * decay * variance + (1.0 - decay * decay)
            spread = signal * signal * variance + white_share
            innovation = row - signal[:, None] * mean
            whitened[:, i] = innovation / np.sqrt(spread)[:, None]
            mean += (variance * signal / spread)[:, None] * innovation
            variance = variance * white_share / spread
            log_det += np.log(spread)
        products += whitened.transpose(0, 2, 1) @ whitened
    return products, log_det
