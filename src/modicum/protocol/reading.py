"""A protocol from its file: every problem at once, each with its line."""

import hashlib
import json
import re
import tomllib
from importlib import resources
from pathlib import Path as FilePath
from typing import Any

from modicum.foundation.errors import Problem, ProtocolError
from modicum.protocol.checks import find_contradictions
from modicum.protocol.faults import find_faults
from modicum.protocol.finding import Finding
from modicum.protocol.item_checks import suggest
from modicum.protocol.positions import Path, find_line, find_positions
from modicum.protocol.schema import Protocol

Source = str | FilePath | bytes | bytearray | memoryview

LARGEST_BYTES = 256_000  # the longest protocol of the library has 13 kB
DEEPEST = 12  # the schema itself nests four deep
MOST_PROBLEMS = 500
MOST_DOTS = 200  # in one line: longer dotted keys make the parser quadratic, and no field needs them
_LINE = re.compile(r"line (\d+)")


def library() -> tuple[str, ...]:
    """Names of the protocols that ship with Modicum, in alphabetical order.

    Example:
        >>> "ldn-smallest-dose" in library()
        True
    """
    folder = resources.files("modicum.protocol") / "library"
    return tuple(sorted(file.name[:-5] for file in folder.iterdir() if file.name.endswith(".toml")))


def read_protocol(source: Source) -> Protocol:
    """Read a protocol from the library, a file or bytes.

    Args:
        source: a name of the library ("ldn-smallest-dose"), the path of a TOML file, or its bytes. A name of the
            library wins over a file of the same name without ending.

    Returns:
        The protocol, checked.

    Raises:
        ProtocolError: with every problem at once.

    Example:
        >>> read_protocol("ldn-smallest-dose").drug.ladder_mg
        (0.5, 1.5, 3.0, 4.5)
    """
    protocol, problems = examine_protocol(source)
    if protocol is None:
        raise ProtocolError(problems)
    return protocol


def check_protocol(source: Source) -> tuple[Problem, ...]:
    """Every problem of a protocol, in the order of its lines; empty where it can be used.

    Args:
        source: as for :func:`read_protocol`.
    """
    return examine_protocol(source)[1]


def examine_protocol(source: Source) -> tuple[Protocol | None, tuple[Problem, ...]]:
    """The protocol, or None and every problem that it has.

    Args:
        source: as for :func:`read_protocol`.
    """
    try:
        label, content = _load(source)
        text = _decode(content, label)
        data = _parse(text, label)
        protocol, findings = _judge(data)
        positions = find_positions(text) if findings else {}
    except ProtocolError as error:
        return None, error.problems
    except RecursionError:
        return None, (_nesting_problem(str(source)[:80]),)
    if findings or protocol is None:
        problems = sorted((_place(finding, positions, data, label) for finding in findings), key=lambda pair: pair[0])
        return None, _shorten([problem for _, problem in problems], label)
    protocol._sha256 = hashlib.sha256(content).hexdigest()
    protocol._source = label
    return protocol, ()


def protocol_bytes(source: Source) -> bytes:
    """The bytes of a protocol, of which its ``sha256`` is the hash.

    Args:
        source: as for :func:`read_protocol`.

    Raises:
        ProtocolError: it cannot be read; what it says is not looked at.
    """
    return _load(source)[1]


def _refuse(code: str, where: str, value: str, message: str, fix: str) -> ProtocolError:
    return ProtocolError([Problem(code, where, value, message, fix)])


def _load(source: Source) -> tuple[str, bytes]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return "protocol", _limit(bytes(source), "protocol")
    if isinstance(source, str) and source in library():
        file = resources.files("modicum.protocol") / "library" / f"{source}.toml"
        return f"{source}.toml", file.read_bytes()
    path = FilePath(source)
    label = str(source)[:200].replace("\0", "?").replace("\n", " ")
    try:
        if path.is_dir():
            raise _refuse("MOD-PROTO-02", label, "", "This is a folder.", "Give a file that ends in .toml.")
        with path.open("rb") as file:
            return label, _limit(file.read(LARGEST_BYTES + 1), label)
    except FileNotFoundError:
        fix = suggest(label, library(), f"In the library are: {', '.join(library())}.")
        message = "There is no protocol of this name in the library, and no such file."
        raise _refuse("MOD-PROTO-01", label, label, message, fix) from None
    except (OSError, ValueError) as error:
        fix = "Check the name and that you may read it."
        raise _refuse("MOD-PROTO-02", label, "", f"The file cannot be read: {error}.", fix) from None


