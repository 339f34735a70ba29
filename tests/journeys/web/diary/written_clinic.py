"""A clinic that answers as it is written: for states that a trial takes months to reach, and for answers in bulk.

The page, the modules and the policy are the product's own; receipts are signed by its own signer; every document is
held to its schema. What no test may take from here is whether an entry is kept: that is asked of the real server.
"""

import copy
import datetime as dt
import hashlib
import json
import mimetypes
from importlib.resources import files
from typing import Any

import django
import jsonschema

import databases  # noqa: F401 - names the settings before Django reads them

django.setup()

from django.conf import settings  # noqa: E402

from modicum.records.chain import canonical, content_hash  # noqa: E402
from modicum.web import assets  # noqa: E402
from modicum.web.diary import shell  # noqa: E402

HOST = "http://localhost:8"  # nothing listens there: every request is answered here; a secure context, as localhost is
EVENING = "2026-03-20T20:14:00+01:00"
ZONE = "Europe/Berlin"
SCALE = {"kind": "gaussian", "low": 0, "high": 10}
ITEMS = [
    {
        **SCALE,
        "name": "pain",
        "question": "How strong was your pain over the last 24 hours?",
        "low_label": "none",
        "high_label": "as strong as pain can be",
    },
    {
        **SCALE,
        "name": "fatigue",
        "question": "How tired were you over the last 24 hours?",
        "low_label": "not at all",
        "high_label": "too tired for anything",
    },
    {
        **SCALE,
        "name": "sleep",
        "question": "How well did you sleep last night?",
        "low_label": "not at all well",
        "high_label": "as well as I can",
    },
    {
        **SCALE,
        "name": "mood",
        "question": "How was your mood today?",
        "low_label": "as low as it can be",
        "high_label": "as good as it can be",
    },
    {
        **SCALE,
        "name": "activity",
        "question": "How much did your symptoms keep you from what you wanted to do?",
        "low_label": "not at all",
        "high_label": "from everything",
    },
    {
        **SCALE,
        "name": "stiffness",
        "question": "How stiff were you this morning?",
        "low_label": "not at all",
        "high_label": "as stiff as can be",
    },
]
KINDS = [
    {
        "name": "migraine",
        "question": "Did you have a migraine today?",
        "kind": "binary",
        "low": 0,
        "high": 1,
        "low_label": "no",
        "high_label": "yes",
    },
    {
        "name": "binges",
        "question": "How many binges did you have today?",
        "kind": "count",
        "low": 0,
        "high": 20,
        "low_label": "",
        "high_label": "",
    },
    {
        "name": "craving",
        "question": "How strong was the craving today?",
        "kind": "ordinal",
        "low": 0,
        "high": 4,
        "low_label": "none",
        "high_label": "very strong",
    },
]
EFFECTS = [
    {"name": "vivid_dreams", "label": "Vivid dreams"},
    {"name": "headache", "label": "Headache"},
    {"name": "low_mood", "label": "Low mood, or feeling flat"},
]
FLAGS = [
    {
        "side_effect": "low_mood",
        "severity": 3,
        "heading": "Talk to somebody now",
        "words": [
            "Ring Dr Okafor on call, +44 20 7946 0011 now.",
            "A severe complaint stops the capsules until your prescriber has answered.",
        ],
    },
    {
        "side_effect": "*",
        "severity": 3,
        "heading": "Take no capsule tonight",
        "words": ["Ring Dr Okafor on call, +44 20 7946 0011 now.", "A severe complaint stops the capsules."],
    },
]
ENOUGH = "16 of 18 evenings are in. So few missing hardly matter. Each further one makes the answer surer."
CARD = [
    {
        "heading": "In an emergency",
        "lines": [
            "This person may be taking naltrexone, up to 4.5 mg a day, or placebo. Opioids may not work as usual."
        ],
        "never": False,
    },
    {
        "heading": "Never",
        "lines": ["Do not overcome the block by large doses of opioids without monitoring."],
        "never": True,
    },
    {"heading": "Whom to ring", "lines": ["Dr Okafor on call, +44 20 7946 0011"], "never": False},
]


def schema(name: str) -> dict[str, Any]:
    return json.loads((files("modicum.services") / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))


