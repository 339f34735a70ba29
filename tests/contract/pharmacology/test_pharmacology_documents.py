import json

import jsonschema
import pytest

import modicum
from modicum.pharmacology import PARAMETERS, SCENARIOS
from modicum.services.documents import document_schema

ASKED = {
    "one dose": {"dose_mg": 4.5},
    "one night": {"dose_mg": 50, "nights": 1},
    "several": {"compare": [50, 0.5, 4.5]},
    "set": {"dose_mg": 3, "parameters": {"half_life_h": 9.7}},
}


def check(document):
    jsonschema.Draft202012Validator(document_schema("pharmacology")).validate(document)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_document_has_the_form_of_its_schema(asked, scenario):
    check(json.loads(modicum.pharmacology(**asked, scenario=scenario).to_json()))


@pytest.mark.parametrize(
    "field", ["dose_mg", "naltrexone", "occupancy_peak", "hours_above_half", "rebound", "parameters"]
)
def test_a_document_without_a_field_is_noticed(field):
    document = modicum.pharmacology(4.5).document
    with pytest.raises(jsonschema.ValidationError):
        check({key: value for key, value in document.items() if key != field})


def test_an_unknown_field_is_noticed():
    with pytest.raises(jsonschema.ValidationError):
        check({**modicum.pharmacology(4.5).document, "p_better": 0.9})


def test_every_parameter_is_in_the_document_with_what_it_rests_on():
    document = modicum.pharmacology(4.5, parameters={"half_life_h": 9.7}).document
    rows = {row["name"]: row for row in document["parameters"]}
    assert set(PARAMETERS) < set(rows)
    assert rows["half_life_h"]["set"]
    assert (rows["half_life_h"]["value"], rows["half_life_h"]["grade"]) == (9.7, "assumption")
    assert rows["clearance_l_per_h"]["source"].startswith("Meyer 1984")
    assert document["naltrexone"]["half_life_h"] == 9.7


def test_the_rebound_of_a_document_is_called_a_hypothesis():
    assert "nobody has measured it" in modicum.pharmacology(4.5).document["rebound"]["hypothesis"]
