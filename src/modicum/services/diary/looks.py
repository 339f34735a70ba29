"""What the reviews saw, kept beside the allocation and sealed to the review key: a decision is never computed twice.

A later version of the analysis may see something else in its last digit; what was decided stays decided.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyrage

from modicum.allocation.draws import Randomness
from modicum.records.diary import Diary
from modicum.services.folders import add_file
from modicum.trial.block import Look, LookKind
from modicum.trial.running import Reviewer

FOLDER = "looks"


class KeptLooks:
    """The looks of one trial in a folder.

    Args:
        folder: of the trial's allocation.
        identity: the review key.
        randomness: number of bytes to that many bytes of chance, for the names of partial files.
    """

    def __init__(self, folder: Path, identity: pyrage.x25519.Identity, randomness: Randomness):
        self._folder, self._identity, self._randomness = folder / FOLDER, identity, randomness

    def reviewer(self, look: Reviewer, number: Callable[[], int]) -> Reviewer:
        """A reviewer that looks at a diary once, and afterwards remembers.

        Args:
            look: looks at a diary.
            number: of the look that is due, from 1.
        """

        def review(diary: Diary, kind: LookKind) -> Look:
            kept = self._read(number())
            return kept if kept is not None else self._keep(number(), look(diary, kind))

        return review

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:04d}.age"

    def _read(self, number: int) -> Look | None:
        if not self._file(number).exists():
            return None
        said: dict[str, Any] = json.loads(pyrage.decrypt(self._file(number).read_bytes(), [self._identity]))
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
        }
        return Look(**values)

    def _keep(self, number: int, look: Look) -> Look:
        """The look that is kept: this one, or that of whoever was first."""
        sealed = pyrage.encrypt(json.dumps(asdict(look)).encode(), [self._identity.to_public()])
        if add_file(self._file(number), sealed, self._randomness(8).hex()):
            return look
        return self._read(number) or look
