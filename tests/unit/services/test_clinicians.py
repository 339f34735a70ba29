"""``modicum.clinicians``: the document, its forms, and everything that is wrong at once."""

import json

import jsonschema
import pytest

import modicum
from modicum.foundation.errors import InputError
from modicum.services.documents import document_schema

FEW = {"patients": 4, "protocols": ["ldn-open-fast", "ldn-crossover"], "seed": 3}


@pytest.fixture(scope="module")
def found():
    return modicum.clinicians(5, **FEW)


def test_the_document_is_of_its_schema(found):
    jsonschema.validate(json.loads(found.to_json()), document_schema("clinicians"))


def test_an_open_climb_is_judged_by_eye_and_a_blinded_trial_by_the_model(found):
    assert [(row["name"], row["judged_by"], row["blinded"]) for row in found.practices] == [
        ("ldn-open-fast", "eye", False),
        ("ldn-crossover", "modicum", True),
    ]


def test_every_clinician_is_counted_once_for_every_drug(found):
    for row in found.practices:
        assert [one["true_share"] for one in row["true_shares"]] == pytest.approx([0, 1 / 3, 2 / 3])
        for one in row["true_shares"]:
            assert sum(one["declared"]["counts"]) == sum(one["declared_unqualified"]["counts"]) == 5


def test_the_same_patients_are_helped_under_every_protocol(found):
    helped = [[one["helped"] for one in row["true_shares"]] for row in found.practices]
    assert helped[0] == helped[1]
    assert helped[0][0] == 0.0
    assert helped[0] == sorted(helped[0])


def test_by_eye_there_is_nothing_to_qualify_and_by_the_model_no_more_is_unqualified_than_declared(found):
    eye, model = ([(one["declared"], one["declared_unqualified"]) for one in r["true_shares"]] for r in found.practices)
    assert all(declared == unqualified for declared, unqualified in eye)
    assert all(declared["mean"] >= unqualified["mean"] for declared, unqualified in model)


def test_the_numbers_do_not_depend_on_the_number_of_processes(found):
    assert modicum.clinicians(5, **FEW, processes=2).document == found.document


def test_adding_a_protocol_changes_no_other(found):
    alone = modicum.clinicians(5, **(FEW | {"protocols": ["ldn-crossover"]}))
    assert alone.practices == found.practices[1:]


def test_one_clinician_with_one_patient_is_a_document_too():
    found = modicum.clinicians(1, patients=1, protocols=["ldn-open-fast"])
    jsonschema.validate(json.loads(found.to_json()), document_schema("clinicians"))
    assert found.practices[0]["pairs"] == {"declared": None, "declared_unqualified": None}
    assert found.finding.startswith("One clinician is too few")


def test_the_document_says_what_is_assumed_and_how_to_get_it_again(found):
    assert {one["grade"] for one in found.document["habits"]["parameters"]} == {"assumption"}
    assert "flare_share" not in {one["name"] for one in found.document["people"]["parameters"]}
    assert found.document["command"] == (
        "modicum clinicians --clinicians 5 --patients 4 --protocols ldn-open-fast,ldn-crossover "
        "--archetype threshold-1.5 --effect-mcid 1.5 --population typical --habits varied --seed 3"
    )


def test_it_can_be_looked_at_and_written(found, tmp_path):
    assert "pairs of clinicians" in found._repr_html_()
    assert found.chart().to_dict(validate=False)["layer"]
    assert found.plot(tmp_path / "chart.svg").read_text(encoding="utf-8").startswith("<svg")
    assert repr(found) == "<Clinicians: 5 with 4 patients each, ldn-open-fast, ldn-crossover>"
    with pytest.raises(InputError, match="MOD-OPT-28"):
        found.plot(tmp_path / "chart.gif")


def test_a_chart_that_cannot_be_written_is_a_problem_of_its_place(found, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", full)
    with pytest.raises(InputError, match="No space left"):
        found.plot(tmp_path / "chart.svg")


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(InputError) as wrong:
        modicum.clinicians(
            0, patients=-1, protocols=["no-such"], archetype="none", effect_mcid=0, population="x", habits="y", seed=-1
        )
    problems = [(problem.code, problem.where) for problem in wrong.value.problems]
    assert problems == [
        ("MOD-OPT-26", "--clinicians"),
        ("MOD-OPT-26", "--patients"),
        ("MOD-OPT-26", "--effect-mcid"),
        ("MOD-OPT-26", "--seed"),
        ("MOD-OPT-26", "--archetype"),
        ("MOD-PROTO-01", "no-such"),
        ("MOD-SIM-01", "--population"),
        ("MOD-SIM-03", "--habits"),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {"number": True},
        {"number": 2.5},
        {"number": "3"},
        {"patients": None},
        {"effect_mcid": float("nan")},
        {"seed": 2**64},
        {"archetype": ["emax"]},
        {"number": 10_000, "patients": 10_000},
        {"protocols": []},
    ],
)
def test_what_cannot_be_simulated_is_refused(bad):
    with pytest.raises(InputError, match="MOD-OPT-26"):
        modicum.clinicians(**({"number": 1} | FEW | bad))


def test_a_cluster_that_is_not_there_is_a_problem_of_the_input(monkeypatch):
    monkeypatch.setattr("modicum.simulation.sweep.PATIENCE_SECONDS", 1)
    with pytest.raises(InputError, match="MOD-OPT-27"):
        modicum.clinicians(1, **FEW, scheduler="tcp://127.0.0.1:9")
