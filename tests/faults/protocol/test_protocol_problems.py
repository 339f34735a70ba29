"""Every problem that a protocol can have: its code, its line, and what to do."""

import os
from dataclasses import dataclass

import pytest

from modicum.foundation.errors import ProtocolError
from modicum.protocol import PROBLEMS, check_protocol, new_protocol, read_protocol
from modicum.protocol.reading import LARGEST_BYTES, MOST_PROBLEMS

FLAGSHIP = "ldn-smallest-dose"


def text_of(name):
    from importlib import resources

    return (resources.files("modicum.protocol") / "library" / f"{name}.toml").read_text(encoding="utf-8")


TEXTS = {FLAGSHIP: text_of(FLAGSHIP), "new": new_protocol(), "ab-crossover": text_of("ab-crossover")}


@dataclass(frozen=True)
class Case:
    """One edit of a sound protocol: the first ``old`` after ``after`` becomes ``new``; ``code`` must name its line."""

    code: str
    base: str
    old: str
    new: str
    after: str = ""
    says: str = ""
    line_of: str = ""


CASES = [
    Case("MOD-PROTO-07", FLAGSHIP, "ladder_mg = [0.5", "ladder = [0.5", says="Did you mean 'ladder_mg'?"),
    Case("MOD-PROTO-08", "new", "mcid = 1 ", "#", line_of="[[outcomes]]", says="mcid"),
    Case("MOD-PROTO-09", FLAGSHIP, "blinded = false", 'blinded = "no"', says="boolean"),
    Case("MOD-PROTO-09", FLAGSHIP, "max_days = 84", 'max_days = "84"'),
    Case("MOD-PROTO-10", FLAGSHIP, "announced = 0.5", "announced = 1.5", says="less than or equal to 1"),
    Case("MOD-PROTO-10", FLAGSHIP, "mcid = 1", "mcid = nan"),
    Case("MOD-PROTO-10", "new", 'name = "my-protocol"', 'name = "My protocol"', says="small letters"),
    Case("MOD-PROTO-11", FLAGSHIP, 'kind = "step-down"', 'kind = "stepdown"', says="Did you mean 'step-down'?"),
    Case("MOD-PROTO-12", "new", "modicum.protocol/1", "modicum.protocol/9"),
    Case("MOD-PROTO-13", FLAGSHIP, "[0.5, 1.5, 3.0, 4.5]", "[0.5, 3.0, 1.5, 4.5]", says="[0.5, 1.5, 3.0, 4.5]"),
    Case("MOD-PROTO-13", "ab-crossover", "ladder_mg = [1.0]", "ladder_mg = [2.0]", says="[1.0]"),
    Case("MOD-PROTO-14", FLAGSHIP, 'primary = "pain"', 'primary = "pian"', says="Did you mean 'pain'?"),
    Case("MOD-PROTO-15", FLAGSHIP, "high = 10", "high = 0"),
    Case("MOD-PROTO-15", FLAGSHIP, "mcid = 1", "mcid = 10"),
    Case("MOD-PROTO-15", FLAGSHIP, 'better = "lower"', 'better = "lower"\nkind = "binary"', line_of='kind = "binary"'),
    Case("MOD-PROTO-16", FLAGSHIP, 'name = "fatigue"', 'name = "pain"', after='label = "Pain'),
    Case("MOD-PROTO-16", FLAGSHIP, "covariates = []", 'covariates = ["mood"]'),
    Case("MOD-PROTO-16", "new", "strengths_mg = [1.0]", "strengths_mg = [1.0, 1.0]"),
    Case("MOD-PROTO-17", FLAGSHIP, 'unit = "mg"', 'unit = "mcg"', says="Divide the doses by 1000"),
    Case("MOD-PROTO-18", FLAGSHIP, "announced = 0\n", "announced = 0.5\n", says="announced = 0"),
    Case("MOD-PROTO-18", FLAGSHIP, "announced = 0.5", "announced = 1", says="announced = 0.5"),
    Case("MOD-PROTO-19", "new", "pairs = 3\nhalf_days = 14", "", line_of='kind = "crossover"', says="pairs"),
    Case("MOD-PROTO-19", FLAGSHIP, "blinded = true", "blinded = false", after='kind = "confirmation"'),
    Case("MOD-PROTO-19", "new", "max_days = 14", "max_days = 14\ndoses_mg = [1.0]", line_of="doses_mg = [1.0]"),
    Case("MOD-PROTO-20", "new", "doses_mg = [1.0]", "doses_mg = [1.5]", says="nearest rung, 1"),
    Case("MOD-PROTO-21", FLAGSHIP, "looks = [2, 3, 4, 5]", "looks = [2, 3, 6]", says="the phase has 5"),
    Case("MOD-PROTO-21", FLAGSHIP, "looks = [2, 3, 4, 5]", "looks = [3, 2]", says="[2, 3]"),
    Case("MOD-PROTO-22", FLAGSHIP, "max_days = 210", "max_days = 200", says="max_days = 210"),
    Case("MOD-PROTO-22", "new", "half_days = 14", "", line_of="pairs = 3"),
    Case(
        "MOD-PROTO-23", FLAGSHIP, 'kind = "titration"', 'kind = "maintenance"', line_of='"candidate"', says="titration"
    ),
    Case("MOD-PROTO-24", FLAGSHIP, 'order = "any order"', 'order = "as listed"', says="drawn"),
    Case("MOD-PROTO-24", FLAGSHIP, 'order = "fair coin per pair"', 'order = "any order"', says="pairs"),
    Case("MOD-PROTO-26", FLAGSHIP, "sequences = 10", "sequences = 12", says="sequences = 10"),
    Case("MOD-PROTO-27", FLAGSHIP, 'dose_time = "22:00"', 'dose_time = "10 pm"'),
    Case("MOD-PROTO-28", FLAGSHIP, "[rules.step_down]", "[rules.response]\n#", line_of="[rules]", says="step_down"),
    Case("MOD-PROTO-29", FLAGSHIP, "p_stop_all = 0.2", "p_stop_all = 0.4", line_of="p_candidate"),
    Case(
        "MOD-PROTO-29", FLAGSHIP, "p_early = 0.99", "p_early = 0.98", says="must not be below p_better, which is 0.985"
    ),
    Case("MOD-PROTO-30", FLAGSHIP, 'mcid_source = "salaffi-2004"', 'mcid_source = "salafi"', says="salaffi-2004"),
    Case(
        "MOD-PROTO-31", FLAGSHIP, "strengths_mg = [0.5, 1.5, 3.0, 4.5]", "strengths_mg = [0.5, 1.5, 3.0]", says="4.5 mg"
    ),
    Case("MOD-PROTO-31", FLAGSHIP, '"at once"', '"half dose for 3 nights"', line_of="strengths_mg", says="2.25 mg"),
]

