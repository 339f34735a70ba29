"""What comes of diaries that no study would collect, and people do."""

import io

import pytest

import modicum

SCALE = {"outcome": "pain", "better": "lower", "range": (0, 10), "mcid": 1}


def diary(*rows, header="day,dose_mg,pain"):
    return io.StringIO("\n".join([header, *rows]) + "\n")


def pairs(days, score="{score}"):
    return [f"{day},{1.5 * (day // 14 % 2)}," + score.format(score=4 + day % 3) for day in days]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["0,1.5,5"], id="one row"),
        pytest.param(pairs(range(28), score=""), id="no score at all"),
        pytest.param(pairs(range(56), score="5"), id="always the same score"),
        pytest.param(["0,0,5", "1,1.5,4"], id="two rows"),
    ],
)
def test_a_diary_that_holds_next_to_nothing_cannot_tell(rows):
    result = modicum.analyse(diary(*rows), **SCALE)
    assert result.verdict.code == "cannot-tell"
    assert result.to_json()


def test_days_may_be_negative():
    moved = modicum.analyse(diary(*pairs(range(-28, 28))), **SCALE)
    assert moved.document["n_days"] == 56
    assert moved.answer.doses[0].days == 28


def test_a_diary_of_an_open_label_alone_never_works():
    rows = [f"{day},{1.5 if day >= 28 else 0},{2 if day >= 28 else 8}" for day in range(56)]
    told = [f"{row},{'1' if day >= 28 else '0'}" for day, row in enumerate(rows)]
    assert modicum.analyse(diary(*rows), **SCALE).verdict.code not in ("works", "works-smaller-too")
    result = modicum.analyse(diary(*told, header="day,dose_mg,pain,announced"), **SCALE)
    assert result.verdict.code not in ("works", "works-smaller-too")
    assert result.document["expectation"] is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("day,dose_mg,pain\n", "MOD-DIARY-05"),
        ("day,dose_mg,pain\n1,1.5,5\n0,0,5\n", "MOD-DIARY-12"),
        ("day,dose_mg,pain\n0,0,11\n1,1.5,5\n", "MOD-DIARY-15"),
    ],
)
def test_a_diary_that_cannot_be_used_is_refused_by_its_code(text, code):
    with pytest.raises(modicum.DiaryError) as caught:
        modicum.analyse(io.StringIO(text), **SCALE)
    assert code in [problem.code for problem in caught.value.problems]
