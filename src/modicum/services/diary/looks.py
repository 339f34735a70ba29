"""What the reviews saw, kept beside the allocation and sealed to the review key: a decision is never computed twice.

A later version of the analysis may see something else in its last digit; what was decided stays decided.

Nobody without the key learns anything from the files: there is one for every block of capsules, whether or not it was
looked at before the next began (blocks of placebo are not), and all are equally long before they are sealed.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyrage

from modicum.allocation.draws import Randomness
from modicum.records.diary import Diary
from modicum.services.folders import add_file
from modicum.trial.block import Look, LookKind
from modicum.trial.running import Reviewer

FOLDER = "seen"
LENGTH = 4096  # bytes, or a multiple of it


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
            number: of the block that is looked at, from 1.
        """

        def review(diary: Diary, kind: LookKind) -> Look:
            kept = self._read(number())
            return kept if kept is not None else self._keep(number(), look(diary, kind))

        return review

    def fill(self, look: Callable[[Diary], Look], blocks: Iterable[tuple[int, Diary]]) -> None:
        """Keep a look at every block that has none yet: it takes as long and leaves the same as where one is due.

        Args:
            look: looks at a diary.
            blocks: number of each, and the diary as it was known after it.
        """
        for number, diary in blocks:
            if not self._file(number).exists():
                self._keep(number, look(diary))

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
        sealed = pyrage.encrypt(_said(look), [self._identity.to_public()])
        if add_file(self._file(number), sealed, self._randomness(8).hex()):
            return look
        return self._read(number) or look


def _said(look: Look) -> bytes:
    text = json.dumps(asdict(look)).encode()
    return text.ljust(-(-len(text) // LENGTH) * LENGTH)
