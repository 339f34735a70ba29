"""Results: what of an answer leaves, still a ``modicum.result/1`` document.

Kept are the fields that the form knew when this list was written, and of each what its JSON Schema names. Lines of the
clinic's file and its fingerprint do not leave: they tell the file apart.
"""

import re
from collections.abc import Mapping
from typing import Any

from modicum.services.documents import document_schema

KEPT = (
    "schema",
    "outcome",
    "kind",
    "family",
    "better",
    "mcid",
    "n_observed",
    "n_days",
    "n_dose_unknown",
    "n_censored",
    "n_rows_read",
    "n_rows_refused",
    "p_no_effect",
    "doses",
    "smallest_effective_dose",
    "verdict",
    "noise",
    "expectation",
    "side_effects",
    "secondary",
    "outcomes_looked_at",
    "sensitivity",
    "likelihood",
    "numerical_error",
    "citations",
    "virtual",
    "protocol_sha256",
    "protocol",
    "version",
)
_DOSE = re.compile(r"none|\d+(\.\d+)?")  # the only names of fields that the form leaves open
EMPTIED: Mapping[str, Any] = {"warnings": [], "refused": [], "input_sha256": ""}


def shared_result(result: Mapping[str, Any]) -> dict[str, Any]:
    """A result document, cut down to what may leave.

    Args:
        result: ``modicum.result/1``.
    """
    schema = document_schema("result")
    kept = {name: _pruned(result[name], schema["properties"][name], schema) for name in KEPT if name in result}
    return {**kept, **{name: value for name, value in EMPTIED.items() if name in result}}


def _pruned(value: Any, form: Mapping[str, Any], whole: Mapping[str, Any]) -> Any:
    """A value without what its form does not name."""
    form = _resolved(form, whole)
    if isinstance(value, list):
        return [_pruned(one, form.get("items", {}), whole) for one in value]
    if not isinstance(value, dict):
        return value
    forms = [form, *(_resolved(one, whole) for one in form.get("anyOf", ()))]
    named = next((one for one in forms if one.get("properties") or one.get("additionalProperties")), {})
    inner = ((name, held, _form_of(name, named)) for name, held in value.items())
    return {name: _pruned(held, inside, whole) for name, held, inside in inner if inside is not None}


def _resolved(form: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    return whole["$defs"][form["$ref"].rpartition("/")[2]] if "$ref" in form else form


def _form_of(name: str, form: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The form of a field; None where it has none, and the field does not leave."""
    if name in form.get("properties", {}):
        return form["properties"][name]
    more = form.get("additionalProperties")
    return more if isinstance(more, dict) and _DOSE.fullmatch(name) else None
