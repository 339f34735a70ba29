"""Parcels: the files of an export in one archive, whose bytes depend on nothing but what is in it.

Trials are numbered anew by a hash of their names in the store, which says nothing of when they began, and stays out.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from modicum.foundation.version import version
from modicum.services.diary import Story
from modicum.services.sharing.cells import NOT_TOLD, SMALLEST, Traits, gate
from modicum.services.sharing.columns import blinded_csv, revealed_csv
from modicum.services.sharing.results import shared_result

SAYS = (
    "One trial is pseudonymous, not anonymous: a diary is like no other, and whoever knows some of its days may find "
    "whose it is."
)
_READ_ME = f"""Trials of single patients, exported from Modicum.

{SAYS}
Keep it as you keep health data. Do not try to find out who it is of, and do not join it to other data for that.

manifest.json         what was exported and what was withheld, with a line for every trial
diaries/NNN.csv       the diary of a trial; day 0 is its first day. Read it with: modicum analyse diaries/NNN.csv
results/NNN.json      the answer of a trial that was revealed (modicum.result/1; its warnings, refused rows and the
                      fingerprint of the clinic's file are emptied)

A diary without doses is of a trial whose arms were not revealed when this was made.
"""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the oldest time that an archive can hold; when it was made stays in the clinic


@dataclass(frozen=True)
class Shared:
    """A trial whose person agreed.

    Args:
        story: of it, begun.
        traits: of its person.
        diary: as it was answered, doses among it, where its arms were revealed; None elsewhere.
    """

    story: Story
    traits: Traits
    diary: str | None = None


@dataclass(frozen=True)
class Parcel:
    """What leaves.

    Args:
        content: of the archive, ZIP.
        manifest: the ``modicum.export/1`` document in it.
        trials: in it, by their names in the store, for the record of the clinic alone.
    """

    content: bytes
    manifest: dict[str, Any]
    trials: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Fingerprint of the archive."""
        return hashlib.sha256(self.content).hexdigest()


def parcel_of(trials: Sequence[Shared], k: int = SMALLEST) -> Parcel:
    """Put what may leave into an archive.

    Args:
        trials: of persons who agreed.
        k: smallest cell.
    """
    ordered = sorted(trials, key=lambda one: hashlib.sha256(one.story.trial.encode()).digest())
    traits = gate([one.traits for one in ordered], k)
    leaving = [(one, given) for one, given in zip(ordered, traits, strict=True) if given is not None]
    files: dict[str, str] = {"README.txt": _READ_ME}
    lines = list[dict[str, Any]]()
    for number, (one, given) in enumerate(leaving, 1):
        files |= _files(f"{number:03d}", one)
        lines.append(_line(f"{number:03d}", one, given))
    manifest = {
        "schema": "modicum.export/1",
        "says": SAYS,
        "k": k,
        "k_over": ["protocol", "protocol_sha256", "age_band", "virtual"],
        "agreed": len(ordered),
        "exported": len(leaving),
        "withheld": len(ordered) - len(leaving),
        "age_not_told": sum(given.age_band == NOT_TOLD for _, given in leaving),
        "trials": lines,
        "version": version(),
    }
    files["manifest.json"] = json.dumps(manifest, indent=1) + "\n"
    return Parcel(_archive(files), manifest, tuple(one.story.trial for one, _ in leaving))


def _files(number: str, one: Shared) -> dict[str, str]:
    """The diary of a trial, and its answer where it was revealed."""
    begun, answered = one.story.begun, one.story.answered
    if one.diary is None or begun is None or answered is None:
        return {f"diaries/{number}.csv": blinded_csv(one.story)}
    result = shared_result(answered["result"])
    return {
        f"diaries/{number}.csv": revealed_csv(one.diary, begun.protocol),
        f"results/{number}.json": json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False) + "\n",
    }


def _line(number: str, one: Shared, given: Traits) -> dict[str, Any]:
    return {
        "number": number,
        "protocol": given.protocol,
        "protocol_sha256": given.protocol_sha256,
        "age_band": given.age_band,
        "virtual": given.virtual,
        "revealed": one.diary is not None,
        "evenings": len(one.story.by_day),
    }


def _archive(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()
