"""A re-challenge of every shipped protocol that keeps a dose, at every dose: checked, drawn, ordered, verified."""

import pytest

from allocation_fixtures import NOW, chance, drawn, key_file, reveal
from modicum.allocation import list_orders
from modicum.foundation.errors import ProtocolError
from modicum.protocol import check_protocol, library, new_protocol, read_protocol
from modicum.protocol.rechallenge import PHASE, rechallenge_toml
from modicum.protocol.writing import protocol_toml
from modicum.services.allocating import verify_folder
from modicum.services.order_options import Asked
from modicum.services.ordering import order
from modicum.trial.maintenance import RECHALLENGE

KEEPING = [name for name in library() if read_protocol(name).maintenance is not None]
EACH = [(name, dose) for name in KEEPING for dose in read_protocol(name).drug.ladder_mg]
FLAGSHIP = read_protocol("ldn-smallest-dose")


def changed(text, old, new):
    assert old in text
    return read_protocol(text.replace(old, new).encode())


def test_there_are_protocols_that_keep_a_dose():
    assert "ldn-smallest-dose" in KEEPING


@pytest.mark.parametrize("name", library())
def test_every_shipped_protocol_is_written_and_read_as_the_same(name):
    protocol = read_protocol(name)
    text = protocol_toml(protocol)
    assert read_protocol(text.encode()).model_dump() == protocol.model_dump()


@pytest.mark.parametrize(("name", "dose"), EACH)
def test_a_rechallenge_is_one_blinded_pair_of_the_dose_and_else_the_trial(name, dose):
    trial, text = read_protocol(name), rechallenge_toml(read_protocol(name), dose)
    assert check_protocol(text.encode()) == ()
    again = read_protocol(text.encode())
    assert again.name == f"{name}-re-challenge"
    (phase,) = again.phases
    assert (phase.name, phase.blinded, phase.announced, phase.pairs) == (RECHALLENGE, True, 0.5, 1)
    assert (phase.half_days, phase.doses_mg) == (trial.maintenance.half_days, (dose,))
    assert again.planned_days == 2 * trial.maintenance.half_days
    assert again.maintenance is None
    assert again.calibration.shown_by.startswith("Not simulated: ")
    assert again.calibration.p_declared_no_effect is again.calibration.worst_cell is again.calibration.target is None
    for part in ("outcomes", "primary", "side_effects", "sources", "screening", "supply", "priors", "onset"):
        assert getattr(again, part) == getattr(trial, part)
    assert again.drug == trial.drug.model_copy(update={"ladder_mg": (dose,)})


@pytest.mark.parametrize(("name", "dose"), EACH)
def test_it_is_drawn_sealed_ordered_revealed_and_verified_like_any_other(name, dose, tmp_path):
    source, folder = tmp_path / "again.toml", tmp_path / "p"
    source.write_text(rechallenge_toml(read_protocol(name), dose), encoding="utf-8")
    (found,) = list_orders(read_protocol(source))
    assert {tuple(arm.dose_mg for arm in one) for one in found.orders} == {(0.0, dose), (dose, 0.0)}
    drawn(folder, name=source)
    assert verify_folder(folder)["result"] == "sound"
    key = key_file(tmp_path, "pharmacist")
    ordered = order(source, tmp_path / "o", Asked(), folder=folder, key=key, who="A", now=NOW, randomness=chance(2))
    assert sorted(kit["dose_ug"] for kit in ordered.document["kits"]) == [0, round(1000 * dose)]
    papers = reveal(folder).papers.allocation
    assert sorted(place.arm.dose_mg for place in papers.places) == [0.0, dose]
    assert verify_folder(folder)["result"] == "sound"


def test_no_maintenance_and_a_dose_off_the_ladder_are_both_said():
    with pytest.raises(ProtocolError) as caught:
        rechallenge_toml(read_protocol("ldn-crossover"), 2.0)
    assert [problem.code for problem in caught.value.problems] == ["MOD-PROTO-36", "MOD-PROTO-20"]


@pytest.mark.parametrize("dose", [2.0, 0.0, -0.5, float("nan"), float("inf")])
def test_a_dose_off_the_ladder_is_refused(dose):
    with pytest.raises(ProtocolError, match="MOD-PROTO-20"):
        rechallenge_toml(FLAGSHIP, dose)


def test_a_name_that_leaves_no_room_is_refused():
    long = changed(protocol_toml(FLAGSHIP), 'name = "ldn-smallest-dose"', f'name = "{"n" * 60}"')
    with pytest.raises(ProtocolError, match="MOD-PROTO-10"):
        rechallenge_toml(long, 1.5)


def test_a_factor_is_not_drawn_again_and_other_covariates_stay():
    asked = changed(protocol_toml(FLAGSHIP), "covariates = []", 'covariates = ["factor.diet", "weekend"]')
    assert read_protocol(rechallenge_toml(asked, 1.5).encode()).covariates == ("weekend",)


def test_texts_with_quotes_lines_and_long_lists_come_through():
    said = 'A "quote", a back\\slash,\na second line and an umlaut: ü.'
    remarks = tuple(f"Remark {number}. " + "A sentence. " * 9 for number in range(30))
    screening = FLAGSHIP.screening.model_copy(update={"remarks": remarks})
    odd = FLAGSHIP.model_copy(update={"summary": said, "screening": screening})
    read = read_protocol(protocol_toml(odd).encode())
    assert (read.summary, read.screening.remarks) == (said, remarks)


def test_a_treatment_without_a_dose_is_looked_at_again_by_its_name():
    text = new_protocol("tea") + "\n[maintenance]\n"
    tea = read_protocol(text.encode())
    tea = tea.model_copy(update={"drug": tea.drug.model_copy(update={"unit": "", "ladder_mg": (1.0,), "name": "tea"})})
    tea = tea.model_copy(update={"supply": tea.supply.model_copy(update={"strengths_mg": ()})})
    assert read_protocol(rechallenge_toml(tea, 1.0).encode()).title.endswith("A second look at tea")


def test_the_phase_is_called_as_the_trial_calls_it():
    assert PHASE == RECHALLENGE
