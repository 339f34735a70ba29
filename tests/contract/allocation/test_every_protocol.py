"""Every shipped protocol: it is drawn, sealed, revealed and verified, or says that there is nothing to draw."""

import json

import jsonschema
import pytest

from allocation_fixtures import NOW, chance, drawn, opened, reveal, sealed
from modicum.allocation import PROBLEMS, Allocation, Binding, Papers, Unblinding, list_orders
from modicum.foundation.errors import AllocationError
from modicum.protocol import library, list_sequences, read_protocol
from modicum.services.allocating import verify_folder
from modicum.services.binding import bind
from modicum.services.documents import document_schema

OPEN = ("ldn-open", "ldn-open-fast")
DRAWN = [name for name in library() if name not in OPEN]


def check(kind, document):
    jsonschema.Draft202012Validator(document_schema(kind)).validate(document)


def test_open_protocols_draw_nothing_and_all_others_something():
    refused = []
    for name in library():
        try:
            list_orders(read_protocol(name))
        except AllocationError:
            refused.append(name)
    assert tuple(refused) == OPEN


@pytest.mark.parametrize("name", DRAWN)
def test_every_drawn_phase_is_blinded_and_has_its_orders_once(name):
    protocol = read_protocol(name)
    for found in list_orders(protocol):
        assert protocol.phase(found.phase).blinded
        assert len(set(found.orders)) == len(found.orders) > 1
        assert {len(order) for order in found.orders} == {found.periods}
        listed = list_sequences(protocol.phase(found.phase), protocol.drug.ladder_mg)
        assert listed is None or len(listed) == len(found.orders)


@pytest.mark.parametrize("name", DRAWN)
def test_every_blinded_phase_with_placebo_is_drawn(name):
    protocol = read_protocol(name)
    hidden = [phase.name for phase in protocol.phases if phase.blinded and phase.has_placebo]
    assert [found.phase for found in list_orders(protocol)] == hidden


@pytest.mark.parametrize("name", DRAWN)
def test_it_is_drawn_bound_revealed_and_verified_and_every_document_has_its_form(name, tmp_path):
    folder = drawn(tmp_path / "p", name=name)
    protocol = read_protocol(name)
    for found in list_orders(protocol):
        if found.doses == "candidate":
            bind(folder, found.phase, [protocol.drug.ladder_mg[-1]], now=NOW, randomness=chance(2))
        if found.doses == "below candidate":
            bind(folder, found.phase, protocol.drug.ladder_mg[:-1], now=NOW, randomness=chance(2))
    found = reveal(folder)
    verified = verify_folder(folder)
    check("allocation", json.loads((folder / "allocation.json").read_bytes()))
    check("papers", json.loads((folder / "revealed.json").read_bytes()))
    check("unblinding", json.loads((folder / "openings" / "0001.json").read_bytes()))
    check("reveal", json.loads(json.dumps(found.to_document())))
    check("verify", verified)
    for file in folder.glob("bindings/*/binding.json"):
        check("binding", json.loads(file.read_bytes()))
    assert (verified["result"], verified["revealed"]) == ("sound", True)
    assert {check["result"] for check in verified["checks"]} == {"sound"}
    assert len(found.course) == len(found.papers.allocation.places)


@pytest.mark.parametrize("name", DRAWN)
def test_its_commitments_are_one_for_each_place(name):
    found = sealed(1, name)
    places = [(place.phase, place.period) for place in opened(found).places]
    assert [(one.phase, one.period) for one in found.document.commitments] == places


@pytest.mark.parametrize(
    ("model", "kind"),
    [(Allocation, "allocation"), (Binding, "binding"), (Unblinding, "unblinding"), (Papers, "papers")],
)
def test_the_schema_has_the_fields_of_the_document(model, kind):
    schema = document_schema(kind)
    assert schema["title"] == model.SCHEMA
    compare(schema, model.model_json_schema(), model.model_json_schema().get("$defs", {}), top=True)


def compare(written, made, parts, *, top=False):
    """Properties of a written schema against those of the code, all the way down."""
    made = parts[made["$ref"].rsplit("/", 1)[1]] if "$ref" in made else made
    if "properties" in made:
        fields = set(made["properties"]) | ({"schema"} if top else set())
        assert set(written["properties"]) == fields == set(written["required"])
        for name, part in made["properties"].items():
            compare(written["properties"][name], part, parts)
    elif "items" in made:
        compare(written["items"], made["items"], parts)


def test_every_code_is_used_and_every_used_code_is_listed():
    import re
    from pathlib import Path

    import modicum

    root = Path(modicum.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in root.rglob("*.py") if path.name != "problems.py"]
    assert set(re.findall(r"MOD-ALLOC-\d\d", "\n".join(texts))) == set(PROBLEMS)