def days(count: int, *, capsule: bool = True, guess: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    return [{"day": day, "asked": True, "capsule": capsule, "guess": day in guess, "kit": None} for day in range(count)]


class WrittenClinic:
    """Answers of a clinic.

    Args:
        signer: of the receipts.
        changes: to the schedule.
    """

    def __init__(self, signer: Any, **changes: Any):
        self.signer, self.entries, self.posts, self.advice = signer, [], [], []
        self.status: int | None = None
        self.schedule = {
            "schema": "modicum.schedule/1",
            "trial": "trial-1",
            "virtual": True,
            "language": "en",
            "stage": "diary",
            "server_time": EVENING,
            "start_date": "2026-03-02",
            "window": {"opens": "18:00", "day_ends": "04:00", "late_until": "12:00"},
            "items": copy.deepcopy(ITEMS),
            "side_effects": EFFECTS,
            "days": days(40),
            "answered": [
                {"day": day, "id": f"id-{day}", "sequence": day + 3} for day in range(18) if day not in (4, 11)
            ],
            "enough": {
                "days_in": 16,
                "days_asked": 18,
                "words": ENOUGH,
            },
            "red_flags": FLAGS,
            "contact": {
                "prescriber": "Dr Okafor",
                "on_call": "Dr Okafor on call, +44 20 7946 0011",
                "pharmacy": "Harbour Street pharmacy, +44 20 7946 0033",
            },
            "card": CARD,
            "halted": None,
            "key": {"id": signer.id, "public": signer.public},
            **changes,
        }
        jsonschema.validate(self.schedule, schema("schedule"))

    def serve(self, context: Any) -> None:
        """Answer every request of a browser's context."""
        context.route("**/*", self._answer)

    def _answer(self, route: Any) -> None:
        path = route.request.url.removeprefix(HOST).split("?")[0]
        if path == "/diary/":
            self._give(
                route, shell.page().text, "text/html; charset=utf-8", headers={"Content-Security-Policy": policy()}
            )
        elif path == "/diary/manifest.webmanifest":
            self._give(route, shell.manifest().text, "application/manifest+json")
        elif path.startswith(assets.prefix()):
            found = assets.files()[path.removeprefix(assets.prefix())]
            self._give(route, found.read_bytes(), mimetypes.guess_type(found.name)[0] or "font/woff2")
        elif path.startswith("/api/") and self.status:
            self._give(
                route, json.dumps({"schema": "modicum.error/1", "problems": []}), "application/json", status=self.status
            )
        elif path == "/api/v1/schedule":
            self._give(route, json.dumps(self.schedule), "application/json")
        elif path == "/api/v1/entries":
            self._give(route, json.dumps(self._received(json.loads(route.request.post_data))), "application/json")
        else:
            route.fulfill(status=404, body="")

    def _received(self, flush: dict[str, Any]) -> dict[str, Any]:
        self.posts.append(flush)
        for entry in flush["entries"]:
            jsonschema.validate(entry, schema("entry"))
        self.entries += flush["entries"]
        receipts = [self.signer.sign(self.receipt(entry)) for entry in flush["entries"]]
        advice = [
            {**one, "entry": entry["id"]} for one in self.advice for entry in flush["entries"] if entry["medications"]
        ]
        document = {
            "schema": "modicum.sync/1",
            "server_time": self.schedule["server_time"],
            "receipts": receipts,
            "advice": advice,
        }
        jsonschema.validate(document, schema("sync"))
        return document

    def receipt(self, entry: dict[str, Any]) -> dict[str, Any]:
        number = len(self.entries) + 40
        return {
            "schema": "modicum.receipt/1",
            "trial": self.schedule["trial"],
            "id": entry["id"],
            "content_sha256": content_hash(canonical(entry)),
            "sequence": number,
            "event_hash": hashlib.sha256(str(number).encode()).hexdigest(),
            "received_at": dt.datetime.fromisoformat(self.schedule["server_time"]).astimezone(dt.UTC).isoformat(),
            "repeated": False,
            "conflict": False,
            "day": entry["day"],
            "marks": [],
        }

    @staticmethod
    def _give(
        route: Any, body: str | bytes, kind: str, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        route.fulfill(status=status, body=body, content_type=kind, headers=headers or {})


def policy() -> str:
    """The policy that the settings give to every page, as a header."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(str(value) for value in values)}" for name, values in directives.items())
