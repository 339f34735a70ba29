import json
from dataclasses import replace

import pytest

from verification import results
from verification.counts import COUNTS
from verification.finding import Finding
from verification.rows import ROWS, chosen


def row(**change):
    return replace(ROWS["quadrature"], **change)


@pytest.fixture
def places(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path / "verification")
    monkeypatch.setattr(results, "TABLE", tmp_path / "page.md")
    (tmp_path / "page.md").write_text(
        "before\n<!-- table: begin -->\nprevious table\n<!-- table: end -->\nafter\n", encoding="utf-8"
    )
    return tmp_path


def test_every_count_has_its_row_and_every_row_its_count():
    assert set(COUNTS) == set(ROWS)
    assert [name for name, (small, full) in COUNTS.items() if not 0 < small <= full] == []


def test_rows_are_chosen_by_name_or_beginning():
    assert [r.name for r in chosen(["quadrature", "real-mel"])] == ["quadrature", "real-melatonin"]
    assert len(chosen(["type-one"])) == 33
    assert len(chosen(["type-one-reviews"])) == 3
    assert chosen([]) == list(ROWS.values())


def test_an_unknown_row_is_refused_with_the_list_of_rows():
    with pytest.raises(ValueError, match=r"no row nonsense.*quadrature"):
        chosen(["nonsense"])


def test_a_stored_row_holds_until_its_code_changes(places):
    assert results.state(row()) == "not run"
    results.store(row(), Finding(True, "bound", "fine"), 1.0, results.code_hash(row()))
    assert results.state(row()) == "holds"
    assert results.state(row(depends=("decision",))) == "stale"
    assert results.state(row(method=("counts.py",))) == "stale"


def test_a_failed_row_is_shown_as_failed(places):
    results.store(row(), Finding(False, "bound", "bad"), 1.0, results.code_hash(row()))
    assert results.state(row()) == "fails"


def test_a_stored_row_says_when_and_of_what_it_is(places):
    results.store(row(), Finding(True, "bound", "fine", {"x": 1}), 2.4, "abc")
    document = json.loads((places / "verification" / "quadrature.json").read_text())
    assert document["schema"] == "modicum.verification-row/1"
    assert (document["code"], document["seconds"], document["count"]) == ("abc", 2, COUNTS["quadrature"][1])
    assert document["figures"] == {"x": 1}


def test_the_table_replaces_the_old_one_and_nothing_else(places):
    results.store(row(), Finding(True, "a | b", "fine"), 1.0, results.code_hash(row()))
    results.write_table()
    page = (places / "page.md").read_text()
    assert page.startswith("before\n")
    assert page.endswith("after\n")
    assert "previous table" not in page
    assert "| quadrature |" in page
    assert "a \\| b" in page
    assert "not run" in page
