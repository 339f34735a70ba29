"""Every condition, instrument and item of the catalogue: complete, in our own words, honest about what is not known."""

import csv
import json
import os
import re
import tomllib
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

import modicum
from modicum.cli.application import run
from modicum.protocol import library, new_protocol, read_protocol
from modicum.protocol.conditions import find_condition, languages, read_catalogue
from modicum.protocol.daily_set import daily_toml
from modicum.services.documents import document_schema

CATALOGUE = read_catalogue()
FOLDER = resources.files("modicum.protocol") / "catalogue"
every_condition = pytest.mark.parametrize("key", CATALOGUE.conditions)
every_instrument = pytest.mark.parametrize("one", CATALOGUE.instruments, ids=lambda one: one.name)
every_item = pytest.mark.parametrize("name", CATALOGUE.items)
EIGHTEEN_AND_MORE = {
    *("fibromyalgia", "me-cfs", "ulcerative-colitis", "crohns-disease", "rheumatoid-arthritis", "multiple-sclerosis"),
    *("psoriasis", "cancer", "histamine-intolerance", "mast-cell-activation", "autism", "chronic-pain", "crps", "hiv"),
    *("ptsd", "depression", "premenstrual-dysphoria", "lupus", "binge-eating", "long-covid", "any"),
}
ICD = re.compile(r"[A-Z]\d{2}(\.[0-9A-Z]{1,4})?(-[A-Z]\d{2}(\.[0-9A-Z]{1,4})?)?")


def test_the_catalogue_has_every_condition():
    assert set(CATALOGUE.conditions) == EIGHTEEN_AND_MORE


@every_condition
def test_a_condition_asks_at_most_eight_items_one_of_them_primary(key):
    daily = CATALOGUE.daily(key)
    names = [item.name for item in daily]
    assert 1 <= len(names) <= 8
    assert len(set(names)) == len(names)
    assert names.count(CATALOGUE.conditions[key].primary) == 1


@every_condition
def test_a_condition_has_instruments_and_codes_of_icd_alone(key):
    row = CATALOGUE.conditions[key]
    assert CATALOGUE.used_in(key)
    assert [code for code in (*row.icd10, *row.icd10_cm) if not ICD.fullmatch(code)] == []
    assert bool(row.icd10) == bool(row.icd10_cm) == (key != "any")


@every_condition
def test_a_daily_set_goes_into_a_protocol_as_it_is_printed(key):
    template = new_protocol("my-trial")
    before, rest = template.split("[[outcomes]]", 1)
    after = rest[rest.index("[[side_effects]]") :]
    primary, items = daily_toml(key).split("\n", 1)
    before = re.sub(r'^primary = ".*$', primary, before, flags=re.MULTILINE)
    protocol = read_protocol(f"{before}{items}\n{after}".encode())
    assert protocol.primary == CATALOGUE.conditions[key].primary
    assert protocol.outcomes == CATALOGUE.daily(key)


@every_condition
def test_a_condition_is_found_by_key_title_and_code_in_any_case(key):
    row = CATALOGUE.conditions[key]
    assert find_condition(key.upper()) == find_condition(f" {row.title} ") == key
    assert [code for code in row.icd10 if find_condition(code) != key] == []


@every_instrument
def test_an_instrument_belongs_to_conditions_and_names_sources_that_are_there(one):
    assert set(one.conditions) <= set(CATALOGUE.conditions)
    for name in one.mcid.sources if one.mcid else ():
        assert CATALOGUE.source(name).id == name


@every_instrument
def test_an_instrument_with_terms_says_where_it_is_obtained(one):
    if one.licence.state in ("licensed", "unclear"):
        assert one.licence.obtain
    assert one.own is None or one.own in CATALOGUE.items