SUM = """
[[outcomes]]
name = "total"
label = "Total"
question = "Not asked: the sum of two items."
low = 0
high = {high}
better = "lower"
mcid = 2
mcid_source = "assumption: for this test"
sum_of = ["{part}", "fatigue"]
"""


def edited(case):
    text = TEXTS[case.base]
    start = text.index(case.after) if case.after else 0
    assert case.old in text[start:], case.old
    return text[:start] + text[start:].replace(case.old, case.new, 1)


def line_number(text, words, after=""):
    return text[: text.index(words, text.index(after) if after else 0)].count("\n") + 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code[-2:]}-{case.new[:24] or case.old[:24]}")
def test_an_edit_is_found_with_its_code_and_line(case):
    text = edited(case)
    problems = check_protocol(text.encode())
    expected = line_number(text, case.line_of or case.new, case.after)
    hits = [problem for problem in problems if problem.code == case.code]
    assert hits, [str(problem) for problem in problems]
    assert any(problem.where.split(" ")[0] == f"protocol:{expected}" for problem in hits), (
        expected,
        list(map(str, hits)),
    )
    assert any(case.says in problem.message + problem.fix for problem in hits), list(map(str, hits))


@pytest.mark.parametrize("line", ["p_early = 0.985", "p_early = 1", ""])
def test_an_early_look_may_ask_as_much_as_the_last_or_more_or_say_nothing(line):
    assert check_protocol(TEXTS[FLAGSHIP].replace("p_early = 0.99", line, 1).encode()) == ()


