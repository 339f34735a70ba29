"""Drills: that a backup was restored for trial is noted beside it, so that somebody sees how long ago that was."""

import datetime as dt
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "drilled.json"


@dataclass(frozen=True)
class Drill:
    """A backup that came out whole.

    Args:
        at: when it was tried, in UTC.
        made_at: when the backup had been made, in UTC.
        count: of events that came out.
        seconds: that it took.
    """

    at: dt.datetime
    made_at: dt.datetime
    count: int
    seconds: float


def note_drill(document: Mapping[str, Any], now: dt.datetime) -> None:
    """Note a drill that went well beside its backup; in a folder that cannot be written nothing is noted.

    Args:
        document: ``modicum.restore/1`` of the drill.
        now: the time, with its zone.
    """
    kept = {name: document[name] for name in ("made_at", "count", "seconds")}
    text = json.dumps({"at": now.astimezone(dt.UTC).isoformat(), **kept}, indent=1)
    with suppress(OSError):
        Path(document["backup"]).with_name(NAME).write_text(f"{text}\n", encoding="utf-8")


def last_drill(folder: Path) -> Drill | None:
    """The last drill that went well; None where none is noted.

    Args:
        folder: of the backups.
    """
    try:
        said = json.loads((folder / NAME).read_bytes())
        at, made_at = (dt.datetime.fromisoformat(said[name]) for name in ("at", "made_at"))
        return Drill(at, made_at, int(said["count"]), float(said["seconds"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