@every_instrument
def test_a_figure_that_was_not_read_is_shown_as_unconfirmed(one, capsys):
    if one.mcid is None or CATALOGUE.source(one.mcid.sources[0]).verified:
        return
    assert run(["instruments", "--condition", one.conditions[0]]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    part = printed[printed.index(f"{one.name}: ") :]
    assert part.index("unconfirmed)") < part.index("Licence:")


@every_item
def test_an_item_is_asked_in_one_plain_sentence_of_our_own(name):
    item = CATALOGUE.items[name]
    assert item.question.endswith("?")
    assert item.question.count("?") == 1
    assert len(item.question) <= 120
    assert item.low_label
    assert item.high_label
    assert item.recall


@every_item
def test_an_item_without_a_sourced_smallest_difference_says_that_it_is_an_assumption(name):
    item = CATALOGUE.items[name]
    assert (item.mcid_grade == "assumption") == item.mcid_source.startswith("assumption: ") == (name != "pain")
    assert 0 < item.mcid < item.high - item.low


@every_item
def test_an_item_is_used_by_a_condition(name):
    assert any(name in row.daily for row in CATALOGUE.conditions.values())


def test_items_of_the_shipped_protocols_have_the_words_of_the_catalogue():
    for protocol in map(read_protocol, library()):
        for item in protocol.outcomes:
            assert item == CATALOGUE.items[item.name], f"{protocol.name}: {item.name}"


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_keys(language):
    words = tomllib.loads((FOLDER / f"words.{language}.toml").read_text(encoding="utf-8"))
    texts = {name: set(part) for name, part in words.items() if isinstance(part, dict)}
    assert set(texts) == {*CATALOGUE.items, *CATALOGUE.diet}
    assert set(map(frozenset, texts.values())) == {
        frozenset({"label", "question", "low_label", "high_label", "recall"})
    }


def test_an_unknown_language_or_condition_is_refused_with_what_there_is():
    with pytest.raises(modicum.ProtocolError, match="MOD-PROTO-34"):
        read_catalogue("xx")
    with pytest.raises(modicum.ProtocolError, match="Did you mean 'fibromyalgia'"):
        modicum.instruments("fibromialgia")


def test_a_code_of_several_conditions_is_asked_back(monkeypatch):
    doubled = CATALOGUE.conditions | {"other": CATALOGUE.conditions["lupus"].model_copy(update={"title": "Other"})}
    changed = CATALOGUE.model_copy(update={"conditions": doubled})
    monkeypatch.setattr("modicum.protocol.conditions.read_catalogue", lambda: changed)
    with pytest.raises(modicum.ProtocolError, match="lupus, other"):
        find_condition("M32")


@pytest.mark.parametrize("condition", [None, *CATALOGUE.conditions])
def test_the_document_has_the_form_of_its_schema(condition):
    document = json.loads(modicum.instruments(condition).to_json())
    jsonschema.Draft202012Validator(document_schema("instruments")).validate(document)
    assert len(document["conditions"]) == (1 if condition else len(CATALOGUE.conditions))


def test_a_ninth_item_is_refused_by_catalogue_and_schema():
    row = CATALOGUE.conditions["lupus"].model_dump()
    with pytest.raises(ValueError, match="at most 8"):
        type(CATALOGUE.conditions["lupus"]).model_validate({**row, "daily": (*row["daily"], "pain")})
    document = modicum.instruments("lupus").document
    document["conditions"][0]["daily"].append("pain")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(document_schema("instruments")).validate(document)


def test_no_code_of_another_classification_ships():
    for file in FOLDER.iterdir():
        text = file.read_text(encoding="utf-8")
        assert "snomed" not in text.lower()
        assert re.findall(r"\b\d{8,}\b", text) == []


def facts() -> Path:
    """The table that the catalogue was made from; it is not shipped."""
    data = os.environ.get("MODICUM_REFERENCE_DATA")
    path = Path(data).parent / "facts" / "conditions.csv" if data else None
    if path is None or not path.exists():
        pytest.skip(
            "NOT CHECKED: the table of conditions is not there, so a row that was left out would not be noticed"
        )
    return path


KEYS = {"chronic fatigue (ME/CFS)": "me-cfs", "HIV/AIDS": "hiv", "PMS / PMDD": "premenstrual-dysphoria"}
KEYS |= {"binge / compulsive eating": "binge-eating", "long COVID (extra)": "long-covid", "ALL (generic)": "any"}


def test_every_row_of_the_table_is_in_the_catalogue_with_its_figures():
    with facts().open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 50
    missing, different = [], []
    for row in rows:
        key = KEYS.get(row["condition"]) or re.sub(r"[^a-z]+", "-", row["condition"].lower().replace("'", ""))
        named = [one for one in CATALOGUE.used_in(key) if row["instrument"] in (one.name, *one.listed_as)]
        if not named:
            missing.append((key, row["instrument"]))
        one = next((one for one in named if one.high is not None), None)
        ends = [re.sub(r"[~<]", "", row[end]) for end in ("range_lo", "range_hi")]
        if one and one.low is not None and ends[0] and [one.low, one.high] != [float(end) for end in ends]:
            different.append((key, one.name, ends))
        unconfirmed = "unverified" in row["mcid"] or row["verified"] == "no"
        for found in named:
            if found.mcid and unconfirmed and key != "psoriasis":
                assert not CATALOGUE.source(found.mcid.sources[0]).verified, found.name
            numbers = set(re.findall(r"\d+(?:\.\d+)?", row["mcid"]))
            if found.mcid and f"{found.mcid.value:g}" not in {f"{float(number):g}" for number in numbers}:
                different.append((key, found.name, row["mcid"]))
    assert (missing, [entry for entry in different if entry[1] != "PGIC"]) == ([], [])
