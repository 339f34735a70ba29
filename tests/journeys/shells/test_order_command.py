import json
import os
import re

import jsonschema
import pytest

from modicum.services.documents import document_schema
from modicum.services.kits_again import keep_again
from modicum.supply import Period
from modicum.supply.codes import say_code
from supply_fixtures import files

DATES = ("--made", "2026-11-23", "--start", "2026-11-30")
PEOPLE = ("--virtual", "--patient", "HALLORAN, Ines", "--on-call", "Dr Okafor, 555 0199")
SEALED = ("--allocation", "p7", "--key", "p7/keys/pharmacist.key")


@pytest.fixture
def drawn(command):
    assert command("randomise", "ldn-smallest-dose", "--out", "p7", "--contribution", "3 6")[0] == 0
    return command


def only_document(text, kind):
    document = json.loads(text, parse_constant=pytest.fail)
    jsonschema.Draft202012Validator(document_schema(kind)).validate(document)
    return document


def codes_of(problems):
    return [one["code"] for one in only_document(problems, "error")["problems"]]


def test_an_order_is_one_document_and_a_folder_for_each_reader(drawn, tmp_path):
    code, out, err = drawn("order", "ldn-smallest-dose", *SEALED, "--out", "o", *DATES, *PEOPLE, "--json")
    document = only_document(out, "order")
    assert code == 0
    assert "MOD-SUPPLY-42" in err
    assert "MOD-SUPPLY-41" not in err
    assert sorted(files(tmp_path / "o")) == document["files"]
    assert {one.split("/")[0] for one in document["files"]} == {"pharmacist", "prescriber", "patient"}
    assert only_document((tmp_path / "o/pharmacist/order.json").read_text(encoding="utf-8"), "order") == document
    assert document["virtual"] is True
    assert document["opening"] == 1
    assert [phase["known"] for phase in document["phases"]] == [True, False, False]


def test_only_the_owner_reads_what_tells_an_arm(drawn, tmp_path):
    drawn("order", "ldn-smallest-dose", *SEALED, "--out", "o", *DATES, *PEOPLE)
    modes = {one.parent.name: one.stat().st_mode & 0o077 for one in (tmp_path / "o").rglob("*") if one.is_file()}
    assert modes["pharmacist"] == 0
    assert modes["patient"] > 0


def test_the_words_for_people_say_the_cost_with_its_source_and_the_balance(drawn):
    code, out, _ = drawn("order", "ldn-smallest-dose", *SEALED, "--out", "o", *DATES, *PEOPLE)
    assert code == 0
    assert "Six kits in one batch, 106 capsules; one capsule every night" in out
    assert "Cost: USD 123.67 to 628.94." in out
    assert "undated" in out
    ordered, *accounts = [float(one) for one in re.findall(r"([\d.]+) mg", re.search(r"Ordered .*", out)[0])]
    assert ordered == sum(accounts) == 171


