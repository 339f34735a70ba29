import json
import subprocess
import sys

import pytest

import modicum
from modicum.cli.application import run


def codes(**asked):
    with pytest.raises(modicum.OptionsError) as caught:
        modicum.pharmacology(**asked)
    return [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "MOD-PHARM-03"),
        ({"dose_mg": 4.5, "compare": "0.5,50"}, "MOD-PHARM-03"),
        ({"dose_mg": "much"}, "MOD-PHARM-01"),
        ({"dose_mg": float("nan")}, "MOD-PHARM-01"),
        ({"dose_mg": True}, "MOD-PHARM-01"),
        ({"dose_mg": 0}, "MOD-PHARM-02"),
        ({"dose_mg": -4.5}, "MOD-PHARM-02"),
        ({"dose_mg": 4500}, "MOD-PHARM-02"),
        ({"compare": "4.5"}, "MOD-PHARM-04"),
        ({"compare": "4.5,4.5"}, "MOD-PHARM-04"),
        ({"compare": [1, 2, 3, 4, 5, 6, 7]}, "MOD-PHARM-04"),
        ({"compare": 4.5}, "MOD-PHARM-04"),
        ({"compare": "0.5,,50"}, "MOD-PHARM-01"),
        ({"dose_mg": 4.5, "scenario": "weeks"}, "MOD-PHARM-05"),
        ({"dose_mg": 4.5, "nights": 0}, "MOD-PHARM-06"),
        ({"dose_mg": 4.5, "nights": 2.5}, "MOD-PHARM-06"),
        ({"dose_mg": 4.5, "nights": None}, "MOD-PHARM-06"),
        ({"dose_mg": 4.5, "parameters": {"halflife": 4}}, "MOD-PHARM-07"),
        ({"dose_mg": 4.5, "parameters": "half_life_h"}, "MOD-PHARM-07"),
        ({"dose_mg": 4.5, "parameters": {"half_life_h": "long"}}, "MOD-PHARM-08"),
        ({"dose_mg": 4.5, "parameters": {"half_life_h": float("inf")}}, "MOD-PHARM-08"),
        ({"dose_mg": 4.5, "parameters": {"bioavailability": 0.4}}, "MOD-PHARM-09"),
        (
            {"dose_mg": 4.5, "scenario": "hours", "parameters": {"half_life_h": 10, "slow_share": 0.95}},
            "MOD-PHARM-09",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_is_wrong(asked, code):
    assert codes(**asked) == [code]


def test_all_problems_come_at_once():
    asked = {"dose_mg": "x", "compare": "300,1", "scenario": "s", "nights": "n", "parameters": ["a=1", "b"]}
    assert codes(**asked) == [f"MOD-PHARM-{n:02}" for n in (3, 1, 2, 5, 6, 7, 7)]


def test_a_misspelt_parameter_gets_the_nearest_name():
    with pytest.raises(modicum.OptionsError, match="Did you mean half_life_h"):
        modicum.pharmacology(4.5, parameters={"halflife_h": 4})


def test_doses_are_compared_in_ascending_order_and_once_each():
    assert [one.dose_mg for one in modicum.pharmacology(compare="50,0.5,50").courses] == [0.5, 50]


def test_importing_the_package_first_does_not_hide_the_function():
    code = "import modicum.pharmacology.body, modicum; print(modicum.pharmacology(4.5), modicum.pharmacology.body.LOG2)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("<Pharmacology of 4.5 mg, days> 0.69")


def test_explaining_a_dose_waits_for_no_compiler():
    code = "import sys, modicum; modicum.pharmacology(4.5); print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("name", ["doses.svg", "doses.png", "doses.html", "doses.pdf"])
def test_the_command_prints_the_figures_and_writes_the_chart(name, tmp_path, capsys):
    assert run(["pharmacology", "--compare", "0.5,4.5,50", "--plot", str(tmp_path / name)]) == 0
    printed = capsys.readouterr()
    assert "another drug" in printed.out.replace("\n", " ")
    assert name in printed.err.replace("\n", "")
    begin = {"svg": b"<svg", "png": b"\x89PNG", "html": b"<!doctype html>", "pdf": b"%PDF"}[name[-4:].strip(".")]
    assert (tmp_path / name).read_bytes().startswith(begin)


def test_a_chart_that_cannot_be_written_is_named_with_the_other_problems(tmp_path, capsys):
    assert run(["pharmacology", "--dose-mg", "no", "--plot", str(tmp_path / "none" / "x.svg"), "--json"]) == 2
    listed = [problem["code"] for problem in json.loads(capsys.readouterr().out)["problems"]]
    assert listed == ["MOD-PHARM-01", "MOD-PHARM-10"]


def test_the_command_sets_parameters(capsys):
    assert (
        run(["pharmacology", "--dose-mg", "4.5", "--set", "half_life_h=9.7", "--set", "tone_gain = 0", "--json"]) == 0
    )
    assert '"half_life_h": 9.7' in capsys.readouterr().out