def _limit(content: bytes, label: str) -> bytes:
    if len(content) > LARGEST_BYTES:
        message, fix = "The file is larger than 256 kB.", "A protocol has a few kilobytes: is this the right file?"
        raise _refuse("MOD-PROTO-03", label, "", message, fix)
    return content


def _decode(content: bytes, label: str) -> str:
    fix = "Save it as UTF-8 text without a byte-order mark."
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        message = "The file starts with a byte-order mark."
        raise _refuse("MOD-PROTO-04", f"{label}:1", content[:3].hex(), message, fix)
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise _refuse("MOD-PROTO-04", f"{label}:{line}", "NUL", "The file holds NUL bytes: it is not text.", fix)
    try:
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        value = content[error.start : error.start + 1].hex()
        raise _refuse("MOD-PROTO-04", f"{label}:{line}", value, "This byte is not UTF-8.", fix) from None


def _nesting_problem(where: str) -> Problem:
    message = f"Tables or lists are nested more than {DEEPEST} deep."
    return Problem("MOD-PROTO-06", where, "", message, "No field of a protocol needs that: see docs/protocols.md.")


def _parse(text: str, label: str) -> dict[str, Any]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_DOTS:
            message = f"This line has more than {MOST_DOTS} dots."
            raise _refuse(
                "MOD-PROTO-06", f"{label}:{number}", line[:60], message, "Break the line, or shorten the list."
            )
    try:
        data = tomllib.loads(text)
        json.dumps(data, default=str)
    except tomllib.TOMLDecodeError as error:
        found_line = _LINE.search(str(error))
        line = int(found_line.group(1)) if found_line else text.count("\n") + 1
        received = text.splitlines()[line - 1 : line]
        message = f"This is not TOML: {str(error).split(' (at')[0].lower()}."
        fix = "Texts stand in double quotes, lists in [ ], and each field on its own line as name = value."
        value = received[0].strip()[:60] if received else ""
        raise _refuse("MOD-PROTO-05", f"{label}:{line}", value, message, fix) from None
    except RecursionError:
        raise ProtocolError([_nesting_problem(label)]) from None
    except ValueError:
        message, fix = "A whole number has too many digits to be read.", "Doses, days and scores are short numbers."
        raise _refuse("MOD-PROTO-10", label, "", message, fix) from None
    if _depth(data) > DEEPEST:
        raise ProtocolError([_nesting_problem(label)])
    return data


def _depth(data: object) -> int:
    deepest, layer = 0, [data]
    while layer and deepest <= DEEPEST:
        inner = [list(value.values()) if isinstance(value, dict) else value for value in layer]
        layer = [part for value in inner if isinstance(value, list) for part in value]
        deepest += 1
    return deepest


def _judge(data: dict[str, Any]) -> tuple[Protocol | None, tuple[Finding, ...]]:
    protocol, faults, replaced = find_faults(data)
    contradictions = find_contradictions(protocol) if protocol else ()
    sound = tuple(
        finding
        for finding in contradictions
        if not any(_overlap(path, bad) for path in (finding.path, *finding.needs) for bad in replaced)
    )
    return protocol, faults + sound


def _overlap(path: Path, other: Path) -> bool:
    shorter = min(len(path), len(other))
    return path[:shorter] == other[:shorter]


def _name_field(path: Path, data: dict[str, Any]) -> str:
    words: list[str] = []
    here: Any = data
    for part in path:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            here = None
        name = here.get("name", here.get("id")) if isinstance(here, dict) else None
        words.append(part if isinstance(part, str) else name if isinstance(name, str) else f"{part + 1}")
    return ".".join(words)[:120]


def _place(finding: Finding, positions: dict[Path, int], data: dict[str, Any], label: str) -> tuple[int, Problem]:
    line = find_line(positions, finding.path)
    field = _name_field(finding.path, data)
    where = f"{label}:{line}" + (f" ({field})" if field else "")
    return line, Problem(finding.code, where, finding.value, finding.message, finding.fix)


def _shorten(problems: list[Problem], label: str) -> tuple[Problem, ...]:
    if len(problems) <= MOST_PROBLEMS:
        return tuple(problems)
    rest = len(problems) - MOST_PROBLEMS
    more = Problem("MOD-PROTO-32", label, "", f"There are {rest} more problems.", "Mend these first.")
    return (*problems[:MOST_PROBLEMS], more)