@pytest.mark.parametrize(("high", "part", "says"), [(20, "pian", "pain"), (10, "pain", "high = 20")])
def test_a_sum_that_does_not_add_up_is_refused(high, part, says):
    text = TEXTS[FLAGSHIP].replace("\n# Asked once", SUM.format(high=high, part=part) + "\n# Asked once", 1)
    problems = check_protocol(text.encode())
    assert [problem.code for problem in problems] == ["MOD-PROTO-25"]
    assert says in problems[0].message + problems[0].fix
    assert problems[0].where.startswith(f"protocol:{line_number(text, 'sum_of')} ")


def test_a_sum_that_adds_up_is_read():
    text = TEXTS[FLAGSHIP].replace("\n# Asked once", SUM.format(high=20, part="pain") + "\n# Asked once", 1)
    assert read_protocol(text.encode()).outcomes[-1].sum_of == ("pain", "fatigue")


def test_all_problems_come_at_once_in_the_order_of_the_lines():
    text = TEXTS[FLAGSHIP]
    edits = {
        "ladder_mg = [0.5, 1.5": "ladder_mg = [1.5, 0.5",
        "block_days = 14": "block_day = 14",
        "announced = 0.5": "announced = 7",
        "looks = [2, 3, 4, 5]": "looks = [2, 9]",
        'better = "lower"': 'better = "low"',
        "p_high = 0.8": "p_high = 0.2",
    }
    for old, new in edits.items():
        text = text.replace(old, new, 1)
    problems = check_protocol(text.encode())
    lines = [int(problem.where.split(":")[1].split()[0]) for problem in problems]
    assert lines == sorted(lines)
    assert {line_number(text, new) for new in edits.values()} <= set(lines)
    with pytest.raises(ProtocolError) as caught:
        read_protocol(text.encode())
    assert caught.value.problems == problems


def test_a_misspelt_field_brings_no_second_problem_in_its_train():
    text = TEXTS["new"].replace("pairs = 3", "pair = 3")
    assert [problem.code for problem in check_protocol(text.encode())] == ["MOD-PROTO-07"]


def test_toml_that_does_not_parse_gives_the_line():
    text = TEXTS["new"].replace("announced = 0.5", "announced = half")
    (problem,) = check_protocol(text.encode())
    assert problem.code == "MOD-PROTO-05"
    assert problem.where == f"protocol:{line_number(text, 'announced = half')}"
    assert problem.value.startswith("announced = half")


def test_an_unknown_name_is_met_with_the_nearest_one():
    (problem,) = check_protocol("ldn-smalest-dose")
    assert (problem.code, problem.fix) == ("MOD-PROTO-01", "Did you mean 'ldn-smallest-dose'?")


def test_a_folder_is_not_a_protocol(tmp_path):
    assert [problem.code for problem in check_protocol(tmp_path)] == ["MOD-PROTO-02"]


