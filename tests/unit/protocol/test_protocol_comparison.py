"""Two protocols that differ in anything are told apart in words."""

import re
from importlib import resources

import pytest

from modicum.protocol import compare, examine_protocol, new_protocol, read_protocol

TEXT = (resources.files("modicum.protocol") / "library" / "ldn-smallest-dose.toml").read_text(encoding="utf-8")
FLAGSHIP = read_protocol("ldn-smallest-dose")

EDITS = {
    "own_pairs = 2": ("own_pairs = 3", "The own_pairs of confirmation of rules is 3 in the second and 2 in the first."),
    'version = "1.1"': ('version = "1.2"', "is 1.2 in ldn-smallest-dose 1.2 and 1.1 in ldn-smallest-dose 1.1."),
    "looks = [2, 3, 4, 5]": (
        "looks = [3, 4, 5]",
        "The looks of the phase 'confirmation' of the first have 2, which the second has",
    ),
    'label = "Headache"': (
        'label = "Sore head"',
        "The label of the side effect 'headache' is 'Sore head' in the second",
    ),
    "max_days = 210": ("max_days = 224", "the second lasts at most 406 days, the first 392."),
    "p_mcid = 0.5\np_agree": ("p_mcid = 0.5000001\np_agree", "is 0.5000001 in the second and 0.5 in the first."),
    '[[side_effects]]\nname = "dizziness"': (
        '[[side_effects]]\nname = "giddy"',
        "the second has the side effect 'giddy'",
    ),
    "Off-label use.": ("Used off label.", "The notes of drug is 'Doses are of the hydrochloride. Used off label.'"),
}


@pytest.mark.parametrize("old", EDITS)
def test_an_edit_is_said_in_a_sentence(old):
    new, sentence = EDITS[old]
    assert old in TEXT
    other = read_protocol(TEXT.replace(old, new, 1).encode())
    assert any(sentence in said for said in compare(FLAGSHIP, other)), compare(FLAGSHIP, other)


def test_the_ladder_is_compared_dose_by_dose():
    said = compare(read_protocol("ldn-open"), read_protocol("ldn-open-fast"))
    assert "The ladder of ldn-open has 1 mg, 2 mg, 2.5 mg, 3.5 mg, 4 mg, which ldn-open-fast has not." in said


def test_every_changed_number_is_noticed():
    numbers = [found for found in re.finditer(r"^(\w+) = (\d+(?:\.\d+)?)$", TEXT, re.MULTILINE) if float(found[2])]
    noticed = 0
    for found in numbers:
        changed = TEXT[: found.start(2)] + str(float(found.group(2)) * 0.999) + TEXT[found.end(2) :]
        other, problems = examine_protocol(changed.encode())
        assert problems or (other and compare(FLAGSHIP, other)), found.group()
        noticed += not problems
    assert noticed >= 20


def test_a_moved_item_is_noticed():
    first, second = (TEXT.index(f'[[outcomes]]\nname = "{name}"') for name in ("fatigue", "sleep"))
    end = TEXT.index('[[outcomes]]\nname = "mood"')
    moved = TEXT[:first] + TEXT[second:end] + TEXT[first:second] + TEXT[end:]
    assert compare(FLAGSHIP, read_protocol(moved.encode())) == (
        "The items that both have come in another order in the second.",
    )


def test_a_protocol_is_like_itself():
    new = read_protocol(new_protocol().encode())
    assert compare(new, new) == ()
