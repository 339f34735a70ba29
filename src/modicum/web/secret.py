"""The secret that log-ins and forms are signed with: from the environment, or a file that only its owner reads."""

import os
import secrets
from pathlib import Path

NAME = "secret.key"
_BYTES = 48


def kept_in(folder: Path) -> str:
    """The secret in a folder; made, readable by its owner alone, where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(_BYTES)
        file.write(secret)
    return secret


def found(given: str, folder: Path) -> str:
    """The secret given, else the one in the folder, else one that lasts as long as this process.

    Args:
        given: value of ``MODICUM_SECRET_KEY``.
        folder: ``MODICUM_DATA``.
    """
    if given:
        return given
    path = folder / NAME
    return path.read_text(encoding="ascii").strip() if path.exists() else secrets.token_urlsafe(_BYTES)