HOSTILE = {
    "empty": (b"", {"MOD-PROTO-08"}),
    "huge": (b"#" * (LARGEST_BYTES + 1), {"MOD-PROTO-03"}),
    "NUL": (TEXTS["new"].encode().replace(b"14", b"1\x004", 1), {"MOD-PROTO-04"}),
    "byte-order mark": (b"\xef\xbb\xbf" + TEXTS["new"].encode(), {"MOD-PROTO-04"}),
    "UTF-16": (TEXTS["new"].encode("utf-16"), {"MOD-PROTO-04"}),
    "Latin-1": (TEXTS["new"].replace("the drug", "caf\xe9").encode("latin-1"), {"MOD-PROTO-04"}),
    "deep lists": (b"a = " + b"[" * 100_000, {"MOD-PROTO-06", "MOD-PROTO-05"}),
    "deep lists closed": (b"a = " + b"[" * 60 + b"]" * 60, {"MOD-PROTO-06"}),
    "deep tables": (b"a = " + b"{b = " * 50_000, {"MOD-PROTO-06", "MOD-PROTO-05"}),
    "dotted key": (b"a." * 100_000 + b"a = 1", {"MOD-PROTO-06"}),
    "dotted header": (b"[" + b"a." * 100_000 + b"a]\nb = 1", {"MOD-PROTO-06"}),
    "long number": (b"a = " + b"9" * 10_000, {"MOD-PROTO-10"}),
    "long hexadecimal": (b"a = 0x" + b"f" * 10_000, {"MOD-PROTO-10"}),
    "dates": (b"schema = 1979-05-27\nname = 07:32:00", {"MOD-PROTO-12", "MOD-PROTO-08", "MOD-PROTO-10"}),
    "wrong shapes": (b"schema=1\nphases=3\noutcomes={a=1}\ndrug=[1,[2]]\nrules=true", {"MOD-PROTO-09"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_give_a_problem(name):
    content, codes = HOSTILE[name]
    problems = check_protocol(content)
    assert problems
    assert codes & {problem.code for problem in problems}, list(map(str, problems))


def test_a_path_that_cannot_be_opened_gives_a_problem(tmp_path):
    for path in ("\0", "x" * 5000, str(tmp_path / "a" / "b.toml")):
        assert {problem.code for problem in check_protocol(path)} <= {"MOD-PROTO-01", "MOD-PROTO-02"}
    if os.name == "posix" and os.geteuid() != 0:
        locked = tmp_path / "locked.toml"
        locked.touch(mode=0)
        assert [problem.code for problem in check_protocol(locked)] == ["MOD-PROTO-02"]


def test_a_flood_of_problems_is_cut_and_counted():
    flood = "".join(f"field_{number} = 1\n" for number in range(MOST_PROBLEMS + 100))
    problems = check_protocol((flood + TEXTS["new"]).encode())
    assert len(problems) == MOST_PROBLEMS + 1
    assert (problems[-1].code, problems[-1].message) == ("MOD-PROTO-32", "There are 100 more problems.")


def test_a_file_that_is_no_protocol_at_all_is_told_so_once():
    (problem,) = check_protocol("".join(f"[a{number}]\n" for number in range(2000)).encode())
    assert problem.code == "MOD-PROTO-32"
    assert "2008 faults" in problem.message


def test_a_line_of_hundreds_of_dots_is_named():
    text = TEXTS["new"].replace("looks = [3]", f"looks = [{'1.0, ' * 201}]")
    (problem,) = check_protocol(text.encode())
    assert (problem.code, problem.where) == ("MOD-PROTO-06", f"protocol:{line_number(text, 'looks')}")


def test_every_code_has_a_case_here_and_every_case_a_code():
    shown = {case.code for case in CASES} | {code for _, codes in HOSTILE.values() for code in codes}
    others = {"MOD-PROTO-01", "MOD-PROTO-02", "MOD-PROTO-25", "MOD-PROTO-32"}
    others |= {
        "MOD-PROTO-33",
        "MOD-PROTO-34",
        "MOD-PROTO-35",
        "MOD-PROTO-36",
    }  # of the catalogue, of cycles and of a second look, with tests of their own
    assert shown | others == set(PROBLEMS)


def test_every_code_in_the_source_is_listed():
    import re
    from importlib import resources

    folder = resources.files("modicum.protocol")
    used = set()
    for file in folder.iterdir():
        if file.name.endswith(".py") and file.name != "problems.py":
            used |= set(re.findall(r"MOD-PROTO-\d\d", file.read_text(encoding="utf-8")))
    assert used == set(PROBLEMS)
