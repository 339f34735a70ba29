"""The JSON Schemas of the documents that Modicum prints."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

KINDS = (
    "result",
    "error",
    "explanation",
    "pharmacology",
    "simulation",
    "plan",
    "clinicians",
    "protocol-list",
    "protocol-show",
    "protocol-check",
    "protocol-diff",
    "instruments",
    "factorial",
    "allocation",
    "binding",
    "reveal",
    "unblinding",
    "verify",
    "papers",
    "factors",
    "order",
    "kits",
    "kit-again",
    "screen",
    "screening-questions",
    "store-check",
    "backup",
    "restore",
)


@cache
def document_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of document, for example "result" for ``modicum.result/1``."""
    text = files("modicum.services").joinpath("schemas", f"{kind}.schema.json").read_text(encoding="utf-8")
    return json.loads(text)
