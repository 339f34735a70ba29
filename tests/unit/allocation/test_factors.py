"""Factors drawn beside the doses: openly, evenly, from the same contributions, and without a word about an arm."""

import json
from collections import Counter

import jsonschema
import pytest
from scipy.stats import chisquare

from allocation_fixtures import chance, drawn, reveal
from modicum.allocation import Contributions
from modicum.allocation.factors import draw_factors
from modicum.protocol import library, read_protocol
from modicum.protocol.reading import protocol_bytes
from modicum.services.allocating import verify_folder
from modicum.services.documents import document_schema

ALPHA = 1e-4  # of the test of the draw


def protocol_with_diet(tmp_path):
    text = protocol_bytes("ldn-crossover").decode()
    assert "covariates = []" in text
    file = tmp_path / "with-diet.toml"
    file.write_text(text.replace("covariates = []", 'covariates = ["factor.no_gluten"]'), encoding="utf-8")
    return file


def draws(protocol, count):
    source = chance("factors")
    for _ in range(count):
        yield draw_factors(protocol, Contributions(source(32), "3 6 1"), "person-7")


@pytest.mark.parametrize("name", library())
def test_a_protocol_that_asks_for_no_factor_draws_none(name):
    assert draw_factors(read_protocol(name), Contributions(bytes(32), ""), "p") == ()


def test_half_of_the_pairs_have_it_and_every_order_is_equally_likely(tmp_path):
    protocol = read_protocol(protocol_with_diet(tmp_path))
    found = Counter(one.levels for drawn_once in draws(protocol, 3000) for one in drawn_once)
    assert {sum(levels) for levels in found} == {2}
    assert len(found) == 6
    assert chisquare(list(found.values())).pvalue > ALPHA


def test_the_same_contributions_give_the_same_and_each_part_changes_it(tmp_path):
    protocol = read_protocol(protocol_with_diet(tmp_path))
    source = chance(1)
    systems = [source(32) for _ in range(40)]

    def levels(system, participant="3 6 1", slot="p"):
        return draw_factors(protocol, Contributions(system, participant), slot)[0].levels

    assert [levels(one) for one in systems] == [levels(one) for one in systems]
    assert [levels(one) for one in systems] != [levels(one, participant="other") for one in systems]
    assert [levels(one) for one in systems] != [levels(one, slot="q") for one in systems]


def test_a_folder_holds_them_openly_and_verifies(tmp_path):
    folder = drawn(tmp_path / "p", name=protocol_with_diet(tmp_path))
    document = json.loads((folder / "factors.json").read_text())
    jsonschema.validate(document, document_schema("factors"))
    assert document["factors"][0]["orders"] == 6
    checks = {check["part"]: check["result"] for check in verify_folder(folder)["checks"]}
    assert checks["factors.json"] == "sound"


@pytest.mark.parametrize("change", ["levels", "missing", "another"])
def test_factors_that_were_changed_removed_or_taken_from_another_are_found(tmp_path, change):
    source = protocol_with_diet(tmp_path)
    folder = drawn(tmp_path / "p", name=source)
    file = folder / "factors.json"
    if change == "levels":
        file.write_text(file.read_text().replace("[0,1", "[1,1").replace("[1,0", "[0,0"))
    elif change == "missing":
        file.unlink()
    else:
        file.write_bytes((drawn(tmp_path / "q", seed=2, name=source) / "factors.json").read_bytes())
    document = verify_folder(folder)
    assert document["result"] == "forged"


def test_after_the_reveal_anybody_can_draw_them_again(tmp_path):
    folder = drawn(tmp_path / "p", name=protocol_with_diet(tmp_path))
    reveal(folder)
    checks = {check["part"]: check["result"] for check in verify_folder(folder)["checks"]}
    assert checks["factors draw"] == "sound"


def test_without_a_factor_there_is_no_such_file_and_nothing_is_checked(tmp_path):
    folder = drawn(tmp_path / "p")
    assert not (folder / "factors.json").exists()
    assert not [check for check in verify_folder(folder)["checks"] if "factor" in check["part"]]
