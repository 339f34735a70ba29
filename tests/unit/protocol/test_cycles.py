from pathlib import Path

import pytest

import modicum
from modicum.protocol.cycles import in_cycles

WHOLE = (Path(modicum.__file__).parent / "example" / "cases" / "premenstrual.toml").read_text(encoding="utf-8")


def lengths(text):
    return [(phase.max_days, phase.half_days) for phase in modicum.read_protocol(text.encode()).phases]


def test_every_length_of_a_phase_becomes_as_many_cycles_of_the_new_length():
    assert lengths(WHOLE) == [(56, None), (168, 28)]
    assert lengths(in_cycles(WHOLE, 31)) == [(62, None), (186, 31)]


def test_twenty_eight_days_change_nothing():
    assert in_cycles(WHOLE, 28) == WHOLE


def test_lengths_of_other_tables_and_comments_stay():
    text = WHOLE + "\n[maintenance]\nhalf_days = 28 # of a second look\nrechallenge_after_days = 182\n"
    longer = in_cycles(text, 30)
    kept = modicum.read_protocol(longer.encode()).maintenance
    assert kept is not None
    assert kept.half_days == 28
    assert "# of a second look" in longer


@pytest.mark.parametrize("days", [14, 61, 28.5, float("nan")])
def test_a_length_that_is_none_of_a_cycle_is_refused(days):
    with pytest.raises(modicum.ProtocolError, match="MOD-PROTO-35"):
        in_cycles(WHOLE, days)


def test_a_protocol_in_other_lengths_is_refused_with_each_of_them():
    text = modicum.protocol.new_protocol()
    with pytest.raises(modicum.ProtocolError) as caught:
        in_cycles(text, 30)
    assert {problem.code for problem in caught.value.problems} == {"MOD-PROTO-35"}
    assert len(caught.value.problems) >= 2


def test_phases_that_cannot_be_rewritten_are_refused_instead_of_left_as_they_are():
    odd = WHOLE.replace("half_days = 28", '"half_days" = 28')
    with pytest.raises(modicum.ProtocolError, match="lines of their own"):
        in_cycles(odd, 30)
