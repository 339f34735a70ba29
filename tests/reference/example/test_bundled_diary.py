import importlib.util
import re
from pathlib import Path

import pytest

import modicum

HOUSE = Path(__file__).parents[3]
FOLDER = HOUSE / "src" / "modicum" / "example"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("virtual_patient", HOUSE / "examples" / "virtual_patient.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def diary():
    return modicum.read_diary(FOLDER / "diary.csv", protocol="ldn-smallest-dose")


def test_the_script_makes_the_bundled_diary_byte_for_byte(script):
    assert script.virtual_diary().encode() == (FOLDER / "diary.csv").read_bytes()


def test_another_seed_gives_another_person(script):
    def person(seed):
        return script.Person.draw(script.np.random.default_rng([seed, 0]))

    assert person(1) == person(1)
    assert person(1) != person(2)


def test_every_row_of_the_bundled_diary_says_that_the_person_is_virtual(diary):
    rows = (FOLDER / "diary.csv").read_text().splitlines()
    assert diary.virtual
    assert rows[0].split(",")[-1] == "virtual"
    assert [row for row in rows[1:] if not row.endswith(",true")] == []


def test_the_bundled_diary_is_read_without_a_refused_row(diary):
    assert (diary.refused, diary.warnings) == ((), ())
    assert len(diary) == diary.rows_read


def test_the_bundled_diary_follows_its_protocol(diary):
    protocol = modicum.read_protocol("ldn-smallest-dose")
    phases = {phase.name: phase for phase in protocol.phases}
    assert set(diary.phase) <= set(phases)
    assert set(diary.planned_mg.tolist()) <= {0.0, *protocol.drug.ladder_mg}
    assert set(zip(diary.phase, diary.announced.tolist(), strict=True)) == {
        (n, phases[n].announced) for n in diary.phase
    }
    assert set(diary.side_effects) == {item.name for item in protocol.side_effects}
    assert diary.time_days[-1] < protocol.planned_days


def test_the_page_beside_the_diary_states_the_truth_of_the_script(script):
    person = script.Person.draw(script.np.random.default_rng([script.SEED, 0]))
    page = (FOLDER / "README.md").read_text()
    stated = {
        "effect": (rf"{-script.TRUE_EFFECT:g} points less from {script.THRESHOLD_MG:g} mg on"),
        "onset": rf"time constant of {person.onset_days:.1f} days",
        "expectation": rf"{-person.hope:.1f} point less when sure",
        "level": rf"{person.level:.1f} points of pain at the start, {person.drift:.1f} more",
        "noise": rf"sd {script.RESIDUAL_SD:g} points; {script.WHITE_SHARE:g} of its variance white",
        "dreams": rf"give the capsule away \| {'yes' if person.prone else 'no'} \|",
        "missing": rf"{100 * script.MISSED_DAYS:g}, {100 * script.MISSED_CAPSULES:g} and {100 * script.LATE_ENTRIES:g}",
    }
    assert [name for name, pattern in stated.items() if not re.search(pattern, page)] == []
