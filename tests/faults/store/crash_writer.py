"""A writer that acknowledges on standard output what is on disk; the test kills it."""

import datetime as dt
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from modicum.web.store.appending import append  # noqa: E402

if sys.argv[1] == "first":
    call_command("migrate", verbosity=0)
    print("ready", flush=True)
number = 0
while True:
    number += 1
    receipt = append(
        trial="t1",
        kind="entry",
        client_id=f"{sys.argv[2]}-{number}",
        content={"pain": number % 11},
        actor="p1",
        received_at=dt.datetime.now(dt.UTC),
    )
    print(receipt.sequence, receipt.hash, flush=True)
