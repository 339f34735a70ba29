import contextlib
import io
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allocation_fixtures import drawn, key_file
from modicum.cli.application import run

TEXT = st.text(max_size=20)
NAMES = ["--phase", "--capsules", "--made", "--start", "--patient", "--prescriber", "--pharmacy", "--on-call"]
OPTION = st.sampled_from([*NAMES, "--slot", "--who", "--formulation", "--key", "--allocation", "--out"])


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trial")
    drawn(folder / "p7")
    (folder / "full").mkdir()
    (folder / "full" / "letter").write_text("keep")
    return folder, key_file(folder, "pharmacist")


@settings(max_examples=60)
@given(st.lists(st.tuples(OPTION, TEXT), max_size=5))
@example([("--allocation", "\x00")])
@example([("--key", "\x00")])
@example([("--out", "\x00")])
@example([("--formulation", "\x00")])
@example([("--made", "٢٠٢٦-١١-٢٣")])
@example([("--capsules", "9" * 18)])
def test_no_text_of_any_option_is_a_fault_of_ours(trial, options):
    folder, key = trial
    given_so_far = {name for name, _ in options}
    sealed = [("--allocation", folder / "p7"), ("--key", key), ("--out", folder / "full")]
    listed = [*options, *(one for one in sealed if one[0] not in given_so_far), ("--made", "never")]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        arguments = [f"{name}={text}" for name, text in listed]
        code = run(["order", "ldn-smallest-dose", "--json", *arguments])
    assert code == 2, printed.getvalue()
    assert json.loads(printed.getvalue())["problems"]
    assert [one.name for one in (folder / "full").iterdir()] == ["letter"]
