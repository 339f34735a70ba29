import contextlib
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from modicum.cli.application import run

TEXT = st.text(max_size=20)
OPTION = st.sampled_from(["--outcome", "--kind", "--better", "--mcid", "--primary", "--onset", "--map", "--levels"])
MORE = st.sampled_from(["--where", "--covariates", "--report", "--protocol"])


@given(st.lists(st.tuples(OPTION | MORE, TEXT), max_size=6), TEXT)
def test_no_text_of_any_option_is_a_fault_of_ours(options, diary):
    printed = io.StringIO()
    arguments = [part for option in options for part in option]
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        code = run(["analyse", "--json", *arguments, "--", f"no such folder/{diary}"])
    assert code == 2
    document = json.loads(printed.getvalue())
    assert document["schema"] == "modicum.error/1"
    assert document["problems"]


@given(st.lists(TEXT, max_size=4))
def test_no_arguments_at_all_are_a_fault_of_ours(arguments):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert run(["protocol", *arguments]) in (0, 2)
        assert run(["explain", *arguments]) in (0, 2)


@given(TEXT)
def test_no_pointer_is_a_fault_of_ours(pointer):
    from modicum.foundation.errors import OptionsError
    from modicum.services.explaining import explain

    document = {"outcome": "pain", "doses": [{"dose_mg": 1.5, "mean": 0.0}]}
    with contextlib.suppress(OptionsError):
        explain(document, pointer)