def test_the_same_order_twice_gives_the_same_codes_and_the_same_bytes(drawn, tmp_path):
    arguments = ("order", "ldn-smallest-dose", *SEALED, *DATES, *PEOPLE)
    assert drawn(*arguments, "--out", "first")[0] == drawn(*arguments, "--out", "second")[0] == 0
    first, second = files(tmp_path / "first"), files(tmp_path / "second")
    assert first.keys() == second.keys()
    assert {name for name in first if first[name] != second[name]} <= {"pharmacist/order.json"}
    changed = [json.loads(one["pharmacist/order.json"]) for one in (first, second)]
    assert [one.pop("opening") for one in changed] == [1, 2]
    assert changed[0] == changed[1]
    kits = json.loads((tmp_path / "p7/kits.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(document_schema("kits")).validate(kits)
    assert command_is_sound(drawn)


def command_is_sound(command):
    return command("verify", "--dir", "p7")[0] == 0


def test_a_phase_is_ordered_once_its_dose_is_bound_and_keeps_the_codes(drawn, tmp_path):
    first = only_document(
        drawn("order", "ldn-smallest-dose", *SEALED, "--out", "a", *DATES, *PEOPLE, "--json")[1], "order"
    )
    arguments = ("order", "ldn-smallest-dose", *SEALED, "--phase", "confirmation", "--json")
    code, out, _ = drawn(*arguments, "--out", "b")
    assert (code, codes_of(out)) == (2, ["MOD-SUPPLY-09"])
    drawn("bind", "--dir", "p7", "--phase", "confirmation", "--dose", "1.5")
    drawn("bind", "--dir", "p7", "--phase", "confirmation", "--dose", "3.0", "--from-period", "5")
    document = only_document(drawn(*arguments, "--out", "b", *DATES)[1], "order")
    doses = [kit["dose_ug"] for kit in document["kits"]]
    assert {kit["phase"] for kit in document["kits"]} == {"confirmation"}
    assert sorted(set(doses[:4])) == [0, 1500]
    assert sorted(set(doses[4:])) == [0, 3000]
    stored = json.loads((tmp_path / "p7/kits.json").read_text(encoding="utf-8"))["codes"]
    assert [kit["code"] for kit in first["kits"] + document["kits"]] == [one["code"] for one in stored[:16]]


def test_whoever_is_on_call_reads_what_a_kit_holds_beside_its_code(drawn):
    arguments = ("order", "ldn-smallest-dose", *SEALED, *DATES, "--out", "o", "--json")
    kits = only_document(drawn(*arguments)[1], "order")["kits"]
    opening = ("reveal", "--dir", "p7", "--key", "p7/keys/emergency.key", "--for", "emergency", "--why", "accident")
    code, out, _ = drawn(*opening)
    assert code == 0
    for kit in kits:
        holds = f"{kit['dose_ug'] / 1000:g}" if kit["dose_ug"] else "placebo"
        assert re.search(rf"titration +{kit['period']} +{holds} +{kit['code'][:3]} {kit['code'][3:]}", out)


def test_whoever_is_on_call_reads_both_codes_of_a_period_whose_kit_was_made_again(drawn, tmp_path):
    drawn("order", "ldn-smallest-dose", *SEALED, *DATES, "--out", "o", "--json")
    document = json.loads((tmp_path / "p7/kits.json").read_text(encoding="utf-8"))
    old = document["codes"][0]["code"]
    period = Period("titration", 1, 1, 1, 14, 14)
    new = keep_again(tmp_path / "p7", document["allocation"], period, old, os.urandom, others=(old,))
    opening = ("reveal", "--dir", "p7", "--key", "p7/keys/emergency.key", "--for", "emergency", "--why", "accident")
    out = drawn(*opening)[1]
    assert re.search(rf"titration +1 .+ {say_code(old)}, {say_code(new)} *\n", out)
    assert re.search(r"titration +2 [^,\n]+\n", out), "of the others the one that there is"


def test_the_number_of_capsules_is_that_of_the_first_order(drawn):
    arguments = ("order", "ldn-smallest-dose", *SEALED, *DATES, "--json")
    first = only_document(drawn(*arguments, "--out", "a", "--capsules", "2")[1], "order")
    assert first["capsules"]["strengths_ug"] == [500, 1500, 3000]
    second = only_document(drawn(*arguments, "--out", "b")[1], "order")
    assert second["capsules"]["a_night"] == 2
    code, out, _ = drawn(*arguments, "--out", "c", "--capsules", "3")
    assert (code, codes_of(out)) == (2, ["MOD-SUPPLY-15"])


def test_an_open_protocol_needs_no_key_and_its_labels_say_the_dose(command, tmp_path):
    arguments = ("order", "ldn-open", "--slot", "person-9", *DATES, "--json")
    document = only_document(command(*arguments, "--out", "a")[1], "order")
    assert document["allocation"] is None
    assert document["opening"] is None
    assert [kit["dose_ug"] for kit in document["kits"]] == list(range(500, 4501, 500))
    again = only_document(command(*arguments, "--out", "b")[1], "order")
    assert again["kits"] == document["kits"]
    assert files(tmp_path / "a") == files(tmp_path / "b")


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (("ldn-smallest-dose",), ["MOD-SUPPLY-06", "MOD-SUPPLY-06"]),
        (("ldn-smallest-dose", "--allocation", "p7"), ["MOD-SUPPLY-06"]),
        (("ldn-smallest-dose", "--allocation", "nowhere", "--key", "p7/keys/pharmacist.key"), ["MOD-ALLOC-09"]),
        (("ldn-smallest-dose", "--allocation", "p7", "--key", "p7/keys/emergency.key"), ["MOD-ALLOC-12"]),
        (("ldn-smallest-dose", "--allocation", "p7", "--key", "nokey"), ["MOD-ALLOC-10"]),
        (("ldn-crossover", *SEALED), ["MOD-SUPPLY-08"]),
        (("ldn-open", *SEALED), ["MOD-SUPPLY-07", "MOD-SUPPLY-07"]),
        (("ab-crossover",), ["MOD-SUPPLY-01"]),
        (("no-such-protocol",), ["MOD-PROTO-01"]),
        (("ldn-smallest-dose", *SEALED, "--phase", "run-in", "--phase", "dessert"), ["MOD-SUPPLY-09"] * 2),
        (("ldn-smallest-dose", *SEALED, "--capsules", "4"), ["MOD-SUPPLY-15"]),
        (("ldn-smallest-dose", *SEALED, "--made", "soon", "--start", "1-1-1"), ["MOD-SUPPLY-11"] * 2),
        (("ldn-smallest-dose", *SEALED, "--patient", "x" * 90, "--on-call", "a\nb"), ["MOD-SUPPLY-12"] * 2),
        (("ldn-smallest-dose", *SEALED, "--formulation", "none.toml"), ["MOD-SUPPLY-10"]),
        (("ldn-smallest-dose", *SEALED, "--who", "x" * 200), ["MOD-ALLOC-14"]),
    ],
)
def test_bad_input_is_exit_code_2_with_every_problem_and_nothing_done(drawn, tmp_path, arguments, codes):
    code, out, _ = drawn("order", *arguments, "--out", "o", "--json")
    assert (code, codes_of(out)) == (2, codes)
    assert not (tmp_path / "o").exists()
    assert not (tmp_path / "p7/kits.json").exists()
    assert not (tmp_path / "p7/openings").exists() or not list((tmp_path / "p7/openings").iterdir())


