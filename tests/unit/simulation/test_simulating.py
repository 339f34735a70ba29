"""Simulations: the same numbers whoever runs them, in which order, and however often they were stopped."""

import json

import jsonschema
import pytest

import modicum
from modicum.foundation.errors import InputError
from modicum.services.documents import document_schema
from modicum.simulation import sweep as sweeping

FEW = {"participants": 6, "archetypes": ["none", "threshold-0.5"], "seed": 3}


@pytest.fixture(scope="module")
def found():
    return modicum.simulate("ldn-open-fast", "ldn-crossover", **FEW)


def test_the_document_is_of_its_schema(found):
    jsonschema.validate(json.loads(found.to_json()), document_schema("simulation"))


def test_an_open_protocol_is_judged_by_eye_and_by_the_model_and_a_blinded_one_by_the_model(found):
    assert [(row["name"], row["judged_by"]) for row in found.protocols] == [
        ("ldn-open-fast", "eye"),
        ("ldn-open-fast", "modicum"),
        ("ldn-crossover", "modicum"),
    ]


def test_adding_a_protocol_or_an_archetype_changes_nobody_else(found):
    alone = modicum.simulate("ldn-crossover", participants=6, archetypes=["threshold-0.5"], seed=3)
    assert alone.protocols[0]["archetypes"] == [found.protocols[2]["archetypes"][1]]


def test_the_numbers_do_not_depend_on_the_number_of_processes_or_on_how_people_are_cut_into_chunks(found, monkeypatch):
    monkeypatch.setattr(sweeping, "CHUNK", 4)
    again = modicum.simulate("ldn-open-fast", "ldn-crossover", **FEW, processes=2)
    assert again.document == found.document


def test_a_protocol_says_what_it_is_and_whether_anybody_is_blinded(found):
    assert [row["blinded"] for row in found.protocols] == [False, False, True]
    assert found.protocols[2]["title"] == modicum.read_protocol("ldn-crossover").title
    assert found.protocols[2]["planned_days"] == modicum.read_protocol("ldn-crossover").planned_days


def test_every_share_has_an_interval_that_holds_it_and_is_never_without_width(found):
    shares = [
        one[name] for row in found.protocols for one in row["archetypes"] for name in ("declared", "ended_rightly")
    ]
    assert all(low <= share["p"] <= high and low < high for share in shares for low, high in [share["interval95"]])


def test_the_document_says_what_the_people_are_like_and_where_it_comes_from(found):
    parameters = {one["name"]: one for one in found.document["people"]["parameters"]}
    assert parameters["hope"]["grade"] == "trial"
    assert parameters["leaves"]["source"] == "assumption"
    assert len(parameters) == 31


def test_two_protocols_of_one_name_stay_two():
    plain = modicum.read_protocol("ldn-crossover")
    longer = plain.model_copy(update={"version": "2.0"})
    both = modicum.simulate(plain, longer, plain, participants=1, archetypes=["none"])
    assert [row["protocol_version"] for row in both.protocols] == ["1.0", "2.0"]
    assert [len(row["archetypes"]) for row in both.protocols] == [1, 1]


def test_a_simulation_can_be_looked_at_in_a_notebook_and_written_as_a_report(found, tmp_path):
    assert "usual practice" in found._repr_html_()
    assert len(found.chart().to_dict(validate=False)["vconcat"]) == 5
    assert found.report(tmp_path / "report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert repr(found) == "<Simulation of ldn-open-fast, ldn-crossover, 6 virtual people for each line>"
    with pytest.raises(InputError, match="MOD-OPT-11"):
        found.report(tmp_path / "none" / "report.html")


def test_another_seed_is_another_crowd(found):
    other = modicum.simulate("ldn-crossover", **(FEW | {"seed": 4}))
    assert other.protocols[0]["archetypes"] != found.protocols[2]["archetypes"]


def test_a_run_that_was_stopped_goes_on_from_what_it_kept(tmp_path, monkeypatch, found):
    monkeypatch.setattr(sweeping, "CHUNK", 3)
    run, calls = sweeping.run_chunk, []

    def stops(scenario, seed, chunk, threads=1):
        calls.append(chunk)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return run(scenario, seed, chunk, threads)

    monkeypatch.setattr(sweeping, "TALLYING", sweeping.Counting(stops, sweeping.Tally))
    with pytest.raises(KeyboardInterrupt):
        modicum.simulate("ldn-crossover", **FEW, kept=tmp_path)
    assert len(list(tmp_path.glob("*.json"))) == 2
    again = modicum.simulate("ldn-crossover", **FEW, kept=tmp_path)
    assert len(calls) == 5
    assert again.protocols == [found.protocols[2]]


def test_half_a_kept_part_counts_as_missing(tmp_path, found):
    modicum.simulate("ldn-crossover", **FEW, kept=tmp_path)
    for path in tmp_path.glob("*.json"):
        path.write_text(path.read_text()[:20])
    assert modicum.simulate("ldn-crossover", **FEW, kept=tmp_path).protocols == [found.protocols[2]]


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(InputError) as wrong:
        modicum.simulate(
            "no-such", participants=0, archetypes=["emax", "magic"], effect_mcid=-1, population="nobody", seed=-1
        )
    where = [problem.where for problem in wrong.value.problems]
    assert {"--participants", "--archetypes", "--effect-mcid", "--seed", "--population"} <= set(where)
    assert any("no-such" in problem.value or "no-such" in problem.where for problem in wrong.value.problems)


@pytest.mark.parametrize(
    "bad", [{"participants": True}, {"participants": 2.5}, {"effect_mcid": float("nan")}, {"seed": "1"}]
)
def test_what_is_not_a_number_is_refused(bad):
    with pytest.raises(InputError, match="MOD-OPT-26"):
        modicum.simulate("ldn-crossover", **bad)


def test_without_a_protocol_there_is_nothing_to_simulate():
    with pytest.raises(InputError, match="No protocol is named"):
        modicum.simulate()
