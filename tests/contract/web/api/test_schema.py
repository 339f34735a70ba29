"""Whatever a caller makes of the OpenAPI document, and of entries, is answered in form, and is no fault of ours."""

import json
from importlib.resources import files

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clinic_people import browser
from diary_fixtures import NOW, beginning, written
from modicum.services.diary import begin
from modicum.web.accounts.devices import COOKIE
from modicum.web.stories import STORE

TEXT = st.text(max_size=20) | st.sampled_from(
    ["", "\0", "\ud7ff", "NaN", "9" * 400, "<b>", "2026-03-02T20:00:00+01:00"]
)
NUMBERS = st.integers(-(2**70), 2**70) | st.floats()
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted(json.loads((files("modicum.services") / "schemas" / "entry.schema.json").read_text())["properties"])


def made_of(form, whole):
    """Values of a form of the document, as a caller makes them who keeps to it."""
    if "$ref" in form:
        return made_of(whole["components"]["schemas"][form["$ref"].rpartition("/")[2]], whole)
    if form.get("format") == "date-time":
        return st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat())
    if form.get("type") == "object":
        return st.fixed_dictionaries({name: made_of(inner, whole) for name, inner in form["properties"].items()})
    if form.get("type") == "array":
        return st.lists(ENTRIES, max_size=3)
    if form.get("type") == "integer":
        return st.integers(form.get("minimum"), form.get("maximum"))
    return ANYTHING


ENTRIES = ANYTHING | st.builds(
    lambda day, field, value: {**written(day), field: value}, st.integers(0, 30), st.sampled_from(FIELDS), ANYTHING
)


def operations(document):
    """Every operation: method, path, the forms of its parameters, and that of its body."""
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            yield method.upper(), path, {one["name"]: one["schema"] for one in told.get("parameters", ())}, body


@st.composite
def requests(draw, document):
    """A request of one of the operations: by the document, beside it, or no JSON at all."""
    method, path, parameters, body = draw(st.sampled_from(list(operations(document))))
    query = {
        name: draw(made_of(form, document) | TEXT) for name, form in parameters.items() if form.get("type") == "integer"
    }
    if body is None:
        return method, path, query, b""
    kept = made_of(body, document).map(lambda value: json.dumps(value).encode())
    beside = ANYTHING.map(lambda value: json.dumps(value).encode())
    return method, path, query, draw(kept | beside | st.binary(max_size=60))


@pytest.fixture
def phone(world, tmp_path):
    """A phone whose trial has begun."""
    begin(STORE, world.ines.trial, beginning(), now=NOW, actor="test")
    client = browser(raise_request_exception=False)
    client.cookies[COOKIE] = world.phone_token
    with override_settings(MODICUM_DATA=tmp_path):
        yield client


def test_no_request_that_can_be_made_fails_here(phone):
    document = phone.get("/api/v1/openapi.json").json()
    outcomes = {}

    @settings(
        max_examples=80,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(document))
    def asked(request):
        method, path, query, body = request
        headers = {"X-Modicum": "1"}
        answer = phone.generic(method, path, body, content_type="application/json", query_params=query, headers=headers)
        assert answer.status_code < 500, (request, answer.content)
        said = answer.json()
        if answer.status_code >= 400:
            assert said["schema"] == "modicum.error/1"
            assert said["problems"]
        outcomes.setdefault((method, path), set()).add(answer.status_code)

    asked()
    assert set(outcomes) == {(method, path) for method, path, _, _ in operations(document)}
    assert {200, 422} <= outcomes["POST", "/api/v1/entries"]


def test_every_way_of_asking_that_is_not_in_the_document_is_refused_in_form(phone):
    document = phone.get("/api/v1/openapi.json").json()
    known = {(method, path) for method, path, _, _ in operations(document)}
    for path in document["paths"]:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "QUERY"):
            if (method, path) not in known:
                status = phone.generic(method, path, headers={"X-Modicum": "1"}).status_code
                assert status in (405, 501), (method, path)
