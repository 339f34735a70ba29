"""Every shipped protocol: it reads, checks, shows, compares, round-trips, and says what it rests on."""

import json
import tomllib
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from modicum.protocol import (
    Protocol,
    check_protocol,
    compare,
    describe,
    examine_protocol,
    json_schema,
    library,
    list_sequences,
    read_protocol,
    schedule,
)
from modicum.protocol.notes import TABLES, field_notes

ROOT = Path(__file__).parents[3]
FOLDER = resources.files("modicum.protocol")
every_protocol = pytest.mark.parametrize("name", library())


def text_of(name):
    return (FOLDER / "library" / f"{name}.toml").read_text(encoding="utf-8")


def test_the_library_has_the_five_protocols():
    assert library() == ("ab-crossover", "ldn-crossover", "ldn-open", "ldn-open-fast", "ldn-smallest-dose")


@every_protocol
def test_it_has_no_problem_and_bears_the_name_of_its_file(name):
    assert check_protocol(name) == ()
    assert read_protocol(name).name == name


@every_protocol
def test_it_reads_the_same_from_its_bytes_and_from_its_file(name, tmp_path):
    file = tmp_path / "copy.toml"
    file.write_text(text_of(name), encoding="utf-8")
    protocol = read_protocol(name)
    for other in (read_protocol(file), read_protocol(str(file)), read_protocol(text_of(name).encode())):
        assert other.model_dump() == protocol.model_dump()
        assert other.sha256 == protocol.sha256
        assert len(other.sha256) == 64


@every_protocol
def test_it_goes_through_json_and_back(name):
    protocol = read_protocol(name)
    document = protocol.model_dump_json(by_alias=True)
    assert Protocol.model_validate_json(document).model_dump() == protocol.model_dump()


@every_protocol
def test_it_is_valid_by_the_json_schema(name):
    Draft202012Validator(json_schema()).validate(tomllib.loads(text_of(name)))


@every_protocol
def test_its_timetable_has_no_gap_and_ends_on_the_planned_day(name):
    protocol = read_protocol(name)
    rows = schedule(protocol)
    assert rows[0].from_day == 0
    assert all(before.to_day + 1 == after.from_day for before, after in pairwise(rows))
    assert rows[-1].to_day == protocol.planned_days - 1
    assert {row.phase for row in rows} == {phase.name for phase in protocol.phases}


@every_protocol
def test_its_description_names_every_phase_item_dose_and_source(name):
    protocol = read_protocol(name)
    text = " ".join(describe(protocol).split())
    wanted = [item.label for item in (*protocol.outcomes, *protocol.side_effects)]
    wanted += [phase.title for phase in protocol.phases] + [source.citation for source in protocol.sources]
    wanted += [f"{dose:g} {protocol.drug.unit}".strip() for dose in protocol.drug.ladder_mg if protocol.drug.unit]
    assert [words for words in wanted if " ".join(words.split()) not in text] == []
    assert max(map(len, describe(protocol).splitlines())) <= 115


@every_protocol
def test_it_has_graded_sources_and_each_is_used_or_says_what_for(name):
    protocol = read_protocol(name)
    assert protocol.sources
    assert all(source.supports.endswith(".") for source in protocol.sources)
    assert all(not source.verified for source in protocol.sources if source.grade in ("recalled", "assumption"))


@every_protocol
def test_its_primary_item_is_pain_with_a_sourced_smallest_difference(name):
    outcome = read_protocol(name).primary_outcome
    assert (outcome.name, outcome.low, outcome.high, outcome.better, outcome.mcid) == ("pain", 0, 10, "lower", 1)
    assert (outcome.mcid_source, outcome.mcid_grade) == ("salaffi-2004", "trial")


@every_protocol
def test_it_asks_about_sleep_head_gut_and_mood(name):
    asked = {item.name for item in read_protocol(name).side_effects}
    assert {"restless_sleep", "headache", "gut_upset", "low_mood"} <= asked


@every_protocol
def test_it_announces_nothing_in_the_run_in_a_half_blinded_and_all_open(name):
    for phase in read_protocol(name).phases:
        assert phase.announced == (0 if phase.kind == "run-in" else 0.5 if phase.blinded else 1)


@every_protocol
def test_it_says_that_it_was_not_simulated_here_or_what_shows_that_it_was(name):
    said = read_protocol(name).calibration.shown_by
    assert said.strip().startswith("Not simulated.") or "make verify" in said or f"modicum simulate {name}" in said


def test_the_worst_cell_that_the_flagship_states_is_the_worst_that_was_verified():
    stored = [
        json.loads(path.read_text(encoding="utf-8"))["figures"]
        for path in (ROOT / "verification").glob("flagship-useless-typical-*.json")
    ]
    assert len(stored) == 6
    worst = max(figures["unqualified"] / figures["trials"] for figures in stored)
    assert read_protocol("ldn-smallest-dose").calibration.worst_cell == round(worst, 3) <= 0.05