def test_all_problems_are_listed_at_once(drawn, tmp_path):
    (tmp_path / "o").mkdir()
    (tmp_path / "o/letter.txt").write_text("keep")
    arguments = ("ldn-crossover", *SEALED, "--out", "o", "--made", "x", "--phase", "y", "--patient", "\t", "--json")
    assert codes_of(drawn("order", *arguments)[1]) == [
        "MOD-SUPPLY-12",
        "MOD-SUPPLY-13",
        "MOD-SUPPLY-11",
        "MOD-SUPPLY-08",
        "MOD-SUPPLY-09",
    ]
    assert (tmp_path / "o/letter.txt").read_text() == "keep"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "MOD-SUPPLY-10"),
        ("drug = 3", "MOD-SUPPLY-10"),
        ('drug = "another"', "MOD-SUPPLY-10"),
        ("\x00", "MOD-SUPPLY-10"),
    ],
)
def test_a_formulation_that_cannot_be_used_is_refused(drawn, tmp_path, content, code):
    (tmp_path / "f.toml").write_text(content)
    arguments = ("order", "ldn-smallest-dose", *SEALED, "--out", "o", "--formulation", "f.toml", "--json")
    assert set(codes_of(drawn(*arguments)[1])) == {code}


def test_a_formulation_of_the_pharmacys_own_is_used(drawn, tmp_path):
    from importlib.resources import files as shipped

    text = shipped("modicum.supply").joinpath("library", "naltrexone.toml").read_text(encoding="utf-8")
    (tmp_path / "f.toml").write_text(text.replace("value = 225000", "value = 200000"), encoding="utf-8")
    arguments = ("order", "ldn-smallest-dose", *SEALED, "--out", "o", "--formulation", "f.toml", "--json")
    assert only_document(drawn(*arguments)[1], "order")["capsules"]["fill_ug"] == 200000


def test_an_allocation_that_was_changed_is_not_made_up(drawn, tmp_path):
    file = tmp_path / "p7/sealed/pharmacist.age"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    code, out, _ = drawn("order", "ldn-smallest-dose", *SEALED, "--out", "o", "--json")
    assert (code, codes_of(out)) == (2, ["MOD-ALLOC-09"])


@pytest.mark.parametrize("content", ["", "{}", '{"schema":"modicum.kits/1"}', "\x00"])
def test_kit_codes_that_were_damaged_are_never_drawn_again(drawn, tmp_path, content):
    (tmp_path / "p7/kits.json").write_text(content)
    code, out, _ = drawn("order", "ldn-smallest-dose", *SEALED, "--out", "o", "--json")
    assert (code, codes_of(out)) == (2, ["MOD-SUPPLY-14"])
    assert (tmp_path / "p7/kits.json").read_text() == content


def test_kit_codes_of_another_allocation_are_refused(drawn, tmp_path):
    drawn("randomise", "ldn-smallest-dose", "--out", "p8", "--contribution", "5")
    drawn("order", "ldn-smallest-dose", "--allocation", "p8", "--key", "p8/keys/pharmacist.key", "--out", "o8")
    (tmp_path / "p7/kits.json").write_bytes((tmp_path / "p8/kits.json").read_bytes())
    code, out, _ = drawn("order", "ldn-smallest-dose", *SEALED, "--out", "o", "--json")
    assert (code, codes_of(out)) == (2, ["MOD-SUPPLY-14"])


def test_without_a_number_to_ring_the_order_says_so(drawn):
    _, _, err = drawn("order", "ldn-smallest-dose", *SEALED, "--out", "o")
    assert "MOD-SUPPLY-41" in err


def test_names_in_any_script_are_printed(drawn, tmp_path):
    code, _, _ = drawn("order", "ldn-smallest-dose", *SEALED, "--out", "o", *DATES, "--patient", "ПЕТРОВА, 愛 é")
    assert code == 0
    assert "愛" in (tmp_path / "o/patient/card.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("made", "late"), [("2026-12-14", False), ("2026-12-15", True), ("2027-06-01", True)])
def test_capsules_that_would_come_after_their_evening_are_warned_of(drawn, made, late):
    days = ("--made", made, "--start", "2026-11-30")
    _, out, _ = drawn("order", "ldn-smallest-dose", *SEALED, "--out", "o", *days, *PEOPLE, "--json")
    codes = {one["code"] for one in only_document(out, "order")["warnings"]}
    assert ("MOD-SUPPLY-45" in codes) is late
