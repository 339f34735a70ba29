import io
import json
import re
from collections.abc import Iterator

import jsonschema
import pytest

import modicum
import shells_fixtures
from modicum.protocol import library
from modicum.services import protocols
from modicum.services.documents import KINDS, document_schema
from modicum.services.explaining import explain

OPTIONS = {"outcome": ["pain", "sleep"], "primary": "pain", "better": "lower", "range": (0, 10), "mcid": 1}


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    path = shells_fixtures.write(tmp_path_factory.mktemp("diary") / "diary.csv", shells_fixtures.rows())
    return json.loads(modicum.analyse(path, **OPTIONS, likelihood=True).to_json())


def check(kind, document):
    jsonschema.Draft202012Validator(document_schema(kind)).validate(document)


def leaves(value, pointer="") -> Iterator[str]:
    """Pointers to every value, the inner ones too."""
    yield pointer
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from leaves(child, f"{pointer}/{key}")


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_is_itself_sound(kind):
    jsonschema.Draft202012Validator.check_schema(document_schema(kind))
    assert document_schema(kind)["title"] == f"modicum.{kind}/1"


def test_a_result_has_the_form_of_its_schema(document):
    check("result", document)


@pytest.mark.parametrize("field", ["verdict", "doses", "p_no_effect", "sensitivity", "input_sha256"])
def test_a_result_without_a_field_is_noticed(document, field):
    with pytest.raises(jsonschema.ValidationError):
        check("result", {key: value for key, value in document.items() if key != field})


def test_a_result_with_an_unknown_field_is_noticed(document):
    with pytest.raises(jsonschema.ValidationError):
        check("result", {**document, "p_value": 0.04})


def test_every_number_of_a_result_has_an_explanation(document):
    silent = []
    for pointer in leaves(document):
        explanation = explain(document, pointer)
        if not explanation.what or explanation.what.startswith("Not described"):
            silent.append(pointer)
    assert silent == []


def test_every_source_of_an_explanation_is_among_the_citations_of_the_result(document):
    sources = {source for pointer in leaves(document) if (source := explain(document, pointer).source)}
    assert any("Roychoudhury" in source for source in sources)
    for source in sources:
        author, year = re.match(r"(\w+)\D*(\d{4})", source).groups()
        assert any(author in cited and year in cited for cited in document["citations"]), source


def test_the_chance_of_no_effect_is_said_to_be_given_the_diary(document):
    explanation = explain(document, "/p_no_effect")
    assert explanation.given.startswith("given the diary")
    assert "Kass and Raftery" in explanation.method


def test_refused_rows_are_listed_with_their_reasons():
    rows = [*shells_fixtures.rows(), "48,1.5,eleven,5,true"]
    found = modicum.analyse(io.StringIO("\n".join(rows)), **OPTIONS, skip_bad_rows=True).document
    check("result", found)
    assert [row["code"] for row in found["refused"]] == ["MOD-DIARY-14"]
    assert explain(found, "/refused/0/message").what == "Why the row was not used."


def test_every_effect_names_its_unit_its_condition_and_its_rule(document):
    for field in ("mean", "sd", "interval95", "interval80", "interval50", "p_better", "p_mcid"):
        explanation = explain(document, f"/doses/0/{field}")
        assert explanation.unit in ("units of pain", "probability")
        assert explanation.given
        assert explanation.rule


def test_every_leaf_of_the_schema_is_described():
    silent = []

    def walk(schema, path):
        if "$ref" in schema or "anyOf" in schema or schema.get("type") in ("object", "array") or "properties" in schema:
            for name, part in schema.get("properties", {}).items():
                walk(part, f"{path}/{name}")
            for part in (schema.get("items"), *schema.get("anyOf", ())):
                if part:
                    walk(part, f"{path}/*")
        elif "description" not in schema and schema.get("type") != "null" and not path.endswith("interval/*"):
            silent.append(path)

    for name, part in document_schema("result")["$defs"].items():
        walk(part, name)
    walk(document_schema("result"), "")
    ends = ("interval50/*", "interval80/*", "interval95/*")
    assert [path for path in silent if not path.endswith(ends)] == []


def test_an_explanation_has_the_form_of_its_schema(document):
    check("explanation", explain(document, "/doses/0/p_mcid").to_document())


def test_the_list_of_protocols_has_the_form_of_its_schema():
    listed = protocols.list_protocols()
    check("protocol-list", listed)
    assert [row["name"] for row in listed["protocols"]] == list(library())


@pytest.mark.parametrize("name", library())
def test_every_shipped_protocol_shows_and_checks_in_the_form_of_the_schemas(name):
    check("protocol-show", json.loads(json.dumps(protocols.show_protocol(modicum.read_protocol(name)))))
    check("protocol-check", protocols.check_protocol(name))
    check("protocol-diff", protocols.compare_protocols(name, "ldn-open"))


def test_the_error_document_has_the_form_of_its_schema():
    with pytest.raises(modicum.InputError) as caught:
        modicum.analyse("no-such-diary.csv", mcid=-1)
    check("error", caught.value.to_document())
    assert len(caught.value.problems) >= 3
