import io
import json
from pathlib import Path

import jsonschema
import pytest

import modicum
from modicum.cli.application import run
from modicum.services.documents import document_schema

CASES = Path(modicum.__file__).parent / "example" / "cases"
DIARY, PROTOCOL = CASES / "lupus-hands.csv", CASES / "lupus-hands.toml"
PLAIN = {"outcome": "pain", "better": "lower", "range": (0, 10), "mcid": 1}


def rows(days=112, factor=lambda day: day // 28 % 2, dose=lambda day: 1.5 * (day // 14 % 2)):
    lines = [f"{day},{dose(day)},true,{5 + day * 7 % 3},{factor(day)}" for day in range(days)]
    return "\n".join(["day,dose_mg,blinded,pain,factor.diet", *lines])


def codes(call):
    with pytest.raises(modicum.InputError) as caught:
        call()
    return [problem.code for problem in caught.value.problems]


@pytest.fixture(scope="module")
def found():
    return modicum.factorial(DIARY, protocol=PROTOCOL)


def test_the_diet_of_the_bundled_case_cannot_be_told_to_change_the_drug(found):
    assert found.told is False
    assert "cannot be told" in found.sentences[0]
    assert found.document["factor"] == "factor.autoimmune_diet"
    assert found.document["power"][0]["interaction"] < 0.5 < found.document["power"][0]["drug"]
    assert found.document["virtual"]


def test_the_truth_of_the_case_lies_in_every_interval(found):
    truth = {"drug": -1.5, "interaction": 0.0, "factor without drug": -0.5, "factor with drug": -0.5}
    within = {one["of"]: one["interval95"] for one in found.document["effects"]}
    assert [name for name, value in truth.items() if not within[name][0] <= value <= within[name][1]] == []


def test_the_drug_is_what_the_primary_analysis_finds_beside_it(found):
    single = modicum.analyse(DIARY, protocol=PROTOCOL, outcome="hand_pain").answer.doses[0].effect
    effect = next(one for one in found.document["effects"] if one["of"] == "drug")
    assert effect["mean"] == pytest.approx(single.mean, abs=0.1)


def test_before_the_trial_the_power_is_said_and_what_to_expect():
    planned = modicum.factorial(protocol=PROTOCOL)
    assert planned.told is None
    assert planned.document["effects"] == []
    assert planned.sentences[-1] == "For one person, expect that it cannot be told."
    assert planned.document["power"][0]["interaction"] < planned.document["power"][0]["drug"]


@pytest.mark.parametrize("diary", [DIARY, None])
def test_the_document_has_the_form_of_its_schema(diary):
    document = json.loads(modicum.factorial(diary, protocol=PROTOCOL).to_json())
    jsonschema.Draft202012Validator(document_schema("factorial")).validate(document)


def test_a_diary_without_a_protocol_is_asked_by_its_columns():
    found = modicum.factorial(io.StringIO(rows()), factor="factor.diet", **PLAIN)
    assert found.document["days"] == {"neither": 28, "drug": 28, "factor": 28, "both": 28}
    assert found.document["protocol"] is None


def test_a_large_interaction_is_said_with_its_direction():
    lines = rows().splitlines()
    eased = [
        lines[0],
        *(
            line.replace(",5,", ",1,").replace(",6,", ",2,").replace(",7,", ",3,")
            if line.endswith(",1") and ",1.5," in line
            else line
            for line in lines[1:]
        ),
    ]
    found = modicum.factorial(io.StringIO("\n".join(eased)), factor="factor.diet", **PLAIN)
    assert found.told
    assert found.sentences[0].startswith("1.5 mg does more good with diet than without it")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (modicum.factorial, ["MOD-OPT-30"]),
        (lambda: modicum.factorial(protocol="ldn-crossover"), ["MOD-OPT-30"]),
        (lambda: modicum.factorial(protocol="no-such"), ["MOD-PROTO-01"]),
        (lambda: modicum.factorial(protocol="ldn-open", factor="factor.diet"), ["MOD-OPT-31"]),
        (lambda: modicum.factorial(DIARY, protocol=PROTOCOL, factor="vegetables"), ["MOD-OPT-30"]),
        (lambda: modicum.factorial(DIARY, protocol=PROTOCOL, outcome="night_waking"), ["MOD-OPT-31"]),
        (lambda: modicum.factorial(io.StringIO(rows()), factor="fruit", **PLAIN), ["MOD-DIARY-24"]),
        (
            lambda: modicum.factorial(io.StringIO(rows(factor=lambda day: 0)), factor="factor.diet", **PLAIN),
            ["MOD-OPT-31"] * 2,
        ),
        (
            lambda: modicum.factorial(io.StringIO(rows(dose=lambda day: day // 14 % 3)), factor="factor.diet", **PLAIN),
            ["MOD-OPT-31"],
        ),
        (lambda: modicum.factorial(io.StringIO(rows()), **PLAIN), ["MOD-OPT-30"]),
    ],
)
def test_what_cannot_be_crossed_is_refused(call, expected):
    assert codes(call) == expected


def test_a_factor_kept_to_from_day_to_day_is_warned_about():
    found = modicum.factorial(io.StringIO(rows(factor=lambda day: day * 5 % 7 % 2)), factor="factor.diet", **PLAIN)
    assert "MOD-ASSUME-17" in [warning.code for warning in found.warnings]


def test_the_command_prints_interaction_power_and_assumptions(capsys):
    assert run(["factorial", str(DIARY), "--protocol", str(PROTOCOL)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    for words in (
        "Virtual patient",
        "cannot be told",
        "would have been told with a chance of",
        "drawn by chance",
        "hope together",
    ):
        assert words in printed
    assert run(["factorial", "--protocol", str(PROTOCOL), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["planned"] is True