@every_protocol
def test_it_points_an_editor_to_the_schema(name):
    assert text_of(name).startswith("#:schema ../protocol.schema.json\n")


def test_the_flagship_is_the_one_of_decision_0015():
    """Pairs, looks and thresholds are those of decision 0015; the rest is as designed."""
    protocol = read_protocol("ldn-smallest-dose")
    titration, confirmation, step_down = (protocol.phase(name) for name in ("titration", "confirmation", "step-down"))
    assert [phase.max_days for phase in protocol.phases] == [14, 84, 210, 84]
    assert protocol.drug.ladder_mg == (0.5, 1.5, 3.0, 4.5)
    assert (titration.block_days, titration.placebo_blocks, titration.placebo_in_different_gaps) == (14, 2, True)
    assert (confirmation.pairs, confirmation.half_days, confirmation.looks) == (5, 21, (2, 3, 4, 5))
    assert confirmation.sequences == 32
    assert (step_down.block_days, step_down.placebo_blocks) == (21, 1)
    rules = protocol.rules
    assert (rules.p_better, rules.p_mcid, rules.p_agree) == (0.975, 0.5, 0.9)
    assert rules.confirmation is not None
    assert rules.titration is not None
    assert rules.step_down is not None
    assert (rules.titration.p_leave, rules.titration.leave_after, rules.titration.p_futile) == (
        0.7,
        "active block",
        0.1,
    )
    assert rules.confirmation.model_dump() == {
        "p_better": 0.985,
        "p_early": 0.99,
        "p_mcid": 0.5,
        "p_candidate": 0.65,
        "p_choose_again": 0.35,
        "p_stop_all": 0.2,
        "rungs_up": 1,
        "own_pairs": 2,
    }
    assert (rules.step_down.p_low, rules.step_down.p_high, rules.step_down.p_answer) == (0.4, 0.8, 0.5)
    assert (protocol.priors.expectation_mean, protocol.priors.expectation_sd) == (-0.8, 1.6)
    assert protocol.supply.reentry == "at once"
    assert protocol.has_confirmation


def test_the_two_placebo_blocks_of_the_flagship_lie_in_two_of_five_gaps():
    protocol = read_protocol("ldn-smallest-dose")
    sequences = list_sequences(protocol.phase("titration"), protocol.drug.ladder_mg)
    assert sequences is not None
    assert len(set(sequences)) == len(sequences) == 10
    for sequence in sequences:
        assert [dose for dose in sequence if dose] == [0.5, 1.5, 3.0, 4.5]
        assert "00" not in "".join("0" if dose == 0 else "d" for dose in sequence)


def test_only_the_flagship_has_rules_of_a_confirmation():
    assert [name for name in library() if read_protocol(name).rules.confirmation] == ["ldn-smallest-dose"]


def test_the_open_ladders_are_those_of_usual_practice():
    assert read_protocol("ldn-open").drug.ladder_mg == (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5)
    assert read_protocol("ldn-open-fast").drug.ladder_mg == (0.5, 1.5, 3.0, 4.5)
    assert read_protocol("ab-crossover").drug.unit == ""


def test_a_description_says_what_the_belief_adjusted_analysis_must_reach_where_a_protocol_does():
    said = "the belief-adjusted analysis must reach P(benefit > 0) of 0.9 too"
    described = {name: " ".join(describe(read_protocol(name)).split()) for name in library()}
    assert [name for name in library() if said in described[name]] == ["ldn-smallest-dose"]
    assert [name for name in library() if "belief-adjusted" in described[name]] == ["ldn-smallest-dose"]


def test_any_two_protocols_differ_and_each_is_like_itself():
    for a in library():
        for b in library():
            assert (compare(read_protocol(a), read_protocol(b)) == ()) == (a == b)


def test_the_shipped_json_schema_is_current():
    shipped = json.loads((FOLDER / "protocol.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(shipped)
    assert shipped == json_schema()


def test_the_json_schema_refuses_a_field_that_is_not_known():
    protocol, problems = examine_protocol("ldn-open")
    assert protocol is not None
    document = protocol.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert problems == ()
    validator = Draft202012Validator(json_schema())
    assert validator.is_valid(document)
    assert not validator.is_valid({**document, "ladder": [1]})


@pytest.mark.parametrize("table", TABLES)
def test_every_field_of_the_schema_has_a_note(table):
    model = TABLES[table]
    assert set(field_notes(model)) == set(model.model_fields)


def test_every_part_of_the_schema_is_a_table_that_the_docs_describe():
    parts = set(json_schema()["$defs"])
    assert parts | {"Protocol"} == {model.__name__ for model in TABLES.values()}


@pytest.mark.parametrize("name", library())
def test_the_smallest_difference_that_matters_is_cited_in_full(name):
    protocol = read_protocol(name)
    source = protocol.primary_outcome.mcid_source
    cited = protocol.cited(source)
    assert cited != source or source.startswith("assumption")
