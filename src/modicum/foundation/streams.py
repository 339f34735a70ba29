"""Named random streams: chance by name, so that adding an arm, a day or a protocol changes nobody else's."""

import hashlib

import numpy as np


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """The generator of one name under one seed; other names, and other orders of asking, never change it.

    Args:
        seed: of the whole run, at least 0.
        names: what the chance is for, from the general to the particular.

    Returns:
        A generator (PCG64) of its own.

    Example:
        >>> stream(1, "person", 7).random() == stream(1, "person", 7).random() != stream(1, "days", 7).random()
        True
    """
    named = "\x1f".join(f"{type(name).__name__}:{name}" for name in names)
    key = np.frombuffer(hashlib.sha256(named.encode()).digest(), dtype=np.uint32)
    return np.random.default_rng(np.random.SeedSequence([seed, *key.tolist()]))
