"""A history or a list that cannot be used is refused with all that is wrong with it, and nothing is screened."""

import datetime as dt

import pytest

import modicum
from modicum.foundation.errors import OptionsError


def problems(**given):
    with pytest.raises(OptionsError) as refused:
        modicum.screen("naproxen", on=dt.date(2026, 11, 23), **given)
    return [(problem.code, problem.where, problem.value) for problem in refused.value.problems]


def test_all_that_is_wrong_with_a_history_is_said_at_once():
    history = {"age": -3, "pregnancy": "perhaps", "liver": 7, "opioid_last_taken": "2026-12-24", "shoe_size": 43}
    assert problems(history=history, reader="nurse") == [
        ("MOD-SCREEN-07", "--reader", "nurse"),
        ("MOD-SCREEN-03", "history, shoe_size", "43"),
        ("MOD-SCREEN-04", "history, age", "-3"),
        ("MOD-SCREEN-04", "history, pregnancy", "perhaps"),
        ("MOD-SCREEN-04", "history, liver", "7"),
        ("MOD-SCREEN-05", "history, opioid_last_taken", "2026-12-24"),
    ]


@pytest.mark.parametrize("value", ["forty", True, 121, float("nan"), None, [44]])
def test_an_age_is_a_number_of_years(value):
    assert [code for code, _, _ in problems(history={"age": value})] == ["MOD-SCREEN-04"]


@pytest.mark.parametrize("value", ["yesterday", "31.02.2026", 45000, None])
def test_a_date_is_a_day_that_has_been(value):
    assert [code for code, _, _ in problems(history={"opioid_last_taken": value})] == ["MOD-SCREEN-05"]


def test_a_fix_names_the_answers_that_are_allowed():
    with pytest.raises(OptionsError) as refused:
        modicum.screen("naproxen", history={"kidney": "bad"})
    assert refused.value.problems[0].fix == "Answer with one of healthy, mild, severe, or unknown."


@pytest.mark.parametrize("name", ["missing.toml", "folder"])
def test_a_history_that_is_not_there_is_said(tmp_path, name):
    (tmp_path / "folder").mkdir()
    assert [code for code, _, _ in problems(history=tmp_path / name)] == ["MOD-SCREEN-01"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.toml", b"age = "), ("a.json", b"{"), ("a.json", b"[1, 2]"), ("b.toml", b"age = 4\nage = 5")],
)
def test_a_history_that_is_no_table_of_answers_is_said(tmp_path, name, text):
    (tmp_path / name).write_bytes(text)
    assert [code for code, _, _ in problems(history=tmp_path / name)] == ["MOD-SCREEN-02"]


def test_a_file_that_is_no_text_or_too_large_is_said(tmp_path):
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "b.toml").write_bytes(b"#" * 1_000_001)
    assert [code for code, _, _ in problems(history=tmp_path / "a.toml")] == ["MOD-SCREEN-01"]
    assert [code for code, _, _ in problems(history=tmp_path / "b.toml")] == ["MOD-SCREEN-01"]


def test_a_list_that_is_longer_than_any_persons_is_said():
    with pytest.raises(OptionsError) as refused:
        modicum.screen("naproxen\n" * 20_000)
    assert refused.value.problems[0].code == "MOD-SCREEN-06"


@pytest.mark.parametrize(
    "text", ["\x00", "💊", "ａｓｐｉｒｉｎ", "a" * 5_000, "(" * 500, "naproxen\u202e", "%%%", "1 2 3"]
)
def test_odd_text_is_read_without_a_fault_and_clears_nobody_unless_it_names_something(text):
    found = modicum.screen(text)
    assert found.result in ("stop", "ask", "may-start")
    if "naproxen" not in text and "ａｓ" not in text:
        assert found.result == "ask"
