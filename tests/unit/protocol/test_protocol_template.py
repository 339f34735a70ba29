"""The template passes the check under any good name, and refuses a bad one."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modicum.foundation.errors import ProtocolError
from modicum.protocol import check_protocol, new_protocol, read_protocol
from modicum.protocol.schema import Onset, Priors, Rules
from modicum.protocol.template import NAME_MARK


def test_the_template_passes_its_own_check():
    assert check_protocol(new_protocol().encode()) == ()


def test_the_template_explains_itself():
    lines = new_protocol("magnesium").splitlines()
    assert sum("#" in line for line in lines) >= 20
    assert 'name = "magnesium"' in "\n".join(lines)
    assert NAME_MARK not in "\n".join(lines)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=80), st.text("ab1-_.", max_size=70)))
def test_any_name_gives_a_sound_protocol_or_a_problem(name):
    if re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,59}", name):
        assert read_protocol(new_protocol(name).encode()).name == name
        return
    with pytest.raises(ProtocolError) as refused:
        new_protocol(name)
    assert [problem.code for problem in refused.value.problems] == ["MOD-PROTO-10"]


def test_a_bad_name_is_refused_with_the_rule():
    with pytest.raises(ProtocolError, match="small letters"):
        new_protocol("My trial")


def test_the_defaults_are_those_of_the_model():
    assert Rules().model_dump(exclude_none=True) == {
        "p_better": 0.975,
        "p_mcid": 0.5,
        "p_harm": 0.8,
        "p_nothing": 0.9,
        "p_futile": 0.1,
        "p_smaller": 0.8,
        "p_smaller_mcid": 0.5,
        "min_days_assigned": 7,
    }
    assert Onset().model_dump() == {"kind": "uncertain", "median_days": 4.0, "log_sd": 0.8}
    assert Priors().model_dump(exclude_none=True) == {"odds_no_effect": 1.0}
