"""One of two processes that race for the same slots; prints what it won. Run by the test of races."""

import datetime as dt
import os
import secrets
import sys
import time
from pathlib import Path

from modicum.allocation import Contributions
from modicum.foundation.errors import AllocationError
from modicum.services.allocating import fix_contribution, randomise

_, root, slots, keys, request, mode = sys.argv
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
PUBLIC = dict(zip(("pharmacist", "emergency", "review"), keys.split(","), strict=True))


def take(folder):
    """True where this process drew the order; a naive tool looks first and then writes."""
    if mode == "naive":
        if folder.exists():
            return False
        time.sleep(0.001)  # what lies between looking and writing in any tool: here the draw itself
        folder.mkdir(exist_ok=True)
        (folder / "allocation.json").write_text(str(os.getpid()), encoding="utf-8")
        return True
    contributions = Contributions(fix_contribution(secrets.token_bytes), "dice")
    try:
        done = randomise(
            "ab-crossover",
            folder,
            contributions,
            public_keys=PUBLIC,
            request=request,
            now=NOW,
            randomness=secrets.token_bytes,
        )
    except AllocationError as error:
        if [one.code for one in error.problems] != ["MOD-ALLOC-07"]:
            raise
        return False
    return done.new


print("ready", flush=True)
for number in range(int(slots)):
    sys.stdin.readline()
    print(int(take(Path(root) / f"slot-{number}")), flush=True)
