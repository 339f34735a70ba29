import json
import re

import jsonschema
import pytest

from modicum.services.documents import document_schema

DICE = ("--contribution", "3 6 1 1 5")


def only_document(text, kind):
    document = json.loads(text, parse_constant=pytest.fail)
    jsonschema.Draft202012Validator(document_schema(kind)).validate(document)
    return document


def test_an_order_is_drawn_sealed_verified_revealed_and_verified_again(command):
    code, out, err = command("randomise", "ldn-crossover", "--out", "p7", *DICE)
    fingerprint = re.search(r"Fingerprint: ([0-9a-f]{64})", out).group(1)
    assert code == 0
    assert "MOD-ALLOC-41" in err
    assert command("verify", "--dir", "p7", "--fingerprint", fingerprint)[0] == 0
    code, out, _ = command("reveal", "--dir", "p7", "--key", "p7/keys/pharmacist.key")
    assert code == 0
    assert out.count("placebo") == out.count("4.5") == 4
    assert "Record 1: opened by" in out
    code, out, _ = command("verify", "--dir", "p7", "--fingerprint", fingerprint)
    assert (code, "parts are sound" in out, "sealed" in out) == (0, True, False)


def test_every_command_prints_one_document(command):
    document = only_document(command("randomise", "ldn-smallest-dose", "--out", "p7", *DICE, "--json")[1], "allocation")
    arguments = ("--dir", "p7", "--phase", "confirmation", "--dose", "1.5", "--json")
    assert only_document(command("bind", *arguments)[1], "binding")["head"]["allocation"] == document["fingerprint"]
    assert only_document(command("verify", "--dir", "p7", "--json")[1], "verify")["revealed"] is False
    found = only_document(command("reveal", "--dir", "p7", "--key", "p7/keys/review.key", "--json")[1], "reveal")
    assert found["allocation"] == document["fingerprint"]
    assert {one["phase"] for one in found["given"]} == {"titration", "confirmation"}
    assert only_document(command("verify", "--dir", "p7", "--json")[1], "verify")["revealed"] is True


def test_tampering_is_exit_code_1_and_names_the_part(command, tmp_path):
    command("randomise", "ldn-crossover", "--out", "p7", *DICE)
    command("reveal", "--dir", "p7", "--key", "p7/keys/review.key")
    papers = json.loads((tmp_path / "p7" / "revealed.json").read_bytes())
    place = papers["allocation"]["places"][0]
    other = next(one for one in papers["allocation"]["places"] if one["arm"] != place["arm"])
    content = (tmp_path / "p7" / "revealed.json").read_text(encoding="utf-8")
    swapped = content.replace(place["nonce"], other["nonce"], 1)
    (tmp_path / "p7" / "revealed.json").write_text(swapped, encoding="utf-8")
    code, out, _ = command("verify", "--dir", "p7")
    assert code == 1
    assert "Forged: commitment crossover 1." in out
    code, out, _ = command("verify", "--dir", "p7", "--json")
    assert code == 1
    assert only_document(out, "verify")["result"] == "forged"
    code, out, _ = command("reveal", "--dir", "p7", "--key", "p7/keys/review.key")
    assert code == 1
    assert "Not as it was sealed: revealed.json" in out


def test_an_emergency_opening_asks_for_a_reason(command):
    command("randomise", "ldn-crossover", "--out", "p7", *DICE)
    arguments = ("reveal", "--dir", "p7", "--key", "p7/keys/emergency.key", "--for", "emergency")
    code, out, _ = command(*arguments, "--json")
    assert code == 2
    assert [one["code"] for one in only_document(out, "error")["problems"]] == ["MOD-ALLOC-14"]
    code, out, _ = command(*arguments, "--why", "surgery, opioids needed", "--who", "Dr A")
    assert code == 0
    assert "opened by Dr A with the key of the emergency, for: surgery, opioids needed." in out


def test_a_second_draw_is_bad_input_and_a_retried_one_is_not(command):
    assert command("randomise", "ldn-crossover", "--out", "p7", *DICE, "--request", "mail 17")[0] == 0
    code, out, _ = command("randomise", "ldn-crossover", "--out", "p7", *DICE, "--request", "mail 17")
    assert (code, "Drawn and sealed before" in out) == (0, True)
    code, out, _ = command("randomise", "ldn-crossover", "--out", "p7", *DICE, "--json")
    assert code == 2
    assert [one["code"] for one in only_document(out, "error")["problems"]] == ["MOD-ALLOC-07"]


def test_a_retried_binding_says_what_is_stored_and_one_for_another_place_is_bad_input(command):
    command("randomise", "ldn-smallest-dose", "--out", "p7", *DICE)
    asked = ("bind", "--dir", "p7", "--phase", "confirmation", "--request", "r1")
    code, out, err = command(*asked, "--dose", "1.5")
    first = re.search(r"Fingerprint: ([0-9a-f]{64})", out).group(1)
    assert (code, out.splitlines()[0], err) == (0, "Sealed: the doses of confirmation from period 1, binding 1.", "")
    code, out, err = command(*asked, "--dose", "3.0")
    assert code == 0
    assert re.match(r"Sealed before, on \S+Z: the doses of confirmation from period 1, binding 1\.\n", out)
    assert f"Fingerprint: {first}" in out
    assert "MOD-ALLOC-42" in err
    other = ("bind", "--dir", "p7", "--phase", "step-down", "--dose", "0.5", "--request", "r1")
    code, out, err = command(*other)
    assert (code, "Sealed" in out, "MOD-ALLOC-21" in err) == (2, False, True)


def test_fingerprints_of_the_draw_a_binding_and_an_opening_are_verified_together(command, tmp_path):
    def noted(*arguments):
        return re.search(r"Fingerprint: ([0-9a-f]{64})", command(*arguments)[1]).group(1)

    drawn = noted("randomise", "ldn-smallest-dose", "--out", "p7", *DICE)
    bound = noted("bind", "--dir", "p7", "--phase", "confirmation", "--dose", "1.5")
    emergency = ("--for", "emergency", "--who", "A. Nurse", "--why", "an accident")
    opened = noted("reveal", "--dir", "p7", "--key", "p7/keys/emergency.key", *emergency)
    known = [word for one in (drawn, bound, opened) for word in ("--fingerprint", one)]
    assert command("verify", "--dir", "p7", *known)[0] == 0
    (tmp_path / "p7" / "openings" / "0001.json").unlink()
    noted("reveal", "--dir", "p7", "--key", "p7/keys/pharmacist.key", "--for", "supply", "--who", "N", "--why", "W")
    code, out, _ = command("verify", "--dir", "p7", *known)
    assert code == 1
    assert f"Forged: noted fingerprint {opened[:12]}. No part has this fingerprint" in out
    assert "1 of " in out.splitlines()[-1]


def test_the_half_of_the_computer_is_fixed_before_the_participant_types(command, monkeypatch, capsys, tmp_path):
    class Terminal:
        def isatty(self):
            return True

        def readline(self):
            shown.append(capsys.readouterr().err)
            return "six dice\n"

    shown = []
    monkeypatch.setattr("sys.stdin", Terminal())
    assert command("randomise", "ldn-crossover", "--out", "p7")[0] == 0
    head = json.loads((tmp_path / "p7" / "allocation.json").read_bytes())["head"]
    assert head["system_sha256"] in shown[0]


@pytest.mark.parametrize("name", ["randomise", "bind", "reveal", "verify"])
def test_every_help_shows_an_example(command, name):
    code, out, _ = command(name, "--help")
    assert code == 0
    assert f"Example: modicum {name}" in " ".join(out.split())
