"""The key that receipts are signed with, from the clinic's folder of keys."""

import os
from functools import cache
from pathlib import Path

from django.conf import settings

from modicum.services.diary import Signer

NAME = "receipt.key"


def signer() -> Signer:
    """The clinic's signer; its key is made where there is none."""
    return _signer(settings.MODICUM_DATA / NAME)


@cache
def _signer(path: Path) -> Signer:
    path.parent.mkdir(parents=True, exist_ok=True)
    return Signer.kept_in(path, os.urandom)
