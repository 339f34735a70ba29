"""Whatever is read as a protocol: a protocol or problems, never a traceback, and a line that exists."""

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from modicum.foundation.errors import Problem
from modicum.protocol import examine_protocol, library, new_protocol, read_protocol
from modicum.protocol.positions import find_positions

TEXT = new_protocol()
LINES = TEXT.splitlines()
FIELDS = sorted({line.split(" = ")[0] for line in LINES if " = " in line and not line.startswith("#")})

scalars = st.one_of(
    st.integers(-5, 400).map(str),
    st.floats(allow_nan=True).map(lambda value: repr(value).replace("e+", "e")),
    st.sampled_from(
        ["true", "false", '""', '"ladder"', '"candidate"', '"run-in"', "1979-05-27", "07:32:00", "'''\n'''"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters='"\\'), max_size=20).map(
        lambda text: f'"{text}"'
    ),
)
values = st.one_of(
    scalars,
    st.lists(scalars, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
    st.lists(scalars, max_size=2).map(lambda parts: "{" + ", ".join(f"k{i} = {p}" for i, p in enumerate(parts)) + "}"),
)


def judge(content):
    protocol, problems = examine_protocol(content)
    assert (protocol is None) == bool(problems)
    lines = content.count(b"\n") + 1
    for problem in problems:
        assert isinstance(problem, Problem)
        assert problem.message
        assert problem.fix
        place = problem.where.removeprefix("protocol").split(" ")[0].lstrip(":")
        assert not place or 1 <= int(place) <= lines
    return protocol


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_judged(content):
    judge(content)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(["[", "]", "{", "}", '"', "'", '"""', "=", ".", ",", "\n", "a", "[[phases]]", "1", "\\", "#"])
    )
)
def test_any_shape_of_toml_is_judged(parts):
    judge("".join(parts).encode())


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from(FIELDS), values), min_size=1, max_size=4))
def test_a_sound_protocol_with_any_values_exchanged_is_judged(edits):
    lines = list(LINES)
    for place, field, value in edits:
        old = lines[place].split(" = ")[0]
        lines[place] = f"{old if ' = ' in lines[place] else field} = {value}"
    judge("\n".join(lines).encode())


@settings(max_examples=100, deadline=None)
@given(st.sets(st.integers(0, len(LINES) - 1), min_size=1, max_size=6))
def test_a_sound_protocol_with_lines_missing_is_judged(missing):
    judge("\n".join(line for place, line in enumerate(LINES) if place not in missing).encode())


def _paths(data, path=()):
    yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _paths(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _paths(value, (*path, index))


def test_every_field_of_every_shipped_protocol_has_the_line_it_stands_on():
    from importlib import resources

    for name in library():
        text = (resources.files("modicum.protocol") / "library" / f"{name}.toml").read_text(encoding="utf-8")
        positions, lines = find_positions(text), text.splitlines()
        for path in _paths(tomllib.loads(text)):
            if path and isinstance(path[-1], str) and path not in (("rules",), ("phases",), ("outcomes",)):
                line = lines[positions[path] - 1] if path in positions else ""
                if path[-1] not in ("sources", "side_effects") or len(path) > 1:
                    assert path[-1] in line, (name, path, line)


def test_a_protocol_read_twice_is_the_same():
    assert read_protocol("ldn-open") == read_protocol("ldn-open")
