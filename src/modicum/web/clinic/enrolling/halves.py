"""The computer's half of a draw: fixed before the participant adds the other half, and kept until the draw is made.

Its hash is told to the store when it is fixed, so that nobody can draw again until an order pleases: the allocation
that is sealed later names the same hash. Once the order is sealed the half lies in the seal alone.
"""

import os
import shutil
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from modicum.allocation.draws import Randomness
from modicum.services.allocating import fix_contribution
from modicum.services.folders import add_file


def fix(trial: str, randomness: Randomness = os.urandom) -> str:
    """Fix a half for a trial; its hash.

    Args:
        trial: its name in the store.
        randomness: number of bytes to that many bytes of chance.
    """
    half = fix_contribution(randomness)
    digest = sha256(half).hexdigest()
    place = _file(trial, digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    add_file(place, half, os.urandom(8).hex(), private=True)
    return digest


def kept(trial: str, digest: str) -> bytes | None:
    """The half of a hash; None where it is not kept here, or is not what was fixed.

    Args:
        trial: its name in the store.
        digest: hash of the half, as it was told.
    """
    try:
        half = _file(trial, digest).read_bytes()
    except OSError:
        return None
    return half if sha256(half).hexdigest() == digest else None


def forget(trial: str) -> None:
    """Forget every half of a trial, once the order is sealed.

    Args:
        trial: its name in the store.
    """
    shutil.rmtree(_folder(trial), ignore_errors=True)


def _file(trial: str, digest: str) -> Path:
    return _folder(trial) / f"{digest}.half"


def _folder(trial: str) -> Path:
    return settings.MODICUM_DATA / "draws" / trial
