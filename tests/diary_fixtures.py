"""Diaries as phones hand them in: a trial that has begun, and entries of its evenings."""

import datetime as dt
import hashlib

from modicum.protocol.reading import protocol_bytes
from modicum.records.events import Entry
from modicum.services.diary import Beginning, Signer

START = dt.datetime(2026, 3, 2, tzinfo=dt.timezone(dt.timedelta(hours=1)))
NOW = START + dt.timedelta(hours=9)
ZONE = "Europe/Berlin"


def chance(count):
    return hashlib.sha256(b"a fixed key for tests").digest()[:count].ljust(count, b"0")


def signer(tmp_path):
    return Signer.kept_in(tmp_path / "receipt.key", chance)


def beginning(name="ldn-smallest-dose", start=START, **values):
    return Beginning(protocol_bytes(name).decode(), start, ZONE, **values)


def uuid7(number):
    """An id of the form that phones make, the same for the same number."""
    digits = hashlib.sha256(str(number).encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-7{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def written(day, *, number=None, hour=20, minute=0, about="today", start=START, **values):
    """An entry of a day of the trial, finished at an hour of it (of the next day where it is about yesterday)."""
    at = start + dt.timedelta(days=day + (about == "yesterday"), hours=hour, minutes=minute)
    plain = {"pain": 4.0, "fatigue": 5.0, "sleep": 6.0, "mood": 7.0, "activity": 3.0}
    return {
        "schema": "modicum.entry/1",
        "id": uuid7((day, number)),
        "corrects": None,
        "day": day,
        "about": about,
        "happened_at": at.isoformat(),
        "zone": ZONE,
        "number": day + 1,
        "answers": plain,
        "took": None,
        "side_effects": {},
        "guess": None,
        "guess_reason": "",
        "medications": [],
        "note": "",
        "leaves": False,
        **values,
    }


def handed_in(entry: Entry, start):
    """A virtual person's entry in the form in which a phone hands it in: a correction is written on the evening."""
    day = (entry.happened_at - start).days
    took = {True: "yes", False: "no", None: "unsure"}[entry.took]
    return {
        **written(day, start=start),
        "id": uuid7(entry.id),
        "corrects": uuid7(entry.corrects) if entry.corrects else None,
        "happened_at": entry.happened_at.isoformat(),
        "answers": dict(entry.scores),
        "took": took,
        "side_effects": dict(entry.side_effects),
        "guess": entry.guess,
        "guess_reason": entry.guess_reason,
        "leaves": entry.stops,
    }
